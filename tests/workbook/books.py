"""Small workbooks for tests, written by XlsxWriter as Excel would store them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter

from xlkpi.workbook import original
from xlkpi.workbook.refs import column_letters


def written(build: Callable[[Any], None], **options: Any) -> bytes:
    """The bytes of a workbook that ``build`` wrote into."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True, **options})
    build(book)
    book.close()
    return sink.getvalue()


def sheets(cells: Mapping[str, Mapping[str, Any]], **options: Any) -> bytes:
    """A workbook from ``{sheet: {"A1": value}}``; text that starts with ``=`` is a formula, ``{=…}`` in a key
    ``A1:B2`` a legacy array formula, ``=`` in a key ``A1#`` a dynamic one, ``A1:A3#`` one that spilled to A3."""

    def build(book: Any) -> None:
        for name, own in cells.items():
            sheet = book.add_worksheet(name)
            for place, value in own.items():
                if place.endswith("#"):
                    sheet.write_dynamic_array_formula(_span(place[:-1]), value)
                elif ":" in place:
                    sheet.write_array_formula(place, value)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(place, value)
                elif value is not None:
                    sheet.write(place, value)

    return written(build, **options)


def _span(place: str) -> str:
    return place if ":" in place else f"{place}:{place}"


def by_address(values: Mapping[tuple[str, int, int], Any], sheet: str | None = None) -> dict[str, Any]:
    """``{"B3": value}`` of one sheet (or of the only one); errors by their code."""
    return {f"{column_letters(column)}{row}": getattr(value, "code", value)
            for (own, row, column), value in values.items() if sheet is None or own == sheet}


def forget() -> None:
    """Let no file be known from an earlier opening."""
    original._seen.clear()
    original._kept.clear()
