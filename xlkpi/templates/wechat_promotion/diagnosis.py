"""Sheet 诊断 / Diagnosis: the article's rules and pair rules over the figures of the period.

Each rule holds one figure against one line: the line typed in here, else the benchmark in use, else
the goal's target. Without a figure or a line a rule says so instead of passing. Rules that the catalogue
knows are judged by KPI_DIAGNOSE, right of the printed page: it gives the verdict, the evidence and the action.
The others look at channels, totals and columns that are no metrics.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xlkpi import metrics
from xlkpi.metrics.diagnosis import rules as catalogued
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets import benchmarks
from xlkpi.templates.wechat_promotion.benchmarks import FINISH, METRICS

FIRST = 3
RECENT = 6  # periods whose totals are typed in
LOOKED = ("low_read", "high_churn", "low_conversion", "low_open", "hollow_growth", "cost", "drop_point",
          "channel_gap", "target_too_high", "goal_missed", "high_cost_project", "fan_change", "report",
          "clickbait", "small_reach")
BY_FUNCTION = {"low_read": "read_rate", "high_churn": "churn_rate", "low_conversion": "conversion_rate",
               "low_open": "open_rate", "hollow_growth": "compound_growth_rate", "cost": "roi",
               "fan_change": "net_followers"}  # the catalogue's rule dx_KEY, and the metric whose line is the rule's
ALSO_JUDGED = ("interaction_rate", "fan_precision", "cpm", "cpc")
ROOM = 10  # findings that are shown


@dataclass(frozen=True)
class Rule:
    """A rule: its figure, its line where none is typed in, the test, the format, and more evidence.

    ``unsure`` is when a pair rule cannot be judged because its second figure or line is missing.
    """

    actual: str
    line: str
    test: str
    shown: str = "0.0%"
    typed: float | None = None
    more: str = ""
    unsure: str = ""


def write(book: Book) -> None:
    sheet = book.sheet("sheet.diagnosis", look.RED)
    t = book.t
    book.heading(sheet, t("diagnosis.title"), t("diagnosis.hint"))
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "no": (5, look.CENTER | {"font_color": look.GREY}), "rule": (17, look.WRAP | {"bold": True}),
        "when": (27, look.WRAP | {"font_size": 9, "font_color": look.GREY}), "own_line": (10, look.COUNT),
        "actual": (11, look.COUNT), "line": (11, look.COUNT), "result": (9, look.CENTER | {"bold": True}),
        "evidence": (44, look.WRAP | {"font_size": 9}), "action": (46, look.WRAP | {"font_size": 9})}
    columns = [Column(code, label, *looks[code], input=code == "own_line")
               for code, label in book.labels("diagnosis")]
    places = {code: chr(65 + at) for at, (code, _) in enumerate(book.labels("diagnosis"))}
    rules = _rules(book, places)
    rows = [_row(book, number, key, rules[key], places) for number, key in enumerate(LOOKED, 1)]
    table = book.table(sheet, "diagnosis", FIRST, 0, columns, rows, filters=False)
    _judged(book, sheet, len(columns) + 1, places)
    for at, key in enumerate(LOOKED):
        row = table.first + at
        sheet.set_row(row, 32 if book.lang == "zh" else 36)
        for code in ("own_line", "actual", "line"):
            base = look.INPUT if code == "own_line" else look.CELL
            cell = book.format(**{**base, "num_format": rules[key].shown})
            value = rows[at][table.place(code)]
            if value is None:
                sheet.write_blank(row, table.place(code), None, cell)
            elif isinstance(value, str):
                book.formula(sheet, row, table.place(code), value, cell)
            else:
                sheet.write_number(row, table.place(code), value, cell)
    first = table.cell("result").replace("$", "")
    for key, fill, ink in (("hit", look.RED_FILL, look.RED), ("fine", look.GREEN_FILL, look.GREEN),
                           ("no_data", look.NONE_FILL, look.GREY), ("no_line", look.NONE_FILL, look.GREY)):
        sheet.conditional_format(table.body("result"), {
            "type": "formula", "criteria": f'={first}="{t(f"result.{key}")}"',
            "format": book.format(bg_color=fill, font_color=ink)})
    below = table.last + 2
    sheet.merge_range(below, 0, below, 2, t("diagnosis.recent"), book.format(**{**look.LABEL, "align": "left"}))
    for at in range(RECENT):
        sheet.write_blank(below, 3 + at, None, book.format(**look.INPUT, num_format="0.0", align="center"))
    book.define("recent_totals", "sheet.diagnosis", f"$D${below + 1}:${chr(67 + RECENT)}${below + 1}")
    for down, key in enumerate(("diagnosis.note1", "diagnosis.note2")):
        sheet.write_string(below + 1 + down, 0, t(key), book.format(**look.HINT))
    sheet.freeze_panes(FIRST + 1, 2)
    sheet.protect()
    book.print_setup(sheet, (0, 0, below + 2, len(columns) - 1), landscape=True, tall=1, repeat=FIRST)


def _judged(book: Book, sheet: Any, left: int, places: dict[str, str]) -> None:
    """What KPI_DIAGNOSE is asked about, and what it answers, right of the printed page."""
    value, line = _figures(book)
    small = {"font_size": 9, "font_color": look.GREY}
    rows: list[list[Any]] = [
        [metrics.find_metric(code).label(book.lang), f"={value(code)}",
         f"=${places['line']}${FIRST + 2 + LOOKED.index(key)}"] for key, code in BY_FUNCTION.items()]
    rows += [[metrics.find_metric(code).label(book.lang), f"={value(code)}", f"={line(code)}"] for code in ALSO_JUDGED]
    number: dict[str, Any] = {"num_format": "#,##0.####", **small}
    for name, widths, lines in (("judged", (22, 11, 11), rows), ("findings", (16, 40, 40), _findings(book))):
        columns = [Column(code, label, width, number if code in ("value", "line") else look.WRAP | small, input=False)
                   for (code, label), width in zip(book.labels(name), widths, strict=True)]
        sheet.write_string(FIRST - 1, left, book.t(f"{name}.title"), book.format(bold=True, font_color=look.ACCENT))
        book.table(sheet, name, FIRST, left, columns, lines, filters=False)
        sheet.set_column(left - 1, left - 1, 3)
        left += len(columns) + 1


def _findings(book: Book) -> list[list[str]]:
    asked = ",".join(book.col("judged", code) for code in ("metric", "value", "line"))
    return [[f'=IFERROR(INDEX(KPI_DIAGNOSE({asked},"wechat","{book.lang}"),{row},{column})&"","")'
             for column in (1, 2, 3)] for row in range(1, ROOM + 1)]


def _row(book: Book, number: int, key: str, rule: Rule, places: dict[str, str]) -> list[Any]:
    t, at = book.t, FIRST + 1 + number
    cell = {code: f"${letter}{at}" for code, letter in places.items()}
    line = f'IF({cell["own_line"]}<>"",{cell["own_line"]},{rule.line})'
    shown = f'"{rule.shown}"'
    test = rule.test.format(a=cell["actual"], l=cell["line"])
    compared = (f'IF({cell["actual"]}<{cell["line"]}," < ",IF({cell["actual"]}>{cell["line"]}," > "," = "))')
    more = f"&{rule.more}" if rule.more else ""
    evidence = (f'=IF({cell["actual"]}="","",TEXT({cell["actual"]},{shown})&IF({cell["line"]}="","",{compared}&'
                f'TEXT({cell["line"]},{shown})){more})')
    name, fine = t(f"dx.{key}"), f'"{t("result.fine")}"'
    hit = f'IF({test},"{t("result.hit")}",{{fine}})'
    if key in BY_FUNCTION:
        known = next(one for one in catalogued() if one.code == f"dx_{key}")
        found = f'MATCH("{known.label(book.lang)}",{book.col("findings", "rule")},0)'
        hit = f'IF(ISNUMBER({found}),"{t("result.hit")}",{{fine}})'
        said = f"INDEX({book.col('findings', 'evidence')},{found})"
        evidence = f'=IFERROR({said}{more if key == "fan_change" else ""},{evidence[1:]})'
        action = f'=IFERROR(INDEX({book.col("findings", "action")},{found}),"{known.action(book.lang)}")'
    else:
        action = t(f"dx.{key}.action")
    if rule.unsure:
        unsure = rule.unsure.format(a=cell["actual"], l=cell["line"])
        fine = f'IF({unsure},"{t("result.no_line")}",{fine})'
    return [number, name, t(f"dx.{key}.when"), rule.typed, f"={rule.actual}", f"={line}",
            f'=IF({cell["actual"]}="","{t("result.no_data")}",IF({cell["line"]}="","{t("result.no_line")}",'
            f"{hit.format(fine=fine)}))", evidence, action]


def _figures(book: Book) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """The formulas for a metric's figure and for its line: the benchmark's, else the goal's target."""

    def value(code: str) -> str:
        """A metric's figure, blank where it has none: a benchmark's, else from the metrics sheet."""
        if code == FINISH:
            found = benchmarks.actual(book, code)
        else:
            found = (f"INDEX({book.col('actuals', 'actual')},MATCH(\"{metrics.find_metric(code).label(book.lang)}\","
                     f"{book.col('actuals', 'metric')},0))")
        return f'IF({found}="","",{found})'

    def goal(code: str) -> str:
        label = metrics.find_metric(code).label(book.lang)
        found = f'INDEX({book.col("scorecard", "target")},MATCH("{label}",{book.col("scorecard", "metric")},0))'
        return f'IFERROR(IF({found}="","",{found}),"")'

    def line(code: str) -> str:
        found = benchmarks.line(book, code)
        known = found if code in METRICS else '""'
        return f'IF({known}="",{goal(code) if code != FINISH else chr(34) * 2},{known})'

    return value, line


