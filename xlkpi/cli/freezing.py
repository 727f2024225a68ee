"""``xlkpi freeze`` and ``xlkpi diff``: a period closed, checked and compared."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlkpi.cli.arguments import UsageError
from xlkpi.cli.books import OutputExists, _date, finish
from xlkpi.cli.output import print_json, print_problems
from xlkpi.cli.progress import progress
from xlkpi.cli.texts import say
from xlkpi.errors import Refused, Where

if TYPE_CHECKING:
    from xlkpi.comparing import Change, Diff

CHANGED = 1  # exit code of a check that found something
SHOWN = 20  # changes of one table or sheet that are listed for eyes


def freeze(options: Namespace) -> int:
    if options.check:
        return _check(options)
    if options.original or options.hash:
        raise UsageError(say("check_only"))
    from xlkpi import freezing

    source = Path(options.book)
    target = Path(options.output) if options.output else source.with_name(f"{source.stem}_frozen{source.suffix}")
    if target.exists() and not options.force:
        raise Refused(OutputExists(Where(file=str(target))))
    with progress() as report:
        report("calculating")
        done = freezing.freeze(options.book, target, by=options.by, note=options.note, as_of=_date(options.as_of))
    if not options.json:
        print(say("frozen", formulas=done.formulas, by=done.by or "?", at=done.at))
        print(say("hash", hash=done.hash))
    return finish(done.problems, options, output=str(target), hash=done.hash, at=done.at, by=done.by, note=done.note,
                  versions=done.versions, formulas=done.formulas, sheets=_sheets(done.sheets))


def _check(options: Namespace) -> int:
    from xlkpi import freezing

    done = freezing.check(options.book, original=options.original, expected=options.hash)
    if options.json:
        print_json({"ok": done.intact, "hash": done.hash, "at": done.at, "by": done.by, "note": done.note,
                    "versions": done.versions, "sheets": _sheets(done.sheets),
                    "problems": [problem.as_dict() for problem in done.problems]})
    else:
        print(say("frozen_by", by=done.by or "?", at=done.at, versions=done.versions))
        if done.note:
            print(say("frozen_note", note=done.note))
        print(say("hash", hash=done.hash))
        print_problems(done.problems, refused=False)
        print(say("intact" if done.intact else "broken"))
    return 0 if done.intact else CHANGED


def _sheets(hashes: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in hashes.items() if name}


def diff(options: Namespace) -> int:
    from xlkpi import comparing

    found = comparing.diff(options.old, options.new)
    if options.json:
        print_json({"ok": True, **found.as_dict(), "problems": [problem.as_dict() for problem in found.problems]})
        return 0
    print_problems(found.problems, refused=False)
    for line in lines(found):
        print(line)
    return 0


def lines(found: Diff) -> Iterable[str]:
    """What is different, in words: totals and grades, then table by table and sheet by sheet."""
    if found.same and not found.results:
        yield say("same")
        return
    if found.results:
        yield say("diff_results")
        for change in found.results:
            yield "  " + _line(change, result=True)
        yield ""
    places: dict[str, list[Change]] = {}
    for change in found.changes:
        places.setdefault(change.table or change.sheet, []).append(change)
    counts = found.counts()
    for place, changes in places.items():
        count = counts[place]
        yield say("diff_place", place=place, added=count["added"], removed=count["removed"], changed=count["changed"])
        for change in changes[:SHOWN]:
            yield "  " + _line(change)
        if len(changes) > SHOWN:
            yield say("diff_more", count=len(changes) - SHOWN)


def _line(change: Change, result: bool = False) -> str:
    where = " · ".join(_text(part) for part in change.key) or change.name or ""
    place = f"{change.sheet}!{change.cell}" if change.cell else ""
    if change.table and change.column is None and not change.key:
        return f"{say(change.kind)} {say('diff_table')}"
    if change.column is not None and not change.key and change.cell is None:
        return f"{say(change.kind)} {say('diff_column')} {change.column}"
    if change.table and change.column is None:
        row = change.new if change.kind == "added" else change.old
        said = ", ".join(f"{name}={_text(value)}" for name, value in list((row or {}).items())[:8])
        return f"{say(change.kind)} {say('diff_row')} {where} ({place}): {said}"
    if change.cell is None:
        return f"{say(change.kind)} {say('diff_sheet')}"
    words = [word for word in (change.table if result else "", where, change.column or "") if word]
    label = " · ".join(words)
    old, new = _text(change.old), _text(change.new)
    if old == new:  # apart behind the digits that eyes are given
        old, new = repr(change.old), repr(change.new)
    return f"{f'{label} ({place})' if label else place}: {old} → {new}"


def _text(value: Any) -> str:
    if value is None or value == "":
        return "∅"
    if isinstance(value, float):
        return f"{value:.10g}"
    text = " ".join(str(value).split())
    return text.removesuffix(" 00:00:00") if hasattr(value, "hour") else text
