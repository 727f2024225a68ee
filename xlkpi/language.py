"""The language that messages are said in: ``zh`` or ``en``.

Declared once for the whole package, so that a message never asks for its language: it is the
language of the current context (:func:`use`), else ``XLKPI_LANG``, else the locale's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_current: ContextVar[Lang | None] = ContextVar("xlkpi_lang", default=None)


def from_locale() -> Lang:
    """The language of the environment: Chinese for every ``zh`` locale, English otherwise."""
    for name in ("XLKPI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value:
            return "zh" if value.startswith(("zh", "chinese")) else "en"
    import locale  # not before it is needed: most processes have LANG

    tag = (locale.getlocale()[0] or "").lower()  # Windows has no LANG; it says "Chinese (Simplified)_China"
    return "zh" if tag.startswith(("zh", "chinese")) else "en"


def current() -> Lang:
    """The language in force here."""
    return _current.get() or from_locale()


def check(value: str) -> Lang:
    """``value`` as a language, or ``ValueError``."""
    if value not in LANGS:
        raise ValueError(f"language {value!r} is not one of {', '.join(LANGS)}")
    return value


def choose(value: str) -> None:
    """Make ``value`` the language of this context from here on."""
    _current.set(check(value))


@contextmanager
def use(value: str) -> Iterator[None]:
    """Say messages in ``value`` inside the ``with`` block."""
    token = _current.set(check(value))
    try:
        yield
    finally:
        _current.reset(token)
