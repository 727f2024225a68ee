"""``xlkpi show`` and ``xlkpi demo``: a scorecard in the terminal."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from xlkpi import language
from xlkpi.cli.books import finish
from xlkpi.cli.output import print_json, table
from xlkpi.cli.progress import progress
from xlkpi.cli.texts import say
from xlkpi.errors import Problem, Where

SHOWN = 12  # columns of the printed form


class NotCalculated(Problem):
    level = "warning"
    zh = "考核表还没有数据或没有计算过"
    en = "the scorecard holds no data or was never calculated"


def show(options: Namespace) -> int:
    from xlkpi.moving import form, moves_of
    from xlkpi.workbook.fill import Template

    template = Template.open(options.book)
    rows, results = form(template)
    found, problem = moves_of(template, rows, results)
    if options.json:
        print_json({"rows": rows, **results, "moves": found and found.as_dict(),
                    "problems": [problem.as_dict()] if problem else []})
    else:
        print_scorecard(rows, results)
        if found is not None:
            print("\n" + "\n".join(found.sentences()))
        if problem is not None:
            print(problem.line(), file=sys.stderr)
        if not rows:
            print(NotCalculated(Where(file=options.book)).line(), file=sys.stderr)
    return 0


def print_scorecard(rows: list[dict[str, Any]], results: dict[str, Any]) -> None:
    if rows:
        heads = list(rows[0])[:SHOWN]
        percent = {heads[4], heads[7]}
        units = [str(row[heads[3]] or "") for row in rows]
        lines = [[_shown(row[head], head in percent or (unit == "%" and head in heads[5:7])) for head in heads]
                 for row, unit in zip(rows, units, strict=True)]
        print(table([heads, *lines], numeric=(4, 5, 6, 7, 8, 9)))
    labels = {"total_score": ("总分", "total"), "grade": ("等级", "grade"), "coefficient": ("绩效系数", "coefficient"),
              "coverage": ("数据覆盖率", "coverage"), "weight_check": ("", "")}
    column = 0 if language.current() == "zh" else 1
    parts = [f"{labels[name][column]} {_shown(value, name == 'coverage')}".strip() for name, value in results.items()
             if value is not None]
    if parts:
        print("\n" + "  ·  ".join(parts))


def _shown(value: Any, percent: bool = False) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "" if value is None else str(value)
    if percent:
        number = f"{100 * value:.{2 if abs(value) < 0.1 else 1}f}"
        return (number.rstrip("0").rstrip(".") if "." in number else number) + "%"
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def by_hand(book: str, files: list[Path]) -> list[tuple[str, list[dict[str, Any]]]]:
    """What no export holds: plays at equal age and the months of the stage goals, under the workbook's headers."""
    from xlkpi import platforms, samples
    from xlkpi.workbook.fill import Template

    template = Template.open(book)
    works = platforms.collect(files).tables["works"].frame.dropna(subset=["plays"]).head(10)
    heads = [column.name for column in template.book.table("same_age").columns]
    aged = samples.demo_ages([(title, moment.to_pydatetime(), plays) for title, moment, plays in
                              zip(works["title"], works["published_at"], works["plays"], strict=True)])
    inputs = [column.name for column in template.book.table("stage_goals").columns if not column.formula]
    stages = []
    for row, months, second in zip(template.rows("stage_goals"), samples.STAGE_FIGURES, samples.STAGE_SECOND,
                                   strict=True):
        stages.append({**{name: row[name] for name in inputs}, **dict(zip(inputs[7:], months, strict=False)),
                       inputs[-1]: second})
    return [("same_age", [dict(zip(heads, row, strict=False)) for row in aged]), ("stage_goals", stages)]


def demo(options: Namespace) -> int:
    from xlkpi import jobs, samples, templates
    from xlkpi.moving import form

    folder = Path(options.folder)
    with progress() as report:
        lang = language.current()
        *files, goals = samples.write_samples(folder / ("数据" if lang == "zh" else "data"), lang=lang)
        output = folder / ("短视频考核表.xlsx" if lang == "zh" else "short_video_scorecard.xlsx")
        book = str(templates.path("short_video", lang))
        done = jobs.fill(book, output, data=[*files, *by_hand(book, files)], goals=goals,
                         inputs=samples.demo_inputs(lang), progress=report)
    if not options.json:
        rows, results = form(done.template)
        print(say("demo_files", folder=goals.parent))
        print_scorecard(rows, results)
        print()
    return finish(done.problems, options, output=str(output), data=str(goals.parent))
