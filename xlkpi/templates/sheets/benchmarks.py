"""Sheet 基准 / Benchmarks: three sets of lines, one of them in use, and what speaks against a line or a target.

The articles' lines are not today's market, and no market line is this account: one cell says which
set is used. The account's own history is what the same formula gives for earlier periods of the
same length, or its works one by one where a column holds their rates. P75 is better than 75% of
that history, so that where less is better it is the lower quarter. A line or a target beyond the
account's own 99th percentile is named as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column, Table
from xlkpi.templates.sheets import actuals as metrics_sheet
from xlkpi.templates.sheets.marks import by_unit, choice, letter
from xlkpi.terms import DIRECTIONS

FIRST = 6
SETS = ("article", "market", "p50", "p75", "p90")
PERCENTILES = {"p50": 0.5, "p75": 0.75, "p90": 0.9, "p99": 0.99}
PERIODS, STRIDE = 6, 7  # earlier periods that are looked at, and how many days one begins before the next
NOTES = 3
LEAST = {"items": 8, "periods": 4}  # fewer make no percentile
EARLIER = tuple(f"h{k}" for k in range(1, PERIODS + 1))
COLUMNS = ("metric", "unit", "direction", "article", "market", "p50", "p75", "p90", "p99", "basis", "rows", "line",
           "target", "actual", "verdict", "note", *EARLIER, "beyond")
NUMBERS = ("article", "market", "p50", "p75", "p90", "p99", "line", "target", "actual", *EARLIER)


@dataclass(frozen=True)
class Own:
    """Where a metric's own history comes from: a column of rates (``items``), or a formula over a period.

    ``rows`` counts the usable rows of a period. ``daily``: only a period with a value for every day counts;
    otherwise one that does not begin before the first day of ``since`` (a date column). ``reach``: how many
    periods back the formula itself looks. ``part``: the metric of the sheet that the formula names by its code,
    for that metric's figure of the same period; a period without it has none.
    """

    items: str = ""
    value: str = ""
    rows: str = ""
    daily: bool = False
    since: str = ""
    reach: int = 0
    part: str = ""


def write(book: Book, codes: Sequence[str], own: Mapping[str, Own], actuals: Mapping[str, str], target: str,
          article: Mapping[str, Any] | None = None, chosen: str = "article") -> Table:
    """Write the sheet with one row for each of ``codes`` (metrics, or columns that are rates).

    Own history that ``own`` does not give is typed in.

    ``actuals`` are formulas for this period's figures, ``target`` is the formula for a row's target, ``article``
    are lines that the catalogue does not hold as they are used, ``chosen`` is the set in use to begin with.
    """
    sheet = book.sheet("sheet.benchmarks", look.AMBER)
    t = book.t
    places = {code: at for at, code in enumerate(COLUMNS)}
    book.heading(sheet, t("benchmarks.title"), t("benchmarks.hint"))
    _switch(book, sheet, chosen, places["note"] + 1)
    percent_like: dict[str, Any] = {"num_format": "#,##0.00"}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "metric": (26 if book.lang == "zh" else 32, look.LEFT), "unit": (6 if book.lang == "zh" else 8, look.CENTER),
        "direction": (11 if book.lang == "zh" else 16, look.CENTER), "verdict": (9, look.CENTER | {"bold": True}),
        "basis": (9 if book.lang == "zh" else 12, look.CENTER | {"font_size": 9, "font_color": look.GREY}),
        "rows": (6.5, look.COUNT | look.CENTER), "note": (50, look.WRAP | {"font_size": 9, "font_color": look.GREY}),
        "beyond": (18, {"font_size": 9, "font_color": look.GREY}),
        **dict.fromkeys(NUMBERS, (10, percent_like)),
        **dict.fromkeys(EARLIER, (10, percent_like | {"font_color": look.GREY, "font_size": 9}))}
    made = _formulas(book, codes)
    earlier, since = any(one.value for one in own.values()), [one.since for one in own.values() if one.since]
    firsts = _periods(book, sheet, places[EARLIER[0]], since) if earlier else {}
    columns = [Column(code, label, *looks[code], formula=made.get(code), input=code in ("article", "market"))
               for code, label in book.labels("benchmarks")]
    rows = [_row(book, codes, code, own.get(code), firsts, actuals[code], target, (article or {}).get(code))
            for code in codes]
    table = book.table(sheet, "benchmarks", FIRST, 0, columns, rows, filters=False)
    for code in NUMBERS if earlier else NUMBERS[:-PERIODS]:
        by_unit(book, sheet, table.cell("unit"), table.body(code))
        sheet.conditional_format(table.body(code).replace("$", ""), {
            "type": "formula", "criteria": f"=ABS(N({table.cell(code).replace('$', '')}))>=100",
            "format": book.format(num_format="#,##0")})
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 28)
    _marks(book, sheet, table)
    typed = book.format(**{**look.INPUT, **percent_like})
    for row, code in enumerate(codes, table.first):
        for name in PERCENTILES if code not in own else ():
            sheet.write_blank(row, places[name], None, typed)
    for down in range(1, NOTES + 1):
        sheet.write_string(table.last + 1 + down, 0, t(f"benchmarks.note{down}"), book.format(**look.HINT))
    sheet.freeze_panes(FIRST + 1, 1)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, table.last + 1 + NOTES, places["note"]), landscape=True, repeat=FIRST)
    return table


def _switch(book: Book, sheet: Any, first: str, beyond: int) -> None:
    """The cell that says which set is in use, and from column ``beyond``, off the page, its number: 0 is none."""
    t, words = book.t, [book.t(f"set.{one}") for one in SETS]
    sheet.set_row(3, 24)
    sheet.write_string(3, 0, t("benchmarks.set"), book.format(**{**look.LABEL, "align": "left", "bold": True}))
    chosen = book.format(**{**look.INPUT, "bold": True, "align": "center", "border": 1, "border_color": look.AMBER})
    sheet.merge_range(3, 1, 3, 2, t(f"set.{first}"), chosen)
    sheet.data_validation(3, 1, 3, 1, {"validate": "list", "source": words, "error_message": t("check.list")})
    sheet.write_string(3, 3, t("benchmarks.set_hint"), book.format(**look.HINT))
    book.define("benchmark_set", "sheet.benchmarks", "$B$4")
    number = "+".join(f'{at}*(benchmark_set="{word}")' for at, word in enumerate(words, 1))
    book.formula(sheet, FIRST - 4, beyond, f"={number}", book.format(**look.HINT, align="center"))
    sheet.write_string(FIRST - 4, beyond + 1, t("benchmarks.number"), book.format(**{**look.LABEL, "align": "left"}))
    book.define("benchmark_number", "sheet.benchmarks", f"${letter(beyond)}${FIRST - 3}")


def _periods(book: Book, sheet: Any, left: int, dated: Sequence[str]) -> dict[str, str]:
    """The earlier periods above their columns; returns the cell of the first day of every dated column."""
    t = book.t
    label, right = book.format(**{**look.LABEL, "align": "left"}), left + PERIODS  # beyond the printed page
    grey = book.format(**{**look.DAY, "font_color": look.GREY, "font_size": 9, "align": "center"})
    for row, key in ((FIRST - 3, "benchmarks.from"), (FIRST - 2, "benchmarks.until")):
        sheet.write_string(row, right, t(key), label)
    for k in range(PERIODS):
        before = f"-{STRIDE * k}" if k else ""
        book.formula(sheet, FIRST - 3, left + k, '=IF(COUNT(from_date,to_date)<2,"",'
                     f"2*from_date-to_date-1{before})", grey)
        book.formula(sheet, FIRST - 2, left + k, f'=IF(COUNT(from_date,to_date)<2,"",from_date-1{before})', grey)
    found: dict[str, str] = {}
    for at, column in enumerate(dict.fromkeys(dated)):
        book.formula(sheet, FIRST - 1, left + at, f'=IF(COUNT({column})=0,"",INT(MIN({column})))', grey)
        found[column] = f"${letter(left + at)}${FIRST}"
    if found:
        sheet.write_string(FIRST - 1, right, t("benchmarks.since"), label)
    return found


def _asked(formula: str, start: str, end: str) -> str:
    """A formula over the assessed period, over another one."""
    for name, cell in (("from_date", start), ("to_date", end), ("period_stop", f"({end}+1)")):
        formula = re.sub(rf"\b{name}\b", cell, formula)
    return formula


def _row(book: Book, codes: Sequence[str], code: str, own: Own | None, firsts: Mapping[str, str], actual: str,
         target: str, article: Any) -> list[Any]:
    """A metric's cells that are not the same formula in every row."""
    item, row = known(code), _number(codes, code)
    sets = getattr(item, "benchmarks", {})
    lines = {name: next((one.low if one.low is not None else one.high for one in sets.get(name, ())
                         if one.rule != "growth"), None)  # a growth is no line for the figure itself
             for name in ("article", "market")}
    direction = getattr(item, "direction", None) or "up"
    values: dict[str, Any] = {
        "metric": item.label(book.lang), "unit": metrics_sheet.unit_label(item.unit, book.lang),
        "direction": choice(DIRECTIONS, direction, book.lang), "target": target,
        "article": lines["article"] if article is None else article, "market": lines["market"],
        "basis": book.t("basis.none"), "actual": actual}
    if own is not None:
        left = COLUMNS.index(EARLIER[0])
        kind = "items" if own.items else "periods"
        cells = own.items or f"${letter(left)}{row}:${letter(left + PERIODS - 1)}{row}"
        count = f"${letter(COLUMNS.index('rows'))}{row}"
        values |= {"basis": book.t(f"basis.{kind}"), "rows": f"=COUNT({cells})"}
        for name, k in PERCENTILES.items():
            k = round(1 - k, 2) if direction == "down" else k
            values[name] = f'=IF({count}<{LEAST[kind]},"",PERCENTILE({cells},{k}))'
        if own.value:
            part = _number(codes, own.part) if own.part else 0
            values |= {one: _earlier(own, letter(left + at), firsts, part) for at, one in enumerate(EARLIER)}
    return [values.get(column) for column, _ in book.labels("benchmarks")]


