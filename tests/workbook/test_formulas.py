"""Formulas as text: spellings of a call, arguments, literals, references."""

from __future__ import annotations

import pytest

from xlkpi.errors import CellError
from xlkpi.workbook.formulas import (
    Area,
    NotLiteral,
    SyntaxFound,
    calls,
    canonical,
    functions,
    literal,
    may_call,
    reference,
    tokens,
    whole,
)

SPELLINGS = [
    "KPI_SCORE", "kpi_score", "_xll.KPI_SCORE", "_xldudf_KPI_SCORE", "_xldudf_XLKPI_KPI_SCORE",
    "_xldudf_MY_NS_KPI_SCORE", "_xldudf_KPI_KPI_SCORE",
    "_xlfn.KPI_SCORE", "_xlfn._xlws.KPI_SCORE", "_xlfn._xll.kpi_Score", "XLKPI.KPI_SCORE", "[1]!KPI_SCORE",
    "'C:\\Users\\o''neil\\xlkpi.xlam'!KPI_SCORE", "xlkpi.xlam!KPI_SCORE", "'[xlkpi 2.xlam]Sheet1'!KPI_SCORE",
]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_every_spelling_is_one_call(spelled: str) -> None:
    formula = f'IF(A1="","",{spelled}(A1, B1)*2)'
    (call,) = calls(formula)
    assert call.name == "KPI_SCORE"
    assert call.args == ("A1", "B1")
    assert formula[call.start:call.end] == f"{spelled}(A1, B1)"


@pytest.mark.parametrize("name", ["SUM", "MY_KPI", "_xlfn.XLOOKUP", "KPI", "SKPI_X"])
def test_other_functions_are_not_kpi_calls(name: str) -> None:
    assert canonical(name) is None
    assert calls(f"{name}(A1)") == ()


@pytest.mark.parametrize(("formula", "args"), [
    ("KPI_X()", ()),
    ("KPI_X(A1,,)", ("A1", "", "")),
    ('KPI_X("a,b)(""",1)', ('"a,b)("""', "1")),
    ("KPI_X({1,2;3,4},5)", ("{1,2;3,4}", "5")),
    ("KPI_X((A1,B1),C1)", ("(A1,B1)", "C1")),
    ("KPI_X(works[[#This Row],[a,b)]],t[x'[y'](])", ("works[[#This Row],[a,b)]]", "t[x'[y'](]")),
    ("KPI_X('it''s, (me)'!A1:B2,SUM(1,2))", ("'it''s, (me)'!A1:B2", "SUM(1,2)")),
    ("KPI_X( A1 , 1.5E-3% )", ("A1", "1.5E-3%")),
    ("KPI_X(#N/A,#DIV/0!)", ("#N/A", "#DIV/0!")),
    ("KPI_X([@实际],[@[目标 值]])", ("[@实际]", "[@[目标 值]]")),
    ("KPI_X(A1\n,B1)", ("A1", "B1")),
])
def test_arguments_are_cut_at_their_own_commas(formula: str, args: tuple[str, ...]) -> None:
    (call,) = calls(formula)
    assert call.args == args
    assert whole(formula, call)
    assert [formula[left:right] for left, right in call.spans] == list(args)


def test_calls_inside_calls_and_beside_them() -> None:
    formula = "KPI_A(KPI_B(1),2)+IFERROR(SUM(KPI_C(KPI_D(KPI_E(3)))),0)"
    first, second = calls(formula)
    assert (first.name, second.name) == ("KPI_A", "KPI_C")
    assert [call.name for call in first.inner] == ["KPI_B"]
    assert second.inner[0].name == "KPI_D"
    assert second.inner[0].inner[0].name == "KPI_E"
    assert [around.name for around in second.within] == ["IFERROR", "SUM"]
    assert not whole(formula, first)


def test_formulas_that_differ_in_digits_keep_their_own_arguments() -> None:
    assert calls("KPI_X(A11,'S1'!B2,3)")[0].args == ("A11", "'S1'!B2", "3")
    assert calls("KPI_X(A99,'S7'!B8,5)")[0].args == ("A99", "'S7'!B8", "5")
    assert calls("KPI_X1(A1)+KPI_X2(A1)")[0].name == "KPI_X1"
    assert calls("KPI_X1(A1)+KPI_X2(A1)")[1].name == "KPI_X2"


def test_a_call_inside_a_text_is_no_call() -> None:
    assert may_call('"KPI_X(1)"')
    assert calls('"KPI_X(1)"&A1') == ()


@pytest.mark.parametrize("formula", ["KPI_X(1", "KPI_X(1))", "KPI_X({1,2)", 'KPI_X("a)', "KPI_X('a)", "KPI_X(1}"])
def test_unreadable_formulas_say_where(formula: str) -> None:
    with pytest.raises(SyntaxFound) as stop:
        calls(formula)
    assert 1 <= stop.value.position <= len(formula) + 1


def test_tokens_lose_nothing() -> None:
    formula = "IF('a b'!$A$1<>\"x\"\"y\",t[[#All],[c]]*{1,2},#REF!)+1.5e3%"
    assert "".join(token.text for token in tokens(formula)) == formula
    assert functions("_xlfn.IFS(A1>SUM (1),\"MAX(\")") == ["_xlfn.IFS", "SUM"]


@pytest.mark.parametrize(("text", "value"), [
    ("1", 1.0), ("-2.5", -2.5), ("12.5%", 0.125), ("1e3", 1000.0), ('"a""b"', 'a"b'), ('""', ""), ("TRUE", True),
    ("false", False), ("#N/A", CellError("#N/A")), ("#DIV/0!", CellError("#DIV/0!")),
    ("{1,2;3,4}", [[1.0, 2.0], [3.0, 4.0]]), ('{-1,"a;b";TRUE,#N/A}', [[-1.0, "a;b"], [True, CellError("#N/A")]]),
])
def test_literals(text: str, value: object) -> None:
    assert literal(text) == value
    assert type(literal(text)) is type(value)


@pytest.mark.parametrize("text", ["A1", "1+1", "", "SUM(1)", "{1,2;3}", "{A1}", "name", "TRUEX", '"a"&"b"'])
def test_what_is_not_a_literal(text: str) -> None:
    with pytest.raises(NotLiteral):
        literal(text)


@pytest.mark.parametrize(("text", "area"), [
    ("A1", Area(None, 1, 1, 1, 1)), ("$B$3", Area(None, 3, 2, 3, 2)), ("B3:A1", Area(None, 1, 1, 3, 2)),
    ("数据!C2", Area("数据", 2, 3, 2, 3)), ("'it''s'!A1:XFD9", Area("it's", 1, 1, 9, 16384)),
    ("A:C", Area(None, 1, 1, 1_048_576, 3)), ("$2:$4", Area(None, 2, 1, 4, 16384)),
])
def test_references(text: str, area: Area) -> None:
    assert reference(text) == area


@pytest.mark.parametrize("text", ["XFE1", "A1048577", "A0", "works", "Sheet1:Sheet3!A1", "[1]Sheet1!A1", "A1#", "A"])
def test_what_is_not_a_plain_reference(text: str) -> None:
    assert reference(text) is None
