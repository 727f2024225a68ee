"""Every word a template shows, once in each language: one line ``key | 中文 | English`` in ``words/*.txt``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xlkpi.language import LANGS, check

FOLDER = Path(__file__).parent / "words"


@cache
def table() -> dict[str, tuple[str, str]]:
    """All words by key: (Chinese, English)."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = [part.strip(" ").replace("\\n", "\n").replace("\\s", " ") for part in line.split("|")]
            if len(parts) != 3 or not all(parts):
                raise ValueError(f"{path.name} line {number}: want 'key | 中文 | English', got {line!r}")
            if parts[0] in found:
                raise ValueError(f"{path.name} line {number}: {parts[0]} is there twice")
            found[parts[0]] = (parts[1], parts[2])
    return found


class Words:
    """The words of one language by key. A template's own word (``scope.key``) goes before the shared one."""

    def __init__(self, lang: str, scope: str = "") -> None:
        self.lang, self.scope = check(lang), scope
        self._column = LANGS.index(self.lang)

    def __call__(self, key: str) -> str:
        own = table().get(f"{self.scope}.{key}") if self.scope else None
        return (own or table()[key])[self._column]
