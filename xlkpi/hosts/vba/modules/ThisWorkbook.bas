Option Explicit

Private Sub Workbook_Open()
    On Error Resume Next
    Application.OnTime Now, "'" & Replace(Me.Name, "'", "''") & "'!XlkpiDescribe"
End Sub
