"""Every scoring method in the goals of every template, each score worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.templates.operations_data import some
from xlkpi import jobs, templates
from xlkpi.language import LANGS
from xlkpi.metrics import find_metric
from xlkpi.templates.account_operations.columns import labels as team_labels
from xlkpi.templates.account_operations.model import PERFORMANCE
from xlkpi.templates.short_video.columns import labels as short_labels
from xlkpi.templates.wechat_promotion.columns import labels as wechat_labels
from xlkpi.templates.words import Words
from xlkpi.terms import DIRECTIONS, SCORE_METHODS
from xlkpi.workbook.fill import Template

PERIOD = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
CASES: tuple[tuple[str, dict[str, Any], float], ...] = (
    ("linear", {"target": 100, "actual": 90}, 90),  # 90 of 100
    ("linear", {"target": 10, "direction": "down", "actual": 12}, 80),  # 20% too much costs 20
    ("inverse", {"target": 10, "direction": "down", "actual": 12.5}, 80),  # 10 ÷ 12.5
    ("interp", {"target": 100, "floor": 60, "stretch": 120, "floor_score": 50, "cap": 1.2, "actual": 80}, 75),
    ("step", {"target": 100, "step": 10, "points": 4, "actual": 125}, 108),  # two whole steps
    ("band", {"bands": "0:0; 60:60; 80:85", "actual": 79}, 60),
    ("binary", {"target": 100, "actual": 99}, 0),
    ("rate", {"target": 5, "baseline": 1, "actual": 4}, 75),  # three quarters of the scale
    ("deduct", {"points": 5, "actual": 3}, 85),
    ("bonus", {"points": 4, "actual": 2}, 108),
    ("range", {"target": 20, "stretch": 30, "step": 10, "actual": 35}, 50),  # half the tolerance outside
    ("veto", {"actual": 0}, 100),
)
SHORT = ("plays", "likes", "comments", "shares", "intent_comments", "private_messages", "hotline_calls",
         "site_link_visits", "goods_sold", "attendance", "work_attitude", "culture_values")
WECHAT = ("reads", "forwards", "new_followers", "cancelled_followers", "net_followers", "sales_leads", "ad_exposures",
          "message_replies", "upstream_messages", "miniprogram_orders", "cpm", "cpc")


def word(choices: Any, code: str, lang: str) -> str:
    return next(getattr(one, lang) for one in choices if one.code == code)


def cell(code: str, value: Any, lang: str) -> Any:
    if code == "direction":
        return word(DIRECTIONS, value, lang)
    return value


def test_the_cases_are_all_the_methods() -> None:
    assert {method for method, _, _ in CASES} == {one.code for one in SCORE_METHODS}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "codes", "labels"), [("short_video", SHORT, short_labels),
                                                       ("wechat_promotion", WECHAT, wechat_labels)])
@pytest.mark.parametrize("events", [0, 1])
def test_goals_of_a_form(lang: str, name: str, codes: tuple[str, ...], labels: Any, events: int) -> None:
    heads = dict(labels("goals", Words(lang, "" if name == "short_video" else name)))
    goals = []
    for number, (code, (method, given, _)) in enumerate(zip(codes, CASES, strict=True)):
        row: dict[str, Any] = {heads[key]: None for key in heads if key != "unit"}
        row |= {heads["metric"]: find_metric(code).label(lang), heads["weight"]: 0.12 if number == 0 else 0.08,
                heads["method"]: word(SCORE_METHODS, method, lang)}
        row |= {heads[key]: cell(key, value, lang) for key, value in given.items()}
        if method == "veto":
            row[heads["actual"]] = events
        goals.append(row)
    book = jobs.fill(templates.path(name, lang), data={"goals": goals}, inputs=PERIOD).template
    shown = book.rows("scorecard")[:len(CASES)]
    score, weight = list(shown[0])[8], list(shown[0])[4]
    want = [points for _, _, points in CASES[:-1]] + [0 if events else 100]
    assert [row[score] for row in shown] == pytest.approx(want)
    total = sum(row[weight] * points for row, points in zip(shown, want, strict=True))
    assert book.value("total_score") == pytest.approx(total)
    assert book.value("grade") == ("D" if events else "C")
    said = [str(row[list(row)[11]]) for row in shown]
    assert all(f"{points:g}" in text for points, text in zip(want, said, strict=True)), said


@pytest.mark.parametrize("typed", ["一票否决", "否决", "veto"])
def test_a_veto_by_any_of_its_words_makes_the_lowest_grade(typed: str) -> None:
    heads = dict(short_labels("goals", Words("zh")))
    blank = dict.fromkeys(text for code, text in heads.items() if code != "unit")
    goals = [blank | {heads["metric"]: "播放量", heads["weight"]: 1, heads["target"]: 100, heads["method"]: "比率法",
              heads["actual"]: 118},
             blank | {heads["metric"]: "考勤情况", heads["weight"]: 0, heads["method"]: typed, heads["actual"]: 1}]
    book = jobs.fill(templates.path("short_video"), data={"goals": goals}, inputs=PERIOD).template
    assert book.value("total_score") == pytest.approx(118)
    assert book.value("grade") == "D"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("events", [0, 1])
def test_quantities_of_a_team(lang: str, events: int) -> None:
    heads = {name: dict(team_labels(name, Words(lang, "ops"))) for name in ("quantities", "indicators", "people")}
    codes = [code for _, code, _ in PERFORMANCE][:len(CASES)]
    book = Template.open(templates.path("account_operations", lang))
    inputs: dict[str, Any] = dict(PERIOD)
    place = book.book.table("indicators")
    names = [column.name for column in place.columns]
    data = some(lang, 0)
    person = next(iter(data["people"][0].values()))
    rows = []
    for number, (code, (method, given, _)) in enumerate(zip(codes, CASES, strict=True)):
        for key, value in (("method", word(SCORE_METHODS, method, lang)),
                           ("direction", word(DIRECTIONS, given.get("direction", "up"), lang))):
            letter = chr(65 + place.first_col - 1 + names.index(heads["indicators"][key]))
            inputs[f"{place.sheet}!{letter}{place.first_row + number}"] = value
        row = {heads["quantities"][key]: given.get(key) for key in (
            "target", "actual", "baseline", "floor", "stretch", "floor_score", "step", "points", "bands", "note")}
        if method == "veto":
            row[heads["quantities"]["actual"]] = events
        rows.append({heads["quantities"]["person"]: person,
                     heads["quantities"]["metric"]: find_metric(code).label(lang)} | row)
    data["quantities"] = rows
    book.fill(data, inputs)
    book.calculate()
    want = [points for _, _, points in CASES[:-1]] + [0 if events else 100]
    head = heads["quantities"]["score"]
    assert [row[head] for row in book.rows("quantities")] == pytest.approx(want)
    member = book.rows("people")[0]
    assert isinstance(member[heads["people"]["total"]], float)
    assert (member[heads["people"]["grade"]] == "D") is bool(events)
    form = book.rows("scorecard")[:len(CASES)]
    assert [row[list(row)[8]] for row in form] == pytest.approx(want)
    warned = str(book.value(f"{Words(lang)('sheet.scorecard')}!A7"))
    assert (Words(lang, "ops")("warn.vetoed") in warned) is bool(events)
