"""The catalogue against the article table it was made from, and against itself."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SHARED

from xlkpi import language, metrics
from xlkpi.metrics import AmbiguousMetric, CatalogueError, UnknownMetric
from xlkpi.metrics.catalogue import METRIC_TABLES, Catalogue
from xlkpi.metrics.model import BENCHMARK_RULES

CATALOGUE = metrics.load()
CODES = [line.split() for line in (Path(__file__).parent / "codes.txt").read_text(encoding="utf-8").splitlines()
         if not line.startswith("#")]
ARTICLE_TABLE = SHARED.parent / "domain" / "metrics.csv"
ROWS = list(csv.DictReader(ARTICLE_TABLE.open(encoding="utf-8-sig"))) if ARTICLE_TABLE.exists() else []
AGGREGATIONS = {
    "sum", "count", "last", "ratio", "weighted", "growth", "ratio_opening", "ratio_mean_base", "compound", "change",
    "cohort", "mean", "mean_ratio", "median", "unique", "share", "computed", "mean_of", "attribute",
}
DOUYIN = {
    "作品名称": "title", "发布时间": "published_at", "体裁": "genre", "审核状态": "review_status", "播放量": "plays",
    "完播率": "completion_rate", "5s完播率": "finish_5s_rate", "封面点击率": "cover_click_rate",
    "2s跳出率": "bounce_2s_rate", "平均播放时长": "avg_play_seconds", "点赞量": "likes", "分享量": "shares",
    "评论量": "comments", "收藏量": "favorites", "主页访问量": "profile_visits", "粉丝增量": "followers_gained",
    "日期": "date", "主页访问": "profile_visits", "作品点赞": "likes", "作品分享": "shares", "作品评论": "comments",
    "净增粉丝": "net_followers", "取关粉丝": "cancelled_followers", "总粉丝量": "fans_total",
}
WECHAT = [
    "时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数", "消息发送人数", "消息发送次数",
    "人均发送次数", "排行", "消息关键词", "出现次数", "版本", "一级菜单", "二级菜单", "菜单点击次数",
    "菜单点击人数", "人均点击次数", "内容标题", "发表时间", "总阅读人数", "总阅读次数", "总分享人数",
    "总分享次数", "阅读后关注人数", "送达人数", "公众号消息阅读次数", "送达阅读率", "首次分享次数",
    "分享产生阅读次数", "首次分享率", "每次分享带来阅读次数", "阅读完成率", "内容url", "阅读次数", "阅读人数",
    "分享次数", "分享人数", "阅读原文次数", "阅读原文人数", "收藏次数", "收藏人数", "群发篇数", "渠道",
    "跳转阅读原文人数", "微信收藏人数", "发表篇数", "传播渠道", "发表日期", "阅读人数占比", "平均停留时长",
    "完读率",
]
UNIQUE_PEOPLE = ["read_users", "share_users", "delivered_users", "menu_click_users", "message_users", "favorite_users",
                 "ori_page_read_users", "monthly_users", "paying_users", "active_users", "fans_total"]


def names_in(text: str) -> list[str]:
    """The names a cell of the article table gives, with and without what stands in brackets."""
    pieces = [piece.strip() for piece in text.split(" / ")]
    return pieces + [re.sub(r"（[^）]*）|\([^)]*\)", "", piece).strip() for piece in pieces]


def test_the_104_metrics_and_the_rated_items_are_all_there() -> None:
    assert [metric.code for metric in CATALOGUE] == [code for code, _ in CODES]
    assert sum(metric.group != "R" for metric in CATALOGUE) == 104
    rated = [metric for metric in CATALOGUE if metric.group == "R"]
    four = {"rt_title_appeal", "rt_body_usefulness", "rt_column_design", "rt_media"}  # one row of the article
    assert len({metric.code for metric in rated} - four) + 1 == 29


@pytest.mark.parametrize(("code", "direction"), CODES)
def test_direction(code: str, direction: str) -> None:
    assert CATALOGUE.metrics[code].direction == (None if direction == "-" else direction)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_the_article_table_is_kept(row: dict[str, str]) -> None:
    metric = CATALOGUE.metrics[row["code"]]
    assert metric.direction == (None if row["direction"] == "-" else row["direction"])
    for name in [*names_in(row["name_zh"]), row["name_en"]]:
        try:
            assert metrics.find_metric(name).code == metric.code
        except AmbiguousMetric:
            assert metric.code in CATALOGUE.ambiguous[metrics.catalogue.key_of(name)]
    source = metric.source.replace("; ", ", ")
    for article in CATALOGUE.sources.values():
        source = source.replace(f"{article.code} ", f"{article.file} ")
    assert source == row["source"]
    assert (row["denominator"] == "-") == (not metric.denominator) or metric.code in {
        "compound_growth_rate", "customer_loyalty", "consultations_dod", "fan_precision"}


@pytest.mark.parametrize("metric", list(CATALOGUE), ids=lambda metric: metric.code)
def test_every_metric_is_complete(metric: metrics.Metric) -> None:
    assert metric.zh
    assert metric.en
    assert metric.unit.zh
    assert metric.unit.en
    assert metric.format
    assert re.fullmatch(r"S[0-3] L\d+.*", metric.source)
    assert metric.aggregation.code in AGGREGATIONS
    assert bool(metric.note_zh) == bool(metric.note_en)
    assert metric.numerator
    over_metrics = metric.aggregation.code in ("computed", "mean_of")
    known = CATALOGUE.metrics if over_metrics else CATALOGUE.columns
    for formula in metric.numerator + metric.denominator:
        assert set(formula.names) <= set(known), formula.text
    for column in (metric.guard, metric.split):
        assert column is None or column in CATALOGUE.columns
    for lang in ("zh", "en"):
        sentence = CATALOGUE.formula(metric, lang)
        assert sentence
        assert "{" not in sentence


@pytest.mark.parametrize("metric", list(CATALOGUE), ids=lambda metric: metric.code)
def test_every_name_leads_back(metric: metrics.Metric) -> None:
    assert metrics.find_metric(metric.code).code == metric.code
    for name in (metric.zh, metric.en, *metric.aliases, metric.en.upper(), f" {metric.zh} "):
        try:
            assert metrics.find_metric(name).code == metric.canonical
        except AmbiguousMetric:
            assert metric.code in CATALOGUE.ambiguous[metrics.catalogue.key_of(name)]


def test_only_sums_and_counts_are_additive() -> None:
    assert {metric.aggregation.code for metric in CATALOGUE if metric.additive} == {"sum", "count"}
    assert not [metric.code for metric in CATALOGUE
                if metric.aggregation.code in ("sum", "count") and not metric.additive]


@pytest.mark.parametrize("code", UNIQUE_PEOPLE)
def test_unique_people_and_stocks_are_not_additive(code: str) -> None:
    assert not CATALOGUE.columns[code].additive


def test_sums_are_taken_over_additive_columns() -> None:
    for metric in CATALOGUE:
        if metric.aggregation.code == "sum":
            for formula in metric.numerator:
                for part in formula.parts:
                    assert any(CATALOGUE.columns[name].additive for name in part.names), metric.code


@pytest.mark.parametrize(("header", "code"), DOUYIN.items())
def test_douyin_headers(header: str, code: str) -> None:
    column = metrics.find_column(header)
    assert column is not None
    assert column.code == code


@pytest.mark.parametrize("header", WECHAT)
def test_wechat_headers(header: str) -> None:
    assert metrics.find_column(header) is not None


def test_a_header_in_any_spelling() -> None:
    assert metrics.find_column("５Ｓ完播率").code == "finish_5s_rate"
    assert metrics.find_column(" NEW_USER ").code == "new_followers"
    assert metrics.find_column("nothing of the kind") is None


def test_ambiguous_names_are_asked_back() -> None:
    with pytest.raises(AmbiguousMetric, match="interaction_rate_video"):
        metrics.find_metric("互动率")
    with pytest.raises(AmbiguousMetric, match="delivery_rate"):
        metrics.find_metric("信息到达率")
    for key, codes in CATALOGUE.ambiguous.items():
        assert len(codes) > 1
        assert set(codes) <= set(CATALOGUE.metrics), key


def test_an_unknown_name_brings_the_nearest() -> None:
    with pytest.raises(UnknownMetric) as caught:
        metrics.find_metric("completion rat")
    assert str(caught.value) == "there is no metric 'completion rat'; did you mean 'Completion rate'?"
    with language.use("zh"), pytest.raises(UnknownMetric, match="是不是“转粉率”"):
        metrics.find_metric("转粉律")


def test_benchmarks() -> None:
    read = CATALOGUE.metrics["read_rate"].benchmarks
    assert [(line.rule, line.low, line.source) for line in read["article"]] == [("at_least", 0.3, "S1 L35, L84")]
    market = CATALOGUE.metrics["open_rate"].benchmarks["market"]
    assert (market[0].low, market[0].high) == (0.028, 0.053)
    assert CATALOGUE.metrics["monthly_users"].benchmarks["article"][0].low == 100_000
    for code, sets in CATALOGUE.benchmarks.items():
        assert code in CATALOGUE.metrics or code in CATALOGUE.columns
        assert set(sets) <= {"article", "market"}
        for line in [line for lines in sets.values() for line in lines]:
            assert line.rule in BENCHMARK_RULES
            assert line.scope("zh")
            assert line.scope("en")
            assert line.source


def test_rated_items_that_repeat_a_metric_say_so() -> None:
    assert CATALOGUE.metrics["rt_attitude"].canonical == "work_attitude"
    assert metrics.find_metric("工作态度").code == "work_attitude"
    assert metrics.find_metric("rt_attitude").scale == (0.0, 100.0)


def test_two_metrics_cannot_claim_one_name() -> None:
    tables = {name: [] for name in ("groups", "sources", "benchmarks", "rated", "ambiguous", *METRIC_TABLES)}
    tables["units"] = [{"code": "times", "zh": "次", "en": "times", "format": "0"}]
    tables["aggregations"] = [{"code": "sum", "zh": "{n}", "en": "{n}"}]
    tables["columns"] = []
    blank = dict.fromkeys(("aliases", "denominator", "tables", "guard", "split", "note_zh", "note_en"), "")
    rows = [{**blank, "code": code, "group": "A", "zh": zh, "en": code, "numerator": code, "aggregation": "sum",
             "unit": "times", "direction": "up", "additive": "yes", "rated": "no", "source": "S0 L1"}
            for code, zh in (("one", "同名"), ("two", "同名"))]
    with pytest.raises(CatalogueError, match="claimed by one and two"):
        Catalogue({**tables, METRIC_TABLES[0]: rows}, "0")
    declared = [{"name": "同名", "codes": "one|two"}]
    with pytest.raises(AmbiguousMetric):
        Catalogue({**tables, METRIC_TABLES[0]: rows, "ambiguous": declared}, "0").metric("同名")


def test_nothing_heavy_and_nothing_read_at_import() -> None:
    script = ("import sys, xlkpi.metrics as m; "
              "print(m.load.cache_info().currsize, [n for n in ('pandas', 'narwhals', 'numpy') if n in sys.modules])")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 []"


def test_version_is_stable() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}", CATALOGUE.version)
    assert metrics.load() is CATALOGUE
