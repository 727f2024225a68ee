"""Tables of no platform: the template's own headings, in Chinese, in English or as codes.

Works and days take every source column that the metric catalogue knows; goals have headings of
their own.
"""

from __future__ import annotations

from functools import cache

from xlkpi import metrics
from xlkpi.platforms.layout import Column, Kind, Layout

PLATFORM = "generic"
NET = {"likes", "shares", "comments", "favorites", "net_followers", "followers_gained"}  # may be negative in a day
MONEY = {"yuan", "cents", "currency"}

GOALS = Layout(
    platform=PLATFORM, name="goals", zh="考核目标", en="Goals", table="goals", general=True,
    signature=("metric", "weight", "target"), enough=0.6, key=("metric",),
    shuns=("完成率", "得分", "Completion", "Score", "采用基准", "Own P50"),  # results, and sheets of benchmarks
    columns=(
        Column("metric", ("指标", "指标名称", "考核指标", "Metric", "Indicator", "KPI"), "text", filled=True,
               missing=()),
        Column("dimension", ("维度", "考核维度", "Dimension"), "text", required=False),
        Column("weight", ("权重", "Weight"), "share"),
        Column("target", ("目标值", "目标", "Target"), "number", least=None),
        Column("direction", ("方向", "Direction"), "text", required=False, missing=()),
        Column("method", ("计分方法", "评分方法", "方法", "Method", "Scoring method"), "text", required=False),
        Column("baseline", ("基线", "基线值", "Baseline"), "number", required=False, least=None),
        Column("floor", ("底线值", "底线", "Floor"), "number", required=False, least=None),
        Column("stretch", ("挑战值", "Stretch"), "number", required=False, least=None),
        Column("cap", ("封顶", "封顶值", "Cap"), "number", required=False, most=10.0),
        Column("floor_score", ("底线分", "Floor score"), "number", required=False, least=None),
        Column("step", ("步长", "Step"), "number", required=False),
        Column("points", ("每次分值", "Points"), "number", required=False, least=None),
        Column("actual", ("实际值", "实际", "Actual"), "number", required=False, least=None),
        Column("unit", ("单位", "Unit"), "text", required=False),
        Column("note", ("备注", "说明", "评分标准", "Note", "Remark"), "text", required=False),
    ),
)


@cache
def layouts() -> tuple[Layout, ...]:
    """Goals, works and days; the columns of the latter two come from the catalogue."""
    return (
        GOALS,
        Layout(platform=PLATFORM, name="works", zh="作品数据", en="Works", table="works", general=True,
               signature=("published_at",), least=1, key=("title", "published_at"),
               columns=_columns("published_at", "time", drop="date")),
        Layout(platform=PLATFORM, name="daily", zh="日数据", en="Daily data", table="daily", general=True,
               signature=("date",), least=1, key=("date",),
               columns=_columns("date", "day", drop="published_at")),
    )


def extra(table: str) -> Layout | None:
    """What the catalogue knows beyond a platform's own columns of ``table``."""
    return next((layout for layout in layouts() if layout.table == table), None)


def _columns(key: str, key_kind: Kind, drop: str) -> tuple[Column, ...]:
    columns: list[Column] = []
    for column in metrics.load().columns.values():
        names = (column.zh, column.en, *column.aliases)
        unit = column.unit.code if column.unit else ""
        if column.code == drop:
            continue
        if column.code == key:
            columns.insert(0, Column(key, names, key_kind, filled=True))
        elif column.code == "title":
            columns.append(Column("title", names, "text", required=False, missing=()))
        elif column.kind == "date":
            columns.append(Column(column.code, names, "time", required=False))
        elif not column.is_numeric:
            columns.append(Column(column.code, names, "text", required=False))
        elif column.kind == "rate" and unit == "percent":
            columns.append(Column(column.code, names, "rate", required=False, most=column.at_most))
        else:
            least = None if column.code in NET or unit in MONEY else 0.0
            suffixes = ("秒", "s") if unit == "seconds" else ()
            columns.append(Column(column.code, names, "number", required=False, least=least, most=column.at_most,
                                  suffixes=suffixes))
    return tuple(columns)
