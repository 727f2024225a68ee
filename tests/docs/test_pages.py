"""The reference pages say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from xlkpi.registry import load

DOCS = Path(__file__).resolve().parents[2] / "docs"
spec = importlib.util.spec_from_file_location("docs_make", DOCS / "make.py")
assert spec is not None
assert spec.loader is not None
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)


@pytest.mark.parametrize(("path", "text"), make.pages().items(), ids=lambda item: getattr(item, "name", ""))
def test_page_is_up_to_date(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run `python docs/make.py`"


def test_a_function_has_a_plain_formula_or_a_reason() -> None:
    without = {spec.name for spec in load().values() if not spec.excel}
    assert without == set(make.NO_FORMULA)
