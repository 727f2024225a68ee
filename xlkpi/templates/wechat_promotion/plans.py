"""Sheet 方案 / Plans: weight profiles and roles, and the goals that the two drop-downs make of them.

What a profile leaves open stays an explicit row, to be filled or set to 0; only where the
parameters say so do the role's own metrics share it.
"""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.metrics import plans
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import choice
from xlkpi.terms import DIRECTIONS

FIRST = 3
ROOM = 14  # rows of a plan: three of a profile, ten of a role, the rest
DIMENSIONS = {"D": "dimension.fans", "E": "dimension.content", "F": "dimension.interaction",
              "G": "dimension.conversion"}


def write(book: Book) -> None:
    sheet = book.sheet("sheet.plans", look.AMBER)
    t = book.t
    book.heading(sheet, t("plans.title"), t("plans.hint"))
    section = book.format(bold=True, font_color=look.ACCENT)
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "no": (6, look.CENTER), "metric": (24, look.LEFT), "weight": (9, look.CENTER | {"num_format": "0.##%"}),
        "direction": (15, look.CENTER), "dimension": (18, look.CENTER), "from": (14, look.CENTER),
        "profile": (18, look.LEFT), "role": (20, look.LEFT), "place": (7, look.CENTER),
        "order": (8, look.CENTER | {"font_color": look.GREY})}
    formulas = {"order": _order(book)}
    left = 0
    for name, rows in (("plan", _plan(book)), ("profiles", _profiles(book)), ("roles", _roles(book))):
        made = [Column(code, label, *looks[code], formula=formulas.get(code) if name == "roles" else None,
                       input=name != "plan" and code != "place") for code, label in book.labels(name)]
        sheet.write_string(FIRST - 1, left, t(f"{name}.title"), section)
        book.table(sheet, name, FIRST, left, made, rows, filters=False)
        left += len(made) + 1
        sheet.set_column(left - 1, left - 1, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    book.print_setup(sheet, (0, 0, FIRST + 40, left - 2), landscape=True, tall=1)


def _direction(book: Book, code: str) -> str:
    return choice(DIRECTIONS, metrics.find_metric(code).direction or "up", book.lang)


def dimension(book: Book, code: str) -> str:
    """The dimension of a metric: the article's four groups, for other metrics what the catalogue says."""
    metric = metrics.find_metric(code)
    if metric.group in DIMENSIONS:
        return book.t(DIMENSIONS[metric.group])
    return metric.dimension(book.lang) or book.t("dimension.other")


def _profiles(book: Book) -> list[list[Any]]:
    return [[one.label(book.lang), metrics.find_metric(code).label(book.lang), weight, _direction(book, code),
             dimension(book, code)] for one in plans.profiles() for code, weight in one.weights]


def _roles(book: Book) -> list[list[Any]]:
    return [[one.label(book.lang), place, metrics.find_metric(code).label(book.lang), _direction(book, code),
             dimension(book, code)] for one in plans.roles() for place, code in enumerate(one.metrics, 1)]


def _order(book: Book) -> str:
    """The place of a role's metric behind the profile's: metrics that the profile has already are passed over."""
    def this(code: str) -> str:
        return book.this("roles", code)

    taken = f"COUNTIFS({book.col('profiles', 'profile')},weight_profile,{book.col('profiles', 'metric')},{{metric}})"
    before = (f"SUMPRODUCT(({book.col('roles', 'role')}=role)*({book.col('roles', 'place')}<{this('place')})*"
              f"({taken.format(metric=book.col('roles', 'metric'))}=0))")
    return f'=IF(AND({this("role")}=role,{taken.format(metric=this("metric"))}=0),{before}+1,"")'


def _plan(book: Book) -> list[list[Any]]:
    """Row by row: the profile's metrics, then the role's, then what is left of the weight."""
    t = book.t
    rest = plans.REST[0 if book.lang == "zh" else 1]

    def this(code: str) -> str:
        return book.this("plan", code)

    number = this("no")
    first = f"MATCH(weight_profile,{book.col('profiles', 'profile')},0)"
    match = f"MATCH({number}-plan_profile,{book.col('roles', 'order')},0)"

    def pick(code: str, else_: str) -> str:
        mine = f"INDEX({book.col('profiles', code)},{first}+{number}-1)"
        role = f"INDEX({book.col('roles', code)},{match})"
        return (f'=IF({number}<=plan_profile,{mine},IF({number}<=plan_profile+plan_role,{role},'
                f'IF(AND({number}=plan_profile+plan_role+1,plan_rest>0),{else_},"")))')

    weight = (f"=IF({number}<=plan_profile,INDEX({book.col('profiles', 'weight')},{first}+{number}-1),"
              f"IF({number}<=plan_profile+plan_role,plan_share,"
              f'IF(AND({number}=plan_profile+plan_role+1,plan_rest>0),plan_rest,"")))')
    source = (f'=IF({number}<=plan_profile,"{t("plan.profile")}",IF({number}<=plan_profile+plan_role,'
              f'"{t("plan.role")}",IF(AND({number}=plan_profile+plan_role+1,plan_rest>0),"{t("plan.rest")}","")))')
    up = choice(DIRECTIONS, "up", book.lang)
    return [[number_, pick("metric", f'"{rest}"'), weight, pick("direction", f'"{up}"'),
             pick("dimension", f'"{t("dimension.other")}"'), source] for number_ in range(1, ROOM + 1)]


def lines(book: Book) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """What the parameters sheet works out of the two choices."""
    profile, role = book.col("profiles", "profile"), book.col("roles", "order")
    given = f"SUMIFS({book.col('profiles', 'weight')},{profile},weight_profile)"
    shared = f'AND(rest_weights="{book.t("rest.share")}",plan_role>0)'
    return (("plan_profile", f"=COUNTIF({profile},weight_profile)", look.COUNT),
            ("plan_role", f"=COUNT({role})", look.COUNT),
            ("plan_share", f"=IF({shared},ROUND(1-{given},10)/plan_role,0)", look.PERCENT),
            ("plan_rest", f"=IF(OR({shared},plan_profile+plan_role=0),0,MAX(0,ROUND(1-{given},10)))", look.PERCENT),
            ("rest_open", open_rest(book), look.PERCENT))


def open_rest(book: Book) -> str:
    """The weight that still stands on the row of the rest without an actual value to score."""
    word = plans.REST[0 if book.lang == "zh" else 1]
    return (f'=SUMIFS({book.col("scorecard", "weight")},{book.col("scorecard", "metric")},"{word}",'
            f'{book.col("scorecard", "weight")},">0")-SUMIFS({book.col("scorecard", "weight")},'
            f'{book.col("scorecard", "metric")},"{word}",{book.col("scorecard", "score")},">=-1E+300")')


def goals(book: Book) -> list[dict[str, Any]]:
    """The rows of a new goals table: the plan's metrics and weights, targets from the benchmarks in use."""
    from xlkpi.terms import SCORE_METHODS

    linear = choice(SCORE_METHODS, "linear", book.lang)
    rows = []
    for number in range(1, ROOM + 1):
        metric = f"INDEX({book.col('plan', 'metric')},{number})"
        line = (f"INDEX({book.col('benchmarks', 'line')},MATCH({metric},{book.col('benchmarks', 'metric')},0))")
        rows.append({code: f'=IF({metric}="","",INDEX({book.col("plan", code)},{number}))'
                     for code in ("dimension", "metric", "weight", "direction")} | {
            "target": f'=IF({metric}="","",IFERROR(IF({line}="","",{line}),""))',
            "method": f'=IF({metric}="","","{linear}")'})
    return rows
