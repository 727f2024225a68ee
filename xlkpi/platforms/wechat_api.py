"""WeChat official account interfaces (datacube): the JSON they answer, the retired shapes and the new ones.

Followers come in one row a source, so the rows of a day are added up; details of an article are
cumulative from the day it was sent, so the last one counts. Readers are unique people and are only
ever taken from the row of all sources. Where the interface has no word for the unit of a rate, it is
proven or left out.
"""

from __future__ import annotations

from xlkpi.platforms import wechat_answers as answers
from xlkpi.platforms.layout import Column, Layout
from xlkpi.platforms.wechat_parts import people_noted, without_whole

PLATFORM = "wechat"

DATE = Column("date", ("ref_date",), "day", filled=True)
SENT = Column("published_at", ("ref_date",), "time", filled=True)
STATED = Column("date", ("stat_date",), "day", filled=True)
ARTICLE = Column("article_id", ("msgid",), "text", filled=True)
TITLE = Column("title", ("title",), "text", required=False, missing=())
URL = Column("url", ("content_url", "url"), "text", required=False)
SOURCE = Column("channel", ("user_source",), "text", filled=True)
WAY = Column("channel", ("scene_desc", "source_name", "type"), "text", filled=True)
REACHED = Column("read_users", ("user_count", "value", "read_user"))
HOUR = Column("hour", ("ref_hour",), filled=True, most=2400)

COUNTERS = (
    Column("read_users", ("int_page_read_user",), required=False),
    Column("reads", ("int_page_read_count",), required=False),
    Column("ori_page_read_users", ("ori_page_read_user",), required=False),
    Column("ori_page_reads", ("ori_page_read_count",), required=False),
    Column("share_users", ("share_user",), required=False),
    Column("forwards", ("share_count",), required=False),
    Column("favorite_users", ("add_to_fav_user",), required=False),
    Column("favorites", ("add_to_fav_count",), required=False),
)
PLACES = ("session", "hist_msg", "feed", "friends", "other", "kanyikan", "souyisou")
BY_PLACE = (
    *(Column(f"read_users_{place}", (f"int_page_from_{place}_read_user",), required=False) for place in PLACES),
    *(Column("session_reads" if place == "session" else f"reads_{place}", (f"int_page_from_{place}_read_count",),
             required=False) for place in PLACES),
    *(Column(f"feed_share_users_{place}", (f"feed_share_from_{place}_user",), required=False)
      for place in ("session", "feed", "other")),
    *(Column(f"feed_shares_{place}", (f"feed_share_from_{place}_cnt",), required=False)
      for place in ("session", "feed", "other")),
)
NEW_COUNTERS = (
    Column("read_users", ("read_user",), required=False),
    Column("share_users", ("share_user",), required=False),
    Column("favorite_users", ("collection_user",), required=False),
    Column("comments", ("comment_count",), required=False),
    Column("reward_cents", ("praise_money",), required=False),
    Column("followers_after_read", ("read_subscribe_user",), required=False),
)
OF_ACCOUNT = (*NEW_COUNTERS, Column("wow_users", ("zaikan_user",), required=False),
              Column("like_users", ("like_user",), required=False))
OF_ARTICLE = (*NEW_COUNTERS, Column("wow_count", ("zaikan_user",), required=False),
              Column("likes", ("like_user",), required=False))  # one reader likes one article once


def _layout(name: str, zh: str, en: str, table: str, signature: tuple[str, ...], key: tuple[str, ...],
            columns: tuple[Column, ...], **more: object) -> Layout:
    return Layout(platform=PLATFORM, name=f"wechat_api_{name}", zh=f"公众号接口：{zh}",
                  en=f"Official account API: {en}", table=table, signature=signature, key=key, columns=columns, **more)  # type: ignore[arg-type]


