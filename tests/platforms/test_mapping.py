"""Files of no known platform, read by a declared mapping."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from xlkpi import platforms
from xlkpi.errors import Refused
from xlkpi.platforms import mapping

TODAY = date(2026, 5, 10)
OWN = "上线于,作品,看过,好评率,点\n2026-04-01,早餐,12,45.5,3\n2026-04-02,午餐,-,0,1\n".encode()
NAMES = {"published_at": "上线于", "plays": "看过", "completion_rate%": "好评率"}


def test_unknown_headings_are_read_as_declared() -> None:
    got = platforms.read(OWN, name="own.csv", today=TODAY, mapping=NAMES)
    assert (got.table, got.platform) == ("works", "generic")
    assert got.frame["plays"].iloc[0] == 12
    assert got.frame["completion_rate"].tolist() == [0.455, 0]
    assert got.columns["看过"] == "plays"
    assert got.left_over == ["点"]
    assert not got.problems.errors


def test_without_the_mapping_the_file_is_unknown() -> None:
    assert [problem.name for problem in platforms.read(OWN, today=TODAY).problems] == ["UnknownTable"]


def test_codes_by_their_chinese_names() -> None:
    got = platforms.read(OWN, today=TODAY, mapping={"发布时间": "上线于", "播放量": "看过"})
    assert got.frame["plays"].iloc[0] == 12


def test_a_declared_heading_goes_before_what_a_layout_knows() -> None:
    data = "日期,阅读,播放,点赞,喜欢,评论,收藏,分享\n2026-04-01,1,2,3,4,5,6,7\n".encode()
    got = platforms.read(data, today=TODAY, mapping={"hotline_calls": "收藏"})
    assert got.platform == "zhihu"
    assert got.frame["hotline_calls"].tolist() == [6]
    assert "favorites" not in got.frame
    assert [problem.name for problem in got.problems.errors] == ["MissingColumn"]  # and it is said


def test_a_known_name_that_is_mapped_elsewhere_is_not_taken_twice() -> None:
    data = "日期,播放量,真实播放\n2026-04-01,9,5\n".encode()
    got = platforms.read(data, today=TODAY, mapping={"plays": "真实播放"})
    assert [problem.name for problem in got.problems.errors] == ["DoubledColumn"]


def test_a_declared_heading_that_is_not_there() -> None:
    got = platforms.read(OWN, today=TODAY, mapping={**NAMES, "likes": "点赞"})
    (problem,) = got.problems.errors
    assert isinstance(problem, mapping.HeadingNotFound)
    assert problem.facts["heading"] == "点赞"


@pytest.mark.parametrize(("texts", "names"), [
    (["plays"], ["BadMapping"]), (["plays=", "=x"], ["BadMapping", "BadMapping"]), (["plaze=看过"], ["UnknownCode"]),
    (["plays=看过", "likes=看过"], ["HeadingMappedTwice"]),
])
def test_wrong_mappings(texts: list[str], names: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        mapping.parse(texts)
    assert [problem.name for problem in caught.value.problems][:len(names)] == names


def test_a_mapping_is_saved_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "own.csv.map.json"
    made = mapping.declared(NAMES)
    mapping.save(made, path)
    assert mapping.load(path) == made
    assert mapping.beside(tmp_path / "own.csv") == path
    assert mapping.beside(tmp_path / "other.csv") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"columns": 3}', '{"columns": {"plays": 1}}', "\x00"])
def test_what_is_no_mapping_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused):
        mapping.load(path)
    with pytest.raises(Refused):
        mapping.load(tmp_path / "none.json")


def test_the_file_is_readable_by_people(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    mapping.save(mapping.declared(NAMES), path)
    assert json.loads(path.read_text(encoding="utf-8"))["columns"]["completion_rate%"] == "好评率"
