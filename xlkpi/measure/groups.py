"""The groups of a large table, each once: those of the period are known, the others are looked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xlkpi import cells
from xlkpi.measure.tables import is_missing

FIRST_LOOK = 10_000  # rows in which the order of appearance mostly shows

Raw = tuple[Any, ...]
Key = tuple[str | None, ...]


def text_of(raw: Any) -> str | None:
    """A key as :meth:`Table.texts` reads it."""
    return None if is_missing(raw) else cells.as_text(raw)


def keys_of(raws: Iterable[Raw]) -> list[Key]:
    """Keys as texts, each once."""
    return list(dict.fromkeys(tuple(map(text_of, raw)) for raw in raws))


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a small answer."""
    import narwhals as nw

    if isinstance(frame, nw.LazyFrame):
        if frame.implementation.is_duckdb():
            relation = frame.to_native()
            return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        frame = frame.collect() if frame.implementation.is_polars() else frame.collect(backend="pandas")
    return list(frame.rows(named=True))


def distinct(frame: Any, headers: list[str]) -> list[Raw]:
    """The distinct values of columns, in order of appearance where the table has an order, else by their texts."""
    import narwhals as nw

    if isinstance(frame, nw.DataFrame):
        return list(frame.select(headers).unique(maintain_order=True).iter_rows())
    return _by_text(tuple(row[header] for header in headers)
                    for row in rows_of(frame.group_by(headers).agg(nw.len().alias("xlkpi rows"))))


def in_order(frame: Any, headers: list[str], known: list[Raw], everyone: bool) -> list[Key]:
    """The known keys in the order of :func:`distinct`; with ``everyone``, all other keys of the table as well."""
    import narwhals as nw

    if not isinstance(frame, nw.DataFrame):
        return keys_of(distinct(frame, headers) if everyone else _by_text(known))
    keys = set(keys_of(known))
    if everyone:
        others = _others(frame, headers, known)
        if others is None:
            return keys_of(distinct(frame, headers))
        keys |= set(keys_of(others))
    size = FIRST_LOOK
    while True:
        seen = [key for key in keys_of(distinct(frame.head(size), headers)) if key in keys]
        if len(seen) == len(keys) or size >= len(frame):
            return seen
        size *= 20


def _others(frame: Any, headers: list[str], known: list[Raw]) -> set[Raw] | None:
    """The keys that are not known; None where the table cannot tell them at a glance.

    polars compares hashes of 64 bits some ten times as fast as it groups texts.
    """
    import narwhals as nw

    if not frame.implementation.is_polars() or len(headers) > 1 or frame.schema[headers[0]] != nw.String:
        return None
    import polars as pl

    texts = pl.col(headers[0])
    hashes = pl.Series([key for key, in known], dtype=pl.String).hash().to_list()
    others = frame.to_native().lazy().select(texts).filter(~texts.hash().is_in(hashes)).unique()
    try:
        return set(others.collect(engine="streaming").rows())
    except (TypeError, ValueError):  # a polars without that engine
        return None


def _by_text(keys: Iterable[Raw]) -> list[Raw]:
    return sorted(keys, key=lambda raw: [(text_of(value) is not None, text_of(value) or "") for value in raw])
