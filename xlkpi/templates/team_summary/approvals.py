"""Sheet 审批与冻结 / Approvals: who agreed to which month, and which files of it are frozen."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column

FIRST = 4
STEPS = ("person", "manager", "department", "hr", "finance")


def write(book: Book) -> None:
    sheet = book.sheet("sheet.approvals", look.AMBER)
    t = book.t
    book.heading(sheet, t("approvals.title"), t("approvals.hint"))
    month = look.CENTER | {"num_format": "@"}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "period": (11, month), "step": (18, look.LEFT | {"bold": True}), "name": (13, look.LEFT),
        "decision": (11, look.CENTER), "date": (12, look.DAY), "remark": (30, look.LEFT | look.WRAP)}
    columns = [Column(code, label, *looks[code]) for code, label in book.labels("approvals")]
    rows = [[None, t(f"step.{step}")] for step in STEPS]
    section = book.format(bold=True, font_size=11, font_color=look.ACCENT)
    sheet.write_string(FIRST - 1, 0, t("approvals.section"), section)
    table = book.table(sheet, "approvals", FIRST, 0, columns, rows, filters=False)
    sheet.data_validation(table.body("decision"), {"validate": "list", "error_message": t("check.list"), "source": [
        t("decision.agreed"), t("decision.returned"), t("decision.open")]})
    sheet.data_validation(table.body("date"), {"validate": "decimal", "criteria": "between", "minimum": 36526,
                                               "maximum": 73050, "error_message": t("check.date")})
    for word, fill, ink in (("agreed", look.GREEN_FILL, look.GREEN), ("returned", look.RED_FILL, look.RED),
                            ("open", look.NONE_FILL, look.GREY)):
        sheet.conditional_format(table.body("decision"), {
            "type": "formula", "criteria": f'={table.cell("decision")}="{t(f"decision.{word}")}"',
            "format": book.format(bg_color=fill, font_color=ink, bold=True)})
    left = len(columns) + 1
    freeze_looks: dict[str, tuple[float, dict[str, Any]]] = {
        "period": (11, month), "frozen_at": (17, look.MOMENT), "file": (26, look.LEFT | look.WRAP),
        "hash": (30, {"font_name": "Consolas", "font_size": 8, "text_wrap": True}), "by": (12, look.LEFT),
        "remark": (18, look.LEFT | look.WRAP)}
    sheet.write_string(FIRST - 1, left, t("freezes.section"), section)
    frozen = book.table(sheet, "freezes", FIRST, left, [
        Column(code, label, *freeze_looks[code]) for code, label in book.labels("freezes")],
        [[] for _ in range(5)], filters=False)
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 26)
    sheet.set_column(left - 1, left - 1, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    book.print_setup(sheet, (0, 0, frozen.last, left + 5), landscape=True, repeat=FIRST)
