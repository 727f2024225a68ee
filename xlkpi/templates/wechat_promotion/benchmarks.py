"""Sheet 基准 / Benchmarks: three sets of lines, one of them in use, and what speaks against a line.

The articles' lines are not today's market, and no market line is this account: one cell says which
set is used. A line beyond the account's own 99th percentile is named as such.
"""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.actuals import unit_label
from xlkpi.templates.sheets.marks import by_unit, choice
from xlkpi.terms import DIRECTIONS

FIRST = 5
FINISH = "read_finish_rate"  # a column, not a metric: its actual value is worked out here
METRICS = ("read_rate", "open_rate", "delivery_rate", "share_rate", FINISH, "period_growth", "compound_growth_rate",
           "churn_rate", "interaction_rate", "activity_participation_rate", "message_reply_rate", "conversion_rate",
           "roi", "cpm", "cpc")
HISTORY = {"read_rate": "read_rate", "open_rate": "delivered_read_rate", "share_rate": "share_rate", FINISH: FINISH}
SETS = ("article", "market", "p50", "p75", "p90")


def write(book: Book) -> None:
    sheet = book.sheet("sheet.benchmarks", look.AMBER)
    t = book.t
    book.heading(sheet, t("benchmarks.title"), t("benchmarks.hint"))
    words = [t(f"set.{one}") for one in SETS]
    sheet.set_row(3, 24)
    sheet.write_string(3, 0, t("benchmarks.set"), book.format(**{**look.LABEL, "align": "left", "bold": True}))
    chosen = book.format(**{**look.INPUT, "bold": True, "align": "center", "border": 1, "border_color": look.AMBER})
    sheet.merge_range(3, 1, 3, 3, words[0], chosen)
    sheet.data_validation(3, 1, 3, 1, {"validate": "list", "source": words, "error_message": t("check.list")})
    sheet.write_string(3, 4, t("benchmarks.set_hint"), book.format(**look.HINT))
    book.define("benchmark_set", "sheet.benchmarks", "$B$4")
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "metric": (26 if book.lang == "zh" else 32, look.LEFT), "unit": (6, look.CENTER),
        "direction": (14, look.CENTER), "verdict": (10, look.CENTER | {"bold": True}),
        "rows": (8, look.COUNT | look.CENTER), "note": (60, look.WRAP | {"font_size": 9, "font_color": look.GREY}),
        **dict.fromkeys(("article", "market", "p50", "p75", "p90", "p99", "line", "actual", "gap"),
                        (10, {"num_format": "#,##0.00"}))}
    formulas = _formulas(book)
    columns = [Column(code, label, *looks[code], formula=formulas.get(code), input=code in ("article", "market"))
               for code, label in book.labels("benchmarks")]
    table = book.table(sheet, "benchmarks", FIRST, 0, columns, [_row(book, code) for code in METRICS], filters=False)
    for code in ("article", "market", "p50", "p75", "p90", "p99", "line", "actual", "gap"):
        by_unit(book, sheet, table.cell("unit"), table.body(code))
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 28)
    first = table.cell("verdict").replace("$", "")
    for key, fill, ink in (("reached", look.GREEN_FILL, look.GREEN), ("short", look.RED_FILL, look.RED),
                           ("no_line", look.NONE_FILL, look.GREY), ("no_data", look.NONE_FILL, look.GREY)):
        sheet.conditional_format(table.body("verdict"), {
            "type": "formula", "criteria": f'={first}="{t(f"verdict.{key}")}"',
            "format": book.format(bg_color=fill, font_color=ink)})
    used = {"article": "article", "market": "market", "p50": "p50", "p75": "p75", "p90": "p90"}
    for one, code in used.items():
        sheet.conditional_format(table.body(code), {
            "type": "formula", "criteria": f'=benchmark_set="{t(f"set.{one}")}"',
            "format": book.format(bold=True, font_color=look.ACCENT)})
    for down, key in enumerate(("benchmarks.note1", "benchmarks.note2", "benchmarks.note3")):
        sheet.write_string(table.last + 2 + down, 0, t(key), book.format(**look.HINT))
    sheet.freeze_panes(FIRST + 1, 1)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, table.last + 4, len(columns) - 1), landscape=True, repeat=FIRST)


def _known(code: str) -> Any:
    """The metric, or the column where the figure is none."""
    return metrics.find_column(code) if code == FINISH else metrics.find_metric(code)


