"""Queries as sources: SQLite, PostgreSQL on loopback, Parquet and CSV of any size."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import postgres
import pytest

from xlkpi import cli, platforms
from xlkpi.platforms import databases, large, sources

TODAY = date(2026, 5, 10)
ROWS = [("2026-04-01", 5, "7301234567890123456"), ("2026-04-02", None, "7301234567890123457"), ("2026-04-03", 7, "x")]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "ops data.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE stats (day TEXT, plays INTEGER, id TEXT)")
        made.executemany("INSERT INTO stats VALUES (?, ?, ?)", ROWS)
    return path


QUERY = 'SELECT day AS "日期", plays AS "播放量", id AS url FROM stats ORDER BY day'


def numbers(column: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else value for value in column]


@pytest.mark.parametrize("form", ["sqlite:///{path}#{query}", "{path}#{query};"])
def test_sqlite(base: Path, form: str) -> None:
    got = platforms.read(form.format(path=base.as_posix(), query=QUERY), today=TODAY)
    assert not got.problems
    assert (got.table, got.rows_read) == ("daily", 3)
    assert numbers(got.frame["plays"]) == [5, None, 7]
    assert got.frame["url"].iloc[0] == "7301234567890123456"


def test_a_named_table_and_a_query_in_a_file(base: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(base)) as made, made:
        made.execute('CREATE VIEW v AS ' + QUERY)
    assert len(platforms.read(f"sqlite:///{base}#v", today=TODAY).frame) == 3
    asked = tmp_path / "q.sql"
    asked.write_text(QUERY + ";\n", encoding="utf-8")
    assert len(platforms.read(f"sqlite:///{base}#@{asked}", today=TODAY).frame) == 3


@pytest.mark.parametrize(("asked", "name"), [
    ("", "NoQuery"), ("#SELECT nothing", "QueryFailed"), ("#DROP TABLE stats", "QueryFailed"), ("#none", "QueryFailed"),
    ("#INSERT INTO stats VALUES (1, 2, 3)", "QueryFailed"), ("#SELECT 1; DROP TABLE stats", "QueryFailed"),
    ("#@none.sql", "QueryFailed"), ("#SELECT 1 AS a", "UnknownTable"), ("#PRAGMA user_version = 3", "QueryFailed"),
])
def test_what_is_no_answer_is_said_and_nothing_is_written(base: Path, asked: str, name: str) -> None:
    before = base.read_bytes()
    got = platforms.read(f"sqlite:///{base}{asked}", today=TODAY)
    assert [problem.name for problem in got.problems] == [name]
    assert base.read_bytes() == before


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    got = platforms.read(f"sqlite:///{tmp_path}/none.db#SELECT 1")
    assert [problem.name for problem in got.problems] == ["QueryFailed"]
    assert not (tmp_path / "none.db").exists()


def test_too_many_rows(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "MOST_ROWS", 2)
    assert [problem.name for problem in platforms.read(f"sqlite:///{base}#{QUERY}").problems] == ["TooManyRows"]


def test_from_the_command_line(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.xlsx"
    assert cli.main(["fill", "short_video", "--data", f"daily=sqlite:///{base}#{QUERY}", "-o", str(out)]) == 0
    from xlkpi.workbook.fill import Template

    assert [row for row in Template.open(out).rows("daily") if 7 in row.values()]


@pytest.mark.parametrize(("address", "shown"), [
    ("postgresql://ops:pw@host:5/db#SELECT 'pw'", "postgresql://ops:***@host:5/db"),
    ("mysql+pymysql://a:b%40c@h/d#t", "mysql+pymysql://a:***@h/d"), ("postgresql://h/d#t", "postgresql://h/d"),
])
def test_no_password_is_shown(address: str, shown: str) -> None:
    assert databases.label(address) == shown
    assert sources.label(address) == shown


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    (problem,) = platforms.read("postgresql://a:secret@127.0.0.1:1/b#t").problems
    assert (problem.name, problem.facts["extra"]) == ("NeedsExtra", "sql")
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    (problem,) = platforms.read(path).problems
    assert (problem.name, problem.facts["extra"]) == ("NeedsExtra", "big")


# ---------------------------------------------------------------- PostgreSQL

if postgres.wanted():

    @pytest.fixture(scope="module")
    def server() -> Iterator[str]:
        import psycopg

        with postgres.cluster() as address:
            with psycopg.connect(address) as link:
                link.execute("CREATE TABLE stats (day date, plays bigint, seconds numeric(10, 2), at timestamptz, "
                             "work bigint, done boolean)")
                link.execute("INSERT INTO stats VALUES ('2026-04-01', 5, 8.25, '2026-04-01 20:00:00+00', "
                             "7301234567890123456, true), ('2026-04-02', NULL, NULL, NULL, NULL, NULL)")
            yield address

    def test_postgres_values(server: str) -> None:
        got = platforms.read(f"{server}#SELECT day AS 日期, plays AS 播放量, seconds AS 平均播放时长, "
                             "at AS 发布时间, work AS url FROM stats ORDER BY 1", "daily", today=TODAY)
        assert not got.problems.errors
        assert numbers(got.frame["plays"]) == [5, None]
        assert numbers(got.frame["avg_play_seconds"]) == [8.25, None]
        assert got.frame["url"].tolist() == ["7301234567890123456", None]
        assert got.frame["date"].iloc[0] == pd.Timestamp("2026-04-01")

    def test_postgres_times_are_said_in_china(server: str) -> None:
        query = 'SELECT at AS "发布时间", plays AS "播放量" FROM stats WHERE plays = 5'
        got = platforms.read(f"{server}#{query}", today=TODAY)
        assert got.frame["published_at"].tolist() == [pd.Timestamp("2026-04-02 04:00")]

    @pytest.mark.parametrize("query", ["DELETE FROM stats", "DELETE FROM stats RETURNING day", "SELECT nothing",
                                       "CREATE TABLE t (a int)", "SELECT 1; DROP TABLE stats"])
    def test_postgres_writes_nothing_and_says_why(server: str, query: str) -> None:
        import psycopg

        got = platforms.read(f"{server}#{query}", today=TODAY)
        assert [problem.name for problem in got.problems] in (["QueryFailed"], ["UnknownTable"])
        with psycopg.connect(server) as link:
            assert link.execute("SELECT count(*) FROM stats").fetchone() == (2,)

    def test_postgres_refuses_a_wrong_password_without_showing_it(server: str) -> None:
        got = platforms.read(server.replace(postgres.PASSWORD, "wr0ng-one") + "#stats")
        (problem,) = got.problems
        assert problem.name == "QueryFailed"
        assert "wr0ng-one" not in problem.line()
        assert "wr0ng-one" not in str(got.sources)

    def test_postgres_not_listening(server: str) -> None:
        (problem,) = platforms.read("postgresql://ops:x-pw@127.0.0.1:9/postgres#stats").problems
        assert problem.name == "QueryFailed"
        assert "x-pw" not in problem.line()


# ---------------------------------------------------------------- Parquet and large text


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "it's.parquet"
    frame = pl.DataFrame({"日期": [date(2026, 4, 1), date(2026, 4, 2), date(2026, 4, 2)], "播放量": [5, None, 7],
                          "频道": ["a", "a", "b"]})
    frame.write_parquet(path)
    return path


def test_parquet_as_it_is(parquet: Path) -> None:
    got = platforms.read(parquet, today=TODAY)
    assert numbers(got.frame["plays"]) == [5, None, 7]
    assert got.sha256 == hashlib.sha256(parquet.read_bytes()).hexdigest()
    assert [problem.name for problem in got.problems.errors] == ["DoubledDay"]


def test_parquet_summed_up_by_a_query(parquet: Path) -> None:
    query = "SELECT 日期, SUM(播放量) AS 播放量 FROM data GROUP BY 日期 ORDER BY 日期"
    got = platforms.read(f"{parquet}#{query}", today=TODAY)
    assert not got.problems
    assert got.frame["plays"].tolist() == [5, 7]


def test_csv_is_text_until_it_is_cast(tmp_path: Path) -> None:
    path = tmp_path / "clicks.csv"
    path.write_text("day,plays,id\n2026-04-01,1.2万,7301234567890123456\n2026-04-01,3,7301234567890123457\n"
                    "2026-04-02,-,1\n", encoding="utf-8")
    got = platforms.read(f"{path}#SELECT day AS date, plays, id AS url FROM data WHERE day > '2026-04-01'", today=TODAY)
    assert numbers(got.frame["plays"]) == [None]
    (problem,) = platforms.read(f"{path}#SELECT day AS date, SUM(plays) AS plays FROM data GROUP BY day").problems
    assert problem.name == "QueryFailed"
    (problem,) = platforms.read(f"{path}#SELECT day, SUM(plays::BIGINT) AS plays FROM data GROUP BY day").problems
    assert problem.name == "QueryFailed"  # 1.2万 is no number to a database, and it is not passed over
    got = platforms.read(f"{path}#SELECT day AS date, COUNT(*) AS plays FROM data GROUP BY day ORDER BY 1", today=TODAY)
    assert got.frame["plays"].tolist() == [2, 1]


def test_a_query_opens_no_other_file(parquet: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    for query in (f"SELECT * FROM '{other}'", f"COPY data TO '{tmp_path}/out.csv'",
                  "SET enable_external_access = true"):
        assert [problem.name for problem in platforms.read(f"{parquet}#{query}").problems] == ["QueryFailed"]
    assert not (tmp_path / "out.csv").exists()


def test_a_large_csv_is_not_read_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.csv"
    path.write_text("日期,播放量\n" + "".join(f"2026-01-{day:02},{day}\n" for day in range(1, 32)), encoding="utf-8")
    plain = platforms.read(path, today=TODAY)
    monkeypatch.setattr(large, "LARGE", 100)
    monkeypatch.setattr(Path, "read_bytes", None)
    got = platforms.read(path, today=TODAY)
    pd.testing.assert_frame_equal(got.frame, plain.frame)
    assert got.sha256 == plain.sha256
    monkeypatch.setattr(large, "MOST_ROWS", 30)
    assert [problem.facts["count"] for problem in platforms.read(path).problems] == [31]


def test_damaged_parquet(parquet: Path) -> None:
    parquet.write_bytes(parquet.read_bytes()[:60])
    assert [problem.name for problem in platforms.read(parquet).problems] == ["QueryFailed"]


def test_a_name_that_holds_the_mark(tmp_path: Path) -> None:
    path = tmp_path / "a#b.csv"
    path.write_text("日期,播放量\n2026-01-01,1\n", encoding="utf-8")
    assert platforms.read(str(path), today=TODAY).table == "daily"
    assert [problem.name for problem in platforms.read(str(tmp_path / "none.csv#x")).problems] == ["FileNotReadable"]
