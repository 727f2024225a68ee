"""How the actual values of the WeChat promotion workbook are worked out.

Flows are sums over the period; stocks its last day; ratios are ratios of sums over rows in which
both parts are known. Unique people of several days or menus are never added: the menu click rate
takes the one row of a period export, or the number on the parameters sheet.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from xlkpi.metrics import plans as catalogue
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import actuals
from xlkpi.templates.sheets.actuals import Recipe
from xlkpi.templates.wechat_promotion.data import NUMBER, period

KNOWN_BY_HAND = ("fan_precision", "keyword_reply_share")
SPECIAL = ("read_rate", "delivery_rate", "churn_rate", "menu_click_rate", "miniprogram_use_rate", "interaction_rate",
           "period_growth")


def write(book: Book) -> Any:
    return actuals.write(book, recipes(book), SPECIAL)


class _Sums:
    """Sums, ratios and row counts over the rows of the period."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def when(self, table: str, *codes: str) -> str:
        """The criteria for rows of the period in which all these columns are numbers."""
        date = "published_at" if table == "articles" else "date"
        return ",".join([period(self.book, table, date), *(f"{self.book.col(table, code)},{NUMBER}" for code in codes)])

    def rows(self, table: str, *codes: str) -> str:
        return f"IF(COUNT(from_date,to_date)<2,0,COUNTIFS({self.when(table, *codes)}))"

    def add(self, table: str, code: str, *known: str) -> str:
        return f"SUMIFS({self.book.col(table, code)},{self.when(table, code, *known)})"

    def sheet(self, table: str) -> str:
        return self.book.t("sheet.menu" if table == "messages" else f"sheet.{table}")

    def total(self, table: str, code: str) -> Recipe:
        return Recipe(self.sheet(table), self.rows(table, code), self.add(table, code), flow=True)

    def ratio(self, table: str, top: str, bottom: str, times: str = "", less: str = "") -> Recipe:
        below = self.add(table, bottom, top)
        return Recipe(self.sheet(table), self.rows(table, top, bottom),
                      f'IF({below}=0,"",{times}{self.add(table, top, bottom)}/{below}{less})')


