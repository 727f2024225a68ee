"""Sheet 考核表 / Scorecard: the assessment form, A4 portrait, ready to print and sign.

Every row of the goals table comes out as one row here (room for 20). A KPI call reads what the goals
table says of its row in place, ``INDEX(goals[…],[@…])``. What several formulas need is worked out once, in
grey to the right of the printed form: where the metric stands in the metrics table, and for the whole form
the weight that counts and the words of the methods and directions that are treated apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column, Table
from xlkpi.templates.sheets import levers
from xlkpi.templates.sheets.marks import by_unit, one_of, spellings, status_colours
from xlkpi.terms import DIRECTIONS, MISSING_MODES, SCORE_METHODS

ROOM = 20
HEAD = 9  # header row of the table, from 0
LAST_PRINTED = 11  # column L
UNCOMPLETED = ("deduct", "bonus", "range", "band", "veto")  # methods without a completion of their own

COLUMNS = ("no", "dimension", "metric", "unit", "weight", "target", "actual", "completion", "score", "weighted",
           "status", "reason", "from", "place", "method", "pace", "basis")

WIDTHS = {
    "zh": {"no": 4.5, "dimension": 10, "metric": 17, "unit": 5, "weight": 6.5, "target": 9.5, "actual": 9.5,
           "completion": 9, "score": 9, "weighted": 8.5, "status": 8, "reason": 31},
    "en": {"no": 4, "dimension": 11, "metric": 19, "unit": 7, "weight": 7.5, "target": 9, "actual": 9,
           "completion": 11, "score": 9, "weighted": 9.5, "status": 9.5, "reason": 31},
}


def write(book: Book, dated: Sequence[tuple[str, str]], targets: bool = False, warnings: Sequence[str] = (),
          hold: str = "") -> None:
    """Write the sheet.

    ``dated`` names the (table, date column) pairs whose texts cannot count. ``targets``: a row whose target is
    still to be set has no score and is named above the form. ``warnings`` are further formula texts for that
    line, ``hold`` a test under which there is no total.
    """
    book.know("scorecard", [(code, book.t(f"scorecard.{code}")) for code in COLUMNS])
    sheet = book.sheet("sheet.scorecard")
    table = _rows(book, sheet, targets)
    _head(book, sheet, dated, warnings, hold)
    _foot(book, sheet, table)
    _worked_out(book, sheet, table)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(HEAD + 1, 3)
    sheet.protect()
    sheet.set_portrait()
    book.print_setup(sheet, (0, 0, table.last + 10, LAST_PRINTED), tall=1, repeat=HEAD)


def _formulas(book: Book, targets: bool) -> dict[str, str]:
    t, lang = book.t, f'"{book.lang}"'

    def this(code: str) -> str:
        return book.this("scorecard", code)

    def goal(code: str) -> str:
        return f"INDEX({book.col('goals', code)},{this('no')})"

    def found(code: str) -> str:
        """What the metrics table says of this row's metric."""
        return f"INDEX({book.col('actuals', code)},{this('place')})"

    def filled(value: str) -> str:
        """Blank stays blank (a bare INDEX would make it 0)."""
        return f'IF({value}="","",{value})'

    weight, metric, score, actual, method = (this(code) for code in ("weight", "metric", "score", "actual", "method"))
    place, goals = '""', book.col("goals", "metric")
    for key in ("code", "alias", "metric"):  # a code or the other language's name too
        place = f"IFERROR(MATCH({goal('metric')},{book.col('actuals', key)},0),{place})"
    of_goal = ("direction", "baseline", "floor", "stretch", "cap")
    arguments = ",".join((actual, this("target"), *map(goal, of_goal), method,
                          *map(goal, ("floor_score", "step", "points"))))
    events = f"COUNTIF(no_completion,{method})"
    untargeted = f'AND({this("target")}="",{events}=0)'
    lacking = f",{untargeted}" if targets else ""
    missing = f'OR({actual}=""{lacking})' if targets else f'{actual}=""'
    explained = f'KPI_EXPLAIN({arguments},{lang},{this("unit")},{goal("bands")})'
    if targets:
        explained = f'IF({untargeted},"{t("scorecard.no_target")}",{explained})'
    return {
        "no": "",
        "place": f'=IF({this("no")}>ROWS({goals}),"",{place})',
        "metric": f'=IF({this("place")}<>"",{found("metric")},IF({this("no")}>ROWS({goals}),"",{goal("metric")}&""))',
        "dimension": f'=IF({metric}="","",{goal("dimension")}&"")',
        "unit": f'=IF({metric}="","",{goal("unit")}&"")',
        "method": f'=IF({metric}="","",{goal("method")}&"")',
        "weight": f'=IF({metric}="","",IF({goal("weight")}="","",{goal("weight")}/weight_scale))',
        "target": f'=IF({metric}="","",{filled(goal("target"))})',
        "actual": f'=IF({metric}="","",IF({goal("actual")}<>"",{goal("actual")},'
                  f'IF({this("place")}="","",{filled(found("actual"))})))',
        "completion": f'=IF(OR({actual}="",{events}{lacking}),"",IF(COUNTIF(rated,{method}),{score}/100,'
                      f'KPI_COMPLETION({actual},{this("target")},{goal("direction")},{goal("baseline")},{method})))',
        "score": f'=IF({missing},"",KPI_SCORE({arguments},{goal("bands")}))',
        "weighted": f'=IF(OR({score}="",{weight}=""),"",{score}*{weight}/weight_counted)',
        "status": f'=IF({metric}="","",KPI_STATUS({this("basis")},green_line,amber_line,"up",{lang}))',
        "reason": f'=IF({metric}="","",{explained}&IF({this("from")}="",""," ["&{this("from")}&"]"))',
        "from": f'=IF({actual}="","",IF({goal("actual")}<>"","{t("from.manual")}",{found("source")}))',
        "pace": f'=IF(OR({actual}="",{this("target")}="",{this("place")}="",elapsed=""),"",IF(AND(elapsed<1,'
                f'{found("flow")}=1,{goal("baseline")}="",{events}+COUNTIF(falling,{goal("direction")})=0),'
                f'KPI_PACE({actual},{this("target")},from_date,to_date,data_date),""))',
        "basis": f'=IF({this("pace")}<>"",{this("pace")},IF({this("completion")}<>"",{this("completion")},'
                 f'IF({score}="","",{score}/100)))',
    }


