' xlkpi: the macros.
Option Explicit

'{refresh}

' The function wizard's texts, some time after opening, when Excel is idle. Never disturbs: no error, no "save changes?".
Public Sub XlkpiDescribe()
    Dim saved As Boolean
    On Error Resume Next
    saved = ThisWorkbook.Saved
    If XlkpiRegister() > 0 And XLKPI_ADDIN Then
        Application.ScreenUpdating = False  ' Excel takes texts for a hidden workbook in no other way
        ThisWorkbook.IsAddin = False
        XlkpiRegister
        ThisWorkbook.IsAddin = True
        Application.ScreenUpdating = True
    End If
    ThisWorkbook.Saved = saved
End Sub
