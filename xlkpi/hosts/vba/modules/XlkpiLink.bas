' xlkpi: the way from a cell to Python and back. Written by "xlkpi build-templates"; edits are lost with the next build.
Option Explicit
Option Private Module

Private Const HOST As String = "xlkpi.hosts.excel"
Private Const PAUSE As Double = 60          ' seconds until a start that failed is tried again
Private Server As Object                    ' the Python that answers
Private Sentence As String                  ' what went wrong on this side of the link
Private Failed As String                    ' why Python could not be started, and when
Private FailedAt As Date

' One function call: the value, or an Excel error in its place. Nothing is raised.
Public Function XlkpiCall(ByVal name As String, ByVal arguments As Variant) As Variant
    Dim again As Boolean, number As Long, text As String
    On Error GoTo problem
    If name <> "KPI_LAST_ERROR" Then XlkpiRead arguments
retry:
    XlkpiCall = XlkpiValues(Py().CallUDF(HOST, name, arguments, Book(), Application.Caller))
    Exit Function
problem:
    number = Err.Number                     ' before anything else: a call may clear it
    text = Err.Description
    If XlkpiGone(number) And Not again Then
        again = True
        Set Server = Nothing
        Resume retry
    End If
    Sentence = XlkpiLastLine(text)
    XlkpiCall = CVErr(2015)
End Function

' Cells are read here, in Excel's own process: for each range Python would have to ask a dozen times. A large range
' stays one, since Python reads it only as far as the sheet is used; several areas stay together to be refused.
Public Sub XlkpiRead(ByRef arguments As Variant)
    Dim at As Long
    For at = LBound(arguments) To UBound(arguments)
        If TypeName(arguments(at)) = "Range" Then
            If arguments(at).Areas.Count = 1 And CDbl(arguments(at).Rows.Count) * arguments(at).Columns.Count <= 10000 Then
                arguments(at) = CellValues(arguments(at))
            End If
        End If
    Next at
End Sub

' The values of cells: dates as dates, and money with all its digits (Value rounds it to four decimals).
Private Function CellValues(ByVal area As Object) As Variant
    Dim values As Variant, exact As Variant, row As Long, column As Long
    values = area.Value
    If VarType(values) = vbCurrency Then
        values = area.Value2
    ElseIf IsArray(values) Then
        For row = LBound(values, 1) To UBound(values, 1)
            For column = LBound(values, 2) To UBound(values, 2)
                If VarType(values(row, column)) = vbCurrency Then
                    If IsEmpty(exact) Then exact = area.Value2
                    values(row, column) = exact(row, column)
                End If
            Next column
        Next row
    End If
    CellValues = values
End Function

' The sentence of the last error, or of the error in a cell: ours where Python was not reached, else Python's own.
Public Function XlkpiLastError(Optional ByVal cell As Variant) As Variant
    XlkpiLastError = Sentence
    If Len(Sentence) > 0 And IsMissing(cell) Then Exit Function
    XlkpiLastError = XlkpiCall("KPI_LAST_ERROR", Array(cell))
    If IsError(XlkpiLastError) Then XlkpiLastError = Sentence
End Function

' Refresh: Python reads the sources and fills the workbook; what happened is said in a box.
Public Sub XlkpiRefreshNow()
    Dim outcome As Variant
    On Error GoTo problem
    XlkpiForget
    Application.StatusBar = XlkpiSay("refreshing")
    outcome = XlkpiCall("RefreshScorecard", Array())
    Application.StatusBar = False
    If IsError(outcome) Then
        outcome = XlkpiLastError()
        If Len(outcome & "") = 0 Then outcome = XlkpiSay("not_refreshed")
        MsgBox outcome, vbExclamation, "xlkpi"
    ElseIf Len(outcome & "") = 0 Then
        MsgBox XlkpiSay("refreshed"), vbInformation, "xlkpi"
    Else
        MsgBox outcome, vbInformation, "xlkpi"
    End If
    Exit Sub
problem:
    Application.StatusBar = False
    MsgBox XlkpiLastLine(Err.Description), vbExclamation, "xlkpi"
End Sub

' A new start: failures before this are forgotten.
Public Sub XlkpiForget()
    Failed = ""
    Sentence = ""
End Sub