def sentences(book: Book) -> list[list[str]]:
    """The cells of metric, score and arithmetic of every row, for the audit sheet."""
    places = [chr(65 + COLUMNS.index(code)) for code in ("metric", "score", "reason")]
    return [[f"{book.name('sheet.scorecard')}!${letter}${HEAD + 1 + row}" for letter in places]
            for row in range(1, ROOM + 1)]


def _worked_out(book: Book, sheet: Any, table: Table) -> None:
    """What holds for the whole form, each a defined name, and the words of what is treated apart."""
    grey = book.format(font_color=look.GREY, align="center", font_size=8.5)
    head, scored = book.format(**look.HINT), book.col("scorecard", "weight")
    zero = one_of("missing_mode", "zero", choices=MISSING_MODES)
    known = f'SUMIFS({scored},{book.col("scorecard", "score")},">=-1000")'
    for at, (name, formula) in enumerate((
            ("goals_over", f"=MAX(0,ROWS({book.col('goals', 'metric')})-{ROOM})"),
            ("weight_scale", f"=IF(SUM({book.col('goals', 'weight')})>=2,100,1)"),
            ("weight_counted", f"=IF({zero},SUM({scored}),{known})"),
            ("vetoes", f"={_vetoes(book)}")), LAST_PRINTED + 1):
        sheet.write_string(5, at, book.t(f"worked.{name}"), head)
        book.formula(sheet, 6, at, formula, grey)
        book.define(name, "sheet.scorecard", f"${chr(65 + at)}$7")
    left = len(table.columns) + 1
    for at, (name, choices, codes) in enumerate((
            ("no_completion", SCORE_METHODS, UNCOMPLETED), ("rated", SCORE_METHODS, ("rate",)),
            ("falling", DIRECTIONS, ("down",))), left):
        said = spellings(*codes, choices=choices)
        sheet.write_string(HEAD, at, book.t(f"worked.{name}"), head)
        for down, word in enumerate(said, HEAD + 1):
            sheet.write_string(down, at, word, grey)
        book.define(name, "sheet.scorecard", f"${chr(65 + at)}${HEAD + 2}:${chr(65 + at)}${HEAD + 1 + len(said)}")


