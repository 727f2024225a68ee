"""``xlkpi team``: one scorecard a person and the team summary."""

from __future__ import annotations

from argparse import Namespace

from xlkpi.cli.arguments import UsageError
from xlkpi.cli.books import _date, _input, data_files, finish
from xlkpi.cli.output import table
from xlkpi.cli.progress import progress
from xlkpi.cli.texts import say


def team(options: Namespace) -> int:
    if not options.data:
        raise UsageError(say("need_data"))
    if not options.output:
        raise UsageError(say("need_folder"))
    from xlkpi import teamwork

    with progress() as report:
        run = teamwork.team(data_files(options.data), options.output, by=options.by, goals=options.goals,
                            people=options.people, template=options.template, inputs=dict(map(_input, options.inputs)),
                            on_error=options.on_error, as_of=_date(options.as_of), force=options.force,
                            progress=report)
    if not options.json:
        print(table([[say("person_head"), say("total_head"), say("grade_head"), say("coverage_head"),
                      say("file_head")], *(
            [member.person, _number(member.values["total_score"]), str(member.values["grade"] or ""),
             _percent(member.values["coverage"]), member.file] for member in run.members)], numeric=(1, 3)))
    return finish(run.problems, options, output=str(run.folder), summary=run.summary_file,
                  persons=[{"person": member.person, "file": member.file, "rows": member.rows,
                            **{key: member.values[key] for key in teamwork.RESULTS}} for member in run.members])


def _number(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, (int, float)) else ""


def _percent(value: object) -> str:
    return f"{value:.0%}" if isinstance(value, (int, float)) else ""
