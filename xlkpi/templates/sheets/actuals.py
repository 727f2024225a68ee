"""Sheet 指标 / Metrics: one row a metric, its actual value as a native formula over the data tables.

An Excel user can follow every figure: how many rows were used, from which table, by which formula.
A metric without a single usable row stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import by_unit, letter

FIRST = 3  # header row of the table, from 0


@dataclass(frozen=True)
class Recipe:
    """How a metric is worked out: which table, which rows are usable, and the formula over them."""

    source: str
    rows: str = ""
    value: str = ""
    flow: bool = False


def write(book: Book, recipes: Mapping[str, Recipe], special: Collection[str] = ()) -> Any:
    """Write the sheet. ``special`` metrics have words of their own for how they are worked out (``formula.CODE``)."""
    sheet = book.sheet("sheet.actuals", look.GREY)
    book.heading(sheet, book.t("actuals.title"), book.t("actuals.hint"))
    looks = {"metric": (22 if book.lang == "zh" else 30, look.LEFT),
             "actual": (14, {**look.COUNT, "align": "right"}), "unit": (7, look.CENTER),
             "rows": (9, look.COUNT), "source": (13, look.CENTER), "formula": (62, {**look.WRAP, "font_size": 9}),
             "flow": (8, look.TICK), "alias": (23, {"font_size": 9, "font_color": look.GREY}),
             "code": (21, {"font_size": 9, "font_color": look.GREY})}
    columns = [Column(code, label, looks[code][0], looks[code][1], input=False)
               for code, label in book.labels("actuals")]
    rows: list[list[Any]] = []
    for code, recipe in recipes.items():
        metric = metrics.find_metric(code)
        mine = book.this("actuals", "rows")
        rows.append([metric.label(book.lang), f'=IF({mine}=0,"",{recipe.value})' if recipe.value else None,
                     unit_label(metric.unit, book.lang), f"={recipe.rows}" if recipe.rows else None, recipe.source,
                     explain(book, metric, special), int(recipe.flow),
                     metric.label("en" if book.lang == "zh" else "zh"), code])
    table = book.table(sheet, "actuals", FIRST, 0, columns, rows)
    by_unit(book, sheet, table.cell("unit"), table.body("actual"))
    for at in range(len(rows)):
        row = table.first + at
        said = sum(2 if ord(letter) > 0x2E7F else 1 for letter in rows[at][5])
        sheet.set_row(row, 26 if said < 130 else 40)
    for name, code in (("metric_list", "metric"), ("metric_units", "unit")):
        book.define(name, "sheet.actuals", table.body(code))
    sheet.freeze_panes(FIRST + 1, 1)
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last, len(columns) - 1), landscape=True, repeat=FIRST)
    return sheet


def place(book: Book, codes: Iterable[str], code: str, column: str) -> str:
    """The cell of a metric in a column of the sheet, which lists ``codes``; its table stays where it is."""
    heads = [head for head, _ in book.labels("actuals")]
    return f"{book.name('sheet.actuals')}!${letter(heads.index(column))}${FIRST + 2 + list(codes).index(code)}"


def unit_label(unit: metrics.Unit, lang: str) -> str:
    """The unit's name; a rate for each period is a percentage as others are."""
    return metrics.load().units["percent" if unit.code == "percent_period" else unit.code].label(lang)


def explain(book: Book, metric: metrics.Metric, special: Collection[str]) -> str:
    """The metric's formula and note as one cell text."""
    formula, note = metrics.load().formula(metric, book.lang), metric.note(book.lang)
    if metric.code in special:
        formula, note = book.t(f"formula.{metric.code}"), ""
    text = (f"{formula}。{note}" if book.lang == "zh" else f"{formula}. {note}") if note else formula
    return re.sub(r"[a-z]+(?:_[a-z]+)+", lambda code: _named(code[0], book.lang), text)


def _named(code: str, lang: str) -> str:
    """The label of a metric or column that a note calls by its code."""
    known = metrics.load().metrics.get(code) or metrics.load().columns.get(code)
    return known.label(lang) if known else code
