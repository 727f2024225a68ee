"""Databases as sources: ``sqlite:///ops.db#SELECT …``, ``postgresql://user@host/ops#SELECT …``.

A source is an address, ``#`` and what to ask: a query, the name of a table or view, or ``@FILE``
holding a query. SQLite needs nothing but Python; every other address goes through SQLAlchemy (extra
``sql``). Whatever the query says, nothing is written: SQLite files are opened read-only, PostgreSQL
transactions are declared so, and each is rolled back. No message shows a password.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from xlkpi.errors import Problem, Where, reason_of
from xlkpi.platforms.files import RawFile
from xlkpi.platforms.frames import rows_grid
from xlkpi.platforms.text import Unreadable

MOST_ROWS = 1_048_575  # what a sheet holds below its header
PATIENCE = 10  # seconds to wait for a server
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+_]*://")
_NAME = re.compile(r'[^\W\d][\w$]*(\.[^\W\d][\w$]*)*')
_PASSWORD = re.compile(r"(://[^:/@#\s]*):[^@#\s]*@")


class NoQuery(Problem):
    zh = "数据库地址后面要写查询：{address}#SELECT …，或 #表名，或 #@查询文件"
    en = "a database address wants a query behind it: {address}#SELECT …, or #TABLE, or #@QUERYFILE"


class QueryFailed(Problem):
    zh = "查询没有成功：{reason}"
    en = "the query failed: {reason}"


class NeedsExtra(Problem):
    zh = "读取这种来源需要安装：pip install \"xlkpi[{extra}]\"（缺 {module}）"
    en = "reading this wants: pip install \"xlkpi[{extra}]\" ({module} is missing)"


class TooManyRows(Problem):
    zh = "有 {count} 行，超过一张工作表能放的 {most} 行。请在查询里先汇总或筛选（#SELECT … GROUP BY …）"
    en = "{count} rows are more than the {most} a sheet holds; sum up or filter in the query (#SELECT … GROUP BY …)"


def is_address(source: object) -> bool:
    """``scheme://…``, which is no path."""
    return isinstance(source, str) and bool(_ADDRESS.match(source))


def label(source: str) -> str:
    """The source for people: without query and password."""
    return _PASSWORD.sub(r"\1:***@", source.partition("#")[0])


def statement(asked: str, where: Where) -> str:
    """The SQL behind ``#``: as it stands, of a named table, or of a file."""
    asked = asked.strip()
    if asked.startswith("@"):
        try:
            return Path(asked[1:]).read_text(encoding="utf-8-sig").strip().rstrip(";")
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(QueryFailed(where, reason=f"{asked[1:]}: {reason_of(error)}")) from None
    if _NAME.fullmatch(asked):
        return "SELECT * FROM " + ".".join(f'"{part}"' for part in asked.split("."))
    return asked.rstrip(";").rstrip()


def open_query(source: str, name: str | None = None) -> RawFile:
    """The answer of a database as a grid; what stops it is a problem, never an exception."""
    raw = RawFile(name or label(source), kind="frame")
    where = Where(file=raw.file)
    address, _, asked = source.partition("#")
    try:
        if not asked.strip():
            raise Unreadable(NoQuery(where, address=label(source)))
        query = statement(asked, where)
        if address.startswith("sqlite://"):
            raw.grids = [_sqlite(address, query, where)]
        else:
            raw.grids = [_server(address, query, where)]
    except Unreadable as stop:
        raw.problems.append(stop.problem)
    return raw


def _sqlite(address: str, query: str, where: Where) -> Any:
    """``sqlite:///relative.db``, ``sqlite:////absolute.db``, read-only and by the standard library alone."""
    path = Path(unquote(address.removeprefix("sqlite://").removeprefix("/")))
    if not path.is_file():
        raise Unreadable(QueryFailed(where, reason=f"{path}: " + "no such file"))
    uri = f"file:{quote(path.absolute().as_posix())}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE)) as base:
            base.execute("PRAGMA query_only = ON")
            cursor = base.execute(query)
            return _rows([column[0] for column in cursor.description or ()], cursor, where)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Unreadable(QueryFailed(where, reason=str(error))) from None


def _server(address: str, query: str, where: Where) -> Any:
    try:
        import sqlalchemy as sa
    except ImportError:
        raise Unreadable(NeedsExtra(where, extra="sql", module="sqlalchemy")) from None
    try:
        url = sa.make_url(address)
        patient = {}
        if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
            url, patient = url.set(drivername="postgresql+psycopg"), {"connect_timeout": PATIENCE}
        engine = sa.create_engine(url, connect_args=patient)
        with closing(_Disposed(engine)), engine.connect() as link:
            if url.get_backend_name() == "postgresql":
                link = link.execution_options(postgresql_readonly=True)
            answer = link.exec_driver_sql(query)
            if not answer.returns_rows:
                raise Unreadable(QueryFailed(where, reason="no rows come back from this statement"))
            return _rows(list(answer.keys()), answer, where)  # the transaction is never committed
    except ModuleNotFoundError as error:
        raise Unreadable(NeedsExtra(where, extra="sql", module=error.name)) from None
    except sa.exc.SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        raise Unreadable(QueryFailed(where, reason=_masked(said[0], address))) from None


class _Disposed:
    """An engine that :func:`contextlib.closing` can close."""

    def __init__(self, engine: Any) -> None:
        self.close = engine.dispose


def _masked(text: str, address: str) -> str:
    match = _PASSWORD.search(address)
    secret = match[0][len(match[1]) + 1:-1] if match else ""
    for word in {secret, unquote(secret)} - {""}:
        text = text.replace(word, "***")
    return _PASSWORD.sub(r"\1:***@", text)


def _rows(names: list[str], cursor: Any, where: Where) -> Any:
    if not names:
        raise Unreadable(QueryFailed(where, reason="no rows come back from this statement"))
    rows = cursor.fetchmany(MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise Unreadable(TooManyRows(where, count=f">{MOST_ROWS}", most=MOST_ROWS))
    return rows_grid(names, rows)
