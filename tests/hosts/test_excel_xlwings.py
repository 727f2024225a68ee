"""What xlwings 0.37.8 does by itself, which is why the UDFs are made as they are. Each trap, then our way round it."""

from __future__ import annotations

import io
import sys
import types
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import pytest
from hosts.com_standins import MISSING, Excel, variant

from xlkpi.errors import CellError
from xlkpi.registry import load


def fresh(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function once more, so that xlwings' mark does not stay on the registered one."""
    copy = types.FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    copy.__annotations__ = dict(function.__annotations__)
    return copy


@pytest.fixture
def plain(excel: Excel) -> Iterator[Callable[..., Any]]:
    """Call a function as a UDF made by xlwings' decorator alone."""
    def call(function: Callable[..., Any], *args: Any) -> Any:
        sys.modules["plain"].function = excel.xlwings.func(function)  # type: ignore[attr-defined]
        return excel.raw("function", args, module="plain")

    sys.modules["plain"] = types.ModuleType("plain")
    sys.modules["plain"].__file__ = "plain.py"
    yield call
    del sys.modules["plain"]
    excel.udfs.udf_modules.pop("plain", None)


def test_the_decorator_wants_a_dict_in_the_annotation(excel: Excel) -> None:
    for spec in load().values():
        with pytest.raises(AttributeError, match="items"):
            excel.xlwings.func(fresh(spec.function))
        assert excel.udf(spec.name).__xlfunc__["name"] == spec.name


def test_literals_and_optional_numbers_have_no_converter(plain: Callable[..., Any]) -> None:
    def optional(value: float | None) -> float:
        return value or 0.0

    def choice(value: Literal["up", "down"]) -> str:
        return value

    for function in (optional, choice):
        with pytest.raises(AttributeError, match="reader"):
            plain(function, 1.0)


def test_keyword_only_parameters_are_refused(excel: Excel) -> None:
    def keyword(value: Any, *, method: Any = None) -> Any: ...

    with pytest.raises(Exception, match="does not support UDFs with keyword arguments"):
        excel.xlwings.func(keyword)


def test_blanks_and_errors_both_arrive_as_none(excel: Excel, plain: Callable[..., Any]) -> None:
    got = []
    for given in (None, "", CellError("#N/A")):
        plain(lambda value: got.append(value) or 0.0, given)
    assert got == [None, None, None]
    assert excel.call("KPI_COMPLETION", None, 100) == ""
    assert excel.call("KPI_COMPLETION", "", 100) == ""
    assert excel.call("KPI_COMPLETION", CellError("#N/A"), 100) == CellError("#N/A")


def test_newer_errors_arrive_as_numbers(excel: Excel, plain: Callable[..., Any]) -> None:
    assert plain(lambda value: value, CellError("#SPILL!")) == -2146826243
    assert excel.call("KPI_COMPLETION", CellError("#SPILL!"), 100) == CellError("#SPILL!")


def test_another_name_for_the_function_is_ignored(excel: Excel) -> None:
    function = excel.xlwings.func(name="KPI_ELSE")(lambda value: value)
    assert function.__xlfunc__["name"] == "<lambda>"


def test_errors_end_as_text_or_as_an_exception(excel: Excel, plain: Callable[..., Any]) -> None:
    def fails(value: Any) -> Any:
        raise ValueError("no")

    assert plain(lambda value: "#N/A", 1.0) == "#N/A"
    with pytest.raises(ValueError, match="no"):
        plain(fails, 1.0)
    assert excel.raw("KPI_COMPLETION", [90, 0, *[MISSING] * 3]) == "\ue000#DIV/0!"


def test_currency_arrives_as_decimal_and_rows_of_constants_flat(excel: Excel) -> None:
    assert variant([1, 2, 3]) == (1.0, 2.0, 3.0)
    assert excel.call("KPI_COMPLETION", [1, 2, 3], 2) == [[0.5, 1.0, 1.5]]


def test_options_of_func_are_lost_when_arg_follows(excel: Excel) -> None:
    function = excel.xlwings.func(category="KPI")(fresh(lambda value: value))
    excel.xlwings.arg("value", doc="a number")(function)
    assert function.__xlfunc__["category"] == "xlwings"


@pytest.mark.parametrize("value", ["", 0.5, {"type": "Error", "basicValue": "#N/A"}, ["a", 1], [[1, None], ["", True]]])
def test_raw_hands_on_what_it_gets(excel: Excel, value: Any) -> None:
    """The converter that the Lite adapter names; a blank, an error and text reach us as they came."""
    assert excel.xlwings.conversion.read(None, value, {"convert": "raw"}) == value


def test_what_the_decorators_know(excel: Excel) -> None:
    for spec in load().values():
        facts = excel.udf(spec.name).__xlfunc__
        assert [place["name"] for place in facts["args"]] == [parameter.name for parameter in spec.parameters]
        assert all("optional" in place for place, parameter in zip(facts["args"], spec.parameters, strict=True)
                   if parameter.optional)
        assert facts["category"] == "KPI"
        assert not facts["volatile"]
        for text in (facts["ret"]["doc"], *[place["doc"] for place in facts["args"]]):
            assert 4 < len(text) <= 255
    assert excel.udf("KPI_LAST_ERROR").__xlfunc__["args"][0]["doc"]


def test_xlwings_own_wrappers_can_be_generated(excel: Excel) -> None:
    """``Import Functions`` of the xlwings add-in works too, though nothing needs it."""
    written, book = io.StringIO(), types.SimpleNamespace(Name="a.xlsm")
    excel.udfs.generate_vba_wrapper(excel.module, sys.modules[excel.module], written, book)
    assert written.getvalue().count("Function KPI_") == len(load()) + 1
    assert "Function KPI_COMPLETION(actual, target, Optional direction" in written.getvalue()


def test_annotated_dicts_are_what_it_reads(excel: Excel) -> None:
    def told(value: Annotated[float, {"doc": "a number", "ndim": 2}]) -> Any: ...

    assert excel.xlwings.func(told).__xlfunc__["args"][0]["doc"] == "a number"
