"""What moves the grade of a person of a team: the value named brings the next grade in the workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.templates.operations_data import NAMES, some
from xlkpi import language, templates
from xlkpi.cli.moving import moves_of
from xlkpi.cli.showing import scorecard
from xlkpi.workbook.fill import Template

PEOPLE = (2, 5, 7)  # a bonus; a dimension without data; no client among the raters


def filled(data: dict[str, list[dict[str, Any]]], person: str, bound: float | None = None) -> Template:
    book = Template.open(templates.path("account_operations", "zh"))
    grades = book.book.table("grades")
    inputs: dict[str, Any] = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31), "person": person}
    if bound is not None:
        inputs[f"{grades.sheet}!F{grades.first_row}"] = bound
    book.fill(data, inputs)
    book.calculate()
    return book


@pytest.mark.parametrize("place", PEOPLE)
def test_the_value_named_is_the_first_that_brings_the_grade(place: int) -> None:
    data, person = some("zh", place), NAMES["zh"][place]
    total = float(filled(data, person).value("total_score"))
    bound = round(total + 0.4, 2)
    book = filled(data, person, bound)
    with language.use("zh"):
        found, problem = moves_of(book, *scorecard(book))
    assert problem is None
    assert found is not None
    assert found.total == pytest.approx(total)
    assert (found.grade, found.next_grade, found.missing) == ("A", "S", pytest.approx(bound - round(total, 2)))
    assert found.coverage == pytest.approx(book.value("coverage"))
    bonus = 3 if place == 2 else 0
    assert sum(row.contribution or 0 for row in found.rows) + bonus == pytest.approx(total)
    lever = next(move for move in found.levers if move.row.label in {row["指标"] for row in data["quantities"]})
    assert lever.change is not None
    row = next(row for row in data["quantities"] if row["指标"] == lever.row.label)
    for value, grade in ((lever.needed, "S"), (lever.needed - lever.step * (1 if lever.change > 0 else -1), "A")):
        row["实际值"] = value
        assert filled(data, person, bound).value("grade") == grade, (lever.row.label, value)


def test_missing_data_that_could_change_the_grade_are_named() -> None:
    data, person = some("zh", 5), NAMES["zh"][5]
    book = filled(data, person)
    with language.use("zh"):
        found, _ = moves_of(book, *scorecard(book))
    assert found is not None
    (gap,) = [move for move in found.rows if move.row.actual is None]
    assert gap.row.label == next(row["指标"] for row in data["quantities"] if row["实际值"] is None)


def test_a_typed_veto_is_said() -> None:
    data, person = some("zh", 2), NAMES["zh"][2]
    data["people"][0]["一票否决事由"] = "泄露客户资料"
    book = filled(data, person)
    with language.use("zh"):
        found, problem = moves_of(book, *scorecard(book))
    assert found is None
    assert problem is not None
    assert "泄露客户资料" in problem.sentence("zh")