def _vetoes(book: Book) -> str:
    """How many veto items were violated: they have the score 0."""
    method, score = book.col("scorecard", "method"), book.col("scorecard", "score")
    return "+".join(f'COUNTIFS({method},"{word}",{score},0)' for word in spellings("veto"))


def _rows(book: Book, sheet: Any, targets: bool) -> Table:
    formulas = _formulas(book, targets)
    plain: dict[str, Any] = {"font_color": look.INK, "text_wrap": True}
    looks: dict[str, dict[str, Any]] = {
        "no": {**look.CENTER, "font_color": look.GREY}, "dimension": look.CENTER, "unit": look.CENTER,
        "weight": look.CENTER | {"num_format": "0.##%"}, "target": look.COUNT, "actual": look.COUNT,
        "completion": look.PERCENT | {"align": "right", "indent": 1}, "score": look.TWO, "weighted": look.TWO,
        "status": look.CENTER | {"bold": True},
        "reason": {"font_size": 9, "font_color": look.GREY}, "cap": look.WHOLE_PERCENT, "pace": look.PERCENT}
    helper = {"font_color": look.GREY, "font_size": 8.5, "align": "center"}
    columns = []
    for at, (code, label) in enumerate(book.labels("scorecard")):
        shown = {**plain, **looks.get(code, {}), **({} if at <= LAST_PRINTED else helper)}
        columns.append(Column(code, label, WIDTHS[book.lang].get(code, 11), shown, formula=formulas[code] or None,
                              input=False))
    rows: list[list[Any]] = [[no] for no in range(1, ROOM + 1)]
    table = book.table(sheet, "scorecard", HEAD, 0, columns, rows, filters=False, style=None)
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 34 if row < table.first + 14 else 26)  # most forms have up to 14 items
    _conditions(book, sheet, table)
    return table


def _conditions(book: Book, sheet: Any, table: Table) -> None:
    """Formats by what stands in the row: unused rows vanish, units and lights show."""
    whole, metric = table.body("no", "reason"), table.cell("metric")
    top = f"$B{table.first}"
    sheet.conditional_format(whole, {"type": "formula", "criteria": f'={metric}=""', "stop_if_true": True,
                                     "format": book.format(font_color="#FFFFFF", bottom=1, bottom_color="#FFFFFF",
                                                           num_format=";;;")})
    sheet.conditional_format(table.body("dimension"), {
        "type": "formula", "criteria": f"={table.cell('dimension')}={top}",
        "format": book.format(font_color="#FFFFFF")})
    for code in ("target", "actual"):
        by_unit(book, sheet, table.cell("unit"), table.body(code))
    sheet.conditional_format(table.body("completion"), {
        "type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True, "min_type": "num", "max_type": "num",
        "min_value": 0, "max_value": 1.2, "data_bar_2010": True})
    status_colours(book, sheet, table.body("status"), table.cell("status").replace("$", ""))
    sheet.conditional_format(table.body("score"), {
        "type": "icon_set", "icon_style": "3_traffic_lights", "icons": [
            {"criteria": ">=", "type": "formula", "value": "=100*green_line"},
            {"criteria": ">=", "type": "formula", "value": "=100*amber_line"}]})


