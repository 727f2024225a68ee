"""VBA projects written into packages with pyOpenVBA, from the skeleton that Excel made for it."""

from __future__ import annotations

from pathlib import Path

from pyopenvba import ExcelFile
from pyopenvba.vba import VBAModuleKind, VBAProject

from xlkpi.hosts.vba.source import ADDIN, WORKBOOK_CODE, Edition, modules
from xlkpi.workbook.package import CONTENT_TYPES, Package

PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_ENABLED = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def add_macros(path: Path, lang: str) -> None:
    """Give a workbook without VBA (``.xlsm``) the macros of ``lang``.

    Document modules carry the code names that the workbook and its sheets get with them.
    """
    package = Package.open(path)
    package.write(CONTENT_TYPES, package.read(CONTENT_TYPES).replace(PLAIN, MACRO_ENABLED))
    package.save(path)
    with ExcelFile(path) as book:
        _write(book.add_vba_project(), Edition(lang))
        book.save()


def write_addin(path: Path) -> None:
    """Write ``xlkpi.xlam``: the functions for any workbook."""
    with ExcelFile.create_new(path) as book:
        project = book.vba_project()
        project.delete_module("Module1")
        _write(project, ADDIN)
        book.save()


def _write(project: VBAProject, edition: Edition) -> None:
    for name, text in modules(edition).items():
        code = text.replace("\n", "\r\n")
        if name == WORKBOOK_CODE:
            project.get_module(name).body = code
        else:
            project.add_module(name, code, kind=VBAModuleKind.standard)
