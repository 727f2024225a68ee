"""Sheet 说明 / Guide: how to use the workbook, what the colours say, and every function in it."""

from __future__ import annotations

from collections.abc import Sequence

from xlkpi import registry
from xlkpi.templates import look
from xlkpi.templates.book import Book


def write(book: Book, functions: Sequence[str], inputs: Sequence[str], rules: Sequence[str], steps: int = 6) -> None:
    """Write the sheet: ``steps``, ``rules`` by their keys, the names of the parameters, colours, ``functions``."""
    sheet = book.sheet("sheet.guide", look.GREY)
    t = book.t
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 96)
    book.heading(sheet, t("guide.title"), t("guide.hint"))
    section = book.format(**look.SECTION)
    text = book.format(text_wrap=True, valign="top", font_color=look.INK, indent=1)
    bold = book.format(bold=True, valign="top", font_color=look.INK)
    number = book.format(bold=True, font_color=look.ACCENT, align="center", valign="top")

    def title(row: int, key: str) -> None:
        for column in range(3):
            sheet.write_blank(row, column, None, section)
        sheet.write_string(row, 0, t(key), section)

    row = 3
    title(row, "guide.steps")
    for step in range(1, steps + 1):
        row += 1
        sheet.write_number(row, 0, step, number)
        sheet.write_string(row, 1, t(f"guide.step{step}"), bold)
        sheet.write_string(row, 2, t(f"guide.step{step}.text"), text)
        sheet.set_row(row, _height(t(f"guide.step{step}.text")))
    row += 2
    title(row, "guide.rules")
    for rule in rules:
        row += 1
        sheet.write_string(row, 1, t(f"guide.rule.{rule}"), bold)
        sheet.write_string(row, 2, t(f"guide.rule.{rule}.text"), text)
        sheet.set_row(row, _height(t(f"guide.rule.{rule}.text")))
    row += 1
    sheet.write_string(row, 1, t("guide.names"), bold)
    names = t("guide.names.text").format(names=", ".join(inputs))
    sheet.write_string(row, 2, names, text)
    sheet.set_row(row, _height(names))
    row += 2
    title(row, "guide.colours")
    for fill, ink, key in ((look.YELLOW, look.INK, "input"), ("#FFFFFF", look.INK, "formula"),
                           (look.GREEN_FILL, look.GREEN, "green"), (look.AMBER_FILL, "#8A6100", "amber"),
                           (look.RED_FILL, look.RED, "red"), (look.NONE_FILL, look.GREY, "none")):
        row += 1
        sheet.write_string(row, 1, t(f"colour.{key}"), book.format(
            bg_color=fill, font_color=ink, bold=True, align="center", border=1, border_color=look.LINE))
        sheet.write_string(row, 2, t(f"colour.{key}.text"), text)
    row += 2
    title(row, "guide.functions")
    specs = registry.load()
    for name in functions:
        spec = specs[name]
        row += 1
        sheet.write_string(row, 1, name, bold)
        arguments = ", ".join(f"[{p.term.label(book.lang)}]" if p.optional else p.term.label(book.lang)
                              for p in spec.parameters)
        shown = f"{spec.summary(book.lang)}\n{name}({arguments})"
        sheet.write_string(row, 2, shown, text)
        sheet.set_row(row, _height(shown))
    sheet.protect()
    book.print_setup(sheet, (0, 0, row, 2))


def _height(text: str) -> int:
    """The height a wrapped text needs: Chinese letters are two wide, a line holds about 92."""
    lines = sum(1 + sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) // 92 for line in text.split("\n"))
    return 6 + 15 * lines
