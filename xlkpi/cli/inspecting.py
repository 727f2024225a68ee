"""``xlkpi inspect``: what a data file is, what was read and what is odd about it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlkpi import language
from xlkpi.cli.arguments import UsageError
from xlkpi.cli.output import print_json, print_problems
from xlkpi.cli.progress import progress
from xlkpi.cli.texts import say

if TYPE_CHECKING:
    from xlkpi.platforms.mapping import Declared
    from xlkpi.platforms.report import FileReport, TableReport

LISTED = 10


def inspect(options: Namespace) -> int:
    """Exit code 0: every file can be used as it is; 1: something is unknown or has errors."""
    from xlkpi.platforms import report

    mapping = chosen_mapping(options, options.files)
    with progress() as tell:
        reports = []
        for file in options.files:
            tell("reading", Path(file).name)
            alone = len(options.files) == 1  # then every declared heading must be in it
            reports.append(report.inspect(file, mapping=mapping.columns_given() if mapping and alone else mapping))
    if options.json:
        facts = [one.as_dict() for one in reports]
        print_json(facts[0] if len(facts) == 1 else facts)
    for one in reports if not options.json else ():
        print_report(one)
        print_problems(one.problems, refused=False)
    return 0 if all(one.readable for one in reports) else 1


def chosen_mapping(options: Namespace, files: Sequence[str]) -> Declared | None:
    """What ``--map`` and ``--map-file`` declare together, saved where ``--save-map`` says."""
    from xlkpi.platforms import mapping

    given: dict[str, str] = {}
    if options.map_file:
        given |= mapping.load(options.map_file).columns_given()
    if options.map:
        given |= mapping.parse(options.map).columns_given()
    chosen = mapping.declared(given)
    if options.save_map is not None:
        if not chosen:
            raise UsageError(say("nothing_to_map"))
        target = Path(options.save_map or f"{files[0]}{mapping.SUFFIX}")
        mapping.save(chosen, target)
        if not options.json:
            print(say("map_saved", path=target))
    return chosen or None


def print_report(report: FileReport) -> None:
    print(say("file_line", file=report.file, sha=(report.sha256 or "")[:12], encoding=report.encoding or "-"))
    for table in report.tables:
        print_table(table)
    for stranger in report.unknown:
        print(say("unknown_line", sheet=stranger.sheet or "-", headings=_listed(stranger.headings)))
        for near in stranger.nearest:
            print(say("near_line", label=near.label[language.current()], known=len(near.known),
                      lacking=_listed(near.lacking) or "-"))
        print(say("map_hint"))
    if report.mapping_file:
        print(say("map_offered", path=report.mapping_file))


def print_table(table: TableReport) -> None:
    lang = language.current()
    for line in _lines(table, lang):
        print(f"  {line}")


def _lines(table: TableReport, lang: str) -> Iterable[str]:
    yield say("recognised", label=table.label[lang], layout=table.layout, table=table.table,
              sheet=table.sheet or "-", row=table.header_row)
    yield say("why", headings=_listed(table.why))
    yield say("mapped", count=len(table.columns),
              columns=_listed([f"{heading} → {code}" for heading, code in table.columns.items()], 40))
    if table.left_over:
        yield say("left_over", columns=_listed(table.left_over, 40))
    yield say("rows_line", read=table.rows_read, used=table.rows_used, skipped=len(table.skipped))
    for row, reason in table.skipped[:LISTED]:
        yield "  " + say("skipped_line", row=row, reason=reason)
    if table.first:
        yield say("period", first=table.first, last=table.last)
    if table.missing:
        yield say("missing", columns=_listed([f"{name} {count}" for name, count in table.missing.items()], 40))
    if table.missing_days:
        yield say("missing_days", count=len(table.missing_days), days=_listed(table.missing_days))
    if table.unfinished_day:
        yield say("unfinished", day=table.unfinished_day)
    if table.doubled_rows:
        yield say("doubled", count=table.doubled_rows)
    for total in table.totals:
        yield say("total_agrees" if total.agrees else "total_off", code=total.code, total=f"{total.total:,.12g}",
                  rows=f"{total.rows:,.12g}", rest=f"{total.unreconciled:,.12g}")
    for identity in table.identities:
        yield say("identity_off" if identity.broken else "identity_holds", equation=identity.equation,
                  checked=identity.checked, broken=len(identity.broken))
    if table.not_summable:
        yield say("not_summable", columns=_listed(table.not_summable, 40))
    if table.beyond_range:
        yield say("beyond", count=table.beyond_range)


def _listed(items: Sequence[Any], most: int = LISTED) -> str:
    mark = "、" if language.current() == "zh" else ", "
    return mark.join(map(str, items[:most])) + (" …" if len(items) > most else "")
