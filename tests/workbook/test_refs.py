"""References: fitted to a resized table, shifted like a copied formula, never inside strings or brackets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from xlkpi.workbook.refs import (
    Nature,
    Resize,
    column_letters,
    column_number,
    fit_formula,
    fit_list,
    fit_sqref,
    operands,
    parse_area,
    parse_ref,
    quoted,
    sheet_of,
    shifted,
)

# A1:D10 on “My Sheet”: header in row 1, data in rows 2 to 9, totals in row 10; it grows to row 20.
GROWS = Resize("My Sheet", "works", 1, 4, 2, 9, 20, totals=True)
PLAIN = replace(GROWS, totals=False)
ONE_ROW = Resize("My Sheet", "works", 1, 4, 2, 2, 5, totals=False)


@pytest.mark.parametrize(("formula", "want"), [
    ("SUM(A2:A9)", "SUM(A2:A20)"),
    ("SUM($A$2:$A$9)/COUNT(B$2:B$9)", "SUM($A$2:$A$20)/COUNT(B$2:B$20)"),
    ("SUM(A1:A9)", "SUM(A1:A20)"),  # with the header
    ("SUM(A1:D10)", "SUM(A1:D21)"),  # with header and totals
    ("A10+$B$10+A10:D10", "A21+$B$21+A21:D21"),  # the totals row moves
    ("'My Sheet'!A2:A9", "'My Sheet'!A2:A20"),
    ("'my sheet'!A2:'My Sheet'!A9", "'my sheet'!A2:A20"),
    ('"A2:A9"&A2:A9&"it\'s ""A2:A9"""', '"A2:A9"&A2:A20&"it\'s ""A2:A9"""'),
    ("IF(A2:A9=#N/A,{1,2;3,4},#REF!)", "IF(A2:A20=#N/A,{1,2;3,4},#REF!)"),
    ("_xlfn.XLOOKUP(F1,A2:A9,B2:B9,,0)", "_xlfn.XLOOKUP(F1,A2:A20,B2:B20,,0)"),
    ("LOG10(A10)", "LOG10(A21)"),
    ("-A2:A9%", "-A2:A20%"),
])
def test_follows_the_table(formula: str, want: str) -> None:
    assert fit_formula(formula, GROWS, "My Sheet") == want


@pytest.mark.parametrize("formula", [
    "SUM(A2:A8)", "SUM(A3:A9)", "SUM(A2:A11)", "SUM(A2:E9)", "SUM(A:A)", "SUM(2:9)", "A2", "A9", "$A$9",
    "Sheet1!A2:A9", "'[1]My Sheet'!A2:A9", "[1]Sheet1!A2:A9", "'My Sheet:Other'!A2:A9", "A2:INDEX(A:A,9)",
    "works[[#This Row],[A2:A9]]", "works[a'[A2:A9]+works['[A10]", "My.A2", "ABCD9", "A2.5", "'My Sheet'!name",
])
def test_stays(formula: str) -> None:
    assert fit_formula(formula, GROWS, "My Sheet") == formula


def test_without_prefix_means_the_formulas_own_sheet() -> None:
    assert fit_formula("A2:A9+'My Sheet'!A2:A9", GROWS, "Other") == "A2:A9+'My Sheet'!A2:A20"
    assert fit_formula("A2:A9", GROWS, None) == "A2:A9"


def test_sheet_names_with_apostrophes() -> None:
    resize = replace(GROWS, sheet="R&D's 数据")
    assert fit_formula("SUM('R&D''s 数据'!A2:A9)", resize, "Other") == "SUM('R&D''s 数据'!A2:A20)"
    assert sheet_of(quoted(resize.sheet) + "!") == resize.sheet
    assert (quoted("数据"), quoted("Sheet1"), quoted("A1"), quoted("2024")) == ("数据", "Sheet1", "'A1'", "'2024'")


@pytest.mark.parametrize(("formula", "want"), [
    ("A2", "A2"), ("$A$2", "$A$2"), ("A2:C2", "A2:C2"),  # a cell, or a row, of the one row
    ("A2:A2", "A2:A5"), ("$A$2:$C$2", "$A$2:$C$5"), ("A1:C2", "A1:C5"),
])
def test_one_row_in_formulas(formula: str, want: str) -> None:
    assert fit_formula(formula, ONE_ROW, "My Sheet") == want


@pytest.mark.parametrize("formula", ["SUM(A2:A9)", "SUM(A2:C9)", "SUM($A$2:$C$9)", "SUM(A1:C9)", "SUM(A2:C10)"])
def test_down_to_one_row_and_up_again(formula: str) -> None:
    """A table refilled with one row still knows its references, apart from the $ that keep them known."""
    down = replace(GROWS, new_last_row=2)
    again = fit_formula(fit_formula(formula, down, "My Sheet"), down.back, "My Sheet")
    assert again.replace("$", "") == formula.replace("$", "")


