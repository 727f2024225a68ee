"""Parquet, and CSV too large for memory, read lazily: only what a query keeps leaves the file.

``sales.parquet`` reads a file as it is; ``clicks.csv#SELECT day, COUNT(*) AS plays FROM data GROUP BY
day`` asks it first, where ``data`` is the file. The columns of a CSV are text until the query casts
them, so that nothing is guessed. DuckDB (extra ``big``) does the work and may open this one file only.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any

from xlkpi.errors import Where, reason_of
from xlkpi.platforms.databases import MOST_ROWS, NeedsExtra, QueryFailed, TooManyRows, statement
from xlkpi.platforms.files import RawFile
from xlkpi.platforms.frames import rows_grid
from xlkpi.platforms.text import Unreadable

PARQUET = b"PAR1"
LARGE = 256 * 1024 * 1024  # bytes of a text file from which it is not read as a whole


def is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) == PARQUET
    except OSError:
        return False


def is_large_text(path: Path) -> bool:
    """A text file that is better not read into memory; workbooks are recognised by their first bytes."""
    try:
        if path.stat().st_size < LARGE:
            return False
        with path.open("rb") as stream:
            return not stream.read(8).startswith((b"PK", bytes.fromhex("d0cf11e0"), b"{", b"[", b"<", b"SQLite"))
    except OSError:
        return False


def open_large(path: Path, asked: str = "", name: str | None = None) -> RawFile:
    """The rows of a Parquet or CSV file, or what a query makes of them; problems, never an exception."""
    raw = RawFile(name or path.name, kind="frame")
    where = Where(file=raw.file)
    try:
        raw.sha256 = _digest(path)
        raw.grids = [_ask(path, statement(asked, where) if asked.strip() else "", where)]
    except OSError as error:
        raw.problems.append(QueryFailed(where, reason=reason_of(error)))
    except Unreadable as stop:
        raw.problems.append(stop.problem)
    return raw


def _ask(path: Path, query: str, where: Where) -> Any:
    try:
        import duckdb
    except ImportError:
        raise Unreadable(NeedsExtra(where, extra="big", module="duckdb")) from None
    reader = "read_parquet($path)" if is_parquet(path) else "read_csv($path, all_varchar = true, header = true)"
    place = str(path.absolute())
    try:
        with closing(duckdb.connect(config={"autoinstall_known_extensions": "false"})) as base:
            base.execute("SET allowed_paths = $paths", {"paths": [place]})
            base.execute("SET enable_external_access = false")
            base.execute("SET lock_configuration = true")
            quoted = "'" + place.replace("'", "''") + "'"
            base.execute(f"CREATE VIEW data AS SELECT * FROM {reader.replace('$path', quoted)}")
            if not query:
                (count,) = base.execute("SELECT COUNT(*) FROM data").fetchone() or (0,)
                if count > MOST_ROWS:
                    raise Unreadable(TooManyRows(where, count=count, most=MOST_ROWS))
            answer = base.execute(query or "SELECT * FROM data")
            names = [column[0] for column in answer.description or ()]
            rows = answer.fetchmany(MOST_ROWS + 1)
            if len(rows) > MOST_ROWS:
                raise Unreadable(TooManyRows(where, count=f">{MOST_ROWS}", most=MOST_ROWS))
            return rows_grid(names, rows)
    except duckdb.Error as error:
        raise Unreadable(QueryFailed(where, reason=str(error).splitlines()[0][:200])) from None


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