def _rules(book: Book, places: dict[str, str]) -> dict[str, Rule]:
    t = book.t
    value, line = _figures(book)

    def less(code: str) -> str:
        return f"AND(ISNUMBER({value(code)}),ISNUMBER({line(code)}),N({value(code)})<N({line(code)}))"

    def unknown(code: str) -> str:
        return f"NOT(AND(ISNUMBER({value(code)}),ISNUMBER({line(code)})))"

    def named(code: str) -> str:
        label = metrics.find_metric(code).label(book.lang)
        return f'IF({less(code)},"{t("sep")}{label} "&TEXT({value(code)},"0.0%")&" < "&TEXT({line(code)},"0.0%"),"")'

    def simple(code: str, sign: str, shown: str = "0.0%") -> Rule:
        return Rule(value(code), line(code), "{a}" + sign + "{l}", shown)

    rate, cost, roi = (book.col("channels", one) for one in ("conversion_rate", "cost", "roi"))
    channel = book.col("channels", "channel")
    top, bottom = (f"INDEX({channel},MATCH({which}({rate}),{rate},0))" for which in ("MAX", "MIN"))
    dearest = f"MATCH(MAX({cost}),{cost},0)"
    status = book.col("scorecard", "status")
    missed = "+".join(f'COUNTIF({status},"{word}")' for word in ("未达标", "Off track"))
    score, metric = book.col("scorecard", "score"), book.col("scorecard", "metric")
    net, day = book.col("users", "net_followers"), book.col("users", "date")
    worst = f"INDEX({day},MATCH(MIN({net}),{net},0))"
    best = f"INDEX({day},MATCH(MAX({net}),{net},0))"
    results = [f"${places['result']}${FIRST + 1 + at}" for at in (1, 12, 14, 15)]
    hits = (f'COUNTIF({results[0]}:{results[1]},"{t("result.hit")}")+'
            f'COUNTIF({results[2]}:{results[3]},"{t("result.hit")}")')
    hollow = f"OR({less('interaction_rate')},{less('read_rate')})"
    return {
        "low_read": simple("read_rate", "<"), "high_churn": simple("churn_rate", ">"),
        "low_conversion": simple("conversion_rate", "<"), "low_open": simple("open_rate", "<"),
        "hollow_growth": Rule(value("compound_growth_rate"), line("compound_growth_rate"),
                              f"AND({{a}}>={{l}},{hollow})",
                              more=f"{named('interaction_rate')}&{named('read_rate')}",
                              unsure=f"AND({{a}}>={{l}},OR({unknown('interaction_rate')},{unknown('read_rate')}))"),
        "cost": simple("roi", "<"), "drop_point": simple(FINISH, "<"),
        "channel_gap": Rule(f'IF(COUNT({rate})<2,"",IF(MIN({rate})<=0,"",MAX({rate})/MIN({rate})))', '""', "{a}>={l}",
                            "0.0", 2, f'IF(COUNT({rate})<2,"","{t("sep")}"&{top}&" "&TEXT(MAX({rate}),"0.0%")&'
                                      f'" / "&{bottom}&" "&TEXT(MIN({rate}),"0.0%"))'),
        "target_too_high": Rule('IF(COUNT(recent_totals)=0,"",IF(MAX(recent_totals)<100,COUNT(recent_totals),0))',
                                '""', "{a}>={l}", "0", 3),
        "goal_missed": Rule(f'IF(COUNT({score})=0,"",{missed})', '""', "{a}>={l}", "0", 1,
                            f'IF(COUNT({score})=0,"","{t("sep")}"&INDEX({metric},MATCH(MIN({score}),{score},0))&" "&'
                            f'TEXT(MIN({score}),"0.0")&"{t("points")}")'),
        "high_cost_project": Rule(f'IF(COUNT({cost})=0,"",INDEX({roi},{dearest}))', '""', "{a}<{l}", "0.0%", 0,
                                  f'IF(COUNT({cost})=0,"","{t("sep")}"&INDEX({channel},{dearest})&" "&'
                                  f'TEXT(MAX({cost}),"#,##0"))'),
        "fan_change": Rule(value("net_followers"), '""', "{a}<{l}", "#,##0", 0,
                           f'IF(COUNT({net})=0,"","{t("sep")}{t("dx.best_day")}"&TEXT({best},"m-d")&" "&'
                           f'TEXT(MAX({net}),"+#,##0;-#,##0")&"{t("sep")}{t("dx.worst_day")}"&TEXT({worst},"m-d")&" "&'
                           f'TEXT(MIN({net}),"+#,##0;-#,##0"))'),
        "report": Rule(f'IF(COUNT(from_date,to_date)<2,"",{hits})', '""', "{a}>={l}", "0", 1),
        "clickbait": Rule(value("open_rate"), line("open_rate"),
                          f"AND({{a}}>={{l}},{less(FINISH)})",
                          unsure=f"AND({{a}}>={{l}},{unknown(FINISH)})"),
        "small_reach": Rule(value("read_rate"), line("read_rate"),
                            f"AND({{a}}<{{l}},ISNUMBER({line('open_rate')}),N({value('open_rate')})>="
                            f"N({line('open_rate')}))",
                            unsure=f"AND({{a}}<{{l}},{unknown('open_rate')})"),
    }
