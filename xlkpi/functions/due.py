"""Deadlines in words (下季度内, 年底, 两个星期内 …) as dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta

from xlkpi.cells import moment_of, read_date
from xlkpi.errors import KpiError
from xlkpi.functions.completion import day
from xlkpi.functions.rule_words import NUM, number
from xlkpi.registry import kpi_function
from xlkpi.terms import DueDates, DuePhrase, PlanDate

Span = tuple[date, date]
WEEKDAYS = "一二三四五六日天"
_YEAR = r"(?:(?P<year>\d{4})年?|(?P<rel>今年|本年度?|明年|次年|后年))"
_PART = r"(?P<part>初|中|底|末)?"


class DueUnread(KpiError):
    zh = "读不懂期限“{phrase}”；请写日期（如 2026-12-31），或“下季度内”“年底”“两个星期内”“3个月以内”等"
    en = "the deadline '{phrase}' could not be read; write a date such as 2026-12-31, or 下季度内, 年底, 两个星期内"


class DuePassed(KpiError):
    code = "#NUM!"
    zh = "“{phrase}”是 {end}，早于制定日期 {plan}；请写明年份"
    en = "'{phrase}' is {end}, before the plan date {plan}; say which year"


def month_end(year: int, month: int) -> date:
    from calendar import monthrange  # here: it takes a millisecond of every import

    return date(year, month, monthrange(year, month)[1])


def add_months(of: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month."""
    year, month = divmod(of.year * 12 + of.month - 1 + months, 12)
    return date(year, month + 1, min(of.day, month_end(year, month + 1).day))


def quarter(year: int, number: int) -> Span:
    """First and last day of a quarter; ``number`` may run over the year's end."""
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    return date(year, number * 3 - 2, 1), month_end(year, number * 3)


@kpi_function()
def KPI_DUE(text: DuePhrase, plan_date: PlanDate) -> DueDates:
    """Start and end dates of a deadline in words, counted from the day the goal was written.

    期限换成日期：由制定日期推算“下季度内”“年底”“两个星期内”等说法的开始与结束日期。

    下周, 下个月, 下季度, 明年 and the like are whole calendar periods; 本月底, 年底, 今年, Q4 run from the plan date
    (or the later start of the period) to the end of the period; 两个星期内 and 3个月以内 run from the plan date so
    many days or calendar months on. 10月31日前 includes that day. Weeks begin on Monday. Working days are refused:
    holidays are not known here.

    “下周、下个月、下季度、明年”是整个自然周期；“本月底、年底、今年、Q4”从制定日期（或该周期开始日，取较晚者）到周期末；
    “两个星期内、3个月以内”从制定日期起数若干天或自然月。“10月31日前”含当日；一周从周一开始；不接受“工作日”（不知道节假日）。

    Errors: DueUnread #VALUE! (quotes the phrase), DuePassed #NUM!, MissingDate #N/A.

    Source: 000_ec09662cfcd818f3.txt L39–51; 003_006f93129254f804.txt L5; catalogue section 1.8 (T) and 1.11 no. 21.

    >>> KPI_DUE("10月31日前完成大概", "2026-08-15")
    Traceback (most recent call last):
    xlkpi.functions.due.DueUnread: ...
    >>> KPI_DUE("上半年", "2026-08-15")
    Traceback (most recent call last):
    xlkpi.functions.due.DuePassed: ...
    >>> KPI_DUE(None, "2026-08-15")
    """
    plan = day(plan_date, "制定日期", "plan date")
    if text is None:
        return None
    start, end = span_of(text, plan)
    return [[start, end]]


def span_of(phrase: object, plan: date) -> Span:
    """The dates of ``phrase``, or the outcome that quotes it."""
    found = _read(phrase, plan)
    if found is None:
        raise DueUnread(phrase=phrase)
    start, end = found
    if end < plan:
        raise DuePassed(phrase=phrase, end=end, plan=plan)
    return max(start, plan), end


def exact_date(phrase: object) -> date | None:
    """The day, if ``phrase`` is a date and not words about one."""
    if isinstance(phrase, datetime):
        return phrase.date()
    if isinstance(phrase, date):
        return phrase
    if isinstance(phrase, (int, float)) and not isinstance(phrase, bool):
        moment = moment_of(phrase)
        return moment.date() if moment else None
    moment = read_date(phrase) if isinstance(phrase, str) else None
    return moment.date() if moment else None


def _read(phrase: object, plan: date) -> Span | None:
    exact = exact_date(phrase)
    if exact is not None:
        return plan, exact
    if not isinstance(phrase, str):
        return None
    word = "".join(unicodedata.normalize("NFKC", phrase).split())
    ends = re.split("至|到|~|—|–", re.sub("^(?:从|自)", "", word))
    if len(ends) == 2 and all(ends):
        first, last = exact_date(ends[0]), exact_date(ends[1])
        if first and last:
            return (first, last) if first <= last else None
    word = re.sub("^(?:争取)?(?:截至|截止到?|于|在|到|至|预计|计划)", "", word)
    word = re.sub("(?:完成|实现|达成|达到|达标)$", "", word)
    word = re.sub("(?:之前|以前|前|为止|之内|以内|(?<!^年)内|期间)$", "", word)
    exact = exact_date(word)
    if exact is not None:
        return plan, exact
    for pattern, way in _WAYS:
        match = re.fullmatch(pattern, word)
        if match:
            try:
                return way(match, plan)
            except ValueError:  # 2月30日
                return None
    return None


