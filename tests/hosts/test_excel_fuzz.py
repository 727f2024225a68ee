"""Anything a cell can hold, in any shape, through xlwings and through the Lite adapter: the same answer as a cell's."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hosts import lite_standin
from hosts.com_standins import Excel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlkpi import cells
from xlkpi.errors import ERROR_CODES, CellError
from xlkpi.registry import load
from xlkpi.spec import FunctionSpec

EXAMPLES = int(os.environ.get("XLKPI_FUZZ", "300"))
WORDS = [choice.also[0] for spec in load().values() for parameter in spec.parameters
         for choice in parameter.term.choices if choice.also]
numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-10**9, 10**9), st.sampled_from(
    [0, 1, -1, 0.1, 90, 100, 120, 46113, -2146826281, 1e308, 5e-324]))
texts = st.one_of(st.text(max_size=6), st.sampled_from(
    [*WORDS, "", " ", "90", "12.5%", "1.2万", "１２", "-", "#N/A", "=1+1", "2026-04-01", "每高5%加1分，最高加8分",
     "0:0; 60:60", "年底", "x" * 32_767]))
days = st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(lambda day: datetime(day.year, day.month, day.day))
one_cell = st.one_of(numbers, texts, st.booleans(), st.none(), days, st.sampled_from(ERROR_CODES).map(CellError),
                     st.decimals(-1000, 1000, places=4))


@st.composite
def arguments(draw: st.DrawFn) -> tuple[FunctionSpec, list[Any]]:
    """A function and arguments that are single cells or blocks of one common size, or not."""
    spec = draw(st.sampled_from(list(load().values())))
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    sizes = st.sampled_from([(1, 1), (height, 1), (1, width), (height, width), (2, 2)])
    args: list[Any] = []
    for _ in range(draw(st.integers(0, len(spec.parameters)))):
        rows, columns = draw(sizes)
        block = [[draw(one_cell) for _ in range(columns)] for _ in range(rows)]
        args.append(block if draw(st.booleans()) or rows * columns > 1 else block[0][0])
    return spec, args


def as_cell(value: Any, dates: bool = True) -> Any:
    """What the functions are to see of it: a currency amount is a number, a number a double."""
    if isinstance(value, list):
        return [[as_cell(one, dates) for one in row] for row in value]
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return float(value)
    return cells.to_serial(value) if isinstance(value, date) and not dates else value


def flat_row(value: Any) -> Any:
    """One row of a calculated array has no second dimension in VBA."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def same(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == right or math.isclose(left, right, rel_tol=1e-12)
    return type(left) is type(right) and bool(left == right)


def shown(value: Any) -> Any:
    """A block of one cell shows as that cell."""
    return value[0][0] if isinstance(value, list) and len(value) == 1 and len(value[0]) == 1 else value


def wanted(spec: FunctionSpec, args: list[Any], dates: bool) -> Any:
    given_args = [as_cell(arg, dates) for arg in args]
    return shown(cells.call(spec, *given_args, *[None] * (len(spec.parameters) - len(args))))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(call=arguments(), as_ranges=st.booleans())
def test_through_xlwings(running_excel: Excel, call: tuple[FunctionSpec, list[Any]], as_ranges: bool) -> None:
    spec, args = call
    sheet = running_excel.sheet
    given_args = [sheet.put(1, 1 + 5 * place, arg) if as_ranges else flat_row(arg) for place, arg in enumerate(args)]
    got, want = running_excel.call(spec.name, *given_args), wanted(spec, args, dates=True)
    assert same(got, want), f"{spec.name}{tuple(args)}: {got!r} is not {want!r}"


@pytest.fixture(scope="module")
def lite() -> Iterator[lite_standin.Lite]:
    with lite_standin.installed() as running:
        yield running


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(call=arguments())
def test_through_the_lite_adapter(lite: lite_standin.Lite, call: tuple[FunctionSpec, list[Any]]) -> None:
    """Dates are serial numbers there, a text that spells an error is made one on the way out, and one error is none
    that Office.js could be given."""
    spec, args = call
    unlike = ("#N/A", CellError("#UNKNOWN!"))
    args = [[["?" if cell in unlike else cell for cell in row] for row in cells.rows_of(arg)] for arg in args]
    args = [shown(arg) for arg in args]
    got, want = lite.call(spec.name, *args), wanted(spec, args, dates=False)
    assert same(got, want), f"{spec.name}{tuple(args)}: {got!r} is not {want!r}"
