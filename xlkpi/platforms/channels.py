"""WeChat Channels (视频号): the list of posts as CSV, and as the JSON that the assistant page answers.

喜欢 (👍) is taken for 点赞量; 推荐 (♡) is another gesture and has a column of its own, as have the two
ways of passing a post on. A completion rate carries its percent sign, a play time its 秒.
"""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "channels"

WORKS = Layout(
    platform=PLATFORM, name="channels_works", zh="视频号动态数据明细", en="Channels posts", table="works", grows=True,
    signature=("work_id", "published_at", "recommends", "plays"), key=("work_id",),
    columns=(
        Column("title", ("视频描述",), "text", missing=()),
        Column("work_id", ("视频ID",), "text"),
        Column("published_at", ("发布时间",), "time", filled=True, serials=True),
        Column("completion_rate", ("完播率",), "rate", most=1.0, signed=True),
        Column("avg_play_seconds", ("平均播放时长",), "number", suffixes=("秒", "s"), usual_most=3600.0),
        Column("plays", ("播放量",)),
        Column("recommends", ("推荐", "推荐(♡)")),
        Column("likes", ("喜欢", "喜欢(👍)")),
        Column("comments", ("评论量",)),
        Column("shares", ("分享量",)),
        Column("followers_gained", ("关注量",), least=None),
        Column("chat_and_moments_forwards", ("转发聊天和朋友圈",), required=False),
        Column("set_as_ringtone", ("设为铃声",), required=False),
        Column("set_as_status", ("设为状态",), required=False),
        Column("set_as_cover", ("设为朋友圈封面",), required=False),
        Column("wecom_link_clicks", ("企微链接点击次数",), required=False),
        Column("wecom_link_users", ("企微链接点击人数",), required=False),
        Column("contact_adds", ("添加到通讯录次数",), required=False),
        Column("contact_add_users", ("添加到通讯录人数",), required=False),
    ),
)

POSTS = Layout(
    platform=PLATFORM, name="channels_posts_json", zh="视频号动态数据（JSON）", en="Channels posts (JSON)",
    table="works", grows=True, signature=("published_at", "plays", "recommends", "likes"), key=("work_id",),
    columns=(
        Column("title", ("description", "desc", "title", "shortTitle"), "text", required=False, missing=()),
        Column("work_id", ("objectId", "exportId", "id"), "text", required=False),
        Column("published_at", ("createTime",), "time", filled=True, unix=True),
        Column("plays", ("readCount",)),
        Column("recommends", ("likeCount",)),
        Column("likes", ("favCount",)),
        Column("comments", ("commentCount",)),
        Column("chat_and_moments_forwards", ("forwardCount",), required=False),
        Column("followers_gained", ("followCount",), required=False, least=None),
        Column("completion_rate", ("fullPlayRate",), "rate", required=False, most=1.0),
        Column("avg_play_seconds", ("avgPlayTimeSec",), "number", required=False, usual_most=3600.0),
    ),
)

LAYOUTS = (WORKS, POSTS)