LAYOUTS = (
    _layout("usersummary", "用户增减", "follower changes", "users",
            ("date", "channel", "new_followers", "cancelled_followers"), ("date",),
            (DATE, SOURCE, Column("new_followers", ("new_user",)), Column("cancelled_followers", ("cancel_user",))),
            after=answers.followers),
    _layout("usercumulate", "累计用户", "followers in total", "users", ("date", "fans_total"), ("date",),
            (DATE, Column("channel", ("user_source",), "text", required=False),
             Column("fans_total", ("cumulate_user",))), after=answers.without_source),
    _layout("articlesummary", "图文群发每日数据", "articles by day", "article_daily",
            ("date", "article_id", "read_users", "reads"), ("date", "article_id"), (DATE, ARTICLE, TITLE, *COUNTERS),
            shuns=("stat_date",), after=people_noted),
    _layout("articletotal", "图文群发总数据", "articles in total", "articles",
            ("published_at", "article_id", "date", "delivered_users"), ("title", "published_at"),
            (SENT, ARTICLE, TITLE, URL, STATED, Column("delivered_users", ("target_user",)), *COUNTERS, *BY_PLACE),
            grows=True, after=answers.last_state),
    _layout("userread", "图文阅读", "reads by day", "content_daily", ("date", "channel", "read_users", "reads"),
            ("date",), (DATE, SOURCE, *COUNTERS), shuns=("ref_hour", "msgid"),
            after=answers.reading, gives=("content_channels",)),
    _layout("userread_whole", "图文阅读（不分来源）", "reads by day, all sources", "content_daily",
            ("date", "read_users", "reads"), ("date",), (DATE, *COUNTERS),
            shuns=("ref_hour", "msgid", "user_source", "stat_date"), after=people_noted),
    _layout("userreadhour", "图文阅读分时", "reads by hour", "content_hourly",
            ("date", "hour", "channel", "read_users", "reads"), ("date", "hour", "channel"),
            (DATE, HOUR, SOURCE, *COUNTERS), shuns=("msgid",), after=answers.named_sources),
    _layout("usershare", "图文分享", "shares by day", "content_shares", ("date", "share_scene", "share_users"),
            ("date", "share_scene"),
            (DATE, Column("share_scene", ("share_scene",), "text", filled=True), Column("forwards", ("share_count",)),
             Column("share_users", ("share_user",))), shuns=("ref_hour",), after=answers.named_scenes),
    _layout("usersharehour", "图文分享分时", "shares by hour", "content_shares_hourly",
            ("date", "hour", "share_scene", "share_users"), ("date", "hour", "share_scene"),
            (DATE, HOUR, Column("share_scene", ("share_scene",), "text", filled=True),
             Column("forwards", ("share_count",)), Column("share_users", ("share_user",))),
            after=answers.named_scenes),
    _layout("upstreammsg", "消息发送", "messages", "messages", ("date", "message_users", "upstream_messages"),
            ("date",), (DATE, Column("message_type", ("msg_type",), "text", required=False),
             Column("message_users", ("msg_user",)), Column("upstream_messages", ("msg_count",))),
            shuns=("ref_hour",), after=answers.messages),
    _layout("upstreammsghour", "消息发送分时", "messages by hour", "messages_hourly",
            ("date", "hour", "message_users", "upstream_messages"), ("date", "hour", "message_type"),
            (DATE, HOUR, Column("message_type", ("msg_type",), "text", required=False),
             Column("message_users", ("msg_user",)), Column("upstream_messages", ("msg_count",))),
            after=answers.named_types),
    _layout("upstreammsgdist", "消息发送分布", "distribution of messages", "messages_distribution",
            ("date", "message_interval", "message_users"), ("date", "message_interval"),
            (DATE, Column("message_interval", ("count_interval",), "text", filled=True),
             Column("message_users", ("msg_user",))), after=answers.named_intervals),
    _layout("interfacesummary", "接口分析", "interface calls", "interface", ("date", "callbacks", "callback_failures"),
            ("date",),
            (DATE, Column("callbacks", ("callback_count",)), Column("callback_failures", ("fail_count",)),
             Column("callback_milliseconds", ("total_time_cost",)),
             Column("callback_max_milliseconds", ("max_time_cost", "max_time_count"))), shuns=("ref_hour",)),
    _layout("interfacesummaryhour", "接口分析分时", "interface calls by hour", "interface_hourly",
            ("date", "hour", "callbacks", "callback_failures"), ("date", "hour"),
            (DATE, HOUR, Column("callbacks", ("callback_count",)), Column("callback_failures", ("fail_count",)),
             Column("callback_milliseconds", ("total_time_cost",)),
             Column("callback_max_milliseconds", ("max_time_cost", "max_time_count")))),
    _layout("bizsummary", "图文数据概况", "account by day", "content_daily", ("date", "read_users", "wow_users"),
            ("date",), (DATE, *OF_ACCOUNT), shuns=("msgid", "stat_date", "scene_desc", "source_name", "type"),
            after=people_noted),
    _layout("articleread", "图文每日阅读", "reads of articles by day", "article_daily",
            ("date", "article_id", "read_users"), ("date", "article_id"),
            (DATE, ARTICLE, TITLE, URL, *(column for column in OF_ARTICLE)),
            shuns=("stat_date", "int_page_read_user", "scene_desc", "source_name", "type"), after=people_noted),
    _layout("articleshare", "图文每日分享", "shares of articles by day", "article_daily",
            ("date", "article_id", "share_users"), ("date", "article_id"),
            (DATE, ARTICLE, TITLE, URL, Column("share_users", ("share_user",)),
             Column("forwards", ("share_count",), required=False)),
            shuns=("stat_date", "int_page_read_user", "read_user"), after=people_noted),
    _layout("articletotaldetail", "图文累计数据", "articles in total (new)", "articles",
            ("published_at", "article_id", "date", "read_users"), ("title", "published_at"),
            (SENT, ARTICLE, TITLE, URL, Column("publish_type", ("publish_type",), "text", required=False), STATED,
             *OF_ARTICLE, Column("delivered_users", ("target_user",), required=False),  # these two only where a
             Column("session_reads", ("int_page_from_session_read_count",), required=False),  # tool joined both shapes
             Column("delivered_read_rate", ("read_delivery_rate",), "rate", required=False, unsure=True),
             Column("read_finish_rate", ("read_finish_rate",), "rate", required=False, unsure=True),
             Column("avg_stay_seconds", ("read_avg_activetime",), "number", required=False)),
            shuns=("int_page_read_user", "scene_desc", "source_name", "type", "position"), grows=True,
            after=answers.last_state),
    _layout("article_sources", "图文阅读来源", "sources of an article's readers", "article_channels",
            ("published_at", "article_id", "date", "channel", "read_users"),
            ("article_id", "published_at", "channel"),
            (SENT, ARTICLE, TITLE, STATED, WAY, REACHED), after=answers.last_state_by_channel),
    _layout("article_sources_daily", "图文每日阅读来源", "sources of an article's readers by day",
            "article_channels_daily",
            ("date", "article_id", "channel", "read_users"), ("date", "article_id", "channel"),
            (DATE, ARTICLE, TITLE, WAY, REACHED), shuns=("stat_date",), after=without_whole),
    _layout("account_sources", "阅读来源", "sources of readers by day", "content_channels",
            ("date", "channel", "read_users"), ("date", "channel"),
            (DATE, WAY, REACHED), shuns=("stat_date", "msgid"), after=without_whole),
    _layout("publisher_cps", "流量主返佣商品", "publisher commissions", "ads_cps",
            ("date", "cps_orders", "cps_commission"), ("date", "ad_slot_id"),
            (Column("date", ("date",), "day", filled=True), Column("ad_slot", ("ad_slot",), "text", required=False),
             Column("ad_slot_id", ("slot_id",), "text", required=False),
             Column("exposures", ("exposure_count",), required=False),
             Column("clicks", ("click_count",), required=False),
             Column("click_rate", ("click_rate",), "rate", required=False, unsure=True),
             Column("cps_orders", ("order_count",)),
             Column("cps_order_rate", ("order_rate",), "rate", required=False, unsure=True),
             Column("cps_fee", ("total_fee",), "number"), Column("cps_commission", ("total_commission",), "number")),
            after=answers.advertising),
    _layout("publisher", "流量主", "publisher income", "ads", ("date", "ad_slot", "exposures", "ad_income_cents"),
            ("date", "ad_slot_id"),
            (Column("date", ("date",), "day", filled=True), Column("ad_slot", ("ad_slot",), "text"),
             Column("ad_slot_id", ("slot_id",), "text", required=False),
             Column("ad_requests", ("req_succ_count",), required=False), Column("exposures", ("exposure_count",)),
             Column("exposure_rate", ("exposure_rate",), "rate", required=False, unsure=True),
             Column("clicks", ("click_count",), required=False),
             Column("click_rate", ("click_rate",), "rate", required=False, unsure=True),
             Column("ad_income_cents", ("income",)), Column("ecpm_cents", ("ecpm",), "number", required=False)),
            after=answers.advertising),
)
