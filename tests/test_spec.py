"""Specs read from code, and what a function must have to be one."""

from __future__ import annotations

import re
from typing import Annotated

import pytest

from xlkpi.errors import ERROR_CODES
from xlkpi.registry import load
from xlkpi.spec import FunctionSpec, SpecError, describe, excel_literal
from xlkpi.terms import UNITS, Actual, Term

SPECS = list(load().values())
every_function = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)


@every_function
def test_names_are_excel_names(spec: FunctionSpec) -> None:
    assert re.fullmatch(r"KPI_[A-Z]+(_[A-Z]+)*", spec.name)


@every_function
def test_documented_in_both_languages(spec: FunctionSpec) -> None:
    assert re.search("[a-z]{3}", spec.summary_en)
    assert not re.search("[\u4e00-\u9fff]", spec.summary_en)
    assert re.search("[\u4e00-\u9fff]", spec.summary_zh)
    for title in ("Errors", "Source"):
        assert spec.section(title), f"{spec.name} has no {title}: paragraph"


@every_function
def test_every_argument_and_result_has_labels_and_help(spec: FunctionSpec) -> None:
    for term in (*(parameter.term for parameter in spec.parameters), spec.returns):
        assert all((term.en, term.zh, term.help_en, term.help_zh))
        assert (term.kind == "choice") == bool(term.choices)
        assert term.unit in ("", *UNITS)


@every_function
def test_optional_parameters_come_last_and_defaults_are_valid(spec: FunctionSpec) -> None:
    optional = [parameter.optional for parameter in spec.parameters]
    assert optional == sorted(optional)
    for parameter in spec.parameters:
        if parameter.term.choices and parameter.optional and parameter.default is not None:
            assert parameter.term.choose(parameter.default, parameter.name) == parameter.default


@every_function
def test_examples_show_a_value_and_are_literal(spec: FunctionSpec) -> None:
    assert any(example.error is None for example in spec.examples), f"{spec.name} has no example with a value"


@every_function
def test_errors_that_are_raised_in_examples_are_documented(spec: FunctionSpec) -> None:
    for example in spec.examples:
        if example.error:
            documented = spec.section("Errors")
            assert example.error in documented or "as KPI_" in documented
    for code in re.findall(r"#[A-Z/0]+[!?]?", spec.section("Errors")):
        assert code in ERROR_CODES


def test_a_choice_word_belongs_to_one_choice() -> None:
    for spec in SPECS:
        for parameter in spec.parameters:
            words = [word for choice in parameter.term.choices
                     for word in {text.casefold() for text in (choice.code, choice.en, choice.zh, *choice.also)}]
            assert len(words) == len(set(words)), f"{spec.name}({parameter.name}) has a double word"


def test_a_parameter_without_term_is_named_at_import() -> None:
    def kpi_roi(cost: float) -> Actual:
        """Return.

        回报。
        """

    with pytest.raises(SpecError, match=r"kpi_roi\(cost\) has no Term"):
        describe(kpi_roi)


def test_a_function_without_chinese_is_refused() -> None:
    def kpi_x(actual: Actual) -> Actual:
        """Return.

        Only English.
        """

    with pytest.raises(SpecError, match="second Chinese"):
        describe(kpi_x)


def test_keyword_only_parameters_are_refused() -> None:
    def kpi_x(*, actual: Annotated[float, Term("a", "甲", "a", "甲")]) -> Actual:
        """Return.

        回报。
        """

    with pytest.raises(SpecError, match="ordinary parameter"):
        describe(kpi_x)


@pytest.mark.parametrize(("value", "text"), [
    (1.5, "1.5"), ("a\"b", '"a""b"'), (True, "TRUE"), (None, '""'), ([1, 2], "{1;2}"), ([[1, 2], [3, 4]], "{1,2;3,4}"),
])
def test_excel_literals(value: object, text: str) -> None:
    assert excel_literal(value) == text
