"""Sheet 阶段目标 / Stage goals: seven goals of the next quarter, each with a secondary condition.

Steady (保持稳定): from the first period that reaches the target, no period falls more than 5% under
it and the periods vary by at most 10%. Growing (保持增长趋势): the Theil–Sen slope over the periods
is positive and the last is not below the first. Without enough periods the answer is 数据不足.
"""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import status_colours

FIRST = 3
PERIODS = 6
COUNTDOWN = "{" + ",".join(str(PERIODS - at) for at in range(PERIODS)) + "}"  # the earliest period is the greatest
GOALS: tuple[tuple[str, str, str, float, str, float | None], ...] = (
    ("goal_user_count", "monthly_users", "last", 100_000, "share", 0.5),
    ("goal_retention", "retention_rate", "last", 0.7, "steady", None),
    ("goal_activity", "avg_daily_use_minutes", "last", 30, "steady", None),
    ("goal_revenue", "revenue", "sum", 5_000_000, "growing", None),
    ("goal_ad_share", "ad_revenue_share", "last", 0.5, "growing", None),
    ("goal_paying", "paying_rate", "last", 0.1, "steady", None),
    ("goal_overseas", "overseas_users", "last", 50_000, "growing", None),
)


def write(book: Book) -> None:
    sheet = book.sheet("sheet.stage_goals")
    book.heading(sheet, book.t("stage.title"), book.t("stage.hint"))
    t, formulas = book.t, _formulas(book)
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "goal": (17, look.LEFT | look.WRAP), "metric": (17, look.LEFT | look.WRAP), "unit": (7, look.CENTER),
        "roll": (9, look.CENTER), "target": (12, look.COUNT), "secondary": (14, look.CENTER),
        "secondary_target": (10, look.WHOLE_PERCENT), "secondary_actual": (10, look.PERCENT),
        "current": (12, look.COUNT),
        "completion": (10, look.PERCENT), "first_hit": (9, look.CENTER), "primary_met": (10, look.CENTER),
        "secondary_met": (11, look.CENTER), "status": (10, look.CENTER | {"bold": True}),
        **{f"p{i}": (9.5, look.COUNT) for i in range(1, PERIODS + 1)}}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code),
                      input=code not in formulas and code not in ("goal", "metric", "unit"))
               for code, label in book.labels("stage_goals")]
    rows = []
    for goal, metric, roll, target, secondary, line in GOALS:
        found = metrics.find_metric(metric)
        rows.append([t(goal), found.label(book.lang), found.unit.label(book.lang), t(f"roll.{roll}"), target,
                     t(f"secondary.{secondary}"), line])
    table = book.table(sheet, "stage_goals", FIRST, 0, columns, rows, filters=False)
    for row, (_, metric, *_rest) in enumerate(GOALS, table.first):
        sheet.set_row(row, 30)
        number_format = metrics.find_metric(metric).unit.format.replace("0.00", "0") if metric == "revenue" \
            else metrics.find_metric(metric).unit.format
        for code in ("target", "current", *(f"p{i}" for i in range(1, PERIODS + 1))):
            column = next(c for c in columns if c.code == code)
            base = look.INPUT if code != "current" else look.CELL
            cell = book.format(**{**base, **column.look, "num_format": number_format})
            at, value = table.place(code), rows[row - table.first][4] if code == "target" else None
            if column.formula:
                book.formula(sheet, row, at, column.formula, cell)
            elif value is None:
                sheet.write_blank(row, at, None, cell)
            else:
                sheet.write_number(row, at, value, cell)
    sheet.data_validation(table.body("secondary"), {"validate": "list", "source": [
        t("secondary.steady"), t("secondary.growing"), t("secondary.share"), t("secondary.none")]})
    sheet.data_validation(table.body("roll"), {"validate": "list", "source": [t("roll.last"), t("roll.sum")]})
    sheet.conditional_format(table.body("completion"), {"type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True,
                                                        "min_type": "num", "max_type": "num", "min_value": 0,
                                                        "max_value": 1.2, "data_bar_2010": True})
    status_colours(book, sheet, table.body("status"), table.cell("status").replace("$", ""))
    for at, key in enumerate(("stage.note1", "stage.note2", "stage.note3")):
        sheet.write_string(table.last + 2 + at, 0, t(key), book.format(**look.HINT))
    sheet.freeze_panes(FIRST + 1, 2)
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last + 4, len(columns) - 1), landscape=True, repeat=FIRST)


def _formulas(book: Book) -> dict[str, str]:
    t = book.t

    def this(code: str, until: str | None = None) -> str:
        return book.this("stage_goals", code, until)

    periods, target = this("p1", f"p{PERIODS}"), this("target")
    hit = (f'IF(COUNTIF({periods},">="&{target})=0,"",'
           f"{PERIODS + 1}-SUMPRODUCT(MAX(ISNUMBER({periods})*({periods}>={target})*{COUNTDOWN})))")
    lang = f'"{book.lang}"'
    return {
        "current": f'=IF(COUNT({periods})=0,"",IF({this("roll")}="{t("roll.sum")}",SUM({periods}),'
                   f'LOOKUP(9E+307,{periods})))',
        "completion": f'=IF(OR({this("current")}="",{target}=""),"",KPI_COMPLETION({this("current")},{target}))',
        "first_hit": f'=IF({target}="","",{hit})',
        "primary_met": f'=IF({this("completion")}="","",IF({this("completion")}>=1,"{t("met.yes")}","{t("met.no")}"))',
        "secondary_met": _secondary(book),
        "status": f'=IF({this("completion")}="","",IF(AND({this("completion")}>=1,{this("secondary_met")}<>"'
                  f'{t("met.yes")}",{this("secondary")}<>"{t("secondary.none")}"),'
                  f'KPI_STATUS(amber_line,green_line,amber_line,"up",{lang}),'
                  f'KPI_STATUS({this("completion")},green_line,amber_line,"up",{lang})))',
    }


def _secondary(book: Book) -> str:
    t = book.t

    def this(code: str, until: str | None = None) -> str:
        return book.this("stage_goals", code, until)

    periods, last = this("p1", f"p{PERIODS}"), f"LOOKUP(9E+307,{this('p1', f'p{PERIODS}')})"
    yes, no, few = (f'"{t(key)}"' for key in ("met.yes", "met.no", "met.few"))
    first = f"INDEX({periods},{PERIODS + 1}-SUMPRODUCT(MAX(ISNUMBER({periods})*{COUNTDOWN})))"
    steady = f"IF(COUNT({periods})<2,{few},IF(KPI_STABLE({periods},{this('target')}),{yes},{no}))"
    growing = f"IF(COUNT({periods})<3,{few},IF(AND(KPI_TREND({periods})>0,{last}>={first}),{yes},{no}))"
    share = (f'IF({this("secondary_actual")}="",{few},IF({this("secondary_actual")}>={this("secondary_target")},'
             f"{yes},{no}))")
    kind = this("secondary")
    return (f'=IF(COUNT({periods})=0,"",IF({kind}="{t("secondary.share")}",{share},'
            f'IF({kind}="{t("secondary.steady")}",{steady},IF({kind}="{t("secondary.growing")}",{growing},""))))')