def _number(codes: Sequence[str], code: str) -> int:
    """The row of a metric, counted from 1."""
    return FIRST + 2 + list(codes).index(code)


def _earlier(own: Own, column: str, firsts: Mapping[str, str], part: int) -> str:
    start, end = f"{column}${FIRST - 2}", f"{column}${FIRST - 1}"
    value, rows = (_asked(text, start, end) for text in (own.value, own.rows))
    if part:
        mine = f"{column}{part}"
        return f'=IF({mine}="","",{value})'.replace(own.part, mine)
    if own.daily:
        return f'=IF({start}="","",IF({rows}<{end}-{start}+1,"",{value}))'
    begins = f"{start}-{own.reach}*({end}-{start}+1)" if own.reach else start
    return f'=IF({start}="","",IF({begins}<N({firsts[own.since]}),"",IF({rows}=0,"",{value})))'


def _marks(book: Book, sheet: Any, table: Table) -> None:
    t = book.t
    first = table.cell("verdict").replace("$", "")
    for key, fill, ink in (("reached", look.GREEN_FILL, look.GREEN), ("short", look.RED_FILL, look.RED),
                           ("no_line", look.NONE_FILL, look.GREY), ("no_data", look.NONE_FILL, look.GREY)):
        sheet.conditional_format(table.body("verdict"), {
            "type": "formula", "criteria": f'={first}="{t(f"verdict.{key}")}"',
            "format": book.format(bg_color=fill, font_color=ink)})
    for one in SETS:
        sheet.conditional_format(table.body(one), {
            "type": "formula", "criteria": f'=benchmark_set="{t(f"set.{one}")}"',
            "format": book.format(bold=True, font_color=look.ACCENT)})