def _head(book: Book, sheet: Any, dated: Sequence[tuple[str, str]], warnings: Sequence[str], hold: str) -> None:
    t = book.t
    sheet.set_row(0, 42)
    sheet.merge_range(0, 0, 0, LAST_PRINTED, t("scorecard.title"), book.format(
        bold=True, font_size=18, font_color=look.ACCENT, align="center"))
    sheet.set_row(1, 18)
    sheet.merge_range(1, 0, 1, LAST_PRINTED, "", book.format(**look.HINT, align="center"))
    book.formula(sheet, 1, 0, f'=IF(account="","",account&"  ·  ")&{period(book)}',
                 book.format(**look.HINT, align="center"))
    label, value = book.format(**look.LABEL), book.format(**look.BOXED, align="center", text_wrap=True)
    fields = (("person", "manager", "department"), ("headcount", "position", "period"))
    spans = ((0, 1, 2, 3), (4, 5, 6, 8), (9, 10, 11, 11))
    for down, names in enumerate(fields):
        row = 2 + down
        sheet.set_row(row, 26)
        for (a, b, c, d), name in zip(spans, names, strict=True):
            sheet.merge_range(row, a, row, b, t(f"param.{name}"), label)
            source = period(book, short=True) if name == "period" else f'{name}&""'
            if d > c:
                sheet.merge_range(row, c, row, d, "", value)
            book.formula(sheet, row, c, f"={source}", value)
    sheet.set_row(4, 8)
    big = {"align": "center", "bold": True, "font_color": look.ACCENT, "bg_color": look.TINT, "border": 1,
           "border_color": look.LINE}
    small = book.format(**look.LABEL)
    cards: tuple[tuple[int, int, str, dict[str, Any], int], ...] = (
        (0, 2, "total", look.TWO, 16), (3, 5, "grade", {}, 16), (6, 7, "coefficient", look.TWO, 16),
        (8, 10, "coverage", look.WHOLE_PERCENT, 16), (11, 11, "weights", {}, 10))
    scores, weights = book.col("scorecard", "score"), book.col("scorecard", "weight")
    goals = book.col("goals", "weight")
    lang = f'"{book.lang}"'
    formulas = {
        "total": f'=IF(OR({hold and hold + ","}goals_over>0,COUNT({scores})=0),"",'
                 f"KPI_TOTAL({scores},{weights},missing_mode,weight_mode,bonus))",
        "grade": f'=IF(total_score="","",KPI_GRADE(total_score,{book.col("grades", "bound")},'
                 f'{book.col("grades", "grade")},coverage,{lang},vetoes))',
        "coefficient": f'=IF(OR(grade="",N(coverage)<0.6),"",KPI_COEFFICIENT(grade,{book.col("grades", "grade")},'
                       f'{book.col("grades", "coefficient")}))',
        "coverage": f'=IF(SUM({weights})=0,"",KPI_COVERAGE({scores},{weights}))',
        "weights": f"=KPI_WEIGHT_CHECK({goals},{lang})"}
    defined = {"total": "total_score", "grade": "grade", "coefficient": "coefficient", "coverage": "coverage",
               "weights": "weight_check"}
    sheet.set_row(5, 20)
    sheet.set_row(6, 36)
    for a, b, card, shown, size in cards:
        fits = {"text_wrap": True} if card == "weights" else {"shrink": True}  # "Insufficient data" is a long grade
        cell = book.format(**{**big, **shown, "font_size": size, **fits})
        if b > a:
            sheet.merge_range(5, a, 5, b, t(f"result.{card}"), small)
            sheet.merge_range(6, a, 6, b, "", cell)
        else:
            sheet.write_string(5, a, t(f"result.{card}"), small)
        book.formula(sheet, 6, a, formulas[card], cell)
        book.define(defined[card], "sheet.scorecard", f"${chr(65 + a)}$7")
    sheet.set_row(7, 38 if warnings else 18)
    note = {"font_size": 9, "font_color": look.RED, "align": "left", **({"text_wrap": True} if warnings else {})}
    sheet.merge_range(7, 0, 7, LAST_PRINTED, "", book.format(**note))
    book.formula(sheet, 7, 0, _warnings(book, dated, warnings), book.format(**note))
    sheet.set_row(8, 4)


def period(book: Book, short: bool = False) -> str:
    span = 'IF(COUNT(from_date,to_date)<2,"",TEXT(from_date,"yyyy-mm-dd")&" ~ "&TEXT(to_date,"yyyy-mm-dd"))'
    if short:
        return span
    until = f'IF(data_date="","","  ·  {book.t("worked.data_date")} "&TEXT(data_date,"yyyy-mm-dd"))'
    return f"{span}&{until}"


def _warnings(book: Book, dated: Sequence[tuple[str, str]], more: Sequence[str]) -> str:
    """What a reader must know before trusting the total; blank when there is nothing."""
    t, metric = book.t, book.col("goals", "metric")
    texts = "+".join(f"SUMPRODUCT(ISTEXT({book.col(*one)})+0)" for one in dated)
    return ("=" + "&".join((
        f'IF(goals_over>0,"{t("warn.room")}","")',
        f'IF({texts}>0,"{t("warn.text")}","")',
        *more,
        f'IF(SUMPRODUCT(({metric}<>"")*(COUNTIF({metric},{metric})>1))>0,"{t("warn.double")}","")',
        f'IF(OR(period_start="",period_end=""),IF(COUNT(from_date)=0,"","{t("warn.period")}"),"")',
        f'IF(AND(ISNUMBER(coverage),ISNUMBER(total_score)),IF(coverage<1,"{t("warn.coverage1")}"&TEXT(coverage,"0%")&'
        f'"{t("warn.coverage2")}",""),"")')))


