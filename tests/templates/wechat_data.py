"""Made-up data of an official account: tables by column code, and under a workbook's own headers."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from random import Random
from typing import Any

from xlkpi.templates.words import Words

FIRST = datetime(2026, 8, 1)
DAYS = 92
CHANNELS = ("朋友圈广告", "公众号广告", "视频号")

Rows = list[dict[str, Any]]


def tables() -> dict[str, Rows]:
    """Followers, articles, messages, menu, interactions, ratings, conversion and consultations of three months."""
    chance = Random("official account")
    fans, users, messages, interactions, conversion, consultations = 8_000, [], [], [], [], []
    fans_on: dict[datetime, int] = {}
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        new, lost = chance.randrange(20, 160), chance.randrange(5, 60)
        fans += new - lost
        fans_on[day] = fans
        users.append({"date": day, "new_followers": new, "cancelled_followers": lost, "net_followers": new - lost,
                      "fans_total": fans})
        sent = chance.randrange(3, 40) if number % 11 else None
        people = None if sent is None else max(1, sent * 2 // 3)
        messages.append({"date": day, "message_users": people, "upstream_messages": sent,
                         "messages_per_user": None if sent is None or people is None else round(sent / people, 2)})
        received = chance.randrange(20, 60)
        interactions.append({"date": day, "comments": chance.randrange(3, 30), "likes": chance.randrange(10, 120),
                             "message_replies": chance.randrange(2, 20), "messages_received": received,
                             "messages_answered": received - chance.randrange(0, 9),
                             "participants": 300 if number == 70 else None, "invited": 1900 if number == 70 else None})
        consultations.append({"date": day, "consultations": None if number in (85, 88) else
                              0 if number == 82 else chance.randrange(8, 40)})
        for place, channel in enumerate(CHANNELS):
            if chance.random() < 0.5:
                continue
            exposures = chance.randrange(3_000, 12_000)
            clicks = exposures * chance.randrange(10, 30) // 1000
            reads = clicks * 3 // 4
            done = reads * (place + 1) // 20
            conversion.append({
                "date": day, "channel": channel, "exposures": exposures, "clicks": clicks, "detail_views": clicks // 2,
                "cost": round(exposures * 0.08, 2), "reads": reads if number % 7 else None, "conversions": done,
                "sales_leads": done // 2, "miniprogram_orders": done // 3, "revenue": round(done * 95.5, 2),
                "converted_leads": done // 2, "store_visitors": done // 5, "coupons_issued": 30,
                "coupons_redeemed": chance.randrange(3, 15)})
    articles = []
    for number in range(36):
        day = FIRST + timedelta(days=1 + number * 5 // 2)
        base = fans_on[day - timedelta(days=1)]
        delivered, session = base - chance.randrange(0, 30), base * chance.randrange(3, 12) // 100
        readers = session + chance.randrange(50, 900)
        reads, sharers = readers * 5 // 4, readers * chance.randrange(2, 9) // 100
        articles.append({
            "title": f"第{number + 1}期：小区这一周", "published_at": day, "read_users": readers, "reads": reads,
            "share_users": sharers, "forwards": sharers + 3, "followers_after_read": number % 7,
            "delivered_users": delivered if number != 30 else None, "session_reads": session,
            "delivered_read_rate": round(session / delivered, 4), "first_shares": sharers // 2, "shared_reads": 40,
            "first_share_rate": 0.05, "reads_per_share": 2.5, "read_finish_rate": chance.randrange(15, 60) / 100,
            "url": f"http://mp.weixin.qq.com/s?n={number}"})
    menu = [{"menu_version": "2026080101", "menu_level1": name, "menu_level2": "-", "menu_clicks": 90 + 10 * at,
             "menu_click_users": 60 + at, "clicks_per_user": 1.5} for at, name in enumerate(("服务", "活动", "关于"))]
    ratings = [{"item": f"rater {at}", "cv_title": 80 + at, "cv_body": 75, "cv_column": 70 - at, "cv_media": 84}
               for at in range(3)]
    return {"users": users, "articles": articles, "messages": messages, "menu": menu, "interactions": interactions,
            "conversion": conversion, "ratings": ratings, "consultations": consultations}


def under_headers(template: str, lang: str, given: dict[str, Rows]) -> dict[str, Rows]:
    """The tables that a template has, under its own headers."""
    columns = import_module(f"xlkpi.templates.{template}.columns")
    words = Words(lang, template)
    found = {}
    for name, rows in given.items():
        if name in columns.OWN:
            heads = dict(columns.labels(name, words))
            found[name] = [{heads[code]: value for code, value in row.items()} for row in rows]
    return found


def rows(book: Any, template: str, name: str, lang: str) -> Rows:
    """The rows of a filled table under the codes of its columns."""
    columns = import_module(f"xlkpi.templates.{template}.columns")
    codes = {text: code for code, text in columns.labels(name, Words(lang, template))}
    return [{codes[text]: value for text, value in row.items()} for row in book.rows(name)]
