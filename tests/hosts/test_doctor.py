"""The doctor finds what is wrong, says what to do, and finds nothing where nothing is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hosts.machines import POLICY, SECURITY, Computer

from xlkpi import cli, templates
from xlkpi.hosts.excel import doctor, install, macros
from xlkpi.hosts.excel.doctor import examine
from xlkpi.hosts.excel.machine import OFFICE, Machine


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    made = Computer(tmp_path)
    install.install(made)
    return made


def kinds(problems: object) -> list[str]:
    return [type(problem).__name__ for problem in problems]  # type: ignore[attr-defined]


def test_nothing_is_wrong_after_installing(computer: Computer) -> None:
    done = examine(templates.path("short_video", "zh"), computer)
    assert kinds(done.findings) == []
    assert done.facts["office_bits"] == 64
    assert done.facts["config_version"] == done.facts["xlkpi"]


def rename(computer: Computer) -> None:
    path = computer.config().path
    path.write_text(path.read_text(encoding="utf-8").replace("pythonw.exe", "gone.exe"), encoding="utf-8")


def other(computer: Computer) -> None:
    path, there = computer.config().path, computer.prefix.parent / "Other"
    there.mkdir()
    (there / "pythonw.exe").write_bytes(b"")
    path.write_text(path.read_text(encoding="utf-8").replace(str(computer.prefix / "pythonw.exe"),
                                                             str(there / "pythonw.exe")), encoding="utf-8")


def old_dll(computer: Computer) -> None:
    path = computer.config().path
    old = computer.prefix / "xlwings64-0.30.0.dll"
    old.write_bytes(b"")
    path.write_text(path.read_text(encoding="utf-8").replace(f"xlwings64-{computer.xlwings_version}.dll", old.name),
                    encoding="utf-8")


def setting(value: int, key: str = SECURITY) -> Callable[[Computer], None]:
    return lambda computer: computer.values.update({("HKCU", key): {"VBAWarnings": value}})


CASES: dict[str, tuple[Callable[[Computer], object], list[str]]] = {
    "add-in gone": (lambda computer: computer.addin.unlink(), ["AddinMissing"]),
    "another add-in": (lambda computer: computer.addin.write_bytes(b"old"), ["AddinDiffers"]),
    "configuration gone": (lambda computer: computer.config().path.unlink(), ["ConfigMissing"]),
    "newer package": (lambda computer: setattr(computer, "xlkpi_version", "0.2.0"), ["ConfigOld"]),
    "Python gone": (rename, ["PathGone"]),
    "another Python": (other, ["OtherPython"]),
    "another DLL": (old_dll, ["DllDiffers"]),
    "add-in from the web": (lambda computer: computer.marked.add(computer.addin), ["Blocked"]),
    "macros off": (setting(4), ["MacrosOff"]),
    "macros off by policy": (setting(4, POLICY), ["MacrosOff"]),
    "signed only": (setting(3), ["SignedOnly"]),
    "macros as usual": (setting(2), []),
    "switched off": (lambda computer: computer.values.update({
        ("HKCU", OFFICE + r"\16.0\Excel\Resiliency\DisabledItems"): {
            "A1": "C:\\x\\XLSTART\\xlkpi.xlam".encode("utf-16-le")}}), ["AddinDisabled"]),
    "no pywin32": (lambda computer: computer.lacks.add("pythoncom"), ["NoXlwings"]),
}


@pytest.mark.parametrize("case", CASES)
def test_one_thing_wrong_on_the_computer(computer: Computer, case: str) -> None:
    spoil, want = CASES[case]
    spoil(computer)
    found = doctor.computer(computer)
    assert kinds(found) == want
    for problem in found:
        for lang in ("zh", "en"):
            assert any(mark in problem.sentence(lang) for mark in ("；", "; ")), "says what to do"


def test_a_policy_is_named_as_such(computer: Computer) -> None:
    setting(4, POLICY)(computer)
    assert "policy" in doctor.computer(computer)[0].sentence()


def test_elsewhere_the_workbook_is_examined_all_the_same(tmp_path: Path) -> None:
    done = examine(book(tmp_path / "book.xlsx", ["=[1]!KPI_SCORE(1,2)"]), Machine(windows=False))
    assert kinds(done.findings) == ["ExcelNotHere", "PathPrefix"]


# ---------------------------------------------------------------- workbooks


def book(path: Path, formulas: list[str], names: dict[str, str] | None = None) -> Path:
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet("Sheet1")
    made.add_worksheet("Other")
    for row, formula in enumerate(formulas):
        sheet.write_formula(row, 1, formula, None, 1)
    for name, text in (names or {}).items():
        made.define_name(name, text)
    made.close()
    return path


def examined(path: Path, computer: Computer) -> list[tuple[str, str | None]]:
    return [(type(problem).__name__, problem.where.cell) for problem in doctor.workbook(path, computer)]


@pytest.mark.parametrize(("formulas", "want"), [
    (["=KPI_SCORE(1,2)", "=_xll.KPI_SCORE(1,2)"], []),
    (["=1", "=_xldudf_KPI_SCORE(1,2)", "=_xldudf_NS_KPI_SCORE(1,2)"], [("OfficePrefix", "B2")]),
    (["=[1]!KPI_SCORE(1,2)+[2]!KPI_TOTAL(A1:A2)"], [("PathPrefix", "B1")]),
    (["='C:\\x y\\xlkpi.xlam'!KPI_SCORE(1,2)", "=xlkpi.xlam!KPI_SCORE(1,2)"], [("PathPrefix", "B1")]),
    (["=_xludf.KPI_SCORE(1,2)"], [("UnknownPrefix", "B1")]),
    (['="[1]!KPI_SCORE(" & KPI_SCORE(1,2)'], []),
])
def test_foreign_prefixes(tmp_path: Path, computer: Computer, formulas: list[str],
                          want: list[tuple[str, str]]) -> None:
    assert examined(book(tmp_path / "book.xlsx", formulas), computer) == want


def test_the_count_of_prefixed_formulas(tmp_path: Path, computer: Computer) -> None:
    (problem,) = doctor.workbook(book(tmp_path / "book.xlsx", ["=[1]!KPI_SCORE(1,2)"] * 7), computer)
    assert problem.facts["count"] == 7


def test_names_that_hide_functions(tmp_path: Path, computer: Computer) -> None:
    path = book(tmp_path / "book.xlsx", [], {
        "KPI_SCORE": "=Sheet1!$A$1", "KPI_TOTAL": "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x)",
        "Sheet1!KPI_GRADE": "=_xlfn.LAMBDA(_xlpm.x,1)", "Other!KPI_GRADE": "=_xlfn.LAMBDA(_xlpm.x,2)", "other": "=1"})
    found = doctor.workbook(path, computer)
    assert sorted(kinds(found)) == ["LambdaTwice", "LambdaWithMacros", "NameClash"]
    assert {problem.facts.get("name") for problem in found} == {"KPI_SCORE", "KPI_GRADE", None}
    install.uninstall(computer)
    assert sorted(kinds(doctor.workbook(path, computer))) == ["LambdaTwice", "NameClash"]


def test_macros_that_hide_functions(tmp_path: Path, computer: Computer) -> None:
    pyopenvba = pytest.importorskip("pyopenvba")
    path = tmp_path / "book.xlsm"
    with pyopenvba.ExcelFile.create_new(path) as made:
        project = made.vba_project()
        lines = ["Public Function KPI_SCORE(x)", *["' words to compress"] * 400, "End Function",
                 "Private Function KPI_TOTAL(x)", "End Function", "Sub Other()", "End Sub", ""]
        project.add_module("Mine", "\r\n".join(lines))
        project.add_module("XlkpiFunctions", "Public Function KPI_GRADE(x)\r\nEnd Function\r\n")
        made.save()
    found = doctor.workbook(path, computer)
    assert [(type(problem).__name__, problem.facts["module"], problem.facts["name"]) for problem in found] == [
        ("MacroClash", "Mine", "KPI_SCORE")]


def test_a_damaged_project_of_macros_says_nothing() -> None:
    assert list(macros.procedures(b"\xd0\xcf\x11\xe0" * 300)) == []
    assert macros.decompressed(b"\x01\x03\xb0\x02AB\xff\xff") == b"A"


def test_a_template_of_a_later_version_and_a_file_from_the_web(tmp_path: Path, computer: Computer) -> None:
    path = book(tmp_path / "book.xlsx", [], {"xlkpi_version": '="9.0.0"'})
    computer.marked.add(path)
    assert kinds(doctor.workbook(path, computer)) == ["Blocked", "NewerTemplate"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "book.xlsx", [], {"KPI_SCORE": "=Sheet1!$A$1"})
    assert cli.main(["doctor", str(path), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert "NameClash" in [problem["problem"] for problem in answer["problems"]]
    assert answer["facts"]["xlwings"]
    assert cli.main(["doctor", str(templates.path("short_video", "en")), "--lang", "zh"]) == 0
    assert "Python 版本" in capsys.readouterr().out
    assert cli.main(["doctor", str(tmp_path / "none.xlsx")]) == 1
