"""WeChat official account backend (公众号后台): what it exports, as tables.

User, message, keyword and menu analyses are HTML named .xls: a title row, the headings, an empty row,
then figures; ``-`` is missing. Content analyses are BIFF with text in every cell, in several layouts.
人数 are unique people: those of a day's channels do not add up to 全部, so channels are kept apart.
"""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout
from xlkpi.platforms.units import parts_of_one
from xlkpi.platforms.wechat_parts import (
    articles,
    channel_rows,
    days_of_article,
    people_noted,
    shares_of_readers,
)

PLATFORM = "wechat"

DATE = Column("date", ("时间", "日期"), "day", filled=True)
SOURCES = (
    Column("new_followers_search", ("搜一搜", "公众号搜索"), required=False),
    Column("new_followers_qr", ("扫描二维码",), required=False),
    Column("new_followers_article", ("文章页关注", "文章内账号名称"), required=False),
    Column("new_followers_card", ("名片分享",), required=False),
    Column("new_followers_repost", ("他人转载",), required=False),
    Column("new_followers_ads", ("微信广告",), required=False),
    Column("new_followers_miniprogram", ("小程序关注",), required=False),
    Column("new_followers_channels", ("视频号",), required=False),
    Column("new_followers_live", ("直播",), required=False),
    Column("new_followers_other", ("其他合计",), required=False),
)

USERS = Layout(
    platform=PLATFORM, name="wechat_users", zh="公众号用户增长", en="Official account user growth", table="users",
    signature=("date", "new_followers", "fans_total"), key=("date",),
    columns=(
        DATE,
        Column("new_followers", ("新关注人数",)),
        Column("cancelled_followers", ("取消关注人数",)),
        Column("net_followers", ("净增关注人数",), least=None),
        Column("fans_total", ("累积关注人数", "累计关注人数")),
    ),
)

USER_SOURCES = Layout(
    platform=PLATFORM, name="wechat_user_sources", zh="公众号用户来源", en="Official account follower sources",
    table="users", signature=("date", "new_followers", "new_followers_search", "new_followers_qr"), key=("date",),
    columns=(DATE, Column("new_followers", ("新增关注", "新关注人数", "新增关注人数")), *SOURCES),
)

MESSAGES = Layout(
    platform=PLATFORM, name="wechat_messages", zh="公众号消息分析", en="Official account messages", table="messages",
    signature=("date", "message_users", "upstream_messages"), key=("date",), after=people_noted,
    columns=(
        DATE,
        Column("message_users", ("消息发送人数",)),
        Column("upstream_messages", ("消息发送次数",)),
        Column("messages_per_user", ("人均发送次数",), "number"),
    ),
)

KEYWORDS = Layout(
    platform=PLATFORM, name="wechat_keywords", zh="公众号消息关键词", en="Official account message keywords",
    table="keywords", signature=("keyword", "keyword_count"), key=("keyword",), totals=(),  # followers write any word
    columns=(
        Column("rank", ("排行", "排名"), filled=True),
        Column("keyword", ("消息关键词",), "text", filled=True, missing=()),
        Column("keyword_count", ("出现次数",)),
    ),
)

MENU = Layout(
    platform=PLATFORM, name="wechat_menu", zh="公众号菜单分析", en="Official account menu", table="menu",
    signature=("menu_level1", "menu_clicks"), key=("menu_version", "menu_level1", "menu_level2"), after=people_noted,
    columns=(
        Column("menu_version", ("版本",), "text", filled=True),
        Column("menu_level1", ("一级菜单",), "text"),
        Column("menu_level2", ("二级菜单",), "text"),
        Column("menu_clicks", ("菜单点击次数",)),
        Column("menu_click_users", ("菜单点击人数",)),
        Column("clicks_per_user", ("人均点击次数",), "number"),
    ),
)

