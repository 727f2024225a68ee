"""Sheet 考核表 / Scorecard: one person's form, A4 portrait, every item of both parts with how it was scored.

The rows follow the indicators: first performance, then behaviour. Points of the total = score × the item's
share of its dimension × the dimension's share of its part × the part's share, each among what has data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column, Table
from xlkpi.templates.sheets import levers
from xlkpi.templates.sheets.marks import by_unit, choice, letter, one_of, status_colours
from xlkpi.templates.sheets.scorecard import UNCOMPLETED, signatures
from xlkpi.terms import SCORE_METHODS

ROOM = 40
HEAD = 8
LAST_PRINTED = 11
WIDTHS = {"zh": (4, 15.5, 19, 5, 7.5, 9, 9, 8.5, 8, 8, 8, 38), "en": (4, 22, 25, 6, 9.5, 9, 9, 11, 8, 8, 9, 40)}


def write(book: Book) -> None:
    sheet = book.sheet("sheet.scorecard")
    table = _rows(book, sheet)
    _head(book, sheet)
    _foot(book, sheet, table)
    for at, width in enumerate(WIDTHS[book.lang]):
        sheet.set_column(at, at, width)
    sheet.set_column(LAST_PRINTED + 1, len(table.columns) - 1, 9)
    sheet.freeze_panes(HEAD + 1, 3)
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last + 9, LAST_PRINTED), tall=1, repeat=HEAD)


def _formulas(book: Book) -> dict[str, str]:
    t, lang = book.t, f'"{book.lang}"'

    def this(code: str) -> str:
        return book.this("scorecard", code)

    def col(code: str) -> str:
        return book.col("scorecard", code)

    def item(code: str) -> str:
        return f"INDEX({book.col('indicators', code)},{this('at')})"

    def quantity(code: str) -> str:
        return f"INDEX({book.col('quantities', code)},{this('place')})"

    def rating(code: str) -> str:
        return f"INDEX({book.col('ratings', code)},{this('place')})"

    def known(found: str, otherwise: str = '""') -> str:
        """A figure of the row's own; blank stays blank."""
        return f'IF({found}="",{otherwise},{found})'

    parts = book.col("indicators", "part")
    performing = f'LEFT({this("key")},1)="P"'
    counts = f'COUNTIF({parts},"{t("part.p")}")'
    number, score, name = this("no"), this("score"), this("name")
    place = f'MATCH({name},{book.col("dimensions", "dimension")},0)'
    events, rated = one_of(this("method"), *UNCOMPLETED), one_of(this("method"), "rate")
    share_of = (f'SUMIFS({col("share")},{col("name")},{name},{col("part_weight")},{this("part_weight")},'
                f'{col("score")},">=-1000000")')
    rate = choice(SCORE_METHODS, "rate", book.lang)
    return {
        "key": f'=IF({number}<={counts},"P"&{number},IF({number}<=ROWS({parts}),"B"&({number}-{counts}),""))',
        "at": f'=IF({this("key")}="","",IFERROR(MATCH({this("key")},{book.col("indicators", "key")},0),""))',
        "name": f'=IF({this("at")}="","",{item("dimension")}&"")',
        "metric": f'=IF({this("at")}="","",{item("metric")}&"")',
        "unit": f'=IF({this("at")}="","",{item("unit")}&"")',
        "place": f'=IF({this("at")}="","",IFERROR(IF({performing},'
                 f'MATCH(shown_person&"|"&{this("metric")},{book.col("quantities", "key")},0),'
                 f'MATCH(shown_person&"|"&{this("metric")},{book.col("ratings", "key")},0)),""))',
        "share": f'=IF({this("at")}="","",{item("share")})',
        "part_weight": f'=IF({this("at")}="","",IF({performing},"P","B"))',
        "dimension_weight": f'=IF({this("at")}="","",IFERROR(IF({performing},'
                            f'INDEX({book.col("dimensions", "performance")},{place}),'
                            f'INDEX({book.col("dimensions", "behaviour")},{place})),0))',
        "dimension": f'=IF({this("at")}="","",IF(COUNTIFS(INDEX({col("name")},1):{name},{name},'
                     f'INDEX({col("part_weight")},1):{this("part_weight")},{this("part_weight")})>1,"",'
                     f'IF({performing},"{t("part.p")}","{t("part.b")}")&"·"&{name}&" "&'
                     f'ROUND({this("dimension_weight")}*'
                     f'IF({this("dimension_weight")}>1,1,100),2)&"%"))',
        "weight": f'=IF({this("at")}="","",{this("share")})',
        "target": f'=IF({this("place")}="","",IF({performing},{known(quantity("target"))},scale_max))',
        "actual": f'=IF({this("place")}="","",IF({performing},{known(quantity("actual"))},'
                  f'IF({rating("score")}="","",scale_min+{rating("score")}/100*(scale_max-scale_min))))',
        "score": f'=IF({this("place")}="","",IF({performing},{quantity("score")},{rating("score")}))',
        "method": f'=IF({this("place")}="","",IF({performing},{quantity("method")}&"","{rate}"))',
        "direction": f'=IF(OR({this("place")}="",{this("part_weight")}="B"),"",{quantity("direction")}&"")',
        "cap": f'=IF(OR({this("place")}="",{this("part_weight")}="B"),"",{quantity("cap")})',
        "completion": f'=IF(OR({this("actual")}="",{score}="",{events}),"",IF(AND({performing},NOT({rated})),'
                      f'KPI_COMPLETION({this("actual")},{this("target")},{this("direction")},{known(quantity("baseline"))},'
                      f'IF({one_of(this("method"), "inverse")},"inverse","linear")),{score}/100))',
        "weighted": f'=IF(OR({score}="",NOT(ISNUMBER(shown_at))),"",IF({this("share")}=0,0,{score}*{this("share")}/'
                    f'{share_of}*{_share(this)}))',
        "status": f'=IF({this("at")}="","",KPI_STATUS(IF({score}="","",{score}/100),IF({performing},'
                  f'green_line,rating_green),IF({performing},amber_line,rating_amber),"up",{lang}))',
        "reason": f'=IF({this("at")}="","",IF({score}="","{t("reason.none")}",IF({performing},{quantity("sentence")},'
                  f'{rating("sentence")})))',
    }