def known(code: str) -> Any:
    """The metric, or the column where the figure is none."""
    return metrics.load().metrics.get(code) or metrics.find_column(code)


def on_metrics(book: Book, codes: Iterable[str], made: Iterable[str]) -> dict[str, str]:
    """The figures of ``codes`` on the metrics sheet, which lists the metrics ``made``; blank stays blank."""
    order, found = list(made), {}
    for code in codes:
        if code in order:
            cell = metrics_sheet.place(book, order, code, "actual")
            found[code] = f'=IF({cell}="","",{cell})'
    return found


def of_form(book: Book) -> str:
    """A row's target as the assessment form has it: a number or "" in every row."""
    return (f"=IFERROR(INDEX({book.col('scorecard', 'target')},MATCH({book.this('benchmarks', 'metric')},"
            f"{book.col('scorecard', 'metric')},0)),\"\")")


def line(book: Book, code: str) -> str:
    """The line in use for a metric, as part of a formula (blank where there is none)."""
    return _of_row(book, code, "line")


def actual(book: Book, code: str) -> str:
    return _of_row(book, code, "actual")


def _of_row(book: Book, code: str, column: str) -> str:
    label = known(code).label(book.lang)
    return f'INDEX({book.col("benchmarks", column)},MATCH("{label}",{book.col("benchmarks", "metric")},0))'


