"""Every file with macros: the templates' macro editions, and the add-in for any workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlkpi import templates
from xlkpi.hosts.vba.project import add_macros, write_addin

ADDIN_FILE = "xlkpi.xlam"


def build(name: str, lang: str, out: Path) -> Path:
    """Build the macro edition of a template into ``out``; the same bytes every time."""
    return templates.build(name, lang, out, dress=lambda blank: add_macros(blank, lang))


def build_all(folder: str | Path) -> Iterator[Path]:
    """Build every macro edition and the add-in into ``folder``, one after the other."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for entry in templates.catalogue():
        for lang in entry.langs:
            yield build(entry.name, lang, target / entry.file(lang, "macro"))
    write_addin(target / ADDIN_FILE)
    yield target / ADDIN_FILE