def sentences(book: Book) -> list[list[str]]:
    """The cells of metric, score and arithmetic of every row, for the audit sheet."""
    return [[f"{book.name('sheet.scorecard')}!${column}${HEAD + 1 + row}" for column in "CIL"]
            for row in range(1, ROOM + 1)]


def _share(this: Callable[[str], str]) -> str:
    """The dimension's share of the total among the dimensions and parts of this person that have data."""
    own = this("dimension_weight")
    return (f'IF({this("part_weight")}="P",{own}/known_performance*part_performance,'
            f"{own}/known_behaviour*part_behaviour)")


def _rows(book: Book, sheet: Any) -> Table:
    formulas = _formulas(book)
    plain: dict[str, Any] = {"font_color": look.INK, "text_wrap": True, "font_size": 9}
    looks: dict[str, dict[str, Any]] = {
        "no": {**look.CENTER, "font_color": look.GREY}, "dimension": look.LEFT | {"bold": True},
        "unit": look.CENTER, "weight": look.CENTER | look.WHOLE_PERCENT, "target": look.COUNT,
        "actual": look.COUNT, "completion": look.PERCENT | {"align": "right", "indent": 1}, "score": look.TWO,
        "weighted": look.TWO, "status": look.CENTER | {"bold": True},
        "reason": {"font_size": 8, "font_color": look.GREY}, "cap": look.WHOLE_PERCENT}
    helper = {"font_color": look.GREY, "font_size": 8.5, "align": "center"}
    columns = []
    for at, (code, label) in enumerate(book.labels("scorecard")):
        shown = {**plain, **looks.get(code, {}), **({} if at <= LAST_PRINTED else helper)}
        columns.append(Column(code, label, 9, shown, formula=formulas.get(code), input=False))
    table = book.table(sheet, "scorecard", HEAD, 0, columns, [[no] for no in range(1, ROOM + 1)], filters=False,
                       style=None, widths=False)
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 26)
    whole = table.body("no", "reason")
    sheet.conditional_format(whole, {"type": "formula", "criteria": f'={table.cell("at")}=""', "stop_if_true": True,
                                     "format": book.format(font_color="#FFFFFF", bottom=1, bottom_color="#FFFFFF",
                                                           num_format=";;;")})
    sheet.conditional_format(table.body("no", "metric"), {"type": "formula",
                                     "criteria": f'={table.cell("dimension")}<>""',
                                     "format": book.format(top=1, top_color=look.ACCENT)})
    for code in ("target", "actual"):
        by_unit(book, sheet, table.cell("unit"), table.body(code))
    sheet.conditional_format(table.body("completion"), {
        "type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True, "min_type": "num", "max_type": "num",
        "min_value": 0, "max_value": 1.2, "data_bar_2010": True})
    status_colours(book, sheet, table.body("status"), table.cell("status").replace("$", ""))
    return table


