"""Python's search for reference cycles, put off while a workbook is worked on.

Filling and calculating make many small objects that live until the end; the search would go through all of
them again and again and find nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """No search while the block runs, unless somebody starts one."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
