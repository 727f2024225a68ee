"""LibreOffice runs our VBA: formulas go cell → wrapper → ``Py.CallUDF`` → the real xlwings → xlkpi and back.

LibreOffice 7.4 is not Excel. It shows ``CVErr(2042)`` as the text "Error 2042", it cannot compile the one module
that declares functions of the DLL (``PtrSafe`` is unknown to it), and it hands ranges over as their values.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from functions.test_contract import EXAMPLES, error_code, same
from hosts.macro_books import BOOKS, fill
from libreoffice import REQUIRED, SOFFICE

from xlkpi import cells
from xlkpi.cells import EPOCH_1900
from xlkpi.errors import ERROR_NUMBERS
from xlkpi.hosts.vba.sentences import SENTENCES
from xlkpi.hosts.vba.source import MACRO, Edition, modules
from xlkpi.registry import load
from xlkpi.workbook.fill import Template

SESSION = Path(__file__).parent / "office" / "session.py"
LABEL = {"zh": "刷新", "en": "Refresh"}


def has_uno() -> bool:
    """Whether this Python can talk to LibreOffice (Debian and Ubuntu: python3-uno, of the same Python version)."""
    test = f"import sys; sys.path.insert(0, {str(SESSION.parents[2])!r}); import hosts.office.office"
    return subprocess.run([sys.executable, "-c", test], capture_output=True, check=False).returncode == 0


if not REQUIRED and (SOFFICE is None or not has_uno()):
    pytest.skip("needs LibreOffice with its Python bridge", allow_module_level=True)

books = pytest.mark.parametrize("number", range(len(BOOKS)), ids=["-".join(book) for book in BOOKS])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("filled")
    paths = [folder / f"{name}_{lang}.xlsm" for name, lang in BOOKS]
    for path, (name, lang) in zip(paths, BOOKS, strict=True):
        fill(name, lang, tmp_path_factory.mktemp("data")).save(path)
    return paths


@pytest.fixture(scope="module")
def reports(filled: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    assert SOFFICE is not None, "LibreOffice is required but soffice is not on the path"
    environment = {**os.environ, "APPDATA": str(tmp_path_factory.mktemp("roaming"))}
    run = subprocess.run([sys.executable, str(SESSION), SOFFICE, *map(str, filled)], capture_output=True, text=True,
                         env=environment, timeout=600, check=False)
    assert run.returncode == 0, run.stderr
    found: list[dict[str, Any]] = json.loads(run.stdout)
    assert len(found) == len(BOOKS)
    return found


@books
def test_libreoffice_reads_every_module(filled: list[Path], reports: list[dict[str, Any]], number: int) -> None:
    found = reports[number]["modules"]
    for name, source in modules(Edition(BOOKS[number][1])).items():
        body = found[name].partition("Option VBASupport 1\n")[2]
        assert source.strip() in body.strip(), name
    sheets = [name for name in found if name.startswith("Sheet")]
    assert len(sheets) == len(Template.open(filled[number]).sheets)
    assert set(found) == {*modules(Edition("zh")), *sheets}


@books
def test_the_button_runs_the_macro(reports: list[dict[str, Any]], number: int) -> None:
    [button] = reports[number]["buttons"]
    assert button["label"] == LABEL[BOOKS[number][1]]
    [script] = button["scripts"]
    assert script.startswith(f"vnd.sun.star.script:VBAProject.XlkpiMacros.{MACRO}?")
    assert reports[number]["refreshed"] == [MACRO]


@books
def test_every_kpi_formula_gives_what_filling_without_excel_gave(filled: list[Path], reports: list[dict[str, Any]],
                                                                  number: int) -> None:
    book, found = Template.open(filled[number]), reports[number]["values"]
    differing, count = [], 0
    for sheet, values in found.items():
        for cell, value in values.items():
            stored = plain(book.value(f"'{sheet}'!{cell}"))
            count += 1
            if isinstance(stored, float) and isinstance(value, (int, float)):
                agrees = math.isclose(stored, value, rel_tol=1e-12, abs_tol=1e-12)
            else:
                agrees = stored == value
            if not agrees:
                differing.append(f"{sheet}!{cell}: stored {stored!r}, through VBA {value!r}")
    assert not differing, "\n".join(differing)
    assert count >= {"team_summary": 12, "wechat_smart": 40}.get(BOOKS[number][0], 100)
    assert reports[number]["called"]


def plain(value: Any) -> Any:
    """A stored value as LibreOffice shows it in a formula cell."""
    if isinstance(value, datetime):
        return (value - EPOCH_1900).total_seconds() / 86400
    if isinstance(value, (bool, int)):
        return float(value)
    return "" if value is None else value


@pytest.mark.parametrize(("number", "example"), list(enumerate(EXAMPLES)), ids=[str(one) for one in EXAMPLES])
def test_every_example_as_a_formula(reports: list[dict[str, Any]], number: int, example: Any) -> None:
    got = [["" if cell is None else cell for cell in row] for row in reports[0]["examples"][number]]
    if example.error:
        assert got == [[f"Error {ERROR_NUMBERS[error_code(example)]}"]]
    else:
        assert same(got, cells.rows_of(cells.as_result(example.want)))


def test_the_examples_call_every_function(reports: list[dict[str, Any]]) -> None:
    assert len(reports[0]["examples"]) == len(EXAMPLES)
    assert {example.function for example in EXAMPLES} == set(load())


def test_without_python_the_cell_is_an_error_and_says_why(reports: list[dict[str, Any]]) -> None:
    alone = reports[0]["alone"]
    for case, key, detail in (("missing", "no_config", ""), ("without python", "no_key", "python"),
                              ("moved python", "no_python", "/no/such/pythonw.exe"), ("long", "too_long", "")):
        value, sentence = alone[case]
        assert value == f"Error {ERROR_NUMBERS['#VALUE!']}", case
        assert SENTENCES[key][0].replace("{}", detail) in sentence, case
    assert alone["copies"] == ["", "first", "second!", "second!"]
    assert alone["settings"] == ["/用户/林晓/pythonw.exe", "D:\\é;E:\\a=b", "/x/€.dll", ""]
