"""Every export that the domain knows, with the cases that hold its layout; one without a case says why."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASES: dict[str, tuple[str, ...]] = {
    # official account interfaces, retired and new
    "getusersummary": ("wechat/api_usersummary",), "getusercumulate": ("wechat/api_usercumulate",),
    "getarticlesummary": ("wechat/api_articlesummary",), "getarticletotal": ("wechat/api_articletotal",),
    "getuserread": ("wechat/api_userread", "wechat/api_userread_whole"),
    "getuserreadhour": ("wechat/api_userreadhour",),
    "getusershare": ("wechat/api_usershare",), "getusersharehour": ("wechat/api_usersharehour",),
    "getupstreammsg": ("wechat/api_upstreammsg",), "getupstreammsghour": ("wechat/api_upstreammsghour",),
    "getupstreammsgdist": ("wechat/api_upstreammsgdist",),
    "getinterfacesummary": ("wechat/api_interfacesummary",),
    "getinterfacesummaryhour": ("wechat/api_interfacesummaryhour",),
    "publisher/stat": ("wechat/api_publisher",), "publisher/stat cps": ("wechat/api_publisher_cps",),
    "getbizsummary": ("wechat/api_bizsummary",), "getarticleread": ("wechat/api_articleread",),
    "getarticleshare": ("wechat/api_articleshare",),
    "getarticletotaldetail": ("wechat/api_articletotaldetail_points", "wechat/api_articletotaldetail_unit_unknown"),
    # official account backend
    "用户增长": ("wechat/users", "wechat/users_doubled_day", "wechat/users_that_disagree"),
    "用户来源": ("wechat/user_sources",), "消息分析": ("wechat/messages",), "消息关键词": ("wechat/keywords",),
    "菜单分析": ("wechat/menu",), "已通知内容": ("wechat/articles_notified",),
    "未开启通知": ("wechat/articles_not_notified",), "内容分析 全部": ("wechat/content_by_channel",),
    "流量数据": ("wechat/tendency_side_by_side", "wechat/tendency_points"), "单篇": ("wechat/article_totals",),
    "单篇详情": ("wechat/article_detail", "wechat/article_detail_points"),
    # Douyin
    "作品列表": ("douyin/works_15", "douyin/works_16", "douyin/works_other_order", "douyin/works_percent"),
    "数据趋势": ("douyin/daily_plays", "douyin/daily_cover_click_rate", "douyin/daily_net_followers",
              "douyin/daily_net_likes_csv", "douyin/daily_multi"),
    **{f"user/{name}": (f"douyin/api_user_{name}",)
       for name in ("item", "fans", "like", "comment", "share", "profile")},
    **{f"item/{name}": (f"douyin/api_item_{name}",) for name in ("base", "like", "comment", "play", "share")},
    "video_list": ("douyin/api_videos",), "fans/source": ("douyin/api_fans_source",),
    "fans/favourite, fans/comment": ("douyin/api_fans_favourite",), "fans_data": ("douyin/api_fans_data",),
    "scraped": ("douyin/scraped",),
    # the others
    "视频号 csv": ("channels/works", "channels/works_without_sign"), "视频号 JSON": ("channels/posts_json",),
    "快手": ("kuaishou/works",), "小红书 笔记": ("xiaohongshu/notes",),
    "小红书 近30日": ("xiaohongshu/views_30_days", "xiaohongshu/fans_30_days"), "B站": ("bilibili/works",),
    "头条号 作品": ("toutiao/works", "toutiao/works_id_as_number"), "头条号 数据趋势": ("toutiao/daily",),
    "头条号 粉丝趋势": ("toutiao/fans",), "百家号": ("baijiahao/works",),
    "知乎": ("zhihu/daily", "zhihu/daily_gb18030"), "微博": ("weibo/daily",),
    "YouTube Table data": ("youtube/table", "youtube/table_long"), "YouTube Chart data": ("youtube/chart",),
    "YouTube Totals": ("youtube/totals",), "TikTok": ("tiktok/works",),
    "Instagram": ("instagram/works", "instagram/works_by_day"), "Facebook": ("facebook/works",),
    "Facebook UCI": ("facebook/page_posts",),
}
WITHOUT: dict[str, str] = {
    "getupstreammsgweek, getupstreammsgmonth, getupstreammsgdistweek, getupstreammsgdistmonth":
        "answers of exactly the shape of the daily ones: nothing in them tells a week from a day",
    "fans_data flow_contributions, all_fans_num":
        "no column of the catalogue counts them; the list is named as a sheet left out, the number as a figure",
}


@pytest.mark.parametrize("export", CASES)
def test_an_export_has_its_cases(export: str) -> None:
    for case in CASES[export]:
        folder = HERE / case
        assert any(file.stem == "input" for file in folder.iterdir()), case
        assert {"expected.json", "tables.json"} & {file.name for file in folder.iterdir()}, case


def test_every_case_belongs_to_an_export_or_to_no_platform() -> None:
    of_platforms = {path.parent.name for path in HERE.glob("*/*/") if path.parent.name not in ("generic", "unreadable")}
    assert {case.split("/")[0] for cases in CASES.values() for case in cases} == of_platforms - {"__pycache__"}
    assert all(WITHOUT.values())