def person(book: Book, code: str) -> str:
    """A figure of the person whose form is shown; blank stays blank."""
    found = f"INDEX({book.col('people', code)},shown_at)"
    return f'IF(NOT(ISNUMBER(shown_at)),"",IF({found}="","",{found}))'


def period() -> str:
    return 'IF(COUNT(period_start,period_end)<2,"",TEXT(period_start,"yyyy-mm-dd")&" ~ "&TEXT(period_end,"yyyy-mm-dd"))'


def _head(book: Book, sheet: Any) -> None:
    t = book.t
    sheet.set_row(0, 36)
    sheet.merge_range(0, 0, 0, LAST_PRINTED, t("scorecard.title"), book.format(
        bold=True, font_size=18, font_color=look.ACCENT, align="center"))
    line = book.format(**look.HINT, align="center")
    sheet.merge_range(1, 0, 1, LAST_PRINTED, "", line)
    book.formula(sheet, 1, 0, f'=IF(company="","",company&"  ·  ")&{period()}', line)
    label, value = book.format(**look.LABEL), book.format(**look.BOXED, align="center", text_wrap=True)
    fields = (("person", "=shown_person"), ("department", f"={person(book, 'department')}"),
              ("position", f"={person(book, 'position')}"), ("manager", f"={person(book, 'manager')}"))
    spans = ((0, 1, 2, 2), (3, 4, 5, 6), (7, 8, 9, 10), (11, 11, 11, 11))
    sheet.set_row(2, 24)
    for (a, b, c, d), (name, formula) in zip(spans, fields, strict=True):
        if name == "manager":
            book.formula(sheet, 2, a, f'="{t("people.manager")}  "&{formula[1:]}', value)
            continue
        sheet.merge_range(2, a, 2, b, t(f"people.{name}"), label)
        if d > c:
            sheet.merge_range(2, c, 2, d, "", value)
        book.formula(sheet, 2, c, formula, value)
    sheet.set_row(3, 6)
    big = {"align": "center", "bold": True, "font_color": look.ACCENT, "bg_color": look.TINT, "border": 1,
           "border_color": look.LINE, "font_size": 15}
    small = book.format(**look.LABEL)
    percent = '"0%"'
    cards: tuple[tuple[int, int, str, str, dict[str, Any]], ...] = (
        (0, 1, "total", f"={person(book, 'total')}", look.TWO), (2, 2, "grade", f"={person(book, 'grade')}", {}),
        (3, 4, "coefficient", f"={person(book, 'coefficient')}", look.TWO),
        (5, 6, "performance", f"={person(book, 'performance')}", look.TWO),
        (7, 8, "behaviour", f"={person(book, 'behaviour')}", look.TWO),
        (9, 10, "coverage", f"={person(book, 'coverage')}", look.WHOLE_PERCENT),
        (11, 11, "how", f'="{t("part.p")} "&TEXT(performance_share,{percent})&" + {t("part.b")} "&'
         f'TEXT(behaviour_share,{percent})&IF(N({person(book, "bonus")})=0,"","  {t("people.bonus")} "&'
         f'TEXT({person(book, "bonus")},"+0.##;-0.##"))&"\n{t("people.forced")}: "&IF({person(book, "forced")}="",'
         f'"{t("ranking.exempt")}",{person(book, "forced")})&"  {t("people.rank")}: "&{person(book, "rank")}',
         {"font_size": 9, "bold": False, "text_wrap": True}))
    defined = {"total": "total_score", "grade": "grade", "coefficient": "coefficient", "coverage": "coverage"}
    sheet.set_row(4, 18)
    sheet.set_row(5, 32)
    for a, b, card, formula, shown in cards:
        cell = book.format(**{**big, **shown}, **({} if "text_wrap" in shown else {"shrink": True}))
        if b > a:
            sheet.merge_range(4, a, 4, b, t(f"result.{card}"), small)
            sheet.merge_range(5, a, 5, b, "", cell)
        else:
            sheet.write_string(4, a, t(f"result.{card}"), small)
        book.formula(sheet, 5, a, formula, cell)
        if card in defined:
            book.define(defined[card], "sheet.scorecard", f"${chr(65 + a)}$6")
    note = book.format(font_size=9, font_color=look.RED, align="left", text_wrap=True, valign="top")
    sheet.set_row(6, 24)
    sheet.merge_range(6, 0, 6, LAST_PRINTED, "", note)
    book.formula(sheet, 6, 0, _warnings(book), note)
    sheet.set_row(7, 4)
    sheet.set_row(HEAD, 26)
    _known(book, sheet)

