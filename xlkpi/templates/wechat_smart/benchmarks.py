"""Sheet 基准 / Benchmarks of the SMART workbook: the metrics of the report, their own history, the goals' targets."""

from __future__ import annotations

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import benchmarks
from xlkpi.templates.sheets.benchmarks import Own, known
from xlkpi.templates.wechat_promotion.data import NUMBER
from xlkpi.templates.wechat_smart.figures import figures

ITEMS = ("delivery_rate", "open_rate", "share_rate")  # columns of the articles
DAILY = {"new_followers": "users", "cancelled_followers": "users", "net_followers": "users",
         "consultations": "consultations"}
METRICS = (*ITEMS, "reads", *DAILY)


def write(book: Book) -> None:
    actuals = {code: _found(book, f'"{known(code).label(book.lang)}"', "report", "current") for code in METRICS}
    benchmarks.write(book, METRICS, histories(book), actuals, _target(book))


def _target(book: Book) -> str:
    """The goal's target; what is counted can be held against a period only if the goal spans just that."""
    metric, unit = (book.this("benchmarks", code) for code in ("metric", "unit"))
    start, due = (_found(book, metric, "smart_goals", code)[1:] for code in ("start", "due"))
    return f'=IF({unit}="%",{{0}},IF(AND({start}=from_date,{due}=to_date),{{0}},""))'.format(
        _found(book, metric, "smart_goals", "target")[1:])


def _found(book: Book, metric: str, table: str, code: str) -> str:
    cell = f"INDEX({book.col(table, code)},MATCH({metric},{book.col(table, 'metric')},0))"
    return f'=IFERROR(IF({cell}="","",{cell}),"")'


def histories(book: Book) -> dict[str, Own]:
    """Rates article by article; what is counted, for earlier periods."""
    found = {code: Own(items=book.col("articles", code)) for code in ITEMS}
    for code in ("reads", *DAILY):
        table = DAILY.get(code, "articles")
        day, cells = book.col(table, "date" if code in DAILY else "published_at"), book.col(table, code)
        rows = f'COUNTIFS({day},">="&from_date,{day},"<"&to_date+1,{cells},{NUMBER})'
        found[code] = Own(value=figures(book)[code].current[1:], rows=rows, daily=code in DAILY,
                          since="" if code in DAILY else day)
    return found
