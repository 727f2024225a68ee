' xlkpi: the texts of the function wizard.
Option Explicit
Option Private Module

Private Named As String                     ' the function being described
Private Texts() As String                   ' what it does, then each argument
Private Count As Long
Private Missed As Long

' Register category, description and arguments of every function; returns how many Excel did not take.
Public Function XlkpiRegister() As Long
    Missed = 0
'{calls}
    XlkpiRegister = Missed
End Function

Private Sub About(ByVal name As String, ByVal text As String)
    Named = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & name
    Count = -1
    Argument text
End Sub

Private Sub Argument(ByVal text As String)
    Count = Count + 1
    ReDim Preserve Texts(0 To Count)
    Texts(Count) = Left$(XlkpiText(text), 255)
End Sub

Private Sub Register()
    Dim arguments() As String, at As Long
    On Error GoTo problem
    If Count = 0 Then
        Application.MacroOptions Macro:=Named, Description:=Texts(0), Category:="KPI"
        Exit Sub
    End If
    ReDim arguments(1 To Count)
    For at = 1 To Count
        arguments(at) = Texts(at)
    Next at
    Application.MacroOptions Macro:=Named, Description:=Texts(0), Category:="KPI", ArgumentDescriptions:=arguments
    Exit Sub
problem:
    Missed = Missed + 1
End Sub

Private Function Pick(ByVal zh As String, ByVal en As String) As String
    If XlkpiChinese() Then Pick = zh Else Pick = en
End Function

'{families}
