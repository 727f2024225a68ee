"""LibreOffice with a workbook's own VBA running in it, driven over UNO from this process."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.extend(["/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program", "/opt/libreoffice/program"])

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.script import XInvocation
from com.sun.star.sheet import CellFlags
from com.sun.star.table.CellContentType import EMPTY, FORMULA, TEXT

from xlkpi.cells import EPOCH_1900

ALWAYS_RUN_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
PROJECT = "VBAProject"


@contextmanager
def office(soffice: str, environment: dict[str, str]) -> Iterator[Any]:
    """A LibreOffice of our own; gives its desktop."""
    pipe = f"xlkpi{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [soffice, "--headless", "--norestore", "--nologo", f"-env:UserInstallation={Path(profile).as_uri()}",
             f"--accept=pipe,name={pipe};urp;"], env=environment, stderr=subprocess.DEVNULL)
        try:
            yield _desktop(pipe, process)
        finally:
            process.terminate()
            process.wait(30)


def _desktop(pipe: str, process: subprocess.Popen[bytes]) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + 60
    while True:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:
            if time.monotonic() > until or process.poll() is not None:
                raise
            time.sleep(0.2)


class Document:
    """An open workbook."""

    def __init__(self, desktop: Any, path: Path) -> None:
        options = [PropertyValue(Name="Hidden", Value=True),
                   PropertyValue(Name="MacroExecutionMode", Value=ALWAYS_RUN_MACROS)]
        self.model = desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, options)

    def close(self) -> None:
        self.model.close(True)

    def modules(self) -> dict[str, str]:
        """The Basic source of every module as LibreOffice holds it."""
        libraries = self.model.BasicLibraries
        libraries.loadLibrary(PROJECT)
        library = libraries.getByName(PROJECT)
        return {name: library.getByName(name) for name in library.ElementNames}

    def add_module(self, name: str, source: str) -> None:
        self.model.BasicLibraries.getByName(PROJECT).insertByName(name, source)

    def run(self, macro: str, *args: Any) -> Any:
        """Run ``Module.Procedure``; an object of this process may be an argument."""
        return self.run_script(f"vnd.sun.star.script:{PROJECT}.{macro}?language=Basic&location=document", *args)

    def run_script(self, url: str, *args: Any) -> Any:
        return self.model.getScriptProvider().getScript(url).invoke(args, (), ())[0]

    def buttons(self) -> list[dict[str, Any]]:
        """Every button on every sheet: where it stands, what it says, what it runs."""
        found = []
        for sheet in self.model.Sheets:
            page = sheet.DrawPage
            for shape in (page.getByIndex(at) for at in range(page.Count)):
                if not shape.supportsService("com.sun.star.drawing.ControlShape"):
                    continue
                form, model = shape.Control.Parent, shape.Control
                place = next(at for at in range(form.Count) if form.getByIndex(at) == model)
                found.append({"sheet": sheet.Name, "label": model.Label, "cell": shape.Anchor.AbsoluteName,
                              "left": shape.Position.X, "right": shape.Position.X + shape.Size.Width,
                              "top": shape.Position.Y, "bottom": shape.Position.Y + shape.Size.Height,
                              "scripts": [event.ScriptCode for event in form.getScriptEvents(place)]})
        return found

    def calculate(self) -> None:
        self.model.calculateAll()

    def sites(self, word: str, stored: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, dict[str, Any]]:
        """What each formula that holds ``word`` gives, entered anew while all other cells hold their stored values.

        A recalculation of everything at once proves less: LibreOffice 7.4 hands a macro the cells of a range that
        it has not come to yet as blanks. ``stored`` has the values of each sheet, since LibreOffice would calculate
        a stored blank text when it is read.
        """
        areas = []
        self.model.enableAutomaticCalculation(False)
        for sheet in self.model.Sheets:
            sheet.unprotect("")
            for area in sheet.queryContentCells(CellFlags.FORMULA):
                place = area.RangeAddress
                values = [[_constant(stored[sheet.Name], row, column)
                           for column in range(place.StartColumn, place.EndColumn + 1)]
                          for row in range(place.StartRow, place.EndRow + 1)]
                areas.append((sheet.Name, area, area.getFormulaArray(), tuple(map(tuple, values))))
        for _, area, _, values in areas:
            area.setDataArray(values)
        self.model.enableAutomaticCalculation(True)
        found: dict[str, dict[str, Any]] = {}
        for sheet_name, area, formulas, values in areas:
            for row, line in enumerate(formulas):
                for column, formula in enumerate(line):
                    if word in formula:
                        cell = area.getCellByPosition(column, row)
                        cell.Formula = formula
                        found.setdefault(sheet_name, {})[_name(cell)] = shown(cell)
                        cell.setDataArray(((values[row][column],),))
        return found

    def scratch(self) -> Any:
        """A new sheet at the end."""
        sheets = self.model.Sheets
        sheets.insertNewByName("scratch", sheets.Count)
        return sheets.getByName("scratch")


def shown(cell: Any) -> Any:
    """A cell's value: number, text, blank, or the text of its error."""
    if cell.getError():
        return cell.String
    if cell.Type == EMPTY:
        return None
    kind = cell.FormulaResultType2 if cell.Type == FORMULA else (2 if cell.Type == TEXT else 1)
    return cell.Value if kind == 1 else cell.String


def _constant(rows: Sequence[Sequence[Any]], row: int, column: int) -> float | str:
    """A stored value as a constant of LibreOffice."""
    value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    if isinstance(value, datetime):
        return (value - EPOCH_1900) / timedelta(days=1)
    return float(value) if isinstance(value, (bool, int, float)) else str(value or "")


def _name(cell: Any) -> str:
    return str(cell.AbsoluteName).rpartition(".")[2].replace("$", "")


class Server(unohelper.Base, XInvocation):  # type: ignore[misc]
    """What VBA holds as ``Py``: a call goes on to ``answer(module, function, arguments)``."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def getIntrospection(self) -> None:
        return None

    def hasMethod(self, name: str) -> bool:
        return name == "CallUDF"

    def hasProperty(self, name: str) -> bool:
        return False

    def getValue(self, name: str) -> None:
        return None

    def setValue(self, name: str, value: Any) -> None:
        return None

    def invoke(self, name: str, parameters: Sequence[Any], places: Any, out: Any) -> tuple[Any, tuple[()], tuple[()]]:
        module, function, arguments, _book, _caller = parameters
        return self.answer(module, function, arguments), (), ()


def block(argument: Any) -> list[list[Any]] | None:
    """The rows of a range or array that came as an argument; None for a single value."""
    is_range = hasattr(argument, "Areas")
    values = argument.Value if is_range else argument
    values = getattr(values, "Array", values)  # com.sun.star.script.ArrayWrapper
    if isinstance(values, tuple):
        rows = values if values and isinstance(values[0], tuple) else (values,)
    elif is_range:
        rows = ((values,),)
    else:
        return None
    return [[single(value) for value in row] for row in rows]


def single(value: Any) -> Any:
    """One value as Python has it; a date comes in a struct of its own."""
    return EPOCH_1900 + timedelta(days=value.Value) if hasattr(value, "typeName") else value
