"""Sheet 基准 / Benchmarks of the WeChat workbook: its metrics, where their own history comes from, the dollar lines."""

from __future__ import annotations

import re
from typing import Any

from xlkpi import metrics
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import benchmarks
from xlkpi.templates.sheets.benchmarks import Own
from xlkpi.templates.wechat_promotion.actuals import recipes
from xlkpi.templates.wechat_promotion.data import NUMBER

FINISH = "read_finish_rate"  # a column, not a metric: its actual value is worked out here
ITEMS = {"read_rate": "read_rate", "open_rate": "delivered_read_rate", "share_rate": "share_rate", FINISH: FINISH}
METRICS = ("read_rate", "open_rate", "delivery_rate", "share_rate", FINISH, "reads", "forwards", "period_growth",
           "new_followers", "cancelled_followers", "net_followers", "net_growth_rate", "compound_growth_rate",
           "churn_rate", "interaction_rate", "activity_participation_rate", "message_reply_rate", "upstream_messages",
           "conversion_rate", "roi", "cpm", "cpc", "detail_view_rate", "sales_leads", "ad_exposures",
           "miniprogram_orders", "store_visit_rate", "redemption_rate")
DAILY = ("new_followers", "cancelled_followers", "net_followers", "net_growth_rate", "compound_growth_rate",
         "churn_rate")
SOURCES = {"interaction_rate": "interactions", "activity_participation_rate": "interactions",
           "message_reply_rate": "interactions", "upstream_messages": "messages",
           **dict.fromkeys(("delivery_rate", "reads", "forwards", "period_growth"), "articles")}  # others: conversion


def write(book: Book) -> None:
    actuals = benchmarks.on_metrics(book, METRICS, recipes(book)) | {FINISH: _finish(book)}
    benchmarks.write(book, METRICS, histories(book), actuals, benchmarks.of_form(book), {"cpm": _dollars()})


def _dollars() -> Any:
    """The article's lines for CPM are dollars: converted only by a rate that is filled in."""
    upper = next(one.high for one in metrics.find_metric("cpm").benchmarks["article"] if one.high is not None)
    return f'=IF(currency="USD",{upper:g},IF(N(usd_rate)>0,{upper:g}*usd_rate,""))'


def histories(book: Book) -> dict[str, Own]:
    """Every metric's own history: article by article, or what its formula gives for earlier periods."""
    found = {code: Own(items=book.col("articles", column)) for code, column in ITEMS.items()}
    made, stocks = recipes(book), _stocks(book)
    for code in METRICS:
        if code in found:
            continue
        table = SOURCES.get(code, "users" if code in DAILY else "conversion")
        value, rows = (_stocked(text, stocks) for text in (made[code].value, made[code].rows))
        if code == "compound_growth_rate":  # the counted days of the users sheet are those of the assessed period
            rows = _days(book)
        since = book.col(table, "published_at" if table == "articles" else "date")
        found[code] = Own(value=value, rows=rows, daily=code in DAILY, since="" if code in DAILY else since,
                          reach=int(code == "period_growth"))
    return found


def _days(book: Book) -> str:
    """How many days of a period have a number of fans."""
    day, fans = (book.col("users", code) for code in ("date", "fans_total"))
    return f'COUNTIFS({day},">="&from_date,{day},"<"&to_date+1,{fans},{NUMBER})'


def _stocks(book: Book) -> dict[str, str]:
    """Fans of any period: what the parameters sheet works out for the assessed one."""
    day, fans = (book.col("users", code) for code in ("date", "fans_total"))

    def on(first: str) -> str:
        mine = f'{day},">="&{first},{day},"<"&{first}+1,{fans},{NUMBER}'
        return f'IF(COUNTIFS({mine})=1,SUMIFS({fans},{mine}),"")'

    inside = f'{day},">="&from_date,{day},"<"&to_date+1,{fans},{NUMBER}'
    return {"opening_fans": on("(from_date-1)"), "closing_fans": on("to_date"),
            "average_fans": f'IF(COUNTIFS({inside})=0,"",AVERAGEIFS({fans},{inside}))'}


def _stocked(formula: str, stocks: dict[str, str]) -> str:
    for name, text in stocks.items():
        formula = re.sub(rf"\b{name}\b", lambda _, text=text: f"({text})", formula)  # type: ignore[misc]
    return formula


def _finish(book: Book) -> str:
    sent, finish, readers = (book.col("articles", one) for one in ("published_at", FINISH, "read_users"))
    mask = f"({sent}>=from_date)*({sent}<to_date+1)*ISNUMBER({sent})*ISNUMBER({finish})*ISNUMBER({readers})"
    return (f'=IF(COUNT(from_date,to_date)<2,"",IF(SUMPRODUCT({mask},{readers})=0,"",'
            f"SUMPRODUCT({mask},{finish},{readers})/SUMPRODUCT({mask},{readers})))")
