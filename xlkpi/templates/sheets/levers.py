"""The line of a form that says what would bring the next grade: written by ``xlkpi fill``, hidden when out of date.

What each row would need is no formula that could be turned round; :mod:`xlkpi.moving` finds it and writes the
sentences here together with what the form showed then. A format blanks the text as soon as the form shows
anything else.
"""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.sheets.marks import letter


def write(book: Book, sheet: Any, row: int, last: int, height: int, keys: tuple[int, int]) -> None:
    """Write the line at ``row``, up to column ``last``; ``keys`` is where the two states stand, beyond the print."""
    label = book.format(**{**look.LABEL, "text_wrap": True})
    text = book.format(**{**look.BOXED, "text_wrap": True, "align": "left", "font_size": 9})
    grey = book.format(font_color=look.GREY, align="center", font_size=8.5)
    sheet.set_row(row, height)
    sheet.merge_range(row, 0, row, 1, book.t("scorecard.levers"), label)
    sheet.merge_range(row, 2, row, last, "", text)
    book.define("levers", "sheet.scorecard", f"$C${row + 1}")
    sums = '&"|"&'.join(f"ROUND(SUM({book.col('scorecard', code)}),6)" for code in ("weight", "target", "actual",
                                                                                     "score"))
    now = f'=IF(ISNUMBER(total_score),ROUND(total_score,6)&"|"&grade&"|"&{sums},"")'
    for at, (name, formula) in enumerate((("levers_now", now), ("levers_for", "")), keys[1]):
        sheet.write_string(keys[0] - 1, at, book.t(f"worked.{name}"), book.format(**look.HINT))
        if formula:
            book.formula(sheet, keys[0], at, formula, grey)
        else:
            sheet.write_blank(keys[0], at, None, grey)
        book.define(name, "sheet.scorecard", f"${letter(at)}${keys[0] + 1}")
    sheet.conditional_format(row, 2, row, last, {"type": "formula", "criteria": "=levers_now<>levers_for",
                                                 "format": book.format(num_format=";;;", font_color="#FFFFFF")})
