"""Progress on standard error for work that takes longer than a second."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from xlkpi.cli.texts import say

PATIENCE = 1.0  # seconds


class Progress:
    """Call it at the start of each stage; a stage that is under way after a second is announced."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._timer: threading.Timer | None = None

    def __call__(self, stage: str, what: str = "") -> None:
        self.stop()
        text = say(stage, what=what)
        wait = PATIENCE - (time.monotonic() - self._begun)
        if wait <= 0:
            self._print(text)
            return
        self._timer = threading.Timer(wait, self._print, [text])
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _print(self, text: str) -> None:
        print(f"[{time.monotonic() - self._begun:4.1f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress that falls silent when its work ends, whichever way."""
    report = Progress()
    try:
        yield report
    finally:
        report.stop()
