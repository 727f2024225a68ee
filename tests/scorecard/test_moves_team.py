"""What moves the grade of a person of a team: the value named brings the next grade in the workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.templates.operations_data import NAMES, some
from xlkpi import jobs, language, samples, templates
from xlkpi.moving import form, moves_of
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
        found, problem = moves_of(book, *form(book))
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
        found, _ = moves_of(book, *form(book))
    assert found is not None
    (gap,) = [move for move in found.rows if move.row.actual is None]
    assert gap.row.label == next(row["指标"] for row in data["quantities"] if row["实际值"] is None)


def test_a_typed_veto_is_said() -> None:
    data, person = some("zh", 2), NAMES["zh"][2]
    data["people"][0]["一票否决事由"] = "泄露客户资料"
    book = filled(data, person)
    with language.use("zh"):
        found, problem = moves_of(book, *form(book))
    assert found is None
    assert problem is not None
    assert "泄露客户资料" in problem.sentence("zh")


def test_the_form_says_it_until_it_shows_something_else() -> None:
    """``xlkpi fill`` writes the sentences of ``show`` and the state they are about; other figures make them void."""
    data, person = some("zh", 2), NAMES["zh"][2]
    inputs = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31), "person": person}
    book = jobs.fill(templates.path("account_operations", "zh"), data=data, inputs=inputs).template
    with language.use("zh"):
        found, _ = moves_of(book, *form(book))
    assert found is not None
    assert book.value("levers") == "\n".join(found.sentences())
    assert book.value("levers_for") == book.value("levers_now")
    assert not book.stale, "its results are those of the data"
    book.fill({}, {"scale_max": 6})
    book.calculate()
    assert book.value("levers_for") != book.value("levers_now")


def test_the_form_of_one_person_says_it_in_the_workbook_s_language(tmp_path: Path) -> None:
    for lang, word in (("zh", "总分"), ("en", "total")):
        *files, goals = samples.write_samples(tmp_path / lang, lang=lang)
        with language.use("en" if lang == "zh" else "zh"):
            book = jobs.fill(templates.path("short_video", lang), data=files, goals=goals).template
        assert str(book.value("levers")).startswith(word)
        assert f"{book.value('total_score'):.2f}" in str(book.value("levers"))
        sentences = [row for row in book.rows("audit_scores") if next(iter(row.values()))]
        form_rows = form(book)[0]
        assert [list(row.values()) for row in sentences] == [
            [list(row.values())[at] for at in (2, 8, 11)] for row in form_rows]
        assert len(sentences) == 14