def _count(match: re.Match[str], plan: date) -> Span | None:
    amount, unit = number(match["n"]), match["unit"]
    if unit.endswith("年") or "月" in unit or unit == "个季度":
        months = amount * (12 if unit.endswith("年") else 3 if unit == "个季度" else 1)
        return (plan, add_months(plan, int(months))) if months == int(months) else None
    days = amount * (7 if unit in ("周", "星期", "个星期", "个礼拜", "礼拜") else 1)
    return (plan, plan + timedelta(days=int(days))) if days == int(days) else None


def _year(match: re.Match[str], plan: date) -> int:
    if match["year"]:
        return int(match["year"])
    return plan.year + {"明年": 1, "次年": 1, "后年": 2}.get(match["rel"] or "", 0)


def _week(match: re.Match[str], plan: date) -> Span:
    monday = plan - timedelta(days=plan.weekday()) + timedelta(days=7 * {"本": 0, "这": 0}.get(match["which"], 1))
    if match["day"]:
        that = monday + timedelta(days=min(WEEKDAYS.index(match["day"]), 6))
        return plan, that
    return monday, monday + timedelta(days=6)


def _month(match: re.Match[str], plan: date) -> Span | None:
    if match["which"] in ("下", "次"):
        plan = add_months(plan.replace(day=1), 1)
    if match["part"] in ("初", "中"):
        return None
    return plan.replace(day=1), month_end(plan.year, plan.month)


def _quarter(match: re.Match[str], plan: date) -> Span:
    return quarter(plan.year, (plan.month + 2) // 3 + (match["which"] == "下"))


def _whole_year(match: re.Match[str], plan: date) -> Span | None:
    year = _year(match, plan)
    return None if match["part"] in ("初", "中") else (date(year, 1, 1), date(year, 12, 31))


def _half(match: re.Match[str], plan: date) -> Span:
    year = _year(match, plan)
    return (date(year, 1, 1), date(year, 6, 30)) if match["half"] == "上" else (date(year, 7, 1), date(year, 12, 31))


def _named_quarter(match: re.Match[str], plan: date) -> Span | None:
    which = number(match["q"])
    return quarter(_year(match, plan), int(which)) if which in (1, 2, 3, 4) else None


def _named_month(match: re.Match[str], plan: date) -> Span | None:
    month = int(number(match["m"]))
    if not 1 <= month <= 12 or match["part"] in ("初", "中"):
        return None
    year = _year(match, plan)
    return date(year, month, 1), month_end(year, month)


def _named_day(match: re.Match[str], plan: date) -> Span:
    return plan, date(_year(match, plan), int(number(match["m"])), int(number(match["d"])))


_WAYS: tuple[tuple[str, Callable[[re.Match[str], date], Span | None]], ...] = (
    (rf"(?:未来|今后|接下来|往后)?(?P<n>{NUM})(?P<unit>天|日|周|个?星期|个?礼拜|个月|个季度)", _count),
    (r"(?:未来|今后|接下来|往后)?(?P<n>[1-9]|[一二两三四五])(?P<unit>年)", _count),
    ("半年", lambda _, plan: (plan, add_months(plan, 6))),
    (r"(?P<which>本|这|下|下一|下个)(?:周|星期|礼拜)(?P<day>[一二三四五六日天])?(?:末|底)?", _week),
    (rf"(?P<which>本|这|当|下|次)(?:一|个|一个)?月份?{_PART}", _month),
    (r"(?P<which>)月(?P<part>底|末)", _month),
    (r"(?P<which>本|这|当|下)(?:一|个|一个)?季度?(?:末|底)?", _quarter),
    (r"(?P<which>)季度?(?:末|底)", _quarter),
    (rf"{_YEAR}度?(?:内|{_PART})", _whole_year),
    (r"(?P<year>)(?P<rel>)年(?P<part>底|末|内)", _whole_year),
    (rf"{_YEAR}?(?P<half>上|下)半年(?:末|底)?", _half),
    (rf"{_YEAR}?(?:Q(?P<q>[1-4]))(?:季度)?(?:末|底)?", _named_quarter),
    (rf"{_YEAR}?第?(?P<q>[一二三四1-4])季度?(?:末|底)?", _named_quarter),
    (rf"{_YEAR}?(?P<m>{NUM})月份?{_PART}", _named_month),
    (rf"{_YEAR}?(?P<m>{NUM})月(?P<d>{NUM})[日号]", _named_day),
    (r"(?:今天|今日|当天)", lambda _, plan: (plan, plan)),
    (r"(?:明天|明日)", lambda _, plan: (plan, plan + timedelta(days=1))),
    (r"后天", lambda _, plan: (plan, plan + timedelta(days=2))),
)
