"""Sheet 溯源 / Audit: which files the figures come from, what was wrong with them, and how every score was made."""

from __future__ import annotations

from collections.abc import Sequence

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column

FIRST = 9
SCORES = ("metric", "score", "sentence")


def write(book: Book, scores: Sequence[Sequence[str]] = ()) -> None:
    """Write the sheet; ``scores`` are the cells that hold metric, score and sentence of every row of the form."""
    sheet = book.sheet("sheet.audit", look.GREY)
    t = book.t
    book.heading(sheet, t("audit.title"), t("audit.hint"))
    label, value = book.format(**{**look.LABEL, "align": "left"}), book.format(**look.BOXED, align="left")
    for down, (name, formula) in enumerate((
            ("audit_tool", None), ("audit_filled_at", None), ("audit_functions", None),
            ("audit_as_of", '=IF(data_date="","",TEXT(data_date,"yyyy-mm-dd"))'))):
        row = 2 + down
        sheet.write_string(row, 0, t(name), label)
        sheet.merge_range(row, 1, row, 3, "", value)
        if formula:
            book.formula(sheet, row, 1, formula, value)
        book.define(name, "sheet.audit", f"$B${row + 1}")
    text, number = look.LEFT | look.WRAP, look.COUNT | look.CENTER
    looks = {"file": (30, text), "kind": (20, look.CENTER), "read": (9, number), "used": (9, number),
             "skipped": (9, number), "sha256": (62, {"font_size": 8, "font_name": "Consolas"}),
             "note": (26, text | {"font_size": 9}), "level": (9, look.CENTER), "place": (22, text),
             "problem": (48, text), "action": (30, text), "metric": (26, text), "score": (9, look.TWO | look.CENTER),
             "sentence": (80, text | {"font_size": 9})}
    section = book.format(bold=True, font_size=11, font_color=look.ACCENT)
    left = 0
    if scores:
        book.know("audit_scores", [(code, t(f"audit_scores.{code}")) for code in SCORES])
    for name in ("audit_files", "audit_problems", "audit_scores")[:3 if scores else 2]:
        rows = [[f"={cell}" for cell in line] for line in scores] if name == "audit_scores" else ()
        columns = [Column(code, text, *looks[code], input=False) for code, text in book.labels(name)]
        sheet.write_string(FIRST - 1, left, t(f"{name}.title"), section)
        book.table(sheet, name, FIRST, left, columns, rows, filters=False)
        left += len(columns) + 1
        sheet.set_column(left - 1, left - 1, 3)
    level = book.tables["audit_problems"].cell("level")
    for words, ink in ((("错误", "error"), look.RED), (("警告", "warning"), "#8A6100")):
        test = ",".join(f'{level}="{word}"' for word in words)
        sheet.conditional_format(book.tables["audit_problems"].body("level"), {
            "type": "formula", "criteria": f"=OR({test})", "format": book.format(font_color=ink, bold=True)})
    sheet.freeze_panes(FIRST + 1, 0)
    book.print_setup(sheet, None, landscape=True, repeat=FIRST)