def _formulas(book: Book, codes: Sequence[str]) -> dict[str, str]:
    t = book.t

    def this(code: str) -> str:
        return book.this("benchmarks", code)

    down = f'{this("direction")}="{choice(DIRECTIONS, "down", book.lang)}"'
    picked = f'INDEX({book.this("benchmarks", SETS[0], SETS[-1])},1,benchmark_number)'

    def said(code: str) -> str:
        cell = this(code)
        whole = f"({cell}=INT({cell}))+(ABS({cell})>=100)"  # a number of 100 and more has no decimals
        return f'TEXT({cell},IF({this("unit")}="%","0.0#%",IF({whole},"#,##0","0.00")))'

    def beyond(code: str) -> str:
        return (f'IF(COUNT({this("p99")},{this(code)})<2,"",'
                f'IF(IF({down},{this(code)}<{this("p99")},{this(code)}>{this("p99")}),'
                f'"{t(f"plausible.{code}")}"&{said(code)}&{this("beyond")},""))')

    parts = [beyond("line"), f'IF({this("target")}={this("line")},"",{beyond("target")})']
    if "read_rate" in codes:
        parts.append(f'IF(AND({this("unit")}="%",ISNUMBER({this("actual")}),{this("metric")}="'
                     f'{known("read_rate").label(book.lang)}"),IF({this("actual")}>1,"{t("plausible.outside")}",""),"")')
    parts.append(f'IF(({this("line")}="")*({this("actual")}<>""),"{t("plausible.no_line")}","")')
    return {
        "line": f'=IF(benchmark_number=0,"",IF({picked}="","",{picked}))',
        "verdict": f'=IF({this("actual")}="","{t("verdict.no_data")}",IF({this("line")}="","{t("verdict.no_line")}",'
                   f'IF(IF({down},{this("actual")}<={this("line")},{this("actual")}>={this("line")}),'
                   f'"{t("verdict.reached")}","{t("verdict.short")}")))',
        "note": "=" + "&".join(parts),
        "beyond": f'=IF(COUNT({this("p99")})=0,"","{t("plausible.over")}"&{said("p99")}&"{t("plausible.propose")}"&'
                  f'{said("p75")}&"{t("stop")}")',
    }
