' xlkpi: the DLL of xlwings (BSD licence, Zoomer Analytics LLC), which starts Python and hands over its COM server.
Option Explicit
Option Private Module

#If VBA7 Then
    Private Declare PtrSafe Function LoadLibrary Lib "kernel32" Alias "LoadLibraryW" (ByVal path As LongPtr) As LongPtr
    #If Win64 Then
        Private Const DLL As String = "xlkpi64.dll"
        Private Declare PtrSafe Function Activate Lib "xlkpi64.dll" Alias "XLPyDLLActivateAuto" _
            (ByRef found As Variant, ByVal command As String, ByVal mode As Long) As Long
    #Else
        Private Const DLL As String = "xlkpi32.dll"
        Private Declare PtrSafe Function Activate Lib "xlkpi32.dll" Alias "XLPyDLLActivateAuto" _
            (ByRef found As Variant, ByVal command As String, ByVal mode As Long) As Long
    #End If
#Else
    Private Const DLL As String = "xlkpi32.dll"
    Private Declare Function LoadLibrary Lib "kernel32" Alias "LoadLibraryW" (ByVal path As Long) As Long
    Private Declare Function Activate Lib "xlkpi32.dll" Alias "XLPyDLLActivateAuto" _
        (ByRef found As Variant, ByVal command As String, ByVal mode As Long) As Long
#End If

' Start Python with this command, or find it where it already runs. "source" is the DLL of xlwings for 64 bits.
Public Function XlkpiLaunch(ByVal source As String, ByVal command As String) As Object
    Dim own As String, found As Variant
    If InStr(DLL, "32") > 0 Then source = Replace(source, "xlwings64", "xlwings32")
    own = XlkpiOwnCopy(source, DLL)
    If Len(own) = 0 Then Err.Raise 1000, , XlkpiSay("no_dll", source)
    If LoadLibrary(StrPtr(own)) = 0 Then Err.Raise 1000, , XlkpiSay("bad_dll", own)
    If Activate(found, command, 1) <> 0 Then Err.Raise 1000, , XlkpiSay("no_start", Reason(found & ""))
    Set XlkpiLaunch = found
End Function

' What the DLL says, without the command line that it repeats.
Private Function Reason(ByVal text As String) As String
    text = Replace(text, vbCr, "")
    If InStr(text, vbLf & "Command:") > 0 Then text = Left$(text, InStr(text, vbLf & "Command:") - 1)
    Reason = Trim$(Replace(text, vbLf, " "))
End Function
