"""Sheet SMART 目标表 / SMART goals: every goal checked letter by letter, with the reason where it fails.

Start and due are days; words about a day (下季度内) fail T and the dates they mean are proposed.
"""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.actuals import unit_label
from xlkpi.templates.sheets.marks import by_unit, status_colours
from xlkpi.templates.wechat_smart.figures import figures

FIRST = 4
ROOM = 10
STOCK = "fans_total"
FLOWS = ("new_followers", "cancelled_followers", "net_followers", "reads", "consultations")
LETTERS = "smart"


def write(book: Book) -> None:
    sheet = book.sheet("sheet.smart", look.AMBER)
    t = book.t
    book.heading(sheet, t("smart.title"), t("smart.hint"))
    book.refresh_button(sheet, 0, 8)
    sheet.write_string(2, 0, t("smart.letters"), book.format(**look.HINT))
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "no": (5, look.CENTER | {"font_color": look.GREY}), "metric": (14, look.LEFT | look.WRAP),
        "owner": (8, look.CENTER), "baseline": (10, look.COUNT), "target": (10, look.COUNT), "unit": (6, look.CENTER),
        "start": (11.5, look.DAY), "due": (11.5, look.DAY), "words": (10, look.CENTER | look.WRAP),
        "evidence": (15, look.LEFT | look.WRAP),
        "resources": (12, look.LEFT | look.WRAP), "parent": (12, look.LEFT | look.WRAP),
        **dict.fromkeys(LETTERS, (4.5, look.CENTER | {"bold": True})),
        "verdict": (9, look.CENTER | {"bold": True}), "reason": (42, look.WRAP | {"font_size": 9}),
        "actual": (10, look.COUNT), "completion": (11, look.PERCENT), "status": (9, look.CENTER | {"bold": True})}
    formulas = _formulas(book)
    columns = [Column(code, label, *looks[code], formula=formulas.get(code), input=code != "no")
               for code, label in book.labels("smart_goals")]
    table = book.table(sheet, "smart_goals", FIRST, 0, columns, [[at] for at in range(1, ROOM + 1)], filters=False)
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 60)
    for cells in (table.body("baseline", "target"), table.body("actual")):
        by_unit(book, sheet, table.cell("unit"), cells)
    sheet.data_validation(table.body("metric"), {
        "validate": "list", "source": "=metric_list", "error_type": "warning",
        "error_title": t("check.metric"), "error_message": t("check.smart_metric")})
    first = table.cell("s").replace("$", "")
    for mark, fill, ink in (("✓", look.GREEN_FILL, look.GREEN), ("✗", look.RED_FILL, look.RED),
                            ("?", look.AMBER_FILL, "#8A6100")):
        sheet.conditional_format(table.body("s", "t"), {
            "type": "formula", "criteria": f'={first}="{mark}"', "format": book.format(bg_color=fill, font_color=ink)})
    verdict = table.cell("verdict").replace("$", "")
    for key, fill, ink in (("smart.pass", look.GREEN_FILL, look.GREEN), ("smart.open", look.AMBER_FILL, "#8A6100"),
                           ("smart.fail", look.RED_FILL, look.RED)):
        sheet.conditional_format(table.body("verdict"), {
            "type": "formula", "criteria": f'={verdict}="{t(key)}"',
            "format": book.format(bg_color=fill, font_color=ink)})
    status_colours(book, sheet, table.body("status"), table.cell("status").replace("$", ""))
    for down, key in enumerate(("smart.note1", "smart.note2", "smart.note3")):
        sheet.write_string(table.last + 2 + down, 0, t(key), book.format(**look.HINT))
    sheet.freeze_panes(FIRST + 1, 2)
    sheet.protect("", {"format_rows": True})
    book.print_setup(sheet, (0, 0, table.last + 4, len(columns) - 1), landscape=True, repeat=FIRST)


def _formulas(book: Book) -> dict[str, str]:
    t, lang = book.t, f'"{book.lang}"'

    def this(code: str) -> str:
        return book.this("smart_goals", code)

    metric, listed = this("metric"), book.col("report", "metric")
    history = "no_history"
    for code, figure in figures(book).items():
        if figure.history:
            history = f'IF({metric}="{metrics.find_metric(code).label(book.lang)}",{figure.history},{history})'
    names = [this(name) for name in ("metric", "baseline", "target", "unit", "start", "evidence")]
    names.insert(5, f'IF({this("due")}="",{this("words")},{this("due")})')
    call = f"KPI_SMART({','.join(names)},{history},{lang})"
    relevant = f'AND(r_meaning="{t("r.relevant")}",{this("parent")}="")'

    def letter(at: int) -> str:
        known = f"INDEX({call},{at},2)"
        mark = f'IF({known}&""="","?",IF({known},"✓","✗"))'
        if at == 4:
            mark = f'IF({relevant},"✗",{mark})'
        return f'=IF({metric}="","",{mark})'

    def why(at: int, code: str) -> str:
        said = f"INDEX({call},{at},3)"
        if at == 4:
            said = f'IF({relevant},"{t("r.no_parent")}",{said})'
        return f'IF({this(code)}="✓","","{code.upper()} "&{said}&"{t("stop")} ")'

    marks = book.this("smart_goals", "s", "t")
    found = f"MATCH({metric},{listed},0)"
    current = f"INDEX({book.col('report', 'current')},{found})"
    units = f"INDEX({book.col('report', 'unit')},{found})"
    lowered = metrics.find_metric("cancelled_followers").label(book.lang)
    base = metrics.find_metric(STOCK).label(book.lang)
    flow = "OR(" + ",".join(f'{metric}="{metrics.find_metric(code).label(book.lang)}"' for code in FLOWS) + ")"
    start, due, actual, target = this("start"), this("due"), this("actual"), this("target")
    within = (f"IF(OR(COUNT({start},{due})<2,COUNT(from_date,to_date)<2),FALSE,IF({flow},AND(from_date={start},"
              f"to_date<={due}),AND(to_date>={start},to_date<={due})))")
    opening = f'IF({metric}="{base}",{this("baseline")},"")'
    paced = (f'IF(OR({metric}="{base}",AND({flow},{metric}<>"{lowered}")),IF(COUNT({actual},{target},data_date)<3,"",'
             f'IF(data_date<{due},KPI_PACE({actual},{target},{start},{due},data_date,{opening}),'
             f'{this("completion")})),{this("completion")})')
    return {
        "unit": f'=IF({metric}="","",IFERROR({units},""))',
        **{code: letter(at) for at, code in enumerate(LETTERS, 1)},
        "verdict": f'=IF({metric}="","",IF(COUNTIF({marks},"✗")>0,"{t("smart.fail")}",IF(COUNTIF({marks},"~?")>0,'
                   f'"{t("smart.open")}","{t("smart.pass")}")))',
        "reason": f'=IF({metric}="","",{"&".join(why(at, code) for at, code in enumerate(LETTERS, 1))})',
        "actual": f'=IF({metric}="","",IF({within},IFERROR(IF({current}="","",{current}),""),""))',
        "completion": f'=IF(COUNT({actual},{target})<2,"",KPI_COMPLETION({actual},{target},'
                      f'IF({metric}="{lowered}","down","up"),{opening}))',
        "status": f'=IF({metric}="","",KPI_STATUS({paced},green_line,amber_line,"up",{lang}))',
    }


def write_list(book: Book) -> None:
    """The metrics that the drop-down offers: those of the report."""
    table = book.tables["report"]
    book.define("metric_list", "sheet.report", table.body("metric"))


def unit_of(code: str, lang: str) -> str:
    return unit_label(metrics.find_metric(code).unit, lang)
