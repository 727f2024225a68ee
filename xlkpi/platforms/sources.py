"""Whatever was given as a source → grids: a path, bytes, a frame, a database address, a file with a query.

``#`` parts a source from what to ask of it: ``ops.db#SELECT …``, ``sales.parquet#SELECT … FROM data``.
A file whose own name holds ``#`` is found first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from xlkpi.platforms import databases, large
from xlkpi.platforms.files import RawFile, open_raw
from xlkpi.platforms.frames import frame_grid

SQLITE = b"SQLite format 3\0"


def open_source(source: Any, name: str | None = None) -> RawFile:
    """The grids of any source; what stops the reading is among the problems."""
    if isinstance(source, RawFile):  # opened before, and perhaps a part of it
        return source
    if isinstance(source, bytes):
        return open_raw(source, name)
    if databases.is_address(source):
        return databases.open_query(source, name)
    if not isinstance(source, (str, Path)):
        return frame_grid(source, name)
    path, asked = split(source)
    if _begins(path, SQLITE):
        return databases.open_query(f"sqlite:///{path.as_posix()}#{asked}", name or path.name)
    if asked or large.is_parquet(path) or large.is_large_text(path):
        return large.open_large(path, asked, name)
    return open_raw(path, name)


def split(source: str | Path) -> tuple[Path, str]:
    """A path and the query behind it, which is empty unless the part before ``#`` is a file."""
    path = Path(source)
    before, mark, asked = str(source).partition("#")
    if mark and not path.exists() and Path(before).is_file():
        return Path(before), asked
    return path, ""


def label(source: str | os.PathLike[str]) -> str:
    """A source as it is called in messages: a file's name, an address without its password."""
    text = os.fspath(source)
    return databases.label(text) if databases.is_address(text) else split(text)[0].name


def _begins(path: Path, mark: bytes) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(mark)) == mark
    except OSError:
        return False
