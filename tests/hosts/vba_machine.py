"""Our VBA run by pyOpenVBA's interpreter, with an Excel of a few members around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import NOTHING, HostBridge, Interpreter, VBAObject, member, method, setter
from pyopenvba.interpreter._preprocess import strip_directives
from pyopenvba.interpreter._runtime import UNRESOLVED

from xlkpi.hosts.vba.source import WORKBOOK_CODE, Edition, modules


class Workbook(VBAObject):
    vba_type_name = "Workbook"
    name, path, saved, hidden = "考核.xlsm", "", False, True

    @member(name="Name")
    def vba_name(self) -> str:
        return self.name

    @member(name="Path")
    def vba_path(self) -> str:
        return self.path

    @member(name="Saved")
    def vba_saved(self) -> bool:
        return self.saved

    @setter("Saved")
    def vba_set_saved(self, value: Any) -> None:
        self.saved = bool(value)

    @member(name="IsAddin")
    def vba_is_addin(self) -> bool:
        return self.hidden

    @setter("IsAddin")
    def vba_set_is_addin(self, value: Any) -> None:
        self.hidden = bool(value)


class Languages(VBAObject):
    language = 1033

    @method(name="LanguageID")
    def vba_language(self, which: Any) -> int:
        return self.language


class Application(VBAObject):
    vba_type_name = "Application"

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.told: list[dict[str, Any]] = []
        self.later: list[str] = []
        self.bar: list[Any] = []
        self.system = "Windows (64-bit) NT 10.00"
        self.languages = Languages()
        self.start: Callable[[], Any] = lambda: NOTHING
        self.refuses = False
        self.copy: Callable[[str, str], str] = lambda source, name: f"C:\\xlkpi\\{name}"
        self.load: Callable[[str], int] = lambda path: 1
        self.activate: Callable[[str], Any] = lambda command: NOTHING

    @member(name="PathSeparator")
    def vba_separator(self) -> str:
        return "/"

    @member(name="OperatingSystem")
    def vba_system(self) -> str:
        return self.system

    @member(name="Caller")
    def vba_caller(self) -> str:
        return "A1"

    @member(name="LanguageSettings")
    def vba_languages(self) -> Languages:
        return self.languages

    @member(name="StatusBar")
    def vba_bar(self) -> Any:
        return self.bar[-1] if self.bar else False

    @setter("StatusBar")
    def vba_set_bar(self, value: Any) -> None:
        self.bar.append(value)

    @member(name="ScreenUpdating")
    def vba_updating(self) -> bool:
        return True

    @setter("ScreenUpdating")
    def vba_set_updating(self, value: Any) -> None:
        pass

    @method(name="Started")
    def vba_started(self) -> Any:
        return self.start()

    @method(name="Copied")
    def vba_copied(self, source: Any, name: Any) -> str:
        return self.copy(str(source), str(name))

    @method(name="Loaded")
    def vba_loaded(self, path: Any) -> int:
        return self.load(str(path))

    @method(name="Activated")
    def vba_activated(self, command: Any, mode: Any) -> Any:
        assert mode == 1
        return self.activate(str(command))

    @method(name="Volatile")
    def vba_volatile(self, *args: Any) -> None:
        pass

    @method(name="OnTime")
    def vba_on_time(self, when: Any, macro: Any) -> None:
        self.later.append(str(macro))

    @method(name="MacroOptions")
    def vba_options(self, Macro: Any, Description: Any, Category: Any,  # noqa: N803
                    ArgumentDescriptions: Any = None) -> None:  # noqa: N803
        if self.refuses:
            raise VBARuntimeError(1004, "Cannot edit a macro on a hidden workbook.")
        self.workbook.saved = False
        self.told.append({"macro": Macro, "about": Description, "category": Category,
                          "arguments": ArgumentDescriptions})


class Host(HostBridge):
    def __init__(self) -> None:
        self.workbook = Workbook()
        self.application = Application(self.workbook)

    def global_object(self, name: str) -> object:
        return {"application": self.application, "thisworkbook": self.workbook}.get(name.lower(), UNRESOLVED)


START = """Public Function XlkpiStartPython() As Object
    Set XlkpiStartPython = Application.Started()
