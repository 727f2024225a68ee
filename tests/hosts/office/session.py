"""One LibreOffice session over macro workbooks, in a process of its own: ``uno`` changes how Python imports.

``python session.py SOFFICE BOOK…`` prints JSON, one report a workbook: the modules as LibreOffice holds them, the
buttons, what every formula shows after a recalculation that goes cell → our VBA → ``Py.CallUDF`` → xlwings →
xlkpi, and what the buttons' macros called. The first workbook also answers the docstring examples as formulas.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hosts.com_standins import MISSING, Excel, windows
from hosts.office.office import Document, Server, block, office, shown, single

from xlkpi.registry import load
from xlkpi.workbook.fill import Template

CONFIG = Path(os.environ.get("APPDATA", "/nowhere")) / "xlkpi" / "xlkpi.conf"
CONFIGS = {"missing": None, "without python": "dll=x\n", "moved python": "python=/no/such/pythonw.exe\r\n",
           "long": f"python={sys.executable}\npythonpath={'x' * 2000}\n",
           "other letters": "\ufeff# xlkpi\r\npython = /用户/林晓/pythonw.exe\r\n"
                            "pythonpath=D:\\é;E:\\a=b\r\ndll=/x/€.dll"}
WIDE = 6  # columns that one argument may take on the scratch sheet
REFRESHED = "42 rows"


class Bridge:
    """``Py.CallUDF`` of the VBA, answered by the real xlwings over the stand-ins for COM."""

    def __init__(self, excel: Excel) -> None:
        self.excel = excel
        self.calls: list[str] = []

    def __call__(self, module: str, function: str, arguments: tuple[Any, ...]) -> Any:
        self.calls.append(function)
        try:
            return self._answer(module, function, arguments)
        except BaseException:
            traceback.print_exc()
            raise

    def _answer(self, module: str, function: str, arguments: tuple[Any, ...]) -> Any:
        if function == "RefreshScorecard":
            return REFRESHED
        given: list[Any] = []
        for place, argument in enumerate(arguments):
            rows = block(argument)
            if rows is not None:
                argument = self.excel.other.put(1, 1 + 50 * place, rows)
            given.append(MISSING if argument is None else single(argument))
        return _tuples(self.excel.raw(function, given, module=module))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def examples(document: Document) -> list[Any]:
    """What each docstring example shows as a formula over cells; rows where the example wants rows."""
    sheet, found, top = document.scratch(), [], 0
    for example in [example for spec in load().values() for example in spec.examples]:
        references, height = [], 1
        for place, argument in enumerate(example.args):
            rows = [row if isinstance(row, list) else [row] for row in (
                argument if isinstance(argument, list) else [argument])]
            for down, row in enumerate(rows):
                for right, value in enumerate(row):
                    _put(sheet.getCellByPosition(place * WIDE + right, top + down), value)
            area = sheet.getCellRangeByPosition(place * WIDE, top, place * WIDE + len(rows[0]) - 1,
                                                top + len(rows) - 1)
            references.append(area.AbsoluteName)
            height = max(height, len(rows))
        want = example.want if isinstance(example.want, list) else [example.want]
        wide = max(len(row) if isinstance(row, list) else 1 for row in want)
        left = 16 * WIDE
        answer = sheet.getCellRangeByPosition(left, top, left + wide - 1, top + len(want) - 1)
        formula = f"={example.function}({';'.join(references)})"
        if isinstance(example.want, list):
            answer.setArrayFormula(formula)
        else:
            answer.getCellByPosition(0, 0).Formula = formula
        found.append((answer, len(want), wide))
        top += max(height, len(want)) + 1
    document.calculate()
    return [[[shown(answer.getCellByPosition(right, down)) for right in range(wide)] for down in range(deep)]
            for answer, deep, wide in found]


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, bool):
        cell.Formula = f"={str(value).upper()}()"
    elif isinstance(value, str):
        cell.String = value
    elif value is not None:
        cell.Value = value


def without_python(document: Document) -> dict[str, Any]:
    """What a formula and the settings say while nothing answers: before the installation, and with a wrong one."""
    sheet = document.scratch()
    cells = [sheet.getCellByPosition(column, 0) for column in range(2)]
    said = {}
    for case, text in CONFIGS.items():
        if text is not None:
            CONFIG.parent.mkdir(parents=True, exist_ok=True)
            CONFIG.write_text(text, encoding="utf-8")
        document.run("XlkpiLink.XlkpiForget")
        for cell, formula in zip(cells, ("=KPI_COMPLETION(1;2)", "=KPI_LAST_ERROR()"), strict=True):
            cell.Formula = formula
        said[case] = [shown(cell) for cell in cells]
    said["settings"] = [document.run("XlkpiConfig.XlkpiSetting", key, False)
                        for key in ("python", "pythonpath", "dll", "other")]
    document.model.Sheets.removeByName(sheet.Name)
    said["copies"] = copies(document)
    return said


def copies(document: Document) -> list[Any]:
    """The DLL beside the configuration: not there, brought, brought anew after an update, kept when the source goes."""
    source, found = CONFIG.parent.parent / "xlwings64-0.0.0.dll", []
    for content in (None, b"first", b"second!", None):
        if content is not None:
            source.write_bytes(content)
        elif source.exists():
            source.unlink()
        place = document.run("XlkpiConfig.XlkpiOwnCopy", str(source), "xlkpi64.dll")
        found.append(Path(place).read_text() if place else place)
    return found


def visit(document: Document, path: Path, excel: Excel, with_examples: bool) -> dict[str, Any]:
    bridge = Bridge(excel)
    report: dict[str, Any] = {"modules": document.modules(), "buttons": document.buttons()}
    if with_examples:
        report["alone"] = without_python(document)
    document.run("XlkpiLink.XlkpiUse", Server(bridge))
    book = Template.open(path)
    report["values"] = document.sites("KPI_", {sheet: book.values(sheet) for sheet in book.sheets})
    report["called"] = sorted(set(bridge.calls))
    if with_examples:
        report["examples"] = examples(document)
    bridge.calls.clear()
    for button in report["buttons"]:
        for script in button["scripts"]:
            document.run_script(script)
    report["refreshed"] = list(bridge.calls)
    return report


def main(soffice: str, *books: str) -> None:
    reports = []
    with windows() as excel, office(soffice, dict(os.environ)) as desktop:
        for number, book in enumerate(books):
            try:
                document = Document(desktop, Path(book))
                reports.append(visit(document, Path(book), excel, number == 0))
                document.close()
            except Exception:  # an exception of UNO cannot pass a context manager of Python
                raise RuntimeError(f"{book}\n{traceback.format_exc()}") from None
    json.dump(reports, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