def recipes(book: Book) -> dict[str, Recipe]:
    """Every metric of the list by code, in the order of the drop-down."""
    t, sums = book.t, _Sums(book)
    users, articles, days = t("sheet.users"), t("sheet.articles"), t("sheet.interactions")
    manual = t("from.manual")
    both = sums.rows("users", "new_followers", "cancelled_followers")
    given = sums.rows("users", "net_followers")
    net = (f"IF({given}>0,{sums.add('users', 'net_followers')},"
           f"{sums.add('users', 'new_followers', 'cancelled_followers')}"
           f"-{sums.add('users', 'cancelled_followers', 'new_followers')})")
    lost = sums.add("users", "cancelled_followers")
    base = f'IF(churn_base="{t("churn.average")}",average_fans,opening_fans)'

    def divided(top: str, bottom: str) -> str:
        return f'IF(N({bottom})<=0,"",({top})/{bottom})'

    def value(code: str) -> str:
        return f"<{code}>"  # the cell of another row; a formula over its own column would be circular

    def rating(code: str) -> Recipe:
        cells = book.col("ratings", code)
        return Recipe(days, f"COUNT({cells})", f"AVERAGE({cells})")

    parts = ("cv_title", "cv_body", "cv_column", "cv_media")
    factors = [value(code) for code in ("content_value", "interaction_rate", "feature_popularity")]
    features = ",".join(value(code) for code in ("menu_click_rate", "miniprogram_use_rate"))
    touches = "+".join(sums.add("interactions", code) for code in ("comments", "likes", "message_replies"))
    touched = ",".join(sums.rows("interactions", code) for code in ("comments", "likes", "message_replies"))
    reads, sent = book.col("articles", "reads"), book.col("articles", "published_at")
    before = f'{sent},">="&2*from_date-to_date-1,{sent},"<"&from_date,{reads},{NUMBER}'
    menu = book.col("menu", "menu_click_users")
    found = {
        "fans_total": Recipe(users, f"COUNT({book.col('users', 'counted')})", "closing_fans"),
        "new_followers": sums.total("users", "new_followers"),
        "cancelled_followers": sums.total("users", "cancelled_followers"),
        "net_followers": Recipe(users, f"IF({given}>0,{given},{both})", net, flow=True),
        "net_growth_rate": Recipe(users, f"IF({given}>0,{given},{both})", divided(net, "opening_fans")),
        "compound_growth_rate": Recipe(users, f"COUNT({book.col('users', 'counted')})",
                                       'IF(OR(N(opening_fans)<=0,N(months)<=0,closing_fans=""),"",'
                                       "(closing_fans/opening_fans)^(1/months)-1)"),
        "churn_rate": Recipe(users, sums.rows("users", "cancelled_followers"), divided(lost, base)),
        "read_rate": sums.ratio("articles", "read_users", "fans_at_send"),
        "delivery_rate": sums.ratio("articles", "delivered_users", "fans_at_send"),
        "open_rate": sums.ratio("articles", "session_reads", "delivered_users"),
        "share_rate": sums.ratio("articles", "share_users", "read_users"),
        "reads": sums.total("articles", "reads"), "forwards": sums.total("articles", "forwards"),
        "period_growth": Recipe(articles, f"IF(COUNT(from_date,to_date)<2,0,IF(COUNTIFS({before})=0,0,"
                                          f"{sums.rows('articles', 'reads')}))",
                                f'IF(SUMIFS({reads},{before})=0,"",{sums.add("articles", "reads")}/'
                                f"SUMIFS({reads},{before})-1)"),
        "content_value": Recipe(days, f"COUNT({','.join(value(code) for code in parts)})",
                                f"AVERAGE({','.join(value(code) for code in parts)})"),
        **{code: rating(code) for code in parts},
        "interaction_rate": Recipe(days, f"MIN({touched})", divided(touches, "average_fans")),
        "activity_participation_rate": sums.ratio("interactions", "participants", "invited"),
        "user_loyalty": Recipe(t("from.computed"), f"IF(COUNT({','.join(factors)})=3,3,0)",
                               f"{factors[0]}/100*{factors[1]}*{factors[2]}"),
        "feature_popularity": Recipe(t("from.computed"), f"COUNT({features})", f"AVERAGE({features})"),
        "menu_click_rate": Recipe(t("sheet.menu"), f'IF(ISNUMBER(menu_users),1,IF(COUNT({menu})=1,1,0))',
                                  divided(f"IF(ISNUMBER(menu_users),menu_users,SUM({menu}))", "closing_fans")),
        "miniprogram_use_rate": Recipe(t("sheet.params"), "IF(ISNUMBER(miniprogram_users),1,0)",
                                       divided("miniprogram_users", "closing_fans")),
        "message_reply_rate": sums.ratio("interactions", "messages_answered", "messages_received"),
        "message_replies": sums.total("interactions", "message_replies"),
        "upstream_messages": sums.total("messages", "upstream_messages"),
        "conversion_rate": sums.ratio("conversion", "conversions", "reads"),
        "roi": sums.ratio("conversion", "revenue", "cost", less="-1"),
        "cpm": sums.ratio("conversion", "cost", "exposures", times="1000*"),
        "cpc": sums.ratio("conversion", "cost", "clicks"),
        "sales_leads": sums.total("conversion", "sales_leads"),
        "ad_exposures": sums.total("conversion", "exposures"),
        "detail_view_rate": sums.ratio("conversion", "detail_views", "exposures"),
        "miniprogram_orders": sums.total("conversion", "miniprogram_orders"),
        "store_visit_rate": sums.ratio("conversion", "store_visitors", "converted_leads"),
        "redemption_rate": sums.ratio("conversion", "coupons_redeemed", "coupons_issued"),
    }
    hand = {code: Recipe(manual, flow=False) for code in KNOWN_BY_HAND}
    others = {code: Recipe(manual, flow=False) for one in catalogue.roles() for code in one.metrics
              if code not in found}
    whole = {**found, **hand, **others}
    cells = {f"<{code}>": f"$B${actuals.FIRST + 2 + at}" for at, code in enumerate(whole)}

    def placed(text: str) -> str:
        return re.sub(r"<[a-z_]+>", lambda one: cells[one[0]], text)

    return {code: replace(recipe, rows=placed(recipe.rows), value=placed(recipe.value))
            for code, recipe in whole.items()}
