"""The tables of the WeChat promotion workbook and the headers of their columns.

Chinese headers of exported columns are those that the backend writes; the catalogue knows them as
other names of its columns, so that exports, pasted or imported, fit by name.
"""

from __future__ import annotations

from xlkpi import metrics
from xlkpi.templates.sheets import audit, benchmarks, scorecard
from xlkpi.templates.words import Words

EXPORTED: dict[str, dict[str, str]] = {  # code → the backend's own header
    "users": {"date": "时间", "new_followers": "新关注人数", "cancelled_followers": "取消关注人数",
              "net_followers": "净增关注人数", "fans_total": "累积关注人数"},
    "articles": {"title": "内容标题", "published_at": "发表时间", "read_users": "总阅读人数", "reads": "总阅读次数",
                 "share_users": "总分享人数", "forwards": "总分享次数", "followers_after_read": "阅读后关注人数",
                 "delivered_users": "送达人数", "session_reads": "公众号消息阅读次数",
                 "delivered_read_rate": "送达阅读率", "first_shares": "首次分享次数",
                 "shared_reads": "分享产生阅读次数", "first_share_rate": "首次分享率",
                 "reads_per_share": "每次分享带来阅读次数", "read_finish_rate": "阅读完成率", "url": "内容url"},
    "messages": {"date": "时间", "message_users": "消息发送人数", "upstream_messages": "消息发送次数",
                 "messages_per_user": "人均发送次数"},
    "menu": {"menu_version": "版本", "menu_level1": "一级菜单", "menu_level2": "二级菜单",
             "menu_clicks": "菜单点击次数", "menu_click_users": "菜单点击人数", "clicks_per_user": "人均点击次数"},
}
TYPED: dict[str, tuple[str, ...]] = {  # kept by hand or exported elsewhere, under the catalogue's labels
    "interactions": ("date", "comments", "likes", "message_replies", "messages_received", "messages_answered",
                     "participants", "invited"),
    "conversion": ("date", "channel", "exposures", "clicks", "detail_views", "cost", "reads", "conversions",
                   "sales_leads", "miniprogram_orders", "revenue", "converted_leads", "store_visitors",
                   "coupons_issued", "coupons_redeemed"),
    "ratings": ("cv_title", "cv_body", "cv_column", "cv_media"),
}
OWN: dict[str, tuple[str, ...]] = {
    "users": ("counted",), "articles": ("fans_at_send", "read_rate", "share_rate"), "messages": (), "menu": (),
    "interactions": (), "conversion": (), "ratings": (),
    "goals": ("dimension", "metric", "unit", "weight", "target", "direction", "method", "baseline", "floor", "stretch",
              "cap", "floor_score", "step", "points", "bands", "actual", "note"),
    "actuals": ("metric", "actual", "unit", "rows", "source", "formula", "flow", "alias", "code"),
    "scorecard": scorecard.COLUMNS,
    "params": ("param", "value", "note"),
    "grades": ("grade", "bound", "coefficient"),
    "profiles": ("profile", "metric", "weight", "direction", "dimension"),
    "roles": ("role", "place", "metric", "direction", "dimension", "order"),
    "plan": ("no", "metric", "weight", "direction", "dimension", "from"),
    "benchmarks": benchmarks.COLUMNS,
    "channels": ("channel", "cost", "exposures", "clicks", "conversions", "revenue", "cpm", "cpc", "conversion_rate",
                 "roi"),
    "diagnosis": ("no", "rule", "when", "own_line", "actual", "line", "result", "evidence", "action"),
    "judged": ("metric", "value", "line"), "findings": ("rule", "evidence", "action"),
    "audit_files": ("file", "kind", "read", "used", "skipped", "sha256", "note"),
    "audit_problems": ("level", "file", "place", "problem", "action"),
    "audit_scores": audit.SCORES,
}


def labels(table: str, words: Words) -> list[tuple[str, str]]:
    """(code, header) of every column of ``table``, in order."""
    exported = EXPORTED.get(table, {})
    found = [(code, header if words.lang == "zh" else catalogued(code, "en")) for code, header in exported.items()]
    if table == "ratings":
        found.append(("item", words("ratings.item")))
    found += [(code, catalogued(code, words.lang)) for code in TYPED.get(table, ())]
    return found + [(code, words(f"{table}.{code}")) for code in OWN[table]]


def catalogued(code: str, lang: str) -> str:
    """The catalogue's label of a column."""
    column = metrics.find_column(code)
    assert column is not None, code
    return column.label(lang)
