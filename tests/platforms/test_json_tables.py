"""JSON answers as grids."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from xlkpi import platforms
from xlkpi.errors import Findings, Where
from xlkpi.platforms.json_tables import grids
from xlkpi.platforms.text import Unreadable

TODAY = date(2026, 5, 10)


def tables(value: Any) -> dict[str | None, list[list[Any]]]:
    return {grid.sheet: grid.rows for grid in grids(json.dumps(value), Where(file="x"), Findings())}


def test_fields_of_objects_are_fields_of_the_record() -> None:
    assert tables({"list": [{"id": 1, "statistics": {"plays": 2, "id": 3}}, {"id": 4, "extra": None}]}) == {
        "list": [["id", "plays", "statistics.id", "extra"], [1, 2, 3, None], [4, None, None, None]]}


def test_records_inside_records_carry_what_names_the_outer_one_and_none_of_its_figures() -> None:
    answer = {"list": [{"ref_date": "d", "msgid": "m", "read_user": 9, "details": [{"plays": 1}, {"plays": 2}]}]}
    assert tables(answer)["list.details"] == [["ref_date", "msgid", "plays"], ["d", "m", 1], ["d", "m", 2]]


def test_an_id_of_19_digits_stays_whole() -> None:
    text = json.dumps([{"aweme_id": 7301234567890123456, "title": "a", "create_time": 1774974600, "liked_count": 1,
                        "comment_count": 2, "share_count": 3, "collected_count": 4}])
    assert platforms.read(text.encode(), today=TODAY).frame["work_id"].tolist() == ["7301234567890123456"]


def test_milliseconds() -> None:
    text = json.dumps([{"aweme_id": "7", "title": "a", "create_time": 1774974600000, "liked_count": 1,
                        "comment_count": 2, "share_count": 3, "collected_count": 4}])
    assert str(platforms.read(text.encode(), today=TODAY).frame["published_at"].iloc[0]) == "2026-04-01 00:30:00"


@pytest.mark.parametrize("text", ['{"list": [{"a": 1, "a": 2}]}', '{"list": [{"a": Infinity}]}', '{"list": [{"a": 1}',
                                  "[" * 100_000, '{"list": []}', "[]", "{}"])
def test_what_cannot_be_trusted_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        grids(text, Where(file="x"), Findings())


@pytest.mark.parametrize("answer", [{"errcode": 40001, "errmsg": "x"}, {"data": {"error_code": "7"}},
                                    [{"list": [{"a": 1}]}, {"errcode": -1, "list": [{"a": 2}]}]])
def test_a_refusal_anywhere_in_the_file_is_no_data(answer: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        tables(answer)
    assert caught.value.problem.name == "RefusedAnswer"


def test_several_answers_in_one_file() -> None:
    days = [{"list": [{"ref_date": f"2026-04-0{day}", "cumulate_user": 500 + day}]} for day in (1, 2, 3)]
    got = platforms.read(json.dumps(days).encode(), today=TODAY)
    assert got.frame["fans_total"].tolist() == [501, 502, 503]


def test_followers_and_their_total_stand_side_by_side() -> None:
    summary = {"list": [{"ref_date": "2026-04-02", "user_source": code, "new_user": 3, "cancel_user": 1}
                        for code in (0, 1)]}
    total = {"list": [{"ref_date": "2026-04-02", "cumulate_user": 104},
                      {"ref_date": "2026-04-01", "cumulate_user": 100}]}
    batch = platforms.collect([json.dumps(answer).encode() for answer in (summary, total)], today=TODAY)
    frame = batch.tables["users"].frame
    assert frame["fans_total"].tolist() == [100, 104]
    assert frame["net_followers"].iloc[1] == 4
    assert not batch.problems.errors


def test_a_missing_part_makes_no_smaller_sum() -> None:
    answer = {"list": [{"ref_date": "2026-04-02", "user_source": 0, "new_user": 3, "cancel_user": 1},
                       {"ref_date": "2026-04-02", "user_source": 1, "new_user": None, "cancel_user": 1}]}
    frame = platforms.read(json.dumps(answer).encode(), today=TODAY).frame
    assert frame["new_followers"].isna().all()
    assert frame["net_followers"].isna().all()
    assert frame["cancelled_followers"].tolist() == [2]
