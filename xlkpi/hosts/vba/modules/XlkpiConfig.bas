' xlkpi: what "xlkpi excel install" wrote to xlkpi.conf, and the command that starts Python.
Option Explicit
Option Private Module

Private Const LONGEST As Long = 2000        ' the DLL has room for a command of 2,047 bytes

Public Function XlkpiStartPython() As Object
    Dim python As String, command As String
    If OnMac() Then Err.Raise 1000, , XlkpiSay("mac")
    python = XlkpiSetting("python", True)
    If Not XlkpiExists(python) Then Err.Raise 1000, , XlkpiSay("no_python", python)
    command = XlkpiCommand(python, XlkpiSetting("pythonpath", False))
    If Len(command) > LONGEST Then Err.Raise 1000, , XlkpiSay("too_long")
    Set XlkpiStartPython = XlkpiLaunch(XlkpiSetting("dll", True), command)
End Function

' The command line; the DLL puts the id of the COM server in place of $(CLSID).
Public Function XlkpiCommand(ByVal python As String, ByVal folders As String) As String
    Dim code As String
    If Len(folders) > 0 Then
        folders = Replace(Replace(folders, "\", "\\"), "'", "\'")
        code = "import sys; sys.path[:0] = '" & folders & "'.split(';'); "
    End If
    code = code & "import xlwings; xlwings.serve('$(CLSID)')"
    XlkpiCommand = """" & python & """ -c """ & code & """"
End Function

' One line "key=value" of xlkpi.conf.
Public Function XlkpiSetting(ByVal key As String, ByVal needed As Boolean) As String
    Dim path As String, lines As Variant, at As Long, found As Long
    path = XlkpiConfigPath()
    If Len(path) = 0 Then Err.Raise 1000, , XlkpiSay("no_config")
    lines = Split(Replace(ReadText(path), vbCr, vbLf), vbLf)
    For at = LBound(lines) To UBound(lines)
        found = InStr(lines(at), "=")
        If found > 1 Then
            If LCase$(Trim$(Left$(lines(at), found - 1))) = key Then XlkpiSetting = Trim$(Mid$(lines(at), found + 1))
        End If
    Next at
    If needed And Len(XlkpiSetting) = 0 Then Err.Raise 1000, , XlkpiSay("no_key", key)
End Function

' The user's xlkpi.conf, else one beside the workbook, else nothing.
Public Function XlkpiConfigPath() As String
    Dim mark As String, path As String
    mark = Application.PathSeparator
    path = Environ$("APPDATA") & mark & "xlkpi" & mark & "xlkpi.conf"
    If Not XlkpiExists(path) Then path = ThisWorkbook.Path & mark & "xlkpi.conf"
    If XlkpiExists(path) Then XlkpiConfigPath = path
End Function

' The DLL under the one name that this module declares, whatever version of xlwings it comes from.
Public Function XlkpiOwnCopy(ByVal source As String, ByVal name As String) As String
    Dim config As String, copied As String
    config = XlkpiConfigPath()
    copied = Left$(config, InStrRev(config, Application.PathSeparator)) & name
    On Error Resume Next
    If XlkpiExists(source) And Not SameFile(source, copied) Then FileCopy source, copied
    On Error GoTo 0
    If XlkpiExists(copied) Then XlkpiOwnCopy = copied
End Function

Private Function SameFile(ByVal source As String, ByVal copied As String) As Boolean
    On Error Resume Next
    SameFile = FileLen(source) = FileLen(copied) And FileDateTime(source) = FileDateTime(copied)
End Function

Public Function XlkpiExists(ByVal path As String) As Boolean
    On Error Resume Next
    If InStr(path, "://") = 0 Then XlkpiExists = Len(Dir$(path)) > 0
End Function

Private Function OnMac() As Boolean
    On Error Resume Next
    OnMac = InStr(1, Application.OperatingSystem, "Mac", vbTextCompare) > 0
End Function

' A UTF-8 text file.
Private Function ReadText(ByVal path As String) As String
    Dim bytes() As Byte, file As Integer, size As Long, at As Long, code As Long
    file = FreeFile
    Open path For Binary Access Read As #file
    size = LOF(file)
    If size > 0 Then
        ReDim bytes(0 To size - 1)
        Get #file, 1, bytes
        ReDim Preserve bytes(0 To size + 2) ' so that a letter cut off at the end is no error
    End If
    Close #file
    Do While at < size
        code = bytes(at)
        If code < &H80 Then
            at = at + 1
        ElseIf code < &HE0 Then
            code = (code And &H1F) * &H40& + (bytes(at + 1) And &H3F)
            at = at + 2
        ElseIf code < &HF0 Then
            code = (code And &HF) * &H1000& + (bytes(at + 1) And &H3F) * &H40& + (bytes(at + 2) And &H3F)
            at = at + 3
        Else
            code = &HFFFD&                  ' no path has letters from beyond the first 65,536
            at = at + 4
        End If
        If code <> &HFEFF& Then ReadText = ReadText & ChrW$(code)
    Loop
End Function
