"""The source of the macros: fixed modules in ``modules/*.bas``, the rest written from the registry.

VBA keeps its source in the code page of whoever wrote it, so it is ASCII throughout; Chinese texts stand
in it as ``\\uXXXX`` and are put together when they are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from xlkpi import registry
from xlkpi.errors import ERROR_NUMBERS
from xlkpi.hosts.vba.sentences import SENTENCES
from xlkpi.spec import FunctionSpec

FOLDER = Path(__file__).parent / "modules"
MACRO = "RefreshScorecard"
WORKBOOK_CODE = "ThisWorkbook"
TEXT = 255  # letters that Excel takes for one description
PIECE = 800  # letters in one literal; a line of VBA holds 1,023
_KEPT = """
    addressof alias and any as attribute base boolean byref byte byval call case cdecl class close compare const
    currency date debug decimal declare default dim do double each else elseif empty end endif enum eqv erase error
    event exit explicit false for friend function get global gosub goto if imp implements in input integer is let lib
    like line local lock long longlong longptr loop lset me mod module name new next not nothing null object of on
    open option optional or output paramarray preserve print private property ptrsafe public put raiseevent random
    read redim rem resume return rset seek select set shared single spc static step stop string sub tab text then to
    true type typeof until unlock variant version wend while width with withevents write xor"""
RESERVED = frozenset(_KEPT.split())  # no parameter names: VBA keeps them, or the Basic of LibreOffice does


@dataclass(frozen=True, slots=True)
class Edition:
    """Whose macros they are: a template's in its language, or the add-in's in that of Excel's menus."""

    lang: str = ""
    addin: bool = False


ADDIN = Edition(addin=True)


def modules(edition: Edition) -> dict[str, str]:
    """The source of every module by name, ``ThisWorkbook`` among them; lines end in a newline."""
    specs = list(registry.load().values())
    families = {family: list(group) for family, group in groupby(specs, lambda spec: spec.family)}
    source = {
        "XlkpiLink": _filled("XlkpiLink", {"error numbers": _error_numbers()}),
        "XlkpiDll": _filled("XlkpiDll", {}),
        "XlkpiConfig": _filled("XlkpiConfig", {}),
        "XlkpiWords": _filled("XlkpiWords", {"constants": _constants(edition), "sentences": _sentences()}),
        "XlkpiHelp": _filled("XlkpiHelp", {
            "calls": [f"    Tell_{family}" for family in families],
            "families": [line for family, group in families.items() for line in _help(family, group, edition)]}),
        "XlkpiMacros": _filled("XlkpiMacros", {"refresh": _refresh(edition)}),
        "XlkpiFunctions": "\n".join(_functions(specs)) + "\n",
        WORKBOOK_CODE: _filled(WORKBOOK_CODE, {}),
    }
    for name, text in source.items():
        assert text.isascii(), name
    return source


def ascii_text(text: str) -> str:
    r"""``text`` as XlkpiText reads it: letters beyond ASCII, newlines and backslashes as ``\uXXXX``."""
    return "".join(letter if " " <= letter <= "~" and letter != "\\" else _escaped(letter) for letter in text)


def parameter_name(name: str) -> str:
    """A parameter's name in VBA: its own, with an underscore behind a word that VBA keeps for itself."""
    return f"{name}_" if name.casefold() in RESERVED else name


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _literal(text: str) -> str:
    """A string literal; a long one in pieces on lines of its own."""
    encoded = ascii_text(text)
    pieces: list[str] = []
    at = 0
    while at < len(encoded) or not pieces:
        end = at + PIECE
        while "\\u" in encoded[max(at, end - 5):end] and end < len(encoded):
            end -= 1  # never within an escape
        pieces.append('"' + encoded[at:end].replace('"', '""') + '"')
        at = end
    return " & _\n        ".join(pieces)


def _filled(name: str, words: dict[str, Iterable[str]]) -> str:
    """A fixed module with its ``'{marks}`` replaced."""
    text = (FOLDER / f"{name}.bas").read_text(encoding="ascii")
    for mark, lines in words.items():
        assert f"'{{{mark}}}" in text, mark
        text = text.replace(f"'{{{mark}}}", "\n".join(lines))
    return text


def _error_numbers() -> list[str]:
    return [f'    Case "{code}": ErrorNumber = {number}' for code, number in ERROR_NUMBERS.items()]


def _constants(edition: Edition) -> list[str]:
    return [f"Public Const XLKPI_ADDIN As Boolean = {edition.addin}",
            f"Public Const XLKPI_LANG As String = {json.dumps(edition.lang)}"]


def _sentences() -> list[str]:
    return [line for key, (zh, en) in SENTENCES.items()
            for line in (f'    Case "{key}"', f"        zh = {_literal(zh)}", f"        en = {_literal(en)}")]


def _refresh(edition: Edition) -> list[str]:
    """The template's macro, which its button runs; the add-in's has another name, so that the two never meet."""
    name = "XlkpiRefresh" if edition.addin else MACRO
    return [f"Public Sub {name}()", "    XlkpiRefreshNow", "End Sub"]


def _functions(specs: Iterable[FunctionSpec]) -> Iterable[str]:
    yield "' xlkpi: the KPI functions, one line each; Python computes them."
    yield "Option Explicit"
    for spec in specs:
        names = [parameter_name(parameter.name) for parameter in spec.parameters]
        declared = ", ".join(("Optional " if parameter.optional else "") + name
                             for name, parameter in zip(names, spec.parameters, strict=True))
        yield ""
        yield f"' {ascii_text(spec.summary_en)}"
        yield f"Public Function {spec.name}({declared})"
        yield f'    {spec.name} = XlkpiCall("{spec.name}", Array({", ".join(names)}))'
        yield "End Function"
    yield from ("", "' The sentence of the last error, or of the error that a cell shows.",
                "Public Function KPI_LAST_ERROR(Optional cell)", "    Application.Volatile",
                "    KPI_LAST_ERROR = XlkpiLastError(cell)", "End Function")


def _help(family: str, specs: Iterable[FunctionSpec], edition: Edition) -> Iterable[str]:
    yield f"Private Sub Tell_{family}()"
    for spec in specs:
        yield f'    About "{spec.name}", {_either(spec.summary_zh, spec.summary_en, edition)}'
        for parameter in spec.parameters:
            yield f"    Argument {_either(parameter.term.help_zh, parameter.term.help_en, edition)}"
        yield "    Register"
    yield "End Sub"
    yield ""


def _either(zh: str, en: str, edition: Edition) -> str:
    texts = {"zh": _literal(zh[:TEXT]), "en": _literal(en[:TEXT])}
    return texts[edition.lang] if edition.lang else f"Pick({texts['zh']}, _\n        {texts['en']})"
