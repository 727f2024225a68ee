' xlkpi: what this workbook says. The source is ASCII; \uXXXX stands for any other letter.
Option Explicit
Option Private Module

'{constants}

Public Function XlkpiSay(ByVal key As String, Optional ByVal detail As String) As String
    Dim zh As String, en As String
    Select Case key
'{sentences}
    End Select
    XlkpiSay = Replace(XlkpiText(IIf(XlkpiChinese(), zh, en)), "{}", detail)
End Function

' The letters behind \uXXXX.
Public Function XlkpiText(ByVal ascii As String) As String
    Dim parts As Variant, at As Long
    parts = Split(ascii, "\u")
    For at = 1 To UBound(parts)
        parts(at) = ChrW$(CLng("&H" & Left$(parts(at), 4))) & Mid$(parts(at), 5)
    Next at
    XlkpiText = Join(parts, "")
End Function

' The template's language; the add-in speaks that of Excel's menus.
Public Function XlkpiChinese() As Boolean
    Select Case XLKPI_LANG
    Case "zh": XlkpiChinese = True
    Case "en": XlkpiChinese = False
    Case Else
        On Error Resume Next
        XlkpiChinese = (Application.LanguageSettings.LanguageID(2) And &H3FF) = 4
    End Select
End Function
