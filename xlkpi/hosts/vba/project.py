"""VBA projects written into packages with pyOpenVBA, from the skeleton that Excel made for it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from pyopenvba import ExcelFile
from pyopenvba.vba import VBAModuleKind, VBAProject

from xlkpi.hosts.vba.source import ADDIN, WORKBOOK_CODE, Edition, modules
from xlkpi.workbook.package import CONTENT_TYPES, Package

PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_ENABLED = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def add_macros(source: Path, target: Path, lang: str) -> None:
    """Write ``source``, a workbook without VBA, to ``target`` (``.xlsm``) with the macros of ``lang``.

    Document modules carry the code names that the workbook and its sheets get with them.
    """
    package = Package.open(source)
    package.write(CONTENT_TYPES, package.read(CONTENT_TYPES).replace(PLAIN, MACRO_ENABLED))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsm"
        package.save(path)
        with ExcelFile(path) as book:
            _write(book.add_vba_project(), Edition(lang))
            book.save()
        _repacked(path, target)


def write_addin(target: Path) -> None:
    """Write ``xlkpi.xlam``: the functions for any workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "addin.xlam"
        with ExcelFile.create_new(path) as book:
            project = book.vba_project()
            project.delete_module("Module1")
            _write(project, ADDIN)
            book.save()
        _repacked(path, target)


def _write(project: VBAProject, edition: Edition) -> None:
    for name, text in modules(edition).items():
        code = text.replace("\n", "\r\n")
        if name == WORKBOOK_CODE:
            project.get_module(name).body = code
        else:
            project.add_module(name, code, kind=VBAModuleKind.standard)


def _repacked(path: Path, target: str | os.PathLike[str]) -> None:
    """The same parts under fixed dates, so that a build is the same bytes every time."""
    package = Package.open(path)
    package.save(target)