def _known(book: Book, sheet: Any) -> None:
    """How much weight has data for this person, right of the form: what each item's points rest on."""
    col = len(book.labels("scorecard")) - 4
    small = book.format(font_color=look.GREY, font_size=8.5, align="center")
    lines = []
    for part, code in (("p", "performance"), ("b", "behaviour")):
        span = f"people[[{book.label('people', f'{part}_data')}]:[{book.label('people', f'{part}_compliance')}]]"
        terms = "+".join(f"ISNUMBER(INDEX({span},shown_at,{n}))*INDEX({book.col('dimensions', code)},{n})"
                         for n in range(1, 13))
        lines.append((f"known_{code}", f'=IF(ISNUMBER(shown_at),{terms},"")'))
    both = "(performance_share*ISNUMBER({p})+behaviour_share*ISNUMBER({b}))".format(
        p=person(book, "performance"), b=person(book, "behaviour"))
    for code in ("performance", "behaviour"):
        lines.append((f"part_{code}", f'=IF(ISNUMBER(shown_at),IF({both}=0,"",{code}_share/{both}),"")'))
    for down, (name, formula) in enumerate(lines):
        sheet.write_string(down + 1, col, name, small)
        book.formula(sheet, down + 1, col + 3, formula, small)
        book.define(name, "sheet.scorecard", f"${letter(col + 3)}${down + 2}")


def _warnings(book: Book) -> str:
    """What a reader must know before trusting the total; blank when there is nothing."""
    t = book.t
    problem, veto = person(book, "problem"), person(book, "veto")
    return ("=" + "&".join((
        f'IF(AND(shown_person<>"",NOT(ISNUMBER(shown_at))),"{t("warn.person")}","")',
        f'IF(weights_wrong>0,"{t("warn.weights")}","")', f'IF(quotas_wrong>0,"{t("warn.quotas")} ","")',
        f'IF({problem}="","",{problem}&"{t("warn.problem")}")', f'IF({veto}="","","{t("warn.veto")}"&{veto}&" ")',
        f'IF(AND({veto}="",N({person(book, "vetoes")})>0),"{t("warn.vetoed")}","")',
        f'IF(ROWS({book.col("indicators", "part")})>{ROOM},"{t("warn.room")}","")',
        f'IF(ISNUMBER({person(book, "coverage")}),IF(ROUND({person(book, "coverage")},4)<1,"{t("warn.coverage1")}"&'
        f'TEXT({person(book, "coverage")},"0%")&"{t("warn.coverage2")}",""),"")')))


def _foot(book: Book, sheet: Any, table: Table) -> None:
    t, row = book.t, table.last + 1
    label = book.format(**{**look.LABEL, "text_wrap": True})
    note = book.format(**{**look.INPUT, "border": 1, "border_color": look.LINE, "text_wrap": True, "align": "left"})
    bold = {**look.BOXED, "bold": True, "bg_color": look.PALE, "align": "center"}
    sheet.set_row(row, 22)
    sheet.merge_range(row, 0, row, 8, t("scorecard.sum"), book.format(**bold))
    weighted = book.col("scorecard", "weighted")
    book.formula(sheet, row, 9, f'=IF(COUNT({weighted})=0,"",SUM({weighted}))', book.format(**bold, **look.TWO))
    for at in (10, 11):
        sheet.write_blank(row, at, None, book.format(**bold))
    book.formula(sheet, row, 11, f'=IF(N({person(book, "bonus")})=0,"","{t("people.bonus")} "&'
                 f'TEXT({person(book, "bonus")},"+0.##;-0.##"))',
                 book.format(**{**bold, "bold": False, "font_size": 9}))
    levers.write(book, sheet, row + 1, LAST_PRINTED, 40, (5, LAST_PRINTED + 1))
    for down, key in enumerate(("scorecard.comment", "scorecard.next"), 2):
        sheet.set_row(row + down, 40)
        sheet.merge_range(row + down, 0, row + down, 1, t(key), label)
        sheet.merge_range(row + down, 2, row + down, LAST_PRINTED, "", note)
    sheet.set_row(row + 4, 16)
    sheet.set_row(row + 5, 28)
    signatures(book, sheet, row + 5, ((0, 2), (4, 9), (11, 11)), LAST_PRINTED)
