"""Toutiao (头条号): the works list and the daily series of figures and of fans.

One file holds 点击率 as a fraction (0.05) and 平均阅读完成率 in percentage points (16.15), which is
why each column declares its scale. ``-1`` and ``-1.00`` mean that there is no figure. Ids have 19
digits and stay text. The workbooks have styles that openpyxl refuses. The daily figures end in 累计.
"""

from __future__ import annotations

from xlkpi.platforms.layout import MISSING, Column, Layout

PLATFORM = "toutiao"
NONE = (*MISSING, "-1", "-1.0", "-1.00")

WORKS = Layout(
    platform=PLATFORM, name="toutiao_works", zh="头条号作品数据", en="Toutiao works", table="works", grows=True,
    signature=("fan_exposures", "fan_reads", "avg_read_progress"), key=("work_id",),
    columns=(
        Column("title", ("标题",), "text", missing=()),
        Column("published_at", ("发布时间",), "time", filled=True),
        Column("work_id", ("ID",), "text"),
        Column("url", ("链接",), "text", required=False),
        Column("exposures", ("展现量",), missing=NONE),
        Column("fan_exposures", ("粉丝展现量",), missing=NONE),
        Column("reads", ("阅读量",), missing=NONE),
        Column("fan_reads", ("粉丝阅读量",), missing=NONE),
        Column("click_rate", ("点击率",), "rate", most=1.0, missing=NONE),
        Column("avg_read_progress", ("平均阅读完成率",), "rate", points=True, most=1.0, missing=NONE),
        Column("avg_read_seconds", ("平均阅读时长",), "duration", usual_most=3600.0, suffixes=("秒",), missing=NONE),
        Column("likes", ("点赞量",), missing=NONE),
        Column("comments", ("评论量",), missing=NONE),
        Column("forwards", ("转发量",), missing=NONE),
        Column("shares", ("分享量",), missing=NONE),
        Column("favorites", ("收藏量",), missing=NONE),
    ),
)

DAILY = Layout(
    platform=PLATFORM, name="toutiao_daily", zh="头条号数据趋势", en="Toutiao daily figures", table="daily",
    signature=("reads_and_plays", "fan_reads_and_plays"), key=("date",),
    columns=(
        Column("date", ("时间", "日期"), "day", filled=True),
        Column("exposures", ("展现量",), missing=NONE),
        Column("fan_exposures", ("粉丝展现量",), missing=NONE),
        Column("reads_and_plays", ("阅读(播放)量",), missing=NONE),
        Column("fan_reads_and_plays", ("粉丝阅读(播放)量",), missing=NONE),
        Column("likes", ("点赞量",), least=None),
        Column("comments", ("评论量",), least=None),
    ),
)

FANS = Layout(
    platform=PLATFORM, name="toutiao_fans", zh="头条号粉丝趋势", en="Toutiao fans by day", table="daily",
    signature=("core_fans", "active_fans"), key=("date",),
    columns=(
        Column("date", ("时间", "日期"), "day", filled=True),
        Column("fans_total", ("总粉丝数",)),
        Column("net_followers", ("粉丝变化数",), least=None),
        Column("new_followers", ("新增粉丝数",)),
        Column("cancelled_followers", ("流失粉丝数",)),
        Column("active_fans", ("活跃粉丝数",), missing=NONE),
        Column("core_fans", ("总铁粉数",), missing=NONE),
    ),
)

LAYOUTS = (WORKS, DAILY, FANS)
