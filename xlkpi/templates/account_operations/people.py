"""Sheet 汇总排名 / Ranking: one row a person, from the dimensions to the total, grade, forced grade and coefficient."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.account_operations.columns import PARTS
from xlkpi.templates.account_operations.model import DIMENSIONS
from xlkpi.templates.account_operations.quantities import bars
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import spellings

FIRST = 3
ROWS = 10
SOURCES = {"p": "quantities", "b": "ratings"}
SHARES = {"p": "performance_share", "b": "behaviour_share"}
WEIGHTS = {"p": "performance", "b": "behaviour"}


def write(book: Book) -> None:
    sheet = book.sheet("sheet.people")
    t = book.t
    book.heading(sheet, t("people.title"), t("people.hint"))
    formulas = _formulas(book)
    grey = {"font_color": look.GREY, "font_size": 8.5, "align": "center"}
    helper = grey | {"num_format": "0.0"}
    two, centre = look.TWO | {"align": "center"}, look.CENTER
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "person": (11, look.LEFT | {"bold": True}), "department": (12, look.LEFT), "position": (10, look.LEFT),
        "manager": (8.5, look.LEFT), "bonus": (6.5, {"num_format": "+0.##;-0.##;0", "align": "center"}),
        "veto": (9, look.LEFT), "rank": (5.5, centre | {"bold": True}), "total": (9, two | {"bold": True}),
        "performance": (9, two), "behaviour": (9, two), "coverage": (8, look.WHOLE_PERCENT | centre),
        "grade": (7.5, centre | {"bold": True}), "forced": (7.5, centre | {"bold": True}),
        "natural_coefficient": (7.5, two), "forced_coefficient": (7.5, two), "coefficient": (7.5, two | {"bold": True}),
        "problem": (9, centre | {"font_color": look.RED, "font_size": 9}),
        **dict.fromkeys(DIMENSIONS, (7, look.CENTER | {"num_format": "0.0", "font_size": 9}))}
    columns = []
    for code, label in book.labels("people"):
        width, shown = looks.get(code, (8, helper))
        wide = 1.0 if book.lang == "zh" or code in ("person", "department", "rank") else 1.25
        wide = 1.45 if wide > 1 and code in DIMENSIONS else wide
        columns.append(Column(code, label, width * wide, shown, formula=formulas.get(code)))
    table = book.table(sheet, "people", FIRST, 0, columns, [[] for _ in range(ROWS)])
    sheet.set_row(FIRST, 42)
    book.define("people_list", "sheet.people", table.body("person"))
    bars(sheet, table.body("total"), 120)
    sheet.conditional_format(table.body("data", "compliance"), {
        "type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num", "min_value": 50,
        "mid_value": 85, "max_value": 110, "min_color": "#F7D9D5", "mid_color": "#FFFFFF", "max_color": "#CFE8D8"})
    differs = f'=AND({table.cell("forced")}<>"",{table.cell("forced")}<>{table.cell("grade")})'
    sheet.conditional_format(table.body("forced"), {"type": "formula", "criteria": differs, "format": book.format(
        bg_color=look.AMBER_FILL, font_color="#8A6100")})
    sheet.conditional_format(table.body("grade"), {
        "type": "formula", "criteria": f'=AND(LEN({table.cell("grade")})>1,{table.cell("total")}<>"")',
        "format": book.format(font_color=look.GREY, font_size=8)})
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_setup(sheet, (table.first, 0, table.last, table.place("compliance")), landscape=True, repeat=FIRST)


def _formulas(book: Book) -> dict[str, str]:
    t, lang = book.t, f'"{book.lang}"'

    def this(code: str, until: str | None = None) -> str:
        return book.this("people", code, until)

    def col(code: str) -> str:
        return book.col("people", code)

    codes = list(DIMENSIONS)
    found: dict[str, str] = {}
    for part in PARTS:
        source = SOURCES[part]
        for number, code in enumerate(codes, 1):
            where = (f"{book.col(source, 'person')},{this('person')},{book.col(source, 'dimension')},"
                     f"INDEX({book.col('dimensions', 'dimension')},{number})")
            known = f"SUMIFS({book.col(source, 'known')},{where})"
            found[f"{part}_{code}"] = (f'=IF({this("person")}="","",IF({known}=0,"",'
                                       f"SUMIFS({book.col(source, 'weighted')},{where})/{known}))")
    for number, code in enumerate(codes, 1):
        weight = {part: f"{SHARES[part]}*INDEX({book.col('dimensions', WEIGHTS[part])},{number})" for part in PARTS}
        above = "+".join(f'IF({this(f"{part}_{code}")}="",0,{this(f"{part}_{code}")}*{weight[part]})' for part in PARTS)
        below = "+".join(f'IF({this(f"{part}_{code}")}="",0,{weight[part]})' for part in PARTS)
        found[code] = f'=IF({below}=0,"",({above})/({below}))'
    for part in PARTS:
        span = this(f"{part}_{codes[0]}", f"{part}_{codes[-1]}")
        found[WEIGHTS[part]] = (f'=IF(OR({this("person")}="",weights_wrong>0,{this("problem")}<>""),"",'
                                f'IF(SUMPRODUCT(({span}<>"")*1)=0,"",'
                                f"KPI_TOTAL({span},{book.col('dimensions', WEIGHTS[part])},\"exclude\",weight_mode)))")
    twice = f'"{t("check.twice")}"'
    rows = "+".join(f"COUNTIFS({book.col(source, 'person')},{this('person')},{book.col(source, 'check')},{twice})"
                    for source in SOURCES.values())
    ranked, forced = this("ranked"), this("forced")
    covered = "+".join(f"SUMIFS({book.col(source, 'effective')},{book.col(source, 'person')},{this('person')})"
                       for source in SOURCES.values())
    broken = "+".join(f'COUNTIFS({book.col("quantities", "person")},{this("person")},'
                      f'{book.col("quantities", "method")},"{word}",{book.col("quantities", "score")},0)'
                      for word in spellings("veto"))
    grades, coefficients = book.col("grades", "grade"), book.col("grades", "coefficient")
    worst = f"INDEX({grades},ROWS({grades}))"
    found |= {
        "problem": f'=IF({this("person")}="","",IF(COUNTIF({col("person")},{this("person")})>1,"{t("check.namesake")}",'
                   f'IF({rows}>0,"{t("check.twice_rows")}","")))',
        "total": f'=IF(AND({this("performance")}="",{this("behaviour")}=""),"",KPI_TOTAL('
                 f'{this("performance", "behaviour")},part_shares,"exclude",weight_mode,'
                 f'{this("bonus")}))',
        "coverage": f'=IF(OR({this("person")}="",SUM({book.col("indicators", "effective")})=0),"",'
                    f"ROUND(({covered})/SUM({book.col('indicators', 'effective')}),6))",
        "vetoes": f'=IF({this("person")}="","",({this("veto")}<>"")+{broken})',
        "grade": f'=IF({this("total")}="","",IF({this("vetoes")}>0,{worst},KPI_GRADE({this("total")},'
                 f'{book.col("grades", "bound")},{grades},{this("coverage")},{lang})))',
        "ranked": f'=IF(AND(ISNUMBER({this("total")}),N({this("vetoes")})=0),IF(COUNTIF({grades},{this("grade")})>0,'
                  f'ROUND({this("total")},2),""),"")',
        "rank": f'=IF({ranked}="","",COUNTIF({col("ranked")},">"&{ranked})+1)',
        "order": f'=IF({ranked}="","",{this("rank")}+COUNTIF(INDEX({col("ranked")},1):{ranked},{ranked})-1)',
        "group": f'=IF({this("person")}="","",IF(group_by="{t("group.department")}",'
                 f'IF({this("department")}="","{t("group.none")}",{this("department")}),"{t("group.all")}"))',
        "forced": f'=IF(OR({ranked}="",quotas_wrong>0),"",INDEX(KPI_DISTRIBUTE({col("ranked")},'
                  f"{book.col('grades', 'quota')},{grades},{col('group')},least_people,{col('performance')}),"
                  f"MATCH({this('person')},{col('person')},0))&\"\")",
        "natural_coefficient": f'=IF(COUNTIF({grades},{this("grade")}&"")=0,"",KPI_COEFFICIENT({this("grade")},'
                               f"{grades},{coefficients}))",
        "forced_coefficient": f'=IF({forced}="","",INDEX({coefficients},MATCH({forced},{grades},0)))',
        "coefficient": f'=IF(AND(coefficient_by="{t("by.forced")}",{forced}<>""),'
                       f"{this('forced_coefficient')},{this('natural_coefficient')})",
    }
    return found