@pytest.mark.parametrize(("sqref", "resize", "want"), [
    ("A2:A9", GROWS, "A2:A20"), ("A2:A9 C2:D9 F2", GROWS, "A2:A20 C2:D20 F2"), ("A10:D10", GROWS, "A21:D21"),
    ("A10:D10", PLAIN, "A10:D10"), ("A2:A100", GROWS, "A2:A100"), ("A5:A9", GROWS, "A5:A9"),
    ("A2", ONE_ROW, "A2:A5"), ("A2:C2", ONE_ROW, "A2:C5"), ("A2:A5", ONE_ROW.back, "A2"), ("A:A", GROWS, "A:A"),
    ("A1:A9", replace(GROWS, header=False), "A1:A9"),
])
def test_lists_of_areas(sqref: str, resize: Resize, want: str) -> None:
    assert fit_sqref(sqref, resize) == want


# The table of GROWS: rows 2 to 9 (and totals in 10), growing to 20, or shrinking to 7 or 4.
@pytest.mark.parametrize(("sqref", "to", "want"), [
    ("A2:A5 A6:A9", 20, "A2:A5 A6:A20"), ("A2:A5 A6:A9", 7, "A2:A5 A6:A7"), ("A2:A5 A6:A9", 4, "A2:A4"),
    ("A6:A9 A2:A5", 20, "A6:A20 A2:A5"), ("A2:A8 A9", 20, "A2:A8 A9:A20"), ("A2:A8 A9", 4, "A2:A4"),
    ("A2 A3:A9", 2, "A2"), ("A1:A5 A6:A9", 20, "A1:A5 A6:A20"), ("A2:A5 A6:A10", 20, "A2:A5 A6:A21"),
    ("A2:A8 A9:A10", 4, "A2:A4 A5"), ("A2:A9 A10", 20, "A2:A20 A21"),
    ("A2:B5 A6:A9 B6:B9", 20, "A2:B5 A6:A20 B6:B20"), ("A2:B5 A6:A9 B6:B9", 5, "A2:B5"),
    ("A2:A5 C2:C9 A6:A9", 4, "A2:A4 C2:C4"), ("A2:A9 C2:C9", 20, "A2:A20 C2:C20"), ("A2:A9 C2:C9", 4, "A2:A4 C2:C4"),
    ("A2:A5 A6:A9 H5 H9", 4, "A2:A4 H5 H9"),  # and cells beside the table
    ("A2:A5 A7:A9", 20, "A2:A5 A7:A9"), ("A2:A6 A6:A9", 20, "A2:A6 A6:A9"),  # a gap, an overlap: no body
    ("A3:A5 A6:A9", 20, "A3:A5 A6:A9"), ("A2:A5 A6:A8", 20, "A2:A5 A6:A8"), ("A2:A5 B6:B9", 20, "A2:A5 B6:B9"),
    ("D2:E5 D6:D9", 20, "D2:E5 D6:D9"), ("A2:B5 A6:A9", 20, "A2:B5 A6:A20"), ("A2:A5 A6:A11", 20, "A2:A5 A6:A11"),
    ("A5", 4, "A5"), ("A2:A5  A6:A9", 4, "A2:A4"),
])
def test_a_body_in_pieces(sqref: str, to: int, want: str) -> None:
    assert fit_sqref(sqref, replace(GROWS, new_last_row=to)) == want


@pytest.mark.parametrize(("text", "to", "want"), [
    ("'My Sheet'!$A$2:$A$5,'My Sheet'!$A$6:$A$9", 20, "'My Sheet'!$A$2:$A$5,'My Sheet'!$A$6:$A$20"),
    ("('My Sheet'!$A$2:$A$5,'My Sheet'!$A$6:$A$9)", 4, "('My Sheet'!$A$2:$A$4)"),
    ("'My Sheet'!$A$2:$A$5,Other!$A$6:$A$9", 20, None), ("'My Sheet'!$A$2:$A$5,'My Sheet'!$A$7:$A$9", 20, None),
    ("'My Sheet'!A2:A5,'My Sheet'!A6:A9", 20, None), ("SUM('My Sheet'!$A$2:$A$5,'My Sheet'!$A$6:$A$9)", 20, None),
    ("'My Sheet'!$A$2:$A$5 'My Sheet'!$A$6:$A$9", 20, None), ("'My Sheet'!$A$1,'My Sheet'!$A$9", 20, None),
    ("Other!$B$1,'My Sheet'!$A$2:$A$8,'My Sheet'!$A$9", 4, "Other!$B$1,'My Sheet'!$A$2:$A$4"),
])
def test_a_list_of_areas_that_is_one_body(text: str, to: int, want: str | None) -> None:
    resize = replace(GROWS, new_last_row=to)
    assert fit_list(text, resize, lambda one: fit_formula(one, resize, None, Nature.ROWWISE)) == (want or text)


