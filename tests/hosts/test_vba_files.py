"""The files with macros: what is committed is what is built, and every reader opens them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hosts.macro_books import BOOKS, fill
from oletools.olevba import VBA_Parser, filter_vba
from python_calamine import CalamineWorkbook

from xlkpi import templates
from xlkpi.cli import main
from xlkpi.hosts.vba import editions
from xlkpi.hosts.vba.project import write_addin
from xlkpi.hosts.vba.source import ADDIN, MACRO, Edition, modules
from xlkpi.workbook.fill import Template
from xlkpi.workbook.package import Package

COMMITTED = Path(__file__).resolve().parents[2] / "workbook_templates"
ADDIN_PATH = COMMITTED / editions.ADDIN_FILE
FILES = [*((templates.path(name, lang, "macro"), Edition(lang)) for name, lang in BOOKS), (ADDIN_PATH, ADDIN)]
files = pytest.mark.parametrize(("path", "edition"), FILES, ids=[path.name for path, _ in FILES])
books = pytest.mark.parametrize(("name", "lang"), BOOKS, ids=lambda one: one)


def document_modules(package: Package) -> dict[str, str]:
    """Code name of the workbook and of each sheet, with its part."""
    def code_name(part: str, element: str) -> str:
        found = re.search(rf'<{element}\b[^>]*\bcodeName="([^"]*)"'.encode(), package.read(part))
        assert found, part
        return found[1].decode()

    sheets = package.related(package.workbook, "worksheet")
    return {code_name(package.workbook, "workbookPr"): package.workbook,
            **{code_name(part, "sheetPr"): part for part in sheets}}


# ---------------------------------------------------------------- the build


def test_committed_files_are_fresh_builds(tmp_path: Path) -> None:
    """One template and the add-in here; the macros of all below; every file in the CI, which builds them all."""
    built = editions.build("short_video", "zh", tmp_path / "short_video_zh.xlsm")
    write_addin(tmp_path / editions.ADDIN_FILE)
    assert built.read_bytes() == templates.path("short_video", "zh", "macro").read_bytes(), "run xlkpi build-templates"
    assert (tmp_path / editions.ADDIN_FILE).read_bytes() == ADDIN_PATH.read_bytes(), "run xlkpi build-templates"


@files
def test_olevba_decodes_what_was_generated(path: Path, edition: Edition) -> None:
    parser = VBA_Parser(str(path))
    found = {name.rpartition(".")[0]: filter_vba(code).strip("\r\n").replace("\r\n", "\n")
             for _, _, name, code in parser.extract_macros()}
    parser.close()
    wanted = modules(edition)
    assert {name for name, code in found.items() if code} == set(wanted)
    for name, source in wanted.items():
        assert found[name] == source.strip("\n"), f"{path.name} {name}: run xlkpi build-templates"


@files
def test_document_modules_are_those_of_the_workbook(path: Path, edition: Edition) -> None:
    package = Package.open(path)
    parser = VBA_Parser(str(path))
    found = {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    parser.close()
    assert set(document_modules(package)) == set(found) - (set(modules(edition)) - {"ThisWorkbook"})
    kind = "addin" if edition.addin else "sheet"
    assert package.content_type(package.workbook) == f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml"
    [project] = package.related(package.workbook, "vbaProject")
    assert package.content_type(project) == "application/vnd.ms-office.vbaProject"


@files
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_other_readers_open_it(path: Path, edition: Edition) -> None:
    sheets = CalamineWorkbook.from_path(str(path)).sheet_names
    if edition.addin:  # openpyxl opens no add-ins
        assert sheets == ["Sheet1"]
        return
    book = openpyxl.load_workbook(path, keep_vba=True)
    assert book.vba_archive.read("xl/vbaProject.bin").startswith(b"\xd0\xcf\x11\xe0")
    assert book.sheetnames == sheets


@books
def test_differs_from_the_python_edition_in_button_and_macros_alone(name: str, lang: str) -> None:
    macro, python = (Package.open(templates.path(name, lang, edition)) for edition in ("macro", "python"))
    assert not [part for part in python.parts() if "vba" in part or "vml" in part]
    new = set(macro.parts()) - set(python.parts())
    assert {part.rpartition("/")[2] for part in new if "_rels" not in part} == {"vbaProject.bin", "vmlDrawing1.vml"}
    added = re.compile(rb'<sheetPr codeName="\w+"/>| codeName="\w+"|<legacyDrawing [^>]*>|(?<=r:id="rId)\d+')
    for part in macro.related(macro.workbook, "worksheet"):
        assert added.sub(b"", macro.read(part)) == added.sub(b"", python.read(part)), part
    [drawing] = [part for part in new if part.endswith(".vml")]
    text = macro.read(drawing).decode()
    assert text.count('ObjectType="Button"') == 1
    assert f"<x:FmlaMacro>[0]!{MACRO}</x:FmlaMacro>" in text
    assert {"zh": ">刷新<", "en": ">Refresh<"}[lang] in text
    assert "<x:PrintObject>False</x:PrintObject>" in text


# ---------------------------------------------------------------- filling and handing out


@books
def test_filling_keeps_button_and_macros(name: str, lang: str, tmp_path: Path) -> None:
    path = templates.path(name, lang, "macro")
    fill(name, lang, tmp_path).save(tmp_path / "filled.xlsm")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(tmp_path / "filled.xlsm") as after:
        kept = [part for part in before.namelist() if "vba" in part or "vml" in part]
        assert len(kept) == 2
        for part in kept:
            assert after.read(part) == before.read(part)
    old, new = Package.open(path), Package.open(tmp_path / "filled.xlsm")
    for part, was in zip(new.related(new.workbook, "worksheet"), old.related(old.workbook, "worksheet"), strict=True):
        assert re.findall(rb"<legacyDrawing .*?>", new.read(part)) == re.findall(rb"<legacyDrawing .*?>", old.read(was))
        assert new.related(part, "vmlDrawing") == old.related(was, "vmlDrawing")
    assert document_modules(new) == document_modules(old)
    assert Template.open(tmp_path / "filled.xlsm")


def test_new_gives_the_edition_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    macro, python = (templates.path("short_video", "zh", edition).read_bytes() for edition in ("macro", "python"))
    zh = ["--lang", "zh"]
    assert main(["new", "short_video", *zh, "--edition", "macro"]) == 0
    assert Path("short_video.xlsm").read_bytes() == macro
    assert main(["new", "short_video", *zh, "-o", "考核.XLSM"]) == 0
    assert Path("考核.XLSM").read_bytes() == macro
    assert main(["new", "short_video", *zh]) == 0
    assert Path("short_video.xlsx").read_bytes() == python


def test_fill_takes_the_edition_that_the_output_is_called_after(tmp_path: Path,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    done = tmp_path / "考核.xlsm"
    assert main(["fill", "short_video", "--set", "person=林晓", "-o", str(done)]) == 0
    assert Package.open(done).related("xl/workbook.xml", "vbaProject")
    assert Template.open(done).value("person") == "林晓"
    assert main(["calc", str(done), "-o", str(tmp_path / "a.xlsx")]) == 1
    assert "has macros; its name must end in .xlsm" in capsys.readouterr().err
    plain = templates.path("short_video", "zh")
    assert main(["calc", str(plain), "-o", str(tmp_path / "a.xlsm")]) == 1
    assert "has no macros; its name must end in .xlsx" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [done.name]


@pytest.mark.parametrize("words", [["-o", "a.xlsx", "--edition", "macro"], ["-o", "a.xlsm", "--edition", "python"],
                                   ["-o", "a.xls"]])
def test_a_name_that_excel_would_refuse_is_refused(words: list[str], tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "short_video", "--lang", "en", *words]) == 2
    assert ".xls" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