_SENT = (
    Column("title", ("内容标题",), "text", missing=()),
    Column("published_at", ("发表时间",), "time", filled=True),
    Column("read_users", ("总阅读人数",)),
    Column("share_users", ("总分享人数",)),
    Column("followers_after_read", ("阅读后关注人数",)),
    Column("read_finish_rate", ("阅读完成率",), "rate", most=1.0),
    Column("url", ("内容url", "内容链接"), "text"),
)
_COUNTED = (
    Column("reads", ("总阅读次数",)),
    Column("forwards", ("总分享次数",)),
    Column("session_reads", ("公众号消息阅读次数",)),
    Column("first_shares", ("首次分享次数",)),
    Column("shared_reads", ("分享产生阅读次数",)),
    Column("first_share_rate", ("首次分享率",), "rate"),
    Column("reads_per_share", ("每次分享带来阅读次数",), "number"),
)
_DELIVERED = (
    Column("delivered_users", ("送达人数",)),
    Column("delivered_read_rate", ("送达阅读率",), "rate"),
)

ARTICLES = Layout(
    platform=PLATFORM, name="wechat_articles", zh="公众号内容分析（已通知内容）",
    en="Official account articles (notified)", table="articles", grows=True,
    signature=("title", "published_at", "delivered_users", "session_reads"), key=("title", "published_at"),
    after=articles, columns=(*_SENT, *_COUNTED, *_DELIVERED),
)

QUIET_ARTICLES = Layout(
    platform=PLATFORM, name="wechat_articles_quiet", zh="公众号内容分析（未开启通知）",
    en="Official account articles (not notified)", table="articles", grows=True,
    signature=("title", "published_at", "session_reads", "first_shares"), key=("title", "published_at"),
    shuns=("送达人数", "送达阅读率"), after=articles, columns=(*_SENT, *_COUNTED),
)

ARTICLE_TOTALS = Layout(
    platform=PLATFORM, name="wechat_article_totals", zh="公众号单篇数据", en="Official account article totals",
    table="articles", grows=True, signature=("title", "published_at", "delivered_users", "followers_after_read"),
    key=("title", "published_at"), shuns=("公众号消息阅读次数",), after=articles, columns=(*_SENT, *_DELIVERED),
)

CHANNEL = Column("channel", ("渠道",), "text", filled=True)
CONTENT = Layout(
    platform=PLATFORM, name="wechat_content", zh="公众号内容分析（全部）", en="Official account content by day",
    table="content_daily", signature=("date", "channel", "reads", "articles_sent"), key=("date",), after=channel_rows,
    gives=("content_channels",),
    columns=(
        DATE,
        Column("reads", ("阅读次数",)),
        Column("read_users", ("阅读人数",)),
        Column("forwards", ("分享次数",)),
        Column("share_users", ("分享人数",)),
        Column("ori_page_reads", ("阅读原文次数",)),
        Column("ori_page_read_users", ("阅读原文人数",)),
        Column("favorites", ("收藏次数",)),
        Column("favorite_users", ("收藏人数",)),
        Column("articles_sent", ("群发篇数",)),
        CHANNEL,
    ),
)

TENDENCY_READERS = Layout(
    platform=PLATFORM, name="wechat_tendency_readers", zh="公众号流量数据（阅读）",
    en="Official account traffic: readers", table="content_daily", signature=("date", "channel", "read_users"),
    key=("date",), beside=True,
    shuns=("阅读次数", "群发篇数"), after=channel_rows, gives=("content_channels",),
    columns=(DATE, CHANNEL, Column("read_users", ("阅读人数",))),
)

TENDENCY_SHARES = Layout(
    platform=PLATFORM, name="wechat_tendency_shares", zh="公众号流量数据（分享与收藏）",
    en="Official account traffic: sharers", table="content_daily",
    signature=("date", "share_users", "favorite_users", "articles_sent"), key=("date",), beside=True,
    after=people_noted,
    columns=(
        DATE,
        Column("share_users", ("分享人数",)),
        Column("ori_page_read_users", ("跳转阅读原文人数",)),
        Column("favorite_users", ("微信收藏人数",)),
        Column("articles_sent", ("发表篇数",)),
    ),
)

