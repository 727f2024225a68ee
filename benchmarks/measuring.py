"""``measure`` over 5 million rows beside the query one would write by hand, on polars, DuckDB and pandas.

The figures are asserted equal first; the two are then timed in turn, and the ratios are printed, of the medians
and of the fastest, and of the processor time, which a busy machine disturbs least. By owner there are two races:
against the query that answers for the owners with rows in the period (``absent=False``), and against the one
that lists everybody in the table, as ``measure`` does unless told otherwise.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median as middle
from typing import Any

import numpy as np
import polars as pl
from common import machine

from xlkpi.measure import measure

ROWS = 5_000_000
FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
METRICS = ["plays", "likes", "interaction_rate_video"]


def table(rows: int) -> pl.DataFrame:
    """Daily figures of many accounts."""
    dice = np.random.default_rng(7)
    frame = pl.DataFrame({
        "date": np.datetime64("2026-01-01") + dice.integers(0, 300, rows).astype("timedelta64[D]"),
        "plays": dice.integers(0, 100_000, rows), "likes": dice.integers(0, 5_000, rows),
        "comments": dice.integers(0, 500, rows), "shares": dice.integers(0, 300, rows),
        "owner": dice.choice(["张三", "李四", "王五", "赵六"], rows)})
    return frame.with_columns(pl.col("date").cast(pl.Date))


def by_polars(frame: pl.DataFrame, by: bool) -> dict[Any, list[float]]:
    inside = frame.lazy().filter(pl.col("date").is_between(FIRST, LAST))
    sums = [pl.col("plays").sum(), pl.col("likes").sum(),
            ((pl.col("likes") + pl.col("comments") + pl.col("shares")).sum() / pl.col("plays").sum()).alias("rate")]
    if by:
        return {row[0]: list(row[1:]) for row in inside.group_by("owner").agg(sums).collect().rows()}
    return {None: list(inside.select(sums).collect().row(0))}


def by_duckdb(relation: Any, by: bool) -> dict[Any, list[float]]:
    key, group = ("owner", "group by owner") if by else ("null", "")
    rows = relation.query("works", f"""select {key}, sum(plays), sum(likes),
        sum(likes + comments + shares) / sum(plays) from works
        where date between date '{FIRST}' and date '{LAST}' {group}""").fetchall()
    return {row[0]: [float(value) for value in row[1:]] for row in rows}


def by_pandas(frame: Any, by: bool) -> dict[Any, list[float]]:
    own = frame.loc[(frame["date"] >= str(FIRST)) & (frame["date"] <= str(LAST))]
    own = own.assign(acts=own["likes"] + own["comments"] + own["shares"])[["owner", "plays", "likes", "acts"]]
    if by:
        sums = own.groupby("owner").sum()
        return {name: [row.plays, row.likes, row.acts / row.plays] for name, row in sums.iterrows()}
    sums = own[["plays", "likes", "acts"]].sum()
    return {None: [sums["plays"], sums["likes"], sums["acts"] / sums["plays"]]}


def ours(frame: Any, by: bool, absent: bool = True) -> dict[Any, list[float]]:
    answer = measure({"daily": frame}, METRICS, start=FIRST, end=LAST, by="owner" if by else None, absent=absent)
    found: dict[Any, list[float]] = {}
    for row in answer:
        assert row.value is not None
        found.setdefault(row.group.get("owner"), []).append(row.value)
    return found


def race(name: str, frame: Any, hand: Callable[[Any, bool], dict[Any, list[float]]],
         everyone: Callable[[Any], set[Any]], times: int = 9) -> None:
    def listing(frame: Any, by: bool) -> dict[Any, list[float]]:
        found = hand(frame, by)
        return {name: found[name] for name in everyone(frame)}

    for words, by, absent, peer in (("", False, True, hand), (", by owner in the period", True, False, hand),
                                    (", by owner, everybody", True, True, listing)):
        want, got = peer(frame, by), ours(frame, by, absent)
        assert set(want) == set(got)
        assert all(math.isclose(one, two, rel_tol=1e-12) for key in want
                   for one, two in zip(want[key], got[key], strict=True)), (want, got)
        mine, theirs = in_turn(lambda by=by, absent=absent: ours(frame, by, absent),  # type: ignore[misc]
                               lambda by=by, peer=peer: peer(frame, by), times)  # type: ignore[misc]
        ratios = [middle(mine[0]) / middle(theirs[0]), min(mine[0]) / min(theirs[0]), min(mine[1]) / min(theirs[1])]
        print(f"{name}, {ROWS} rows, three metrics, a quarter{words}, n={times}: xlkpi {middle(mine[0]):.3f} s "
              f"({min(mine[0]):.3f}–{max(mine[0]):.3f}); by hand {middle(theirs[0]):.3f} s "
              f"({min(theirs[0]):.3f}–{max(theirs[0]):.3f}); {ratios[0]:.2f} times, fastest {ratios[1]:.2f}, "
              f"processor time {ratios[2]:.2f}   [goal: 1.5 times]", flush=True)


def in_turn(one: Callable[[], Any], two: Callable[[], Any], times: int) -> list[tuple[list[float], list[float]]]:
    """Wall and processor times of each work, done in turn so that all meet the same machine."""
    spent: list[tuple[list[float], list[float]]] = [([], []), ([], [])]
    for _ in range(times):
        for (wall, processor), work in zip(spent, (one, two), strict=True):
            begun = time.perf_counter(), time.process_time()
            work()
            wall.append(time.perf_counter() - begun[0])
            processor.append(time.process_time() - begun[1])
    return spent


def main() -> None:
    frame = table(ROWS)
    race("polars", frame, by_polars, lambda frame: set(frame["owner"].unique()))
    try:
        import duckdb
    except ImportError:
        print("DuckDB is not installed", file=sys.stderr)
    else:
        connection = duckdb.connect()
        columns = {name: frame[name].to_numpy() for name in ("date", "plays", "likes", "comments", "shares")}
        columns["owner"] = np.array(frame["owner"].to_list(), dtype=object)
        import pandas as pd

        plain = pd.DataFrame(columns)
        connection.register("plain", plain)
        connection.execute("create table works as select date::date as date, plays, likes, comments, shares, owner "
                           "from plain")
        race("DuckDB", connection.table("works"), by_duckdb, lambda works: {
            owner for owner, in works.query("works", "select distinct owner from works").fetchall()})
        race("pandas", plain.assign(date=plain["date"].astype("datetime64[us]")), by_pandas,
             lambda frame: set(frame["owner"].unique()), 3)


if __name__ == "__main__":
    print(machine())
    main()
