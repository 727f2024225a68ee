"""A running Excel to test against: the stand-in of :mod:`hosts.com_standins`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hosts.com_standins import Excel, windows


@pytest.fixture(scope="module")
def running() -> Iterator[Excel]:
    with windows() as excel:
        yield excel


@pytest.fixture
def excel(running: Excel) -> Excel:
    running.clear()
    return running
