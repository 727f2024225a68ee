"""The coverage table names every row of the source catalogue, and nothing that is not there."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import SHARED
from test_pages import make

realised = make.realised
ROWS = list(realised.rows())
IDS = Path(__file__).parent / "catalogue_ids.csv"
DOMAIN = SHARED.parent / "domain"


def listed() -> list[tuple[str, str]]:
    with IDS.open(encoding="utf-8", newline="") as file:
        return [(row["section"], row["id"]) for row in csv.DictReader(file)]


def test_every_id_has_one_row() -> None:
    assert Counter((row.section, row.id) for row in ROWS) == Counter(listed())
    assert sum(section == "1.1" for section, _ in listed()) == 104


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.section}-{row.id}")
def test_a_row_is_realised_or_says_why_not(row: object) -> None:
    missing = [name for name in row.by if not realised.exists(name)]  # type: ignore[attr-defined]
    assert not missing, f"{row.id} names {missing}"  # type: ignore[attr-defined]
    told = row.reason_zh and row.reason_en  # type: ignore[attr-defined]
    assert bool(row.by) != bool(told), "either something realises it or both reasons are given"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["function:KPI_NOTHING", "metric:nothing", "table:short_video.nothing",
                                  "cell:nowhere.total_score", "verb:nothing", "dimension:nothing", "nothing:plays"])
def test_what_is_not_there_is_noticed(name: str) -> None:
    assert not realised.exists(name)


@pytest.mark.parametrize("path", [path for path in [DOMAIN / "metrics.csv"] if path.exists()], ids=lambda p: p.name)
def test_the_ids_are_those_of_the_catalogue(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert {row["code"] for row in csv.DictReader(file)} == {name for section, name in listed() if section == "1.1"}


@pytest.mark.parametrize("path", [path for path in [DOMAIN / "catalogue.md"] if path.exists()], ids=lambda p: p.name)
def test_every_code_of_the_sections_is_listed(path: Path) -> None:
    ours = {name for section, name in listed() if section != "1.1"}
    text = path.read_text(encoding="utf-8").split("### 1.2 ")[1].split("### 1.11 ")[0]
    codes = [code for line in text.splitlines() if line.startswith("| `")
             for code in re.findall(r"`([a-z_/]+)`", line.split("|")[1])]
    assert len(codes) > 60
    for code in codes:
        stem, _, rest = code.partition("_")
        for one in [f"{stem}_{piece}" for piece in rest.split("/")] if "/" in code else [code]:
            assert any(name == one or name.startswith(f"{one}_") for name in ours), one