def test_cells_of_a_one_row_table_are_no_pieces() -> None:
    text = "'My Sheet'!$A$1,'My Sheet'!$A$2"
    assert fit_list(text, ONE_ROW, lambda one: fit_formula(one, ONE_ROW, None, Nature.ROWWISE)) == text


@pytest.mark.parametrize(("formula", "want"), [
    ("A2/SUM($A$2:$A$9)", "A2/SUM($A$2:$A$20)"),
    ("SUM(A$2:A9)", "SUM(A$2:A9)"),  # a running total that has reached the last row
    ("AVERAGE(A2:A9)", "AVERAGE(A2:A9)"),  # a window of eight rows
    ("SUM(A5:A$9)", "SUM(A5:A$20)"),  # what is left to the end
    ("A9/A$10", "A9/A$21"), ("A10", "A10"),
])
def test_formulas_in_the_rows_of_the_table(formula: str, want: str) -> None:
    assert fit_formula(formula, GROWS, "My Sheet", Nature.ROWWISE, True) == want


COLUMN = st.integers(1, 16_384)
ROW = st.integers(1, 1_048_576)


@given(COLUMN)
def test_columns(number: int) -> None:
    assert column_letters(number) == get_column_letter(number)
    assert column_number(get_column_letter(number)) == number


@st.composite
def areas(draw: st.DrawFn) -> str:
    def corner(col: int, row: int) -> str:
        return f"{draw(st.sampled_from(['', '$']))}{get_column_letter(col)}{draw(st.sampled_from(['', '$']))}{row}"
    cols = sorted((draw(st.integers(1, 6)), draw(st.integers(1, 6))))
    rows = sorted((draw(st.integers(1, 14)), draw(st.integers(1, 14))))
    return f"{corner(cols[0], rows[0])}:{corner(cols[1], rows[1])}" if draw(st.booleans()) else corner(cols[0], rows[0])


@given(areas(), areas())
def test_read_and_printed(first: str, second: str) -> None:
    area = parse_area(first)
    assert area is not None
    assert area.text() == first
    ref = parse_ref("'x y'!" + second)
    assert ref is not None
    assert (ref.text(), ref.sheet) == ("'x y'!" + second, "x y")


@given(st.lists(areas(), min_size=1, max_size=4), st.integers(11, 40), st.booleans(), st.sampled_from(list(Nature)))
def test_growing_and_shrinking_back_changes_nothing(parts: list[str], last: int, totals: bool, nature: Nature) -> None:
    resize = replace(GROWS, new_last_row=last + 5, totals=totals)  # beyond every row the formula names
    formula = "+".join(parts)
    assert fit_formula(fit_formula(formula, resize, "My Sheet", nature), resize.back, "My Sheet", nature) == formula
    sqref = " ".join(parts).replace("$", "")
    assert fit_sqref(fit_sqref(sqref, resize), resize.back) == sqref


@given(areas(), st.integers(-3, 9), st.integers(-2, 5))
def test_shifted_like_openpyxl_translates(area: str, rows: int, columns: int) -> None:
    formula = f'SUM({area},T1[a],"A1",B:$C,1:$2)+Sheet1!{area}'
    start = "J20"
    target = f"{get_column_letter(10 + columns)}{20 + rows}"
    try:
        want = Translator("=" + formula, start).translate_formula(target)
    except Exception:  # openpyxl stops at the edge of the sheet
        assert "#REF!" in shifted(formula, rows, columns)
        return
    assert "=" + shifted(formula, rows, columns) == want


@pytest.mark.parametrize("formula", [
    'IF(A1>=B$2,"x,A1",SUM(数据!C1:C9)*-1.5E+10)&\'My Sheet\'!A1', "works[[#This Row],[播放 量]]/works[[#Totals],[b]]",
    "SUM((A1:B2,C3:D4) B1:B9)%", "{1,2;3,4}", "[1]Sheet1!$A$1+'C:\\[b.xlsx]x'!A1", "TRUE+_xlfn.LET(_xlpm.a,A1,_xlpm.a)",
])
def test_operands_are_those_of_openpyxl(formula: str) -> None:
    want = [token.value for token in Tokenizer("=" + formula).items
            if token.type == Token.OPERAND and token.subtype == Token.RANGE]
    found = [text for _, _, text in operands(formula)]
    assert [text for text in found if text in want] == want
    assert all(text not in formula or parse_ref(text) is None for text in found if text not in want)
