"""Weight profiles and roles: which metrics a kind of promotion or a post is assessed by.

The articles leave part of every profile's weight open, and give roles no weights at all. What they
leave open stays open here (:attr:`Profile.rest`): whoever uses a profile fills it or sets it to 0.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from xlkpi.errors import did_you_mean
from xlkpi.metrics.catalogue import DATA, key_of, load
from xlkpi.metrics.problems import CatalogueError

REST = ("其他(自定)", "Other (to be set)")
"""What the open part of a profile is called, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Weights of a kind of promotion by metric code; they never add up to 1."""

    code: str
    zh: str
    en: str
    weights: tuple[tuple[str, float], ...]

    @property
    def rest(self) -> float:
        """The weight that the article leaves open."""
        return round(1 - sum(weight for _, weight in self.weights), 10)

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Role:
    """The metrics that a post is mainly assessed by, without weights."""

    code: str
    zh: str
    en: str
    metrics: tuple[str, ...]

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


def _rows(name: str) -> dict[tuple[str, str, str], list[dict[str, str]]]:
    """The rows of a table by (code, zh, en), every metric of them known to the catalogue."""
    found: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    text = (DATA / f"{name}.csv").read_text(encoding="utf-8-sig")
    for row in csv.DictReader(text.splitlines()):
        if row["metric"] not in load().metrics:
            hint = did_you_mean(row["metric"], list(load().metrics))
            raise CatalogueError(f"{name}.csv: {row['code']} names the unknown metric {row['metric']!r}{hint}")
        found.setdefault((row["code"], row["zh"], row["en"]), []).append(row)
    return found


@lru_cache(maxsize=1)
def profiles() -> tuple[Profile, ...]:
    """The weight profiles, in the order of the article."""
    made = tuple(Profile(*names, tuple((row["metric"], float(row["weight"])) for row in rows))
                 for names, rows in _rows("profiles").items())
    for profile in made:
        if not 0 <= profile.rest < 1:
            raise CatalogueError(f"profiles.csv: the weights of {profile.code} add up to {1 - profile.rest:g}")
    return made


@lru_cache(maxsize=1)
def roles() -> tuple[Role, ...]:
    """The roles, in the order of the articles."""
    return tuple(Role(*names, tuple(row["metric"] for row in rows)) for names, rows in _rows("roles").items())


def find_profile(name: str) -> Profile | None:
    """The profile called ``name`` (code or label in either language), or None."""
    key = key_of(name)
    return next((one for one in profiles() if key in (one.code, key_of(one.zh), key_of(one.en))), None)


def find_role(name: str) -> Role | None:
    """The role called ``name`` (code or label in either language), or None."""
    key = key_of(name)
    return next((one for one in roles() if key in (one.code, key_of(one.zh), key_of(one.en))), None)
