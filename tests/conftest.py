"""What every test needs: an English tongue, and where the shared data lie (if they are there)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hosts.com_standins import Excel, windows

from xlkpi import language

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("XLKPI_SHARED", ROOT.parent / "shared" / "data"))

hypothesis.settings.register_profile("unhurried", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    """Messages are asserted in English unless a test says otherwise, whatever the machine's locale."""
    with language.use("en"):
        yield


@pytest.fixture(scope="module")
def running_excel() -> Iterator[Excel]:
    with windows() as running:
        yield running


@pytest.fixture
def excel(running_excel: Excel) -> Excel:
    """A running Excel with blank sheets, by way of the stand-ins for COM."""
    running_excel.clear()
    return running_excel