End Function
"""


class Machine:
    """The modules of an edition, loaded. ``application.start`` stands for what only Windows has: file and DLL."""

    def __init__(self, edition: Edition) -> None:
        self.host = Host()
        self.vba = Interpreter(self.host)
        for name, source in modules(edition).items():
            if name == "XlkpiConfig":
                source = source.replace("Function XlkpiStartPython()", "Function StartedByTheDll()") + START
            if name not in (WORKBOOK_CODE, "XlkpiDll"):
                self.vba.add_module(source, name=name)
        self.vba.initialise()

    def run(self, name: str, *args: Any) -> Any:
        return self.vba.run(name, list(args))


WINDOWS = """
Private Function LoadLibrary(ByVal path As String) As Long
    LoadLibrary = Application.Loaded(path)
End Function
Private Function Activate(ByRef found As Variant, ByVal command As String, ByVal mode As Long) As Long
    If IsObject(Application.Activated(command, mode)) Then
        Set found = Application.Activated(command, mode)
    Else
        found = "Could not create Python process." & vbLf & "Error message: " & _
            Application.Activated(command, mode) & vbLf & "Command: " & command & vbLf & "Working Dir: <unspecified>"
        Activate = -2147467259
    End If
End Function
Private Function StrPtr(ByVal text As String) As String
    StrPtr = text
End Function
"""


def dll_machine(bits: int) -> Machine:
    """The module of the DLL with functions in place of what it declares; ``application`` answers for Windows."""
    made = Machine(Edition("en"))
    source = strip_directives(modules(Edition("en"))["XlkpiDll"], constants={"VBA7": True, "Win64": bits == 64})
    source = re.sub(r"(?m)^ *Private Declare (?:.*_\n)?.*\n", "", source)
    copying = "Public Function XlkpiOwnCopy(ByVal source As String, ByVal name As String) As String\n" \
              "    XlkpiOwnCopy = Application.Copied(source, name)\nEnd Function\n"
    made.vba.modules.pop("xlkpiconfig")
    made.vba.add_module(source + WINDOWS, name="XlkpiDll")
    made.vba.add_module(copying, name="XlkpiConfig")
    made.vba.initialise()
    return made


class Server(VBAObject):
    """What VBA holds as ``Py``; ``answer`` gives the value or raises."""

    vba_type_name = "XLPython"

    def __init__(self, answer: Callable[[str, list[Any]], Any]) -> None:
        self.answer = answer

    @method(name="CallUDF")
    def vba_call(self, module: Any, name: Any, arguments: Any, book: Any, caller: Any) -> Any:
        assert str(module) == "xlkpi.hosts.excel"
        return self.answer(str(name), arguments)


class Counted(VBAObject):
    def __init__(self, count: int) -> None:
        self.count = count

    @member(name="Count")
    def vba_count(self) -> int:
        return self.count


class Cells(VBAObject):
    """A range of a worksheet, as a formula hands it over."""

    vba_type_name = "Range"

    def __init__(self, rows: int, columns: int, value: Any = None, areas: int = 1, exact: Any = None) -> None:
        self.rows, self.columns, self.value, self.areas, self.exact = rows, columns, value, areas, exact

    @member(name="Rows")
    def vba_rows(self) -> Counted:
        return Counted(self.rows)

    @member(name="Columns")
    def vba_columns(self) -> Counted:
        return Counted(self.columns)

    @member(name="Areas")
    def vba_areas(self) -> Counted:
        return Counted(self.areas)

    @member(name="Value")
    def vba_value(self) -> Any:
        return self.value

    @member(name="Value2")
    def vba_exact(self) -> Any:
        return self.exact