TENDENCY_ARTICLES = Layout(
    platform=PLATFORM, name="wechat_tendency_articles", zh="公众号流量数据（各篇渠道）",
    en="Official account traffic: channels of articles", table="article_channels",
    signature=("channel", "published_at", "title", "read_users"), key=("title", "published_at", "channel"), beside=True,
    after=shares_of_readers,
    columns=(
        Column("channel", ("传播渠道",), "text", filled=True),
        Column("published_at", ("发表日期",), "time"),
        Column("title", ("内容标题",), "text", missing=()),
        Column("read_users", ("阅读人数",)),
        Column("read_users_share", ("阅读人数占比",), "rate", unsure=True),
    ),
)

TITLE = Column("title", ("内容标题",), "text", missing=())

DETAIL = Layout(
    platform=PLATFORM, name="wechat_article_detail", zh="公众号单篇详情", en="Official account article details",
    table="article_detail", signature=("title", "read_users"), least=2, key=("title",),
    shuns=("发表时间", "发表日期", "日期"), after=people_noted,
    columns=(
        TITLE,
        Column("read_users", ("阅读(人)", "阅读人数")),
        Column("reads", ("阅读(次)", "阅读次数"), required=False),
        Column("avg_stay_seconds", ("平均停留时长", "平均停留时长(秒)"), "number", required=False,
               suffixes=("秒", "s")),
        Column("read_finish_rate", ("完读率",), "rate", required=False, most=1.0),
        Column("listen_users", ("听全文(人)",), required=False),
        Column("followers_after_read", ("新增关注(人)", "阅读后关注人数"), required=False),
        Column("share_users", ("分享(人)",), required=False),
        Column("wow_users", ("在看(人)", "在看"), required=False),
        Column("like_users", ("点赞(人)", "点赞"), required=False),
        Column("favorite_users", ("收藏(人)",), required=False),
        Column("reward_cents", ("赞赏(分)",), required=False),
        Column("comments", ("评论(条)", "评论"), required=False),
        Column("interaction_share", ("互动率",), "rate", required=False),
        Column("delivered_users", ("送达人数",), required=False),
        Column("read_users_session", ("公众号消息阅读人数",), required=False),
        Column("first_share_users", ("首次分享人数",), required=False),
        Column("total_share_users", ("总分享人数",), required=False),
        Column("shared_read_users", ("分享产生的阅读人数",), required=False),
        Column("recommend_exposures", ("推荐转化·曝光", "推荐转化·曝光(次)"), required=False),
        Column("recommend_read_users", ("推荐转化·阅读", "推荐转化·阅读(人)"), required=False),
        Column("recommend_followers", ("推荐转化·关注", "推荐转化·关注(人)"), required=False),
    ),
)

DETAIL_DAYS = Layout(
    platform=PLATFORM, name="wechat_article_days", zh="公众号单篇趋势明细", en="Official account article by day",
    table="article_days", signature=("title", "date", "channel", "read_users", "share_users"), key=("title", "date"),
    after=days_of_article, gives=("article_channels_daily",), whole=True,
    columns=(TITLE, DATE, Column("channel", ("传播渠道",), "text", filled=True), Column("read_users", ("阅读人数",)),
             Column("share_users", ("分享人数",))),
)

DETAIL_READERS = Layout(
    platform=PLATFORM, name="wechat_article_readers", zh="公众号单篇读者分布",
    en="Official account readers of an article",
    table="audience", signature=("title", "segment_kind", "segment", "segment_share"),
    key=("title", "segment_kind", "segment"), whole=True, after=parts_of_one, totals=(),
    columns=(TITLE, Column("segment_kind", ("分布",), "text"), Column("segment", ("分布值",), "text", filled=True),
             Column("segment_share", ("占比",), "rate", unsure=True)),
)

LAYOUTS = (USERS, USER_SOURCES, MESSAGES, KEYWORDS, MENU, ARTICLES, QUIET_ARTICLES, ARTICLE_TOTALS, CONTENT,
           TENDENCY_READERS, TENDENCY_SHARES, TENDENCY_ARTICLES, DETAIL, DETAIL_DAYS, DETAIL_READERS)
