"""The WeChat promotion workbook: figures worked out by another road, plans, benchmarks, diagnosis."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import SHARED
from tests.templates.wechat_data import rows, tables, under_headers
from xlkpi import jobs, templates
from xlkpi.errors import Refused
from xlkpi.language import LANGS
from xlkpi.metrics import diagnosis, find_metric, plans

NAME = "wechat_promotion"
START, END = date(2026, 10, 1), date(2026, 10, 31)
EXPORTS = [SHARED / "wechat_oa" / f"{name}.xls" for name in ("users", "articles", "message", "buttons")]


def filled(lang: str = "zh", drop: tuple[str, ...] = (), **inputs: Any) -> Any:
    given = {name: value for name, value in tables().items() if name not in drop}
    return jobs.fill(templates.path(NAME, lang), data=under_headers(NAME, lang, given),
                     inputs={"period_start": START, "period_end": END, **inputs}).template


def actuals(book: Any, lang: str = "zh") -> dict[str, Any]:
    return {row["code"]: row["actual"] for row in rows(book, NAME, "actuals", lang)}


def scored(book: Any, lang: str = "zh") -> dict[str, dict[str, Any]]:
    return {row["metric"]: row for row in rows(book, NAME, "scorecard", lang) if row["metric"]}


@pytest.fixture(scope="module")
def truth() -> dict[str, float]:
    frames = {name: pd.DataFrame(value) for name, value in tables().items()}
    low, high = pd.Timestamp(START), pd.Timestamp(END)
    inside = {name: frame[frame["published_at" if name == "articles" else "date"].between(low, high)]
              for name, frame in frames.items() if name not in ("menu", "ratings")}
    users, articles, days, sold = (inside[name] for name in ("users", "articles", "interactions", "conversion"))
    stock = frames["users"].set_index("date")["fans_total"]
    opening, closing = stock[low - pd.Timedelta(days=1)], stock[high]
    eve = articles["published_at"].map(lambda day: stock[day - pd.Timedelta(days=1)])
    known = articles.dropna(subset=["delivered_users"])
    earlier = frames["articles"][frames["articles"]["published_at"].between(pd.Timestamp("2026-08-31"),
                                                                            pd.Timestamp("2026-09-30"))]
    touches = days[["comments", "likes", "message_replies"]].sum().sum()
    paid = sold.dropna(subset=["reads"])
    interaction = touches / users["fans_total"].mean()
    content = pd.DataFrame(tables()["ratings"])[["cv_title", "cv_body", "cv_column", "cv_media"]].mean().mean()
    return {
        "fans_total": closing, "new_followers": users["new_followers"].sum(),
        "cancelled_followers": users["cancelled_followers"].sum(), "net_followers": users["net_followers"].sum(),
        "net_growth_rate": users["net_followers"].sum() / opening, "compound_growth_rate": closing / opening - 1,
        "churn_rate": users["cancelled_followers"].sum() / opening,
        "read_rate": articles["read_users"].sum() / eve.sum(),
        "delivery_rate": known["delivered_users"].sum() / eve[known.index].sum(),
        "open_rate": known["session_reads"].sum() / known["delivered_users"].sum(),
        "share_rate": articles["share_users"].sum() / articles["read_users"].sum(),
        "reads": articles["reads"].sum(), "period_growth": articles["reads"].sum() / earlier["reads"].sum() - 1,
        "content_value": content, "interaction_rate": interaction, "menu_click_rate": 181 / closing,
        "feature_popularity": 181 / closing, "user_loyalty": content / 100 * interaction * 181 / closing,
        "activity_participation_rate": 300 / 1900,
        "message_reply_rate": days["messages_answered"].sum() / days["messages_received"].sum(),
        "upstream_messages": inside["messages"]["upstream_messages"].sum(),
        "conversion_rate": paid["conversions"].sum() / paid["reads"].sum(),
        "roi": (sold["revenue"].sum() - sold["cost"].sum()) / sold["cost"].sum(),
        "cpm": sold["cost"].sum() * 1000 / sold["exposures"].sum(), "cpc": sold["cost"].sum() / sold["clicks"].sum(),
        "sales_leads": sold["sales_leads"].sum(),
        "redemption_rate": sold["coupons_redeemed"].sum() / sold["coupons_issued"].sum()}


@pytest.mark.parametrize("lang", LANGS)
def test_actual_values_equal_those_of_pandas(truth: dict[str, float], lang: str) -> None:
    found = actuals(filled(lang, menu_users=181), lang)
    for code, value in truth.items():
        assert found[code] == pytest.approx(float(value), rel=1e-9), code


def test_unique_people_are_never_added() -> None:
    assert actuals(filled())["menu_click_rate"] in (None, ""), "three menus' people are not the people of all menus"
    given = under_headers(NAME, "zh", {**tables(), "menu": tables()["menu"][:1]})
    book = jobs.fill(templates.path(NAME, "zh"), data=given, inputs={"period_start": START, "period_end": END}).template
    assert actuals(book)["menu_click_rate"] == pytest.approx(60 / tables()["users"][-1]["fans_total"])


def test_missing_tables_leave_blanks_not_zeros() -> None:
    found = actuals(filled(drop=("conversion", "interactions", "messages", "ratings")))
    for code in ("roi", "cpm", "sales_leads", "interaction_rate", "upstream_messages", "content_value", "user_loyalty"):
        assert found[code] in (None, ""), code
    found = actuals(filled(drop=("users",)))
    for code in ("fans_total", "read_rate", "churn_rate", "compound_growth_rate", "interaction_rate"):
        assert found[code] in (None, ""), code
    assert found["open_rate"] > 0


# ---------------------------------------------------------------- plans


@pytest.mark.parametrize(("profile", "role"), [
    (plans.profiles()[at % 3], role) for at, role in enumerate(plans.roles())], ids=lambda one: one.code)
def test_profile_and_role_make_the_goals(profile: plans.Profile, role: plans.Role) -> None:
    book = jobs.fill(templates.path(NAME, "zh"), inputs={"weight_profile": profile.zh, "role": role.zh}).template
    weights = {find_metric(code).zh: weight for code, weight in profile.weights}
    extra = [find_metric(code).zh for code in role.metrics if find_metric(code).zh not in weights]
    want = weights | dict.fromkeys(extra, 0.0) | {plans.REST[0]: profile.rest}
    goals = {row["metric"]: row["weight"] for row in rows(book, NAME, "goals", "zh") if row["metric"]}
    assert goals == pytest.approx(want)
    assert sum(goals.values()) == pytest.approx(1)


def test_an_open_rest_holds_back_the_total_or_is_named() -> None:
    book = filled()
    assert book.value("total_score") in (None, "")
    assert "30%" in str(book.value("考核表!A8"))
    book = filled(weight_mode="相对")
    assert isinstance(book.value("total_score"), float)
    assert "70% → 100%" in str(book.value("考核表!A8"))
    book = filled(rest_weights="由岗位指标等分")
    assert isinstance(book.value("total_score"), float)
    goals = {row["metric"]: row["weight"] for row in rows(book, NAME, "goals", "zh") if row["metric"]}
    assert goals == pytest.approx({"阅读率": 0.2, "分享率": 0.2, "粉丝复合增长率": 0.3, "内容价值性": 0.3})


def test_scores_and_total_by_hand(truth: dict[str, float]) -> None:
    book = filled(weight_profile="用户运营型", role="用户运营", rest_weights="由岗位指标等分", menu_users=181,
                  benchmark_set="文章基准")
    shown = scored(book)
    assert shown["互动率(按粉丝)"]["score"] == pytest.approx(min(120, 100 * truth["interaction_rate"] / 0.1))
    assert shown["互动率(按粉丝)"]["weight"] == pytest.approx(0.4)
    assert shown["流失率"]["target"] in (None, "")
    assert shown["流失率"]["score"] in (None, ""), "no line, no target, no score"
    assert "未填目标值" in shown["流失率"]["reason"]
    assert book.value("coverage") == pytest.approx(0.4)


# ---------------------------------------------------------------- benchmarks and diagnosis


def test_benchmark_sets_switch_and_say_what_is_implausible() -> None:
    rates = pd.DataFrame(tables()["articles"])["delivered_read_rate"]
    for word, want in (("文章基准", 0.4), ("市场基准", 0.028), ("本账号P50", rates.quantile(0.5)),
                       ("本账号P75", rates.quantile(0.75)), ("本账号P90", rates.quantile(0.9))):
        book = filled(benchmark_set=word)
        line = {row["metric"]: row for row in rows(book, NAME, "benchmarks", "zh")}["打开率"]
        assert line["line"] == pytest.approx(want), word
        assert ("P99" in str(line["note"])) is bool(want > rates.quantile(0.99)), word
        result = {row["rule"]: row for row in rows(book, NAME, "diagnosis", "zh")}["打开率低"]
        assert result["line"] == pytest.approx(want)
        assert result["result"] == ("触发" if result["actual"] < want else "正常")


def test_dollar_lines_are_converted_only_by_a_rate() -> None:
    lines = [{row["metric"]: row["article"] for row in rows(filled(**given), NAME, "benchmarks", "zh")}["CPM"]
             for given in ({}, {"usd_rate": 7.1}, {"currency": "USD"})]
    assert lines[0] in (None, "")
    assert lines[1:] == pytest.approx([24 * 7.1, 24])


def test_diagnosis_draws_no_conclusion_without_data() -> None:
    book = filled(drop=("conversion", "interactions"))
    results = {row["rule"]: row["result"] for row in rows(book, NAME, "diagnosis", "zh")}
    assert results["转化率低"] == results["渠道差异大"] == results["投入产出低"] == "无数据"
    assert results["流失率高"] == "未设线"
    assert results["阅读率低"] == "触发"
    assert results["粉丝减少"] == "正常"


def test_channels_are_summed_apart() -> None:
    sold = pd.DataFrame(tables()["conversion"])
    sold = sold[sold["date"].between(pd.Timestamp(START), pd.Timestamp(END))]
    found = {row["channel"]: row for row in rows(filled(), NAME, "channels", "zh") if row["channel"]}
    assert set(found) == set(sold["channel"])
    for channel, part in sold.groupby("channel"):
        assert found[channel]["cost"] == pytest.approx(part["cost"].sum())
        assert found[channel]["roi"] == pytest.approx(part["revenue"].sum() / part["cost"].sum() - 1)


# ---------------------------------------------------------------- a real account


@pytest.mark.parametrize("lang", LANGS if all(path.exists() for path in EXPORTS) else ())
def test_real_exports_of_an_account(lang: str) -> None:
    done = jobs.fill(templates.path(NAME, lang), data=EXPORTS, inputs={
        "period_start": date(2022, 10, 1), "period_end": date(2022, 12, 29)})
    assert not done.problems.errors
    found = actuals(done.template, lang)
    assert found["new_followers"] == 51_895
    assert found["cancelled_followers"] == 8_255
    assert done.template.value("opening_fans") == 505
    assert found["fans_total"] == 44_145
    assert found["open_rate"] == pytest.approx(0.059074, abs=5e-7)
    assert found["churn_rate"] == pytest.approx(16.347, abs=5e-4)
    assert found["compound_growth_rate"] == pytest.approx(3.438, abs=5e-4)
    assert {row["code"]: row["rows"] for row in rows(done.template, NAME, "actuals", lang)}["open_rate"] == 25
    assert done.template.value("average_fans") * 0.315 == pytest.approx(8_255, rel=1e-3)


def test_goals_that_are_given_are_still_checked(tmp_path: Path) -> None:
    given = tmp_path / "goals.csv"
    given.write_text("指标,权重,目标值\n阅读率,50%,10%\n打开率,40%,\n", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        jobs.fill(templates.path(NAME, "zh"), goals=given)
    assert "GoalWithoutTarget" in {type(problem).__name__ for problem in caught.value.problems}
    given.write_text("指标,权重,目标值\n阅读率,50%,10%\n打开率,50%,5%\n", encoding="utf-8")
    book = jobs.fill(templates.path(NAME, "zh"), data=under_headers(NAME, "zh", tables()), goals=given,
                     inputs={"period_start": START, "period_end": END}).template
    found = actuals(book)
    want = sum(50 * min(1.2, found[code] / target) for code, target in (("read_rate", 0.1), ("open_rate", 0.05)))
    assert book.value("total_score") == pytest.approx(want)


@pytest.mark.parametrize("lang", LANGS)
def test_the_catalogue_s_rules_are_judged_by_the_function(lang: str) -> None:
    """What the sheet shows is what KPI_DIAGNOSE answers to the same figures, and by hand for the read rate."""
    from xlkpi.functions.diagnose import KPI_DIAGNOSE

    book = filled(lang)
    judged = rows(book, NAME, "judged", lang)
    figures = [[row[code] if row[code] != "" else None for row in judged] for code in ("metric", "value", "line")]
    want = KPI_DIAGNOSE(*figures, "wechat", lang)
    found = [[row["rule"], row["evidence"], row["action"]] for row in rows(book, NAME, "findings", lang) if row["rule"]]
    assert found == want
    shown = {row["no"]: row for row in rows(book, NAME, "diagnosis", lang)}
    read = actuals(book, lang)["read_rate"]
    assert f"{100 * read:.2f}% < 30%" in shown[1]["evidence"]
    hits = {row[0] for row in want}
    for number, code in ((1, "dx_low_read"), (2, "dx_high_churn"), (3, "dx_low_conversion"), (4, "dx_low_open"),
                         (5, "dx_hollow_growth"), (6, "dx_cost"), (12, "dx_fan_change")):
        rule = next(one for one in diagnosis.rules() if one.code == code)
        assert (shown[number]["result"] in ("触发", "Applies", "Hit")) is (rule.label(lang) in hits), code
