"""Sample data in the creator centre's exact format: what ``xlkpi demo`` fills its scorecard with.

Made up, and the same for the same arguments. Works and days are made from one set of figures, so
that they agree as far as real exports do: a day's plays are those of the works out by then plus
some of older works, a day's followers add up to the total.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from xlkpi.terms import DIRECTIONS, SCORE_METHODS, Choice


@dataclass(frozen=True, slots=True)
class Goal:
    """One row of a goals table. ``actual`` is given for what no export holds."""

    metric: str
    zh: str
    en: str
    dimension: str
    weight: float
    target: float | None
    method: str = "linear"
    direction: str = "up"
    floor: float | None = None
    stretch: float | None = None
    cap: float = 1.2
    points: float | None = None
    actual: float | None = None

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def dimension_label(self, lang: str) -> str:
        return DIMENSIONS[self.dimension][0 if lang == "zh" else 1]


DIMENSIONS: dict[str, tuple[str, str]] = {
    "output": ("内容产出", "Output"), "spread": ("传播互动", "Reach"), "fans": ("用户增长", "Growth"),
    "quality": ("内容质量", "Quality"), "conversion": ("转化意向", "Conversion"), "other": ("非业绩", "Conduct"),
}

DEFAULT_GOALS: tuple[Goal, ...] = (
    Goal("videos_produced", "视频的制作数量", "Videos produced", "output", 0.08, 20),
    Goal("plays", "播放量", "Plays", "spread", 0.12, 280_000),
    Goal("likes", "点赞数", "Likes", "spread", 0.06, 9_000),
    Goal("comments", "评论数", "Comments", "spread", 0.06, 1_100),
    Goal("shares", "转发数", "Shares", "spread", 0.06, 1_500),
    Goal("followers_net_month", "粉丝月增长量", "Net follower growth of the month", "fans", 0.12, 1_500),
    Goal("completion_rate", "完播率", "Completion rate", "quality", 0.08, 0.25),
    Goal("interaction_rate_video", "视频互动率", "Video interaction rate", "quality", 0.06, 0.04),
    Goal("follow_conversion_rate", "转粉率", "Follow conversion rate", "fans", 0.06, 0.006),
    Goal("intent_comments", "意向评论数", "Purchase-intent comments", "conversion", 0.06, 120, actual=131),
    Goal("private_messages", "私信数", "Private messages", "conversion", 0.04, 80, actual=68),
    Goal("work_attitude", "工作态度", "Work attitude", "other", 0.08, 5, method="rate", actual=4.5),
    Goal("attendance", "考勤情况", "Attendance", "other", 0.06, 0, method="deduct", direction="down", points=5,
         actual=1),
    Goal("culture_values", "公司文化价值观", "Culture and values", "other", 0.06, 5, method="rate", actual=4),
)

GOAL_HEADINGS = {
    "zh": ("维度", "指标", "权重", "目标值", "方向", "计分方法", "底线值", "挑战值", "封顶", "每次分值", "实际值"),
    "en": ("Dimension", "Metric", "Weight", "Target", "Direction", "Method", "Floor", "Stretch", "Cap", "Points",
           "Actual"),
}

WORKS_HEADINGS = ("作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "封面点击率", "2s跳出率",
                  "平均播放时长", "点赞量", "分享量", "评论量", "收藏量", "主页访问量", "粉丝增量")
DAILY_HEADINGS = ("播放量", "主页访问", "作品点赞", "作品分享", "作品评论", "封面点击率", "净增粉丝", "取关粉丝",
                  "总粉丝量")

EARLIER = 2  # months before the month before
FANS = 18_642  # at the beginning of the month

TITLES: tuple[str, ...] = (
    "十分钟搞定的番茄牛腩，汤汁拌饭能吃三碗\n牛腩先焯水再炖，这一步千万别省。\n#家常菜 #下饭菜",
    "=一锅出=懒人焖饭，洗锅都省了🍚\n#懒人美食 #电饭煲",
    "冰箱里只剩鸡蛋？教你三种吃法\n1. 虾皮蒸蛋\n2. 韭菜炒蛋\n3. 溏心蛋\n#鸡蛋的神仙吃法",
    "外婆传下来的红烧肉，不放一滴水\n#红烧肉 #家的味道 #美食教程",
    "上班族一周便当计划，周日备菜 40 分钟\n#便当 #备餐日记",
    "买菜别只看价格！摊主不会告诉你的五件事\n#买菜攻略 #生活小技巧",
    "空心菜这样炒，端上桌还是绿的🥬\n#炒青菜 #厨房技巧",
    "秋天第一锅萝卜排骨汤，趁热\n#秋日暖汤",
    "不用烤箱的南瓜饼，外酥里糯\n配方在评论区置顶👇\n#南瓜饼 #中式点心",
    "厨房小白必看：六种刀法一次讲清\n#厨房小白 #刀工",
    "人均 15 块的家庭火锅，底料自己炒\n#火锅 #在家吃火锅",
    "孩子不爱吃菜？把它藏进饺子里🥟\n#宝宝辅食 #饺子",
    "挑战 50 元做六菜一汤\n第 3 个菜你一定想不到\n#挑战 #家常菜",
    "酸汤肥牛｜汤底是关键\n金针菇垫底，肥牛烫 10 秒就捞。\n#酸汤肥牛",
    "蒸鱼到底要不要先放盐？\n#清蒸鱼 #厨房冷知识",
    "粉丝点单：糖醋里脊，外壳放凉也脆\n#糖醋里脊 #粉丝点单",
    "一块豆腐的五种做法，最后一种最下饭\n#豆腐 #素菜",
    "炖牛肉老是柴？多半错在这一步\n#炖牛肉 #避坑",
    "早餐三明治不重样｜周一到周五\n#早餐 #三明治",
    "@老家的味道 一起做腌笃鲜\n#江南菜 #春笋",
    "手擀面不粘不坨的秘密，就在这碗水里\n#手擀面 #面食",
    "剩米饭别倒！黄金蛋炒饭粒粒分明\n#蛋炒饭",
    "葱油拌面，三分钟上桌\n葱要小火慢熬。\n#葱油拌面 #快手菜",
    "可乐鸡翅做了十年，今天换个做法🍗\n#可乐鸡翅",
    "酱牛肉切薄片的诀窍\n#酱牛肉 #年夜饭",
    "减脂期也能吃的麻辣香锅\n#减脂餐",
    "冬天囤菜清单，照着买就行\n#囤菜 #生活记录",
    "拍了三小时只用了这 40 秒😂\n#拍摄花絮",
)


@dataclass(frozen=True, slots=True)
class _Work:
    """A work as made up: what the works list says of it, and what the days are made from."""

    title: str
    published: datetime
    genre: str
    status: str
    plays: int
    completion: float
    finish5: float
    cover: float | None
    bounce: float
    seconds: float
    likes: int
    shares: int
    comments: int
    favorites: int
    visits: int
    followers: int

    @property
    def shown(self) -> bool:
        return self.status == "已发布"

    def cells(self) -> list[str]:
        """The row of the works list: every cell text, ``-`` where there is nothing."""
        head = [self.title, self.published.strftime("%Y-%m-%d %H:%M:%S"), self.genre, self.status]
        if not self.shown:
            return head + ["-"] * 12
        return [*head, str(self.plays), f"{self.completion:.6f}", f"{self.finish5:.6f}",
                "-" if self.cover is None else f"{self.cover:.6f}", f"{self.bounce:.6f}", f"{self.seconds:.2f}",
                *map(str, (self.likes, self.shares, self.comments, self.favorites, self.visits, self.followers))]


def write_samples(folder: str | Path, *, month: str = "2026-10", works: int = 22, seed: int = 7,
                  lang: str = "zh") -> list[Path]:
    """Write a works list, nine daily series and a goals file into ``folder``; returns their paths, the goals last.

    The exports are as the platform writes them; only the goals are in the language asked for. ``works`` are
    published in ``month`` (``YYYY-MM``), a few in the month before and nearly as many in each of the two before
    that, which the daily series cover too: an account with a history of its own. The works list is exported on the
    first day after the month.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    first = date(int(month[:4]), int(month[5:7]), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    before = (first - timedelta(days=1)).replace(day=1)
    chance = Random(f"xlkpi {month} {works} {seed}")
    listed = [*_works(chance, first, last, works, 0),
              *_works(chance, before, first - timedelta(days=1), works // 4, works)]
    days = _days(before, last)
    series = _daily(chance, days, listed)
    for number in range(1, EARLIER + 1):  # each from chances of its own, so that the later months stay as they are
        chance, until = Random(f"xlkpi {month} {works} {seed} {number}"), before - timedelta(days=1)
        before = until.replace(day=1)
        older = _works(chance, before, until, works - works // 8, (number + 1) * works)
        listed += older
        span = _days(before, until)
        days = [*span, *days]
        series = {heading: [*values, *series[heading]] for heading, values in _daily(chance, span, older).items()}
    fans = accumulate(map(int, series["净增粉丝"]))
    opening = FANS - sum(map(int, series["净增粉丝"][:days.index(first)]))
    series["总粉丝量"] = [str(opening + gained) for gained in fans]
    listed.sort(key=lambda work: work.published, reverse=True)
    paths = [_write(folder / "作品列表.xlsx", [WORKS_HEADINGS, *(work.cells() for work in listed)], (44, 20))]
    for heading in DAILY_HEADINGS:
        values = series[heading]
        rows = [("日期", heading), *((day.isoformat(), value) for day, value in zip(days, values, strict=True))]
        paths.append(_write(folder / f"数据表现_{heading}数据.xlsx", rows, (14, 12)))
    paths.append(write_goals(folder / ("目标.xlsx" if lang == "zh" else "goals.xlsx"), lang=lang))
    return paths


def write_goals(path: str | Path, goals: Sequence[Goal] = DEFAULT_GOALS, lang: str = "zh") -> Path:
    """The goals as a user would type them: headings and words of a language, weights as percentages."""
    def word(choices: Sequence[Choice], code: str) -> str:
        return next(choice.zh if lang == "zh" else choice.en for choice in choices if choice.code == code)

    rows: list[Sequence[Any]] = [GOAL_HEADINGS[lang]]
    for goal in goals:
        rows.append([goal.dimension_label(lang), goal.label(lang), goal.weight, goal.target,
                     word(DIRECTIONS, goal.direction), word(SCORE_METHODS, goal.method), goal.floor, goal.stretch,
                     goal.cap, goal.points, goal.actual])
    rates = {row for row, goal in enumerate(goals, start=2) if goal.target is not None and 0 < goal.target < 1}
    formats = {(row, 3): "0%" for row in range(2, len(rows) + 1)} | {(row, 4): "0.0%" for row in rates}
    return _write(Path(path), rows, (12, 18), formats)


# ---------------------------------------------------------------- making figures up


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _works(chance: Random, first: date, last: date, count: int, skip: int) -> list[_Work]:
    span = (last - first).days + 1
    made = []
    for number in range(count):
        day = first + timedelta(days=int((number + chance.random()) * span / count))
        moment = datetime(day.year, day.month, day.day, chance.choice((11, 12, 17, 18, 19, 20, 21)),
                          chance.randrange(60), chance.randrange(60))
        place = skip + number
        title = TITLES[place % len(TITLES)]
        if place >= len(TITLES):
            title = f"第 {place // len(TITLES) + 1} 季｜{title}"
        hidden = count >= 10 and number == count // 2
        made.append(_work(chance, title, moment, "审核未通过" if hidden else "已发布"))
    return made


def _work(chance: Random, title: str, moment: datetime, status: str) -> _Work:
    genre = chance.choices(("1min-视频", "1-3min视频", "图文"), (55, 30, 15))[0]
    plays = round(math.exp(chance.gauss(9.35, 0.75)))
    low, high = {"1min-视频": (0.22, 0.40), "1-3min视频": (0.09, 0.21), "图文": (0.32, 0.55)}[genre]
    completion = chance.uniform(low, high)
    finish5 = min(0.92, completion + chance.uniform(0.18, 0.34))
    short, long = {"1min-视频": (25, 58), "1-3min视频": (65, 170), "图文": (12, 30)}[genre]
    length = chance.uniform(short, long)
    return _Work(
        title, moment, genre, status, plays, round(completion, 6), round(finish5, 6),
        None if chance.random() < 0.4 else round(chance.uniform(0.03, 0.14), 6),
        round(max(0.06, 0.62 - finish5 * 0.6 + chance.uniform(-0.05, 0.05)), 6),
        round(length * (0.25 + completion * 0.8), 2),
        round(plays * chance.uniform(0.022, 0.042)), round(plays * chance.uniform(0.003, 0.008)),
        round(plays * chance.uniform(0.002, 0.006)), round(plays * chance.uniform(0.008, 0.02)),
        round(plays * chance.uniform(0.012, 0.03)), round(plays * chance.uniform(0.002, 0.009)) - chance.randrange(4))


def _daily(chance: Random, days: Sequence[date], works: Iterable[_Work]) -> dict[str, list[str]]:
    """Eight series, all but the total of fans. A work's figures fall off day by day from its publication on."""
    size = len(days)
    names = {"播放量": "plays", "主页访问": "visits", "作品点赞": "likes", "作品分享": "shares", "作品评论": "comments",
             "净增粉丝": "followers"}
    older = {"播放量": 900.0, "主页访问": 18.0, "作品点赞": 22.0, "作品分享": 4.0, "作品评论": 3.0, "净增粉丝": 5.0}
    series = {heading: [base * chance.uniform(0.6, 1.4) for _ in range(size)] for heading, base in older.items()}
    for work in works:
        start = (work.published.date() - days[0]).days
        if not work.shown:
            continue
        falls = [0.48 ** age * chance.uniform(0.8, 1.2) for age in range(size - start)]
        for heading, name in names.items():
            for age, share in enumerate(falls):
                series[heading][start + age] += getattr(work, name) * share / sum(falls)
    whole = {heading: [round(value) for value in values] for heading, values in series.items()}
    lost = [chance.randrange(4, 19) for _ in days]
    net = [gained - gone // 2 for gained, gone in zip(whole["净增粉丝"], lost, strict=True)]
    cover = [f"{chance.uniform(0.045, 0.115):.2%}" for _ in days]
    texts: dict[str, Sequence[object]] = {**whole, "封面点击率": cover, "净增粉丝": net, "取关粉丝": lost}
    return {heading: [str(value) for value in values] for heading, values in texts.items()}


def _write(path: Path, rows: Sequence[Sequence[Any]], widths: tuple[int, int],
           formats: dict[tuple[int, int], str] | None = None) -> Path:
    """A plain sheet; a text stays text, also one that starts with ``=``."""
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
            if number == 1:
                cell.font = Font(bold=True)
            elif formats and (number, place) in formats:
                cell.number_format = formats[number, place]
    for place in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = widths[0] if place == 1 else widths[1]
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    book.save(path)
    return path


# ---------------------------------------------------------------- what the demo types in by hand


def demo_inputs(lang: str) -> dict[str, Any]:
    """Values for the parameters sheet, by defined name."""
    zh = {"account": "小厨日记", "person": "林晓", "manager": "周航", "department": "内容运营部",
          "position": "短视频运营", "headcount": "专职 1 人"}
    en = {"account": "Small Kitchen", "person": "Lin Xiao", "manager": "Zhou Hang", "department": "Content",
          "position": "Short-video operator", "headcount": "1 full-time"}
    return {**(zh if lang == "zh" else en), "period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}


def demo_ages(works: Sequence[tuple[str, datetime, float]]) -> list[list[Any]]:
    """Rows for the same-age sheet from works given as (title, published at, plays), grown as plays usually do.

    A work has a figure only for the ages (1, 3, 7, 30 days) it had reached on the first of November.
    """
    shares = {1: 0.46, 3: 0.68, 7: 0.87, 30: 1.0}
    rows: list[list[Any]] = []
    for title, published, plays in works:
        age = (datetime(2026, 11, 1) - published).days
        rows.append([title.split("\n")[0], published,
                     *(round(plays * share) if age >= day else None for day, share in shares.items())])
    return rows


STAGE_FIGURES: tuple[tuple[float | None, ...], ...] = (
    (82_000, 91_500, 103_400), (0.66, 0.71, 0.72), (26.5, 29.8, 31.2), (1_480_000, 1_610_000, 1_790_000),
    (0.44, 0.47, 0.51), (0.081, 0.089, 0.094), (31_000, 38_500, 46_200),
)
"""Three months of each stage goal, in the order of the template."""
STAGE_SECOND: tuple[float | None, ...] = (0.53, None, None, None, None, None, None)
"""The actual value of the second condition, where it is a figure of its own."""
