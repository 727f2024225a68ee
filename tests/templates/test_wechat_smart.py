"""The SMART workbook: goals letter by letter, statistics, day over day, report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from tests.conftest import SHARED
from tests.templates.wechat_data import rows, tables, under_headers
from xlkpi import jobs, templates
from xlkpi.functions.smart import KPI_SMART
from xlkpi.language import LANGS
from xlkpi.metrics import find_metric
from xlkpi.templates.wechat_smart.columns import labels
from xlkpi.templates.words import Words

NAME = "wechat_smart"
START, END = date(2026, 10, 1), date(2026, 10, 31)
EXPORTS = [SHARED / "wechat_oa" / f"{name}.xls" for name in ("users", "articles")]
TYPED = ("no", "metric", "owner", "baseline", "target", "start", "due", "words", "evidence", "resources", "parent")
GOALS: tuple[tuple[Any, ...], ...] = (
    ("fans_total", 12_000, 40_000, datetime(2026, 10, 1), datetime(2026, 12, 31), None, "users.xls"),
    ("net_followers", 0, 1_500, datetime(2026, 10, 1), None, "下季度内", "users.xls"),
    ("open_rate", 0.06, 0.08, datetime(2026, 10, 1), datetime(2026, 12, 31), None, "articles.xls 送达阅读率"),
    ("提升影响力", None, None, None, None, "年底", "大家都这么说"),
    ("consultations", 700, 900, datetime(2026, 10, 1), datetime(2026, 10, 31), None, "咨询日报.xlsx"))


def goals(lang: str) -> list[dict[str, Any]]:
    heads = dict(labels("smart_goals", Words(lang, NAME)))
    made = []
    for number, (metric, *values) in enumerate(GOALS, 1):
        name = metric if metric == "提升影响力" else find_metric(metric).label(lang)
        row = dict.fromkeys(heads[code] for code in TYPED)
        row |= {heads["no"]: number, heads["metric"]: name} | dict(zip(
            (heads[code] for code in ("baseline", "target", "start", "due", "words", "evidence")), values, strict=True))
        made.append(row)
    return made


def filled(lang: str = "zh", **inputs: Any) -> Any:
    data = {**under_headers(NAME, lang, tables()), "smart_goals": goals(lang)}
    return jobs.fill(templates.path(NAME, lang), data=data,
                     inputs={"period_start": START, "period_end": END, **inputs}).template


@pytest.mark.parametrize("lang", LANGS)
def test_goals_are_checked_as_the_function_checks_them(lang: str) -> None:
    given = pd.DataFrame(tables()["users"])
    histories = {"fans_total": given["fans_total"], "net_followers": given["net_followers"],
                 "consultations": pd.Series([row["consultations"] for row in tables()["consultations"]], dtype=object)}
    for row, (metric, base, target, start, due, words, evidence) in zip(
            rows(filled(lang), NAME, "smart_goals", lang), GOALS, strict=True):
        unit = row["unit"] or None
        history = [None if pd.isna(value) else float(value) for value in histories[metric]] \
            if metric in histories else None
        name = metric if metric == "提升影响力" else find_metric(metric).label(lang)
        want = KPI_SMART(name, base, target, unit, start, due or words, evidence, history, lang)
        for code, (letter, passes, reason) in zip("smart", want, strict=True):
            assert row[code] == ("?" if passes is None else "✓" if passes else "✗"), (metric, letter)
            assert passes or reason in row["reason"], (metric, letter)
    marks = [row["t"] for row in rows(filled(lang), NAME, "smart_goals", lang)]
    assert marks == ["✓", "✗", "✓", "✗", "✓"]


def test_words_about_a_deadline_get_dates() -> None:
    reason = rows(filled(), NAME, "smart_goals", "zh")[1]["reason"]
    assert "2027-01-01" in reason
    assert "2027-03-31" in reason
    book = filled(plan_date=date(2026, 10, 8), due_words="下季度内")
    assert (book.value("due_from"), book.value("due_to")) == (datetime(2027, 1, 1), datetime(2027, 3, 31))


def test_relevant_asks_for_a_parent_objective() -> None:
    book = filled(r_meaning="相关性 Relevant")
    assert {row["r"] for row in rows(book, NAME, "smart_goals", "zh")} == {"✗"}
    assert "没有写上级目标" in rows(book, NAME, "smart_goals", "zh")[0]["reason"]


def test_report_of_two_periods_by_pandas() -> None:
    frames = {name: pd.DataFrame(value) for name, value in tables().items()}
    low, high = pd.Timestamp(START), pd.Timestamp(END)
    spans = {"current": (low, high), "previous": (low - pd.Timedelta(days=31), low - pd.Timedelta(days=1))}
    found = {row["metric"]: row for row in rows(filled(), NAME, "report", "zh")}
    for side, (first, last) in spans.items():
        users = frames["users"][frames["users"]["date"].between(first, last)]
        articles = frames["articles"][frames["articles"]["published_at"].between(first, last)]
        asked = frames["consultations"][frames["consultations"]["date"].between(first, last)]
        known = articles.dropna(subset=["delivered_users"])
        want = {"新增关注数": users["new_followers"].sum(), "净增粉丝数": users["net_followers"].sum(),
                "粉丝总数": frames["users"].set_index("date")["fans_total"][last],
                "打开率": known["session_reads"].sum() / known["delivered_users"].sum(),
                "分享率": articles["share_users"].sum() / articles["read_users"].sum(),
                "阅读量": articles["reads"].sum(), "每日咨询量": asked["consultations"].sum()}
        for metric, value in want.items():
            assert found[metric][side] == pytest.approx(float(value), rel=1e-9), (metric, side)
    for row in found.values():
        assert row["change"] == pytest.approx(row["current"] / row["previous"] - 1)


def test_day_over_day_has_no_value_after_0_or_a_gap() -> None:
    asked = {row["date"]: row["consultations"] for row in tables()["consultations"]}
    found = rows(filled(), NAME, "consult_dod", "zh")
    assert [row["date"] for row in found] == list(pd.date_range(START, END).to_pydatetime())
    blanks = 0
    for row in found:
        today, before = asked[row["date"]], asked[row["date"] - pd.Timedelta(days=1).to_pytimedelta()]
        if today is None or not before:
            assert row["change"] in (None, ""), row
            assert row["remark"]
            blanks += 1
        else:
            assert row["change"] == pytest.approx(today / before - 1)
    assert blanks == 5  # two gaps on both sides, and the day after 0


def test_actuals_of_goals_need_a_period_inside_their_dates() -> None:
    inside = rows(filled(), NAME, "smart_goals", "zh")
    total = sum(row["consultations"] or 0 for row in tables()["consultations"] if row["date"] >= datetime(2026, 10, 1))
    assert inside[4]["actual"] == total
    assert inside[4]["completion"] == pytest.approx(total / 900)
    outside = rows(filled(period_start=date(2026, 9, 1)), NAME, "smart_goals", "zh")
    assert outside[4]["actual"] in (None, ""), "a longer period's consultations are not the goal's"
    assert outside[4]["status"] == "无数据"


def test_typed_causes_stay_when_data_come_anew() -> None:
    heads = dict(labels("fan_notes", Words("zh", NAME)))
    data = {**under_headers(NAME, "zh", tables()),
            "fan_notes": [{heads["day"]: datetime(2026, 10, 9), heads["cause"]: "线下活动",
                           heads["adjust"]: "再办一次"}]}
    book = jobs.fill(templates.path(NAME, "zh"), data=data).template
    again = jobs.fill(book.tobytes(), data=under_headers(NAME, "zh", {"users": tables()["users"][:80]})).template
    day = next(row for row in rows(again, NAME, "users", "zh") if row["date"] == datetime(2026, 10, 9))
    assert (day["cause"], day["adjust"]) == ("线下活动", "再办一次")


@pytest.mark.parametrize("lang", LANGS if all(path.exists() for path in EXPORTS) else ())
def test_real_exports_of_an_account(lang: str) -> None:
    done = jobs.fill(templates.path(NAME, lang), data=EXPORTS, inputs={
        "period_start": date(2022, 10, 1), "period_end": date(2022, 12, 29)})
    assert not done.problems.errors
    found = {row["metric"]: row for row in rows(done.template, NAME, "report", lang)}
    values = [found[find_metric(code).label(lang)]["current"]
              for code in ("fans_total", "new_followers", "cancelled_followers")]
    assert values == [44_145, 51_895, 8_255]
    assert found[find_metric("open_rate").label(lang)]["current"] == pytest.approx(0.059074, abs=5e-7)
    assert found[find_metric("fans_total").label(lang)]["previous"] == 505
    assert found[find_metric("consultations").label(lang)]["current"] in (None, "")
