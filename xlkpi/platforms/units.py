"""Whether a column of bare rates holds fractions or percentage points: decided by proof, never by size alone.

Proof is a ratio that can be computed from counts of the same rows, or a rate that cannot be over 1.
Without it the column is left empty and the finding says so.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd

from xlkpi.errors import Level, Problem
from xlkpi.platforms.checks import place
from xlkpi.platforms.reader import Import

CLOSE = 0.006  # of a fraction: what two decimals may hide, and a little
APART = 0.02  # rates nearer to 0 than this are near both readings


class UnitOfRateUnknown(Problem):
    level: ClassVar[Level] = "warning"
    zh = "“{column}”没有百分号，文件里也没有可供核对的数据，无法确定 {value} 是小数还是百分数，{count} 个值没有采用"
    en = ("'{column}' has no percent sign and nothing in the file proves whether {value} is a fraction or percentage "
          "points; its {count} values were not taken")


class UnitOfRateProven(Problem):
    level: ClassVar[Level] = "note"
    zh = "“{column}”按{unit}读取：{proof}"
    en = "'{column}' is read as {unit}: {proof}"


def decide(item: Import, code: str, computed: pd.Series[Any] | None = None, formula: str = "",
           most: float | None = None, parts: bool = False) -> None:
    """Turn the column into fractions, or empty it and say why.

    ``computed`` are fractions worked out from the same rows; ``most`` is what the rate cannot exceed;
    ``parts`` says that the rates are the parts of one whole.
    """
    stated = item.frame[code]
    known = stated.dropna()
    if known.empty or (known == 0).all() or code in item.signed:
        return
    places = place(item, code)
    heading = str(places.column)
    points, proof = None, ""
    if computed is not None:
        both = stated.notna() & computed.notna() & (computed.abs() > APART)
        as_fraction = ((stated - computed).abs() <= CLOSE)[both]
        as_points = ((stated / 100 - computed).abs() <= CLOSE)[both]
        if both.any() and as_fraction.all() != as_points.all():
            points, proof = bool(as_points.all()), f"= {formula}"
    if points is None and parts and (abs(known.sum() - 1) <= APART or abs(known.sum() - 100) <= 100 * APART):
        points, proof = bool(known.sum() > 50), f"Σ = {known.sum():.4g}"
    if points is None and most is not None and (known > most).any() and (known <= 100 * most).all():
        points, proof = True, f"{known.max():g} > {most:g}"
    if points is None:
        item.problems.append(UnitOfRateUnknown(places, column=heading, value=f"{known.iloc[0]:g}", count=len(known)))
        item.frame[code] = float("nan")
        return
    if points:
        item.frame[code] = stated.map(lambda value: float(f"{value / 100:.15g}"))
    item.problems.append(UnitOfRateProven(places, column=heading, unit="%" if points else "0–1", proof=proof))


def parts_of_one(item: Import, code: str = "segment_share") -> list[Import]:
    """A table of the parts of one whole; the unit of their shares is proven by their sum."""
    decide(item, code, most=1.0, parts=True)
    return [item]
