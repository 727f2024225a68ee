"""Marks that several sheets put on cells: formats by unit, traffic lights, tests for a choice, checked input."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.terms import SCORE_METHODS


def by_unit(book: Book, sheet: object, unit: str, cells: str) -> None:
    """Show numbers in the format of the unit that stands in the same row."""
    percent, ratio, points = (metrics.load().units[code] for code in ("percent", "ratio", "points"))
    minutes = metrics.load().units["minutes"]
    for units, number_format in (((percent,), "[<0.1]0.00%;0.0%"), ((ratio,), "0.00"), ((points, minutes), "0.0")):
        test = ",".join(f'{unit}="{one.label(book.lang)}"' for one in units)
        sheet.conditional_format(cells.replace("$", ""), {  # type: ignore[attr-defined]
            "type": "formula", "criteria": f"=OR({test})", "format": book.workbook.add_format(
                {"num_format": number_format})})


def status_colours(book: Book, sheet: Any, cells: str, first: str) -> None:
    """Traffic lights: the words of KPI_STATUS in both languages."""
    lights = ((("达标", "On track"), look.GREEN_FILL, look.GREEN), (("预警", "At risk"), look.AMBER_FILL, "#8A6100"),
              (("未达标", "Off track"), look.RED_FILL, look.RED), (("无数据", "No data"), look.NONE_FILL, look.GREY))
    for words, fill, ink in lights:
        test = ",".join(f'{first}="{word}"' for word in words)
        sheet.conditional_format(cells, {"type": "formula", "criteria": f"=OR({test})",
                                         "format": book.format(bg_color=fill, font_color=ink)})


def choice(choices: Any, code: str, lang: str) -> str:
    """The label of a choice."""
    return next(str(getattr(one, lang)) for one in choices if one.code == code)


def spellings(*codes: str, choices: Any = SCORE_METHODS) -> list[str]:
    """Every word that means one of these choices, as Excel compares words: without regard to case."""
    said = (word for one in choices if one.code in codes for word in (one.zh, one.en, one.code, *one.also))
    return list({word.casefold(): word for word in said}.values())


def one_of(cell: str, *codes: str, choices: Any = SCORE_METHODS) -> str:
    """A test whether ``cell`` holds one of these choices, by any word for it."""
    return "OR(" + ",".join(f'{cell}="{word}"' for word in spellings(*codes, choices=choices)) + ")"


def check_numbers(book: Book, sheet: Any, ranges: list[str]) -> None:
    """Counts are numbers not below 0; anything else asks first."""
    for cells in ranges:
        sheet.data_validation(cells, {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning",
                                      "error_message": book.t("check.count")})


def letter(at: int) -> str:
    """The letters of a sheet's column, counted from 0."""
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)