def signatures(book: Book, sheet: Any, row: int, spans: tuple[tuple[int, int], ...], last: int) -> None:
    """Where the person, the superior and the personnel office sign, and what signing means in the row below."""
    sign = book.format(align="left", bottom=1, bottom_color=look.INK)
    for (a, b), key in zip(spans, ("sign.employee", "sign.manager", "sign.hr"), strict=True):
        if b > a:
            sheet.merge_range(row, a, row, b, book.t(key), sign)
        else:
            sheet.write_string(row, a, book.t(key), sign)
    sheet.merge_range(row + 1, 0, row + 1, last, book.t("sign.note"), book.format(**look.HINT))


def _foot(book: Book, sheet: Any, table: Table) -> None:
    t, row = book.t, table.last + 1
    label = book.format(**{**look.LABEL, "text_wrap": True})
    text = book.format(**look.BOXED, text_wrap=True, align="left", font_size=9)
    note = book.format(**{**look.INPUT, "border": 1, "border_color": look.LINE, "text_wrap": True, "align": "left"})
    sheet.set_row(row, 26)
    score, metric = book.col("scorecard", "score"), book.col("scorecard", "metric")
    bold = {**look.BOXED, "bold": True, "bg_color": look.PALE, "align": "center"}
    sheet.merge_range(row, 0, row, 3, t("scorecard.sum"), book.format(**bold))
    for at in range(4, LAST_PRINTED + 1):
        sheet.write_blank(row, at, None, book.format(**bold))
    book.formula(sheet, row, 4, f'=IF(COUNT({book.col("scorecard", "weight")})=0,"",'
                 f'SUM({book.col("scorecard", "weight")}))', book.format(**bold, num_format="0.##%"))
    book.formula(sheet, row, 9, f'=IF(COUNT({score})=0,"",SUM({book.col("scorecard", "weighted")}))',
                 book.format(**bold, **look.TWO))
    book.formula(sheet, row, 11, f'=IF(N(bonus)=0,"","{t("param.bonus")} "&TEXT(bonus,"+0.##;-0.##"))&'
                 + to_next_grade(book),
                 book.format(**{**bold, "bold": False, "font_size": 9, "align": "left"}))
    best = f'INDEX({metric},MATCH({{f}}({score}),{score},0))&" "&TEXT({{f}}({score}),"0.0")&"{t("points")}"'
    for down, (key, formula) in enumerate((
            ("scorecard.strength", f'=IF(COUNT({score})<2,"",{best.format(f="MAX")})'),
            ("scorecard.weakness", f'=IF(COUNT({score})<2,"",{best.format(f="MIN")})')), 1):
        sheet.set_row(row + down, 24)
        sheet.merge_range(row + down, 0, row + down, 1, t(key), label)
        sheet.merge_range(row + down, 2, row + down, LAST_PRINTED, "", text)
        book.formula(sheet, row + down, 2, formula, text)
    levers.write(book, sheet, row + 3, LAST_PRINTED, 44, (6, LAST_PRINTED + 5))
    for down, key in enumerate(("scorecard.comment", "scorecard.next"), 4):
        sheet.set_row(row + down, 52)
        sheet.merge_range(row + down, 0, row + down, 1, t(key), label)
        sheet.merge_range(row + down, 2, row + down, LAST_PRINTED, "", note)
    sheet.set_row(row + 6, 26)
    sheet.set_row(row + 7, 30)
    sheet.set_row(row + 8, 18)
    signatures(book, sheet, row + 7, ((0, 3), (5, 9), (11, 11)), LAST_PRINTED)


def to_next_grade(book: Book) -> str:
    """``距 S 级还差 3.20 分``: how far the next grade is."""
    t, bounds, grades = book.t, book.col("grades", "bound"), book.col("grades", "grade")
    above = f'COUNTIF({bounds},">"&ROUND(total_score,2))'
    bound = f"LARGE({bounds},{above})"
    return (f'IF(NOT(ISNUMBER(coefficient)),"",IF({above}=0,"",'
            f'"  {t("next.a")}"&INDEX({grades},MATCH({bound},{bounds},0))&"{t("next.b")}"&'
            f'TEXT({bound}-ROUND(total_score,2),"0.00")&"{t("points")}"))')