def line(book: Book, code: str) -> str:
    """The line in use for a metric, as part of a formula (blank where there is none)."""
    label = _known(code).label(book.lang)
    return f'INDEX({book.col("benchmarks", "line")},MATCH("{label}",{book.col("benchmarks", "metric")},0))'


def actual(book: Book, code: str) -> str:
    label = _known(code).label(book.lang)
    return f'INDEX({book.col("benchmarks", "actual")},MATCH("{label}",{book.col("benchmarks", "metric")},0))'


def _row(book: Book, code: str) -> list[Any]:
    """A metric's cells that are not the same formula in every row."""
    known = _known(code)
    sets = getattr(known, "benchmarks", {})
    article, market = (sets.get(name, ())[:1] for name in ("article", "market"))
    if code == "cpm":  # the article's lines are dollars: converted only by a rate that is filled in
        upper = next(one.high for one in sets["article"] if one.high is not None)
        first: Any = f'=IF(currency="USD",{upper:g},IF(N(usd_rate)>0,{upper:g}*usd_rate,""))'
    else:
        first = article[0].low if article else None
    history = book.col("articles", HISTORY[code]) if code in HISTORY else ""
    percentiles = [f'=IF(COUNT({history})<8,"",PERCENTILE({history},{k}))' if history else None
                   for k in (0.5, 0.75, 0.9, 0.99)]
    count = f"=COUNT({history})" if history else None
    values = {"metric": known.label(book.lang), "unit": unit_label(known.unit, book.lang),
              "direction": choice(DIRECTIONS, getattr(known, "direction", None) or "up", book.lang),
              "article": first, "market": market[0].low if market else None, "rows": count,
              "actual": _actual(book, code), **dict(zip(("p50", "p75", "p90", "p99"), percentiles, strict=True))}
    return [values.get(column) for column, _ in book.labels("benchmarks")]


def _actual(book: Book, code: str) -> str:
    if code != FINISH:
        found = (f"INDEX({book.col('actuals', 'actual')},MATCH(\"{metrics.find_metric(code).label(book.lang)}\","
                 f"{book.col('actuals', 'metric')},0))")
        return f'=IF({found}="","",{found})'
    sent, finish, readers = (book.col("articles", one) for one in ("published_at", FINISH, "read_users"))
    mask = f"({sent}>=from_date)*({sent}<to_date+1)*ISNUMBER({sent})*ISNUMBER({finish})*ISNUMBER({readers})"
    return (f'=IF(COUNT(from_date,to_date)<2,"",IF(SUMPRODUCT({mask},{readers})=0,"",'
            f"SUMPRODUCT({mask},{finish},{readers})/SUMPRODUCT({mask},{readers})))")


def _formulas(book: Book) -> dict[str, str]:
    t = book.t

    def this(code: str) -> str:
        return book.this("benchmarks", code)

    down = f'{this("direction")}="{choice(DIRECTIONS, "down", book.lang)}"'
    picked = '""'
    for one in reversed(SETS):
        picked = f'IF(benchmark_set="{t(f"set.{one}")}",IF({this(one)}="","",{this(one)}),{picked})'
    percent = f'IF({this("unit")}="%","0.0%","#,##0.00")'

    def said(code: str) -> str:
        return f"TEXT({this(code)},{percent})"

    beyond = (f'IF(AND(ISNUMBER({this("p99")}),ISNUMBER({this("line")})),IF({this("line")}>{this("p99")},'
              f'"{t("plausible.line")}"&{said("line")}&"{t("plausible.over")}"&{said("p99")}&"{t("plausible.propose")}"'
              f'&{said("p75")}&"{t("stop")}",""),"")')
    outside = (f'IF(AND({this("unit")}="%",ISNUMBER({this("actual")}),{this("metric")}="'
               f'{_known("read_rate").label(book.lang)}"),IF({this("actual")}>1,"{t("plausible.outside")}",""),"")')
    lacking = f'IF(AND({this("line")}="",{this("actual")}<>""),"{t("plausible.no_line")}","")'
    return {
        "line": f"={picked}",
        "gap": f'=IF(COUNT({this("actual")},{this("line")})<2,"",{this("actual")}-{this("line")})',
        "verdict": f'=IF({this("actual")}="","{t("verdict.no_data")}",IF({this("line")}="","{t("verdict.no_line")}",'
                   f'IF(IF({down},{this("actual")}<={this("line")},{this("actual")}>={this("line")}),'
                   f'"{t("verdict.reached")}","{t("verdict.short")}")))',
        "note": f"={beyond}&{outside}&{lacking}",
    }
