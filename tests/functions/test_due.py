"""Deadlines in words; the dates were read off a calendar. 2026-08-15 is a Saturday."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from xlkpi import cells
from xlkpi.errors import CellError
from xlkpi.functions.due import KPI_DUE, DuePassed, DueUnread
from xlkpi.registry import find

PLAN = "2026-08-15"
PHRASES = {
    "下季度内": ("2026-10-01", "2026-12-31"), "在下一季度内": ("2026-10-01", "2026-12-31"),
    "下个季度": ("2026-10-01", "2026-12-31"), "本季度末": (PLAN, "2026-09-30"), "本月底": (PLAN, "2026-08-31"),
    "月底前": (PLAN, "2026-08-31"), "年底": (PLAN, "2026-12-31"), "今年": (PLAN, "2026-12-31"),
    "今年内": (PLAN, "2026-12-31"), "年内": (PLAN, "2026-12-31"), "截至年底": (PLAN, "2026-12-31"),
    "两个星期内": (PLAN, "2026-08-29"), "2周内": (PLAN, "2026-08-29"), "30天内": (PLAN, "2026-09-14"),
    "3个月以内": (PLAN, "2026-11-15"), "三个月内": (PLAN, "2026-11-15"), "半年内": (PLAN, "2027-02-15"),
    "一年内": (PLAN, "2027-08-15"), "两个季度内": (PLAN, "2027-02-15"), "未来三个月": (PLAN, "2026-11-15"),
    "下周": ("2026-08-17", "2026-08-23"), "下周五前": (PLAN, "2026-08-21"), "下个月": ("2026-09-01", "2026-09-30"),
    "下月底": ("2026-09-01", "2026-09-30"), "2026年底": (PLAN, "2026-12-31"), "2027年": ("2027-01-01", "2027-12-31"),
    "明年": ("2027-01-01", "2027-12-31"), "明年上半年": ("2027-01-01", "2027-06-30"), "下半年": (PLAN, "2026-12-31"),
    "10月31日前": (PLAN, "2026-10-31"), "１０月３１号之前": (PLAN, "2026-10-31"), "十月三十一日": (PLAN, "2026-10-31"),
    "10月底": ("2026-10-01", "2026-10-31"), "2026年10月": ("2026-10-01", "2026-10-31"),
    "2027年2月底": ("2027-02-01", "2027-02-28"), "Q4": ("2026-10-01", "2026-12-31"),
    "2026Q4": ("2026-10-01", "2026-12-31"), "四季度": ("2026-10-01", "2026-12-31"),
    "2027年第一季度": ("2027-01-01", "2027-03-31"), "三季度": (PLAN, "2026-09-30"),
    "2026-12-31": (PLAN, "2026-12-31"), "2026年12月31日前": (PLAN, "2026-12-31"),
    "2026-10-01至2026-12-31": ("2026-10-01", "2026-12-31"), "到2026/11/30": (PLAN, "2026-11-30"),
}


@pytest.mark.parametrize(("phrase", "want"), PHRASES.items())
def test_phrases(phrase: str, want: tuple[str, str]) -> None:
    assert KPI_DUE(phrase, PLAN) == [[date.fromisoformat(day) for day in want]]


@pytest.mark.parametrize("phrase", ["尽快", "春节前", "10个工作日内", "2月30日前", "月初", "适时", "下下周", "12/31",
                                    "一个半月内", "年", "月", "13月底", "2026-12-31至2026-10-01", "第五季度", True])
def test_unread_phrases_are_quoted(phrase: object) -> None:
    with pytest.raises(DueUnread) as caught:
        KPI_DUE(phrase, PLAN)
    assert f"“{phrase}”" in caught.value.sentence("zh")


@pytest.mark.parametrize("phrase", ["上半年", "3月底", "2026-08-14", "Q2", "2025年底", "本周五"])
def test_what_has_passed_is_said(phrase: str) -> None:
    with pytest.raises(DuePassed):
        KPI_DUE(phrase, PLAN)


@pytest.mark.parametrize(("plan", "phrase", "start", "end"), [
    ("2026-12-31", "下季度内", "2027-01-01", "2027-03-31"), ("2026-11-30", "3个月以内", "2026-11-30", "2027-02-28"),
    ("2027-11-30", "3个月以内", "2027-11-30", "2028-02-29"), ("2026-12-10", "下个月", "2027-01-01", "2027-01-31"),
    ("2026-12-28", "下周", "2027-01-04", "2027-01-10"), ("2026-10-05", "Q4", "2026-10-05", "2026-12-31"),
])
def test_over_the_ends_of_months_and_years(plan: str, phrase: str, start: str, end: str) -> None:
    assert KPI_DUE(phrase, plan) == [[date.fromisoformat(start), date.fromisoformat(end)]]


def test_a_date_cell_counts_as_a_date() -> None:
    for due in (date(2026, 12, 31), datetime(2026, 12, 31, 18), 46387, 46387.75):
        assert KPI_DUE(due, PLAN) == [[date(2026, 8, 15), date(2026, 12, 31)]]


def test_cells_get_serial_numbers_side_by_side() -> None:
    spec = find("KPI_DUE")
    assert cells.call(spec, "下季度内", 46249.0) == [[46296.0, 46387.0]]  # 2026-08-15 → 2026-10-01, 2026-12-31
    assert cells.call(spec, "下季度内", None) == CellError("#N/A")
    assert cells.call(spec, "", PLAN) == ""
