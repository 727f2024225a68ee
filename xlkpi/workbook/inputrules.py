"""What a workbook itself demands of an input cell: its data validation.

Excel checks a validation only for what is typed. A value written past it would stand in the cell
unseen, and a date that is text makes every count over the period come out as 0.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xlkpi import language
from xlkpi.cells import as_text, from_serial
from xlkpi.errors import CellError, Problem, Where, did_you_mean
from xlkpi.workbook.book import Book
from xlkpi.workbook.cover_xml import find
from xlkpi.workbook.markup import Element
from xlkpi.workbook.refs import Area, parse_area, parse_ref
from xlkpi.workbook.slim import shapes_of
from xlkpi.workbook.structured import resolve

Stored = float | int | str | bool | CellError
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "equal": operator.eq, "notEqual": operator.ne, "greaterThan": operator.gt, "lessThan": operator.lt,
    "greaterThanOrEqual": operator.ge, "lessThanOrEqual": operator.le}
_SIGNS = {"equal": "=", "notEqual": "≠", "greaterThan": ">", "lessThan": "<", "greaterThanOrEqual": "≥",
          "lessThanOrEqual": "≤"}
_SHOWN = 12  # entries of a list that a message names


class NotAllowed(Problem):
    zh = "{value!r} 不符合单元格的数据验证：应为 {wanted}{hint}"
    en = "{value!r} is against the cell's data validation: it must be {wanted}{hint}"


class NotUsual(NotAllowed):
    """The validation only warns."""

    level = "warning"


@dataclass(frozen=True, slots=True)
class InputRule:
    """One data validation: the kind of value, its bounds as formulas, and whether a breach is an error."""

    areas: tuple[Area, ...]
    kind: str
    relation: str
    formulas: tuple[str, ...]
    strict: bool

    def holds(self, row: int, col: int) -> bool:
        return any(a.first_row <= row <= a.last_row and a.first_col <= col <= a.last_col for a in self.areas)


def check(book: Book, sheet: str, row: int, col: int, value: Stored, where: Where) -> Iterator[Problem]:
    """What the validations of a cell say against ``value`` (as stored: dates are serials)."""
    for rule in _rules(book, sheet):
        if not rule.holds(row, col):
            continue
        wanted, hint = _breach(book, sheet, rule, row, col, value)
        if wanted:
            yield (NotAllowed if rule.strict else NotUsual)(where, value=value, wanted=wanted, hint=hint)


def _rules(book: Book, sheet: str) -> list[InputRule]:
    xml = book.xml(book.sheet(sheet).part)
    if b"dataValidation" not in xml.data[xml.after:]:
        return []
    found = (_rule(element, xml.data) for top in xml.tail for element in find(top, "dataValidation"))
    return [rule for rule in found if rule is not None]


def _rule(element: Element, data: bytes) -> InputRule | None:
    holder = element.one("sqref")  # the extension list (x14) keeps the cells in an element
    areas = map(parse_area, (holder.text(data) if holder else element.attrs.get("sqref", "")).split())
    formulas = []
    for name in ("formula1", "formula2"):
        part = element.one(name)
        inner = part.one("f") if part else None
        if part:
            formulas.append((inner or part).text(data).strip())
    kind = element.attrs.get("type", "none")
    if kind in ("none", "custom") or element.attrs.get("showErrorMessage") not in ("1", "true"):
        return None
    return InputRule(tuple(area for area in areas if area), kind, element.attrs.get("operator", "between"),
                     tuple(formulas), element.attrs.get("errorStyle", "stop") == "stop")


def _breach(book: Book, sheet: str, rule: InputRule, row: int, col: int, value: Stored) -> tuple[str, str]:
    """What was wanted instead, with a hint; nothing when the value is in order or the rule cannot be read."""
    if rule.kind == "list":
        words = _entries(book, sheet, rule.formulas[0] if rule.formulas else "")
        shown = _text(value)
        if words is None or any(word.strip().casefold() == shown.strip().casefold() for word in words):
            return "", ""
        return "、".join(words[:_SHOWN]) + ("…" if len(words) > _SHOWN else ""), did_you_mean(shown, words)
    bounds = [_number(book, sheet, formula) for formula in rule.formulas]
    if not bounds or None in bounds:
        return "", ""
    limits = [bound for bound in bounds if bound is not None]
    number: float | None = len(_text(value)) if rule.kind == "textLength" else (
        float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None)
    if number is not None and _within(rule, number, limits):
        return "", ""
    return _described(rule, limits, book.is_date(book.xml(book.sheet(sheet).part).style_at(row, col)), book), ""


def _text(value: Stored) -> str:
    return value.code if isinstance(value, CellError) else as_text(value) or ""


def _within(rule: InputRule, number: float, limits: list[float]) -> bool:
    if rule.kind == "whole" and number != int(number):
        return False
    if rule.relation in _COMPARE:
        return _COMPARE[rule.relation](number, limits[0])
    inside = len(limits) < 2 or min(limits) <= number <= max(limits)
    return inside if rule.relation == "between" else not inside


def _described(rule: InputRule, limits: list[float], dates: bool, book: Book) -> str:
    zh = language.current() == "zh"
    kinds = {"whole": ("整数", "a whole number"), "decimal": ("数字", "a number"), "date": ("日期", "a date"),
             "time": ("时间", "a time"), "textLength": ("文字长度", "a text of length")}
    dates = rule.kind == "date" or (dates and rule.kind == "decimal")
    kind = kinds["date" if dates else rule.kind][0 if zh else 1]
    shown = [f"{from_serial(limit, book.date1904):%Y-%m-%d}" if dates and 0 <= limit < 2958466 else f"{limit:g}"
             for limit in limits]
    if rule.relation in _SIGNS:
        return f"{kind} {_SIGNS[rule.relation]} {shown[0]}"
    words = {"between": (" {} 到 {}", " from {} to {}"), "notBetween": (" 不在 {} 到 {}", " outside {} to {}")}
    span = words.get(rule.relation, words["between"])[0 if zh else 1]
    return kind + (span.format(*shown) if len(shown) == 2 else f" {shown[0]}")


def _entries(book: Book, sheet: str, formula: str) -> list[str] | None:
    """The words of a drop-down; None when the formula has to be calculated to know them."""
    if len(formula) >= 2 and formula[0] == formula[-1] == '"':
        return [word.strip() for word in formula[1:-1].replace('""', '"').split(",")]
    place = _place(book, sheet, formula)
    if place is None:
        return None
    name, area = place
    values = book.values(name)
    words = [values.get((row, col)) for row in range(area.first_row, min(area.last_row, area.first_row + 100_000) + 1)
             for col in range(area.first_col, area.last_col + 1)]
    return [_text(word) for word in words if word is not None and word != ""]


def _number(book: Book, sheet: str, formula: str) -> float | None:
    try:
        return float(formula)
    except ValueError:
        place = _place(book, sheet, formula)
    if place is None or place[1].first_row != place[1].last_row or place[1].first_col != place[1].last_col:
        return None
    value = book.values(place[0]).get((place[1].first_row, place[1].first_col))
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _place(book: Book, sheet: str, formula: str, depth: int = 0) -> tuple[str, Area] | None:
    """The sheet and cells that a formula simply names: an absolute reference, a table column, a defined name."""
    text = formula.strip().removeprefix("=")
    ref = parse_ref(text)
    if ref is not None:
        fixed = "$" in text or ref.area.colon  # a single relative cell means another one in every cell of the rule
        known = [one.name for one in book.sheets if one.name.casefold() == (ref.sheet or sheet).casefold()]
        return (known[0], ref.area) if fixed and known else None
    area = resolve(text, shapes_of(book), (sheet, 1, 1)) if "[" in text else None
    if area is not None and area.sheet:
        return area.sheet, Area(area.left, area.top, area.right, area.bottom)
    for name in book.defined_names:
        if name.name.casefold() == text.casefold() and name.sheet in (None, sheet) and depth < 4:
            return _place(book, sheet, name.text, depth + 1)
    return None
