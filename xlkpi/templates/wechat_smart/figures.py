"""The figures of the report: this period's and the equally long period's before it, as native formulas."""

from __future__ import annotations

from dataclasses import dataclass

from xlkpi.templates.book import Book
from xlkpi.templates.wechat_promotion.data import NUMBER

THIS, BEFORE = ("from_date", "to_date"), ("2*from_date-to_date-1", "from_date-1")


@dataclass(frozen=True)
class Figure:
    """A metric of the report: its formula for each of the two periods, and its own history where it is daily."""

    current: str
    previous: str
    history: str = ""


def figures(book: Book) -> dict[str, Figure]:
    """Every metric of the report by code."""
    def when(table: str, span: tuple[str, str], *codes: str) -> str:
        day = book.col(table, "published_at" if table == "articles" else "date")
        return ",".join([f'{day},">="&{span[0]},{day},"<"&{span[1]}+1',
                         *(f"{book.col(table, code)},{NUMBER}" for code in codes)])

    def total(table: str, code: str, span: tuple[str, str]) -> str:
        mine = when(table, span, code)
        return (f'=IF(COUNT(from_date,to_date)<2,"",IF(COUNTIFS({mine})=0,"",'
                f"SUMIFS({book.col(table, code)},{mine})))")

    def ratio(top: str, bottom: str, span: tuple[str, str]) -> str:
        mine = when("articles", span, top, bottom)
        below = f"SUMIFS({book.col('articles', bottom)},{mine})"
        return (f'=IF(COUNT(from_date,to_date)<2,"",IF(COUNTIFS({mine})=0,"",IF({below}=0,"",'
                f"SUMIFS({book.col('articles', top)},{mine})/{below})))")

    def both(table: str, code: str) -> Figure:
        return Figure(total(table, code, THIS), total(table, code, BEFORE), book.col(table, code))

    return {
        "fans_total": Figure("=closing_fans", "=opening_fans", book.col("users", "fans_total")),
        "new_followers": both("users", "new_followers"),
        "cancelled_followers": both("users", "cancelled_followers"),
        "net_followers": both("users", "net_followers"),
        "delivery_rate": Figure(ratio("delivered_users", "fans_at_send", THIS),
                                ratio("delivered_users", "fans_at_send", BEFORE)),
        "open_rate": Figure(ratio("session_reads", "delivered_users", THIS),
                            ratio("session_reads", "delivered_users", BEFORE)),
        "share_rate": Figure(ratio("share_users", "read_users", THIS), ratio("share_users", "read_users", BEFORE)),
        "reads": Figure(total("articles", "reads", THIS), total("articles", "reads", BEFORE)),
        "consultations": both("consultations", "consultations"),
    }
