"""``xlkpi inspect``: what a data file is, what was read and what is odd about it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlkpi import language
from xlkpi.cli.arguments import UsageError
from xlkpi.cli.output import print_json, print_problems
from xlkpi.cli.progress import progress
from xlkpi.cli.texts import say

if TYPE_CHECKING:
    from xlkpi.platforms.mapping import Declared
    from xlkpi.platforms.report import FileReport


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
    from xlkpi.platforms import facts

    print(say("file_line", file=report.file, sha=(report.sha256 or "")[:12], encoding=report.encoding or "-"))
    for table in report.tables:
        for line in facts.sentences(table):
            print(f"  {line}")
    for stranger in report.unknown:
        print(say("unknown_line", sheet=stranger.sheet or "-", headings=facts.listed(stranger.headings)))
        for near in stranger.nearest:
            print(say("near_line", label=near.label[language.current()], known=len(near.known),
                      lacking=facts.listed(near.lacking) or "-"))
        print(say("map_hint"))
    if report.mapping_file:
        print(say("map_offered", path=report.mapping_file))
