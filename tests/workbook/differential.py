"""A workbook of awkward data and the formulas that are asked of it, read from ``probes/*.txt``.

A line of a probe file is a formula, or ``formula ⇒ value`` where the value is Excel's and is written by
hand. ``{formula}`` is an array formula (Ctrl+Shift+Enter). A line that starts with ``;`` says why the
values below it are as they are.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table, TableColumn

PROBES = Path(__file__).parent / "probes"
FIRST, COLUMN = 31, 26  # probes stand in Z31 and below, beside nothing

_FUTURE = re.compile(
    r"(?<![\w.\"])(IFS|SWITCH|IFNA|XOR|MAXIFS|MINIFS|TEXTJOIN|CONCAT|ISOWEEKNUM|DAYS|NUMBERVALUE|UNICODE|UNICHAR|BASE|"
    r"DECIMAL|ARABIC|ISFORMULA|FORMULATEXT|SHEETS?|(?:CEILING|FLOOR)\.MATH|(?:PERCENTILE|QUARTILE)\.(?:INC|EXC)|"
    r"PERCENTRANK\.(?:INC|EXC)|RANK\.(?:EQ|AVG)|STDEV\.[SP]|VAR\.[SP]|MODE\.SNGL|COVARIANCE\.[SP]|NORM\.DIST|"
    r"NORM\.S\.INV|FORECAST\.LINEAR|LET|LAMBDA|XLOOKUP|XMATCH|SEQUENCE|UNIQUE|SORTBY|TEXTSPLIT|TEXTBEFORE|TEXTAFTER|"
    r"VSTACK|HSTACK|TAKE|DROP|CHOOSECOLS|CHOOSEROWS|TOCOL|TOROW|WRAPROWS|WRAPCOLS|EXPAND|MAP|REDUCE|BYROW|BYCOL|SCAN|"
    r"MAKEARRAY|ARRAYTOTEXT|VALUETOTEXT|ANCHORARRAY|SINGLE|CEILING\.PRECISE|FLOOR\.PRECISE|CONFIDENCE\.NORM)(?=\()")
_WORKSHEET = re.compile(r"(?<![\w.\"])(FILTER|SORT)(?=\()")


def stored(formula: str) -> str:
    """The formula as a file holds it: younger functions have a prefix."""
    return _WORKSHEET.sub(r"_xlfn._xlws.\1", _FUTURE.sub(r"_xlfn.\1", formula))


@dataclass(frozen=True, slots=True)
class Probe:
    """One formula, and Excel's value for it if that was written down."""

    formula: str
    array: bool
    expected: Any = None
    given: bool = False


def probes(name: str) -> list[Probe]:
    """The probes of one file."""
    found = []
    for line in (PROBES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(";"):
            continue
        text, arrow, value = line.partition(" ⇒ ")
        array = text.startswith("{")
        text = text[1:-1] if array else text
        found.append(Probe(text.replace("⏎", "\n"), array, _constant(value) if arrow else None, bool(arrow)))
    return found


def _constant(text: str) -> Any:
    if text.startswith('"'):
        return text[1:-1].replace("⏎", "\n")
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    return text if text.startswith("#") or text == "refused" else float(text)


_COLUMNS: dict[str, list[Any]] = {
    "A": ["杂项", 12, 7, None, "x", 3.5, 6, -4, "8", 0, 12, True, "张"],
    "B": ["姓名", "张伟", "李娜", "王芳", "张敏", "赵*强", "a?b", "Apple", "apple", None, "~x", "", " 张伟"],
    "C": ["日期", date(2026, 1, 15), date(2026, 2, 1), date(2026, 2, 28), "2026-04-01", None, date(2026, 3, 1),
          date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 30), date(2026, 5, 1)],
    "D": ["得分", 85, 92, 78, 92, 60, 73, 88, 95, 60, 70, 81, 92],
    "E": ["部门", "运营", "人事", "运营", "销售", "人事", "运营", "销售", "运营", "人事", "运营", "销售", "人事"],
    "F": ["错误", 1, "=NA()", 3, "=1/0", 5, 7],
    "G": ["真假", True, False, True, True],
    "H": ["空串", '=""', 5, '=""', 0, None, '="a"'],
    "I": ["下限", 10, 20, 30, 40, 50, 60],
    "J": ["等级", "丁", "丙", "乙", "甲", "优", "特"],
    "L": ["样本", 3, 8, 1, 9, 2, 4, 7, 8, 2, 3, 5, 9],
    "M": ["编号", "110101199001011234", "110101199001015678", "007", 7, "7", "1-2", date(2026, 1, 2), "50%", 0.5,
          "110101199001011234", "1/2", None],
    "N": ["小计", 1, 2, "=SUBTOTAL(9,N2:N3)", 4, "=SUM(N2:N3)"],
    "P": ["假日", date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4)],
    "Q": ["部门", "运营"],
}
_TABLE = [["姓名", "播放量", "点赞", "完播率(%)", "[a] b", "it's", "#号", "换行\n列"],
          ["张伟", 1000, 10, 35.5, 1, 5, 9, 2], ["李娜", 3000, 30, 42, 2, 6, 10, 4],
          ["张敏", 2000, 25, 28.5, 3, 7, 11, 6],
          ["王芳", 500, 5, 51, 4, 8, 12, 8], ["合计", "=SUBTOTAL(109,明细[播放量])"]]


def book(asked: list[Probe]) -> bytes:
    """The workbook with a probe in each of the cells ``S!Z31`` and below."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "S"
    for letter, values in _COLUMNS.items():
        for row, value in enumerate(values, start=1):
            sheet[f"{letter}{row}"].value = value
            if isinstance(value, str) and not value.startswith("="):
                sheet[f"{letter}{row}"].data_type = "s"
    _others(made)
    for row, probe in enumerate(asked, start=FIRST):
        text = "=" + stored(probe.formula)
        place = f"Z{row}"
        sheet[place] = ArrayFormula(place, text) if probe.array else text
    sink = io.BytesIO()
    made.save(sink)
    return sink.getvalue()


def _others(made: openpyxl.Workbook) -> None:
    hidden = made.create_sheet("隐藏")
    for row in range(1, 10):
        hidden.cell(row, 1, row * 10)
    hidden.row_dimensions[3].hidden = hidden.row_dimensions[5].hidden = True
    for name, base in (("一月", 100), ("二月", 200), ("三月", 300)):
        month = made.create_sheet(name)
        for row in range(2, 5):
            month.cell(row, 1, f"{name}{row}")
            month.cell(row, 2, base + row)
    for name, values in (("a b", [1, 2, 3]), ("it's", [4, 5])):
        other = made.create_sheet(name)
        for row, value in enumerate(values, start=1):
            other.cell(row, 1, value)
    table = made.create_sheet("表")
    for line in _TABLE:
        table.append(line)
    own = Table(displayName="明细", ref="A1:H6", totalsRowCount=1)
    own._initialise_columns()
    for column, header in zip(own.tableColumns, _TABLE[0], strict=True):
        assert isinstance(column, TableColumn)
        column.name = str(header).replace("\n", "_x000a_")
    own.tableColumns[1].totalsRowFunction = "sum"
    own.autoFilter = None
    table.add_table(own)
    for name, meaning in (("单价", "S!$D$2"), ("得分", "S!$D$2:$D$13"), ("部门", "S!$E$2:$E$13"), ("税率", "0.06"),
                          ("花名册", "S!$B$2:$D$13"), ("左边", "S!Y1"), ("二倍", "S!$D$2*2")):
        made.defined_names[name] = DefinedName(name, attr_text=meaning)