' Use a server that already runs, or Nothing to start one with the next call.
Public Sub XlkpiUse(ByVal given As Object)
    Set Server = given
    XlkpiForget
End Sub

Private Function Py() As Object
    If Server Is Nothing Then
        If Len(Failed) > 0 And (Now - FailedAt) * 86400 < PAUSE Then Err.Raise 1000, , Failed
        On Error GoTo problem
        Set Server = XlkpiStartPython()
    End If
    Set Py = Server
    Exit Function
problem:
    Failed = XlkpiLastLine(Err.Description)
    FailedAt = Now
    Err.Raise 1000, , Failed
End Function

' The workbook that asks: this one, or for the add-in the one whose cell or macro calls.
Private Function Book() As Object
    If Not XLKPI_ADDIN Then
        Set Book = ThisWorkbook
    ElseIf TypeName(Application.Caller) = "Range" Then
        Set Book = Application.Caller.Worksheet.Parent
    Else
        Set Book = ActiveWorkbook
    End If
End Function

' Python has ended since the last call: server unavailable, call failed, object disconnected.
Public Function XlkpiGone(ByVal number As Long) As Boolean
    XlkpiGone = number = 462 Or number = -2147023174 Or number = -2147023170 Or number = -2147417848
End Function

' An exception of Python arrives with its whole traceback; the last line says what it was.
Public Function XlkpiLastLine(ByVal text As String) As String
    Dim lines As Variant, at As Long
    lines = Split(Replace(text, vbCr, vbLf), vbLf)
    For at = UBound(lines) To LBound(lines) Step -1
        If Len(Trim$(lines(at))) > 0 Then Exit For
    Next at
    If at >= LBound(lines) Then XlkpiLastLine = Trim$(lines(at))
End Function

' Python marks an error by U+E000 and its code; here it becomes the error. Arrays are changed element by element.
Public Function XlkpiValues(ByVal given As Variant) As Variant
    Dim row As Long, column As Long, first As Long, last As Long
    If Not IsArray(given) Then
        XlkpiValues = OneValue(given)
        Exit Function
    End If
    Select Case Dimensions(given)
    Case 2
        For row = LBound(given, 1) To UBound(given, 1)
            For column = LBound(given, 2) To UBound(given, 2)
                given(row, column) = OneValue(given(row, column))
            Next column
        Next row
    Case 1
        first = LBound(given)
        last = UBound(given)
        If last < first Then
            given = OneValue("")
        ElseIf IsArray(given(first)) Then
            given = Table(given)
        Else
            For row = first To last
                given(row) = OneValue(given(row))
            Next row
        End If
    End Select
    XlkpiValues = given
End Function

' Rows of rows as one table; a row that is too short is filled with #N/A.
Private Function Table(ByVal rows As Variant) As Variant
    Dim cells() As Variant, values As Variant, row As Long, column As Long, wide As Long
    For row = LBound(rows) To UBound(rows)
        If UBound(rows(row)) - LBound(rows(row)) + 1 > wide Then wide = UBound(rows(row)) - LBound(rows(row)) + 1
    Next row
    ReDim cells(0 To UBound(rows) - LBound(rows), 0 To wide - 1)
    For row = 0 To UBound(rows) - LBound(rows)
        values = rows(LBound(rows) + row)
        For column = 0 To wide - 1
            If LBound(values) + column <= UBound(values) Then
                cells(row, column) = OneValue(values(LBound(values) + column))
            Else
                cells(row, column) = CVErr(2042)
            End If
        Next column
    Next row
    Table = cells
End Function

Private Function OneValue(ByVal value As Variant) As Variant
    If IsEmpty(value) Or IsNull(value) Then
        OneValue = ""
    ElseIf VarType(value) <> vbString Then
        OneValue = value
    ElseIf Left$(value, 1) <> ChrW$(57344) Then
        OneValue = value
    Else
        Sentence = ""
        OneValue = CVErr(ErrorNumber(Mid$(value, 2)))
    End If
End Function

Private Function ErrorNumber(ByVal code As String) As Long
    Select Case code
'{error numbers}
    Case Else: ErrorNumber = 2015
    End Select
End Function

Private Function Dimensions(ByVal given As Variant) As Long
    Dim last As Long, count As Long
    On Error GoTo done
    For count = 1 To 3
        last = UBound(given, count)
        Dimensions = count
    Next count
done:
End Function
