"""What every test needs: an English tongue, and where the shared data lie (if they are there)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlkpi import language

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("XLKPI_SHARED", ROOT.parent / "shared" / "data"))


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    """Messages are asserted in English unless a test says otherwise, whatever the machine's locale."""
    with language.use("en"):
        yield
