"""公众号推广考核 / WeChat promotion: the assessment workbook for promoting an official account."""

from __future__ import annotations

from pathlib import Path

from xlkpi.metrics import plans as catalogue
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import audit, goals, scorecard
from xlkpi.templates.sheets.marks import one_of
from xlkpi.templates.wechat_promotion import actuals, benchmarks, dashboard, data, diagnosis, guide, params, plans
from xlkpi.templates.wechat_promotion.columns import OWN, labels
from xlkpi.terms import WEIGHT_MODES


def write(path: Path, lang: str) -> None:
    """Write the workbook with blank formula values; :func:`xlkpi.templates.build` calculates it."""
    book = Book(path, lang, "wechat_promotion")
    for name in OWN:
        book.know(name, labels(name, book.words))
    home = dashboard.write(book)
    strict = one_of("weight_mode", "strict", choices=WEIGHT_MODES)
    scorecard.write(book, params.DATED, targets=True, hold=f"AND({strict},rest_open>0.000001)",
                    warnings=_warnings(book, strict))
    goals.write(book, plans.goals(book))
    params.write(book)
    plans.write(book)
    data.write_users(book)
    data.write_articles(book)
    data.write_menu(book)
    data.write_interactions(book)
    data.write_conversion(book)
    benchmarks.write(book)
    diagnosis.write(book)
    sheet = actuals.write(book)
    dashboard.write_figures(book, sheet)
    audit.write(book, scorecard.sentences(book))
    guide.write(book)
    dashboard.charts(book, home)
    home.activate()
    book.close()


def _warnings(book: Book, strict: str) -> tuple[str, ...]:
    """What is still open in the goals, said above the form."""
    t = book.t
    reason = book.col("scorecard", "reason")
    rest = catalogue.REST[0 if book.lang == "zh" else 1]
    given = f"SUM({book.col('scorecard', 'weight')})"
    return (
        f'IF(rest_open>0.000001,IF({strict},"{t("warn.rest1")}"&ROUND(rest_open*100,2)&"%"&"{t("warn.rest2")}",'
        f'"{t("warn.rest3")}"&TEXT({given}-rest_open,"0%")&" → "&TEXT({given},"0%")&"{t("stop")}"),"")',
        f'IF(COUNTIFS({reason},"{t("scorecard.no_target")}*",{book.col("scorecard", "weight")},">0",'
        f'{book.col("scorecard", "metric")},"<>{rest}")>0,"{t("warn.no_target")}","")',
        f'IF(AND(ISNUMBER(opening_fans),ISNUMBER(closing_fans)),IF(AND(opening_fans>0,{_cancelled(book)}>opening_fans),'
        f'"{t("warn.churn")}",""),"")')


def _cancelled(book: Book) -> str:
    from xlkpi import metrics

    label = metrics.find_metric("cancelled_followers").label(book.lang)
    return (f"N(INDEX({book.col('actuals', 'actual')},MATCH(\"{label}\","
            f"{book.col('actuals', 'metric')},0)))")
