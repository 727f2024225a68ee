"""A whole team at once: one filled scorecard a person, and the team summary over them.

The rows of the data say whose they are in a column (``by``). Each person gets the workbook that
:func:`xlkpi.jobs.fill` makes of their rows alone; totals and grades are read back from there and never
worked out a second time. All problems of all persons come together, and nothing is written unless
everything can be: the folder is made beside its place and moved there when it is complete.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlkpi import audit, jobs, language, platforms, templates
from xlkpi.errors import CellError, Findings, Problem, Refused, Where, reason_of
from xlkpi.owners import Owned, key_of_name, owned, people_of, safe_name
from xlkpi.platforms import Import, Source
from xlkpi.platforms.problems import FileNotReadable
from xlkpi.workbook.fill import Template

Progress = Callable[..., None]
RESULTS = ("total_score", "grade", "coefficient", "coverage")
SUMMARY = {"zh": "团队总表.xlsx", "en": "team_summary.xlsx"}


class NoTeamData(Problem):
    zh = "没有带负责人列的数据，无法分到个人"
    en = "no data have an owner column, so nothing can be told apart by person"


class NotAttributed(Problem):
    level = "warning"
    zh = "文件没有“{by}”列，分不到个人，未使用"
    en = "the file has no column '{by}' and cannot be told apart by person; it is not used"


class NoGoalsFor(Problem):
    zh = "目标文件按人填写，但没有“{person}”的目标"
    en = "the goals are written by person and there are none for '{person}'"


class SharedActuals(Problem):
    level = "warning"
    zh = "目标文件全队共用，但填写了实际值（{metrics}），会按同样的数计入每个人；请加“{by}”列按人填写"
    en = ("the goals are the same for all and hold actual values ({metrics}), which count alike for everybody; add the "
          "column '{by}' and write them for each person")


class NoDataFor(Problem):
    level = "warning"
    zh = "人员名单中的“{person}”没有任何数据行，未生成考核表"
    en = "'{person}' is among the people and owns no row of the data; there is no scorecard"


class NotAmongPeople(Problem):
    level = "warning"
    zh = "人员名单中没有“{person}”，部门和奖金基数留空"
    en = "'{person}' is not among the people; department and base bonus stay blank"


class OfPerson(Problem):
    """A finding in one person's workbook, under the person's name."""

    zh = "【{person}】{what}"
    en = "[{person}] {what}"

    def __init__(self, person: str, found: Problem) -> None:
        super().__init__(found.where, person=person, what=found.sentence())
        self.level = found.level  # type: ignore[misc]  # as grave as what was found
        self.found = found

    @property
    def name(self) -> str:
        return self.found.name

    def sentence(self, lang: str | None = None) -> str:
        template = self.zh if (lang or language.current()) == "zh" else self.en
        return template.format(person=self.facts["person"], what=self.found.sentence(lang))


class FolderNotEmpty(Problem):
    zh = "文件夹不是空的；换一个，或加 --force 覆盖同名文件"
    en = "the folder is not empty; choose another one, or --force to replace files of the same name"


class CannotWriteFolder(Problem):
    zh = "无法写入：{reason}"
    en = "cannot be written: {reason}"


@dataclass
class Member:
    """One person's scorecard: where it is, and what it says."""

    person: str
    template: Template
    file: str
    values: dict[str, Any] = field(default_factory=dict)
    rows: int = 0


@dataclass
class TeamRun:
    """A team's scorecards and summary; ``folder`` is where they were written (None: nowhere)."""

    members: list[Member]
    summary: Template
    problems: Findings
    folder: Path | None = None
    summary_file: str = ""


def _silent(stage: str, what: str = "") -> None:
    """No progress wanted."""


def team(data: Iterable[Any], output: str | os.PathLike[str] | None = None, *, by: str = "owner", goals: Any = None,
         people: Any = None, template: str | os.PathLike[str] = "short_video",
         inputs: Mapping[str, Any] | None = None, on_error: jobs.OnError = "refuse", as_of: date | None = None,
         force: bool = False, progress: Progress = _silent) -> TeamRun:
    """One scorecard a person and the team summary.

    Args:
        data: paths or data frames; the column ``by`` says whose each row is. A file without it is not used.
        output: folder to write; without it nothing is written.
        by: heading of the owner column; ``owner`` also finds 负责人, 运营 and the like.
        goals: goals file or frame, the same for all or, with a column ``by``, for each person.
        people: file or frame with a column of names and, as known, department, position, manager, base bonus.
        template: template name or workbook that each person's rows go into.
        inputs: values for every workbook, such as ``{"period_start": …, "period_end": …}``.
        on_error: ``"refuse"`` raises :class:`~xlkpi.errors.Refused` with the problems of all persons;
            ``"report"`` writes all the same and lists them on the audit sheets.
        as_of: the day that ``TODAY()`` means.
        force: whether an existing folder may be written into.
    """
    findings = Findings()
    folder = None if output is None else Path(output)
    if folder is not None and folder.exists() and not force and (not folder.is_dir() or any(folder.iterdir())):
        findings.append(FolderNotEmpty(Where(file=str(folder))))
    sources = [owned(source, by, findings) for source in data]
    wanted = None if goals is None else owned(goals, by, findings, "goals")
    known = {} if people is None else people_of(people, findings)
    names = list(dict.fromkeys(name for source in sources for name in source.owners))
    for source in sources:
        progress("reading", source.label)
        if not source.owners and not source.failed:
            findings.append(NotAttributed(Where(file=source.label), by=by))
    if not names:
        findings.append(NoTeamData())
        raise Refused(findings)
    for name in known.keys() - {key_of_name(name) for name in names}:
        findings.append(NoDataFor(person=known[name]["person"]))
    if wanted is not None and not wanted.owners:
        _tell_shared(wanted, by, findings)
    members, told = [], []
    taken = {SUMMARY[language.current()].casefold()}
    book = _book(template)
    for number, name in enumerate(names, 1):
        progress("person", f"{name} ({number}/{len(names)})")
        member, found = _member(name, book, sources, wanted, known, inputs or {}, as_of, taken)
        told.append((name, found))
        if known and key_of_name(name) not in known:
            findings.append(NotAmongPeople(person=name))
        if member is not None:
            members.append(member)
    findings += _together(told)
    if on_error == "refuse":
        findings.refuse()
    progress("summary")
    summary = _summary(members, [*sources, *([wanted] if wanted is not None else [])], known, findings, as_of)
    run = TeamRun(members, summary, findings, None, SUMMARY[language.current()])
    if folder is not None:
        progress("saving", str(folder))
        run.folder = _write(run, folder)
    return run


def _book(template: str | os.PathLike[str]) -> bytes:
    path = Path(template)
    if not path.exists() and isinstance(template, str) and os.sep not in template:
        path = templates.path(template, language.current())
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(FileNotReadable(Where(file=path.name), reason=reason_of(error))) from None


def _tell_shared(goals: Owned, by: str, findings: Findings) -> None:
    """Actual values in goals for everybody would be everybody's: attitude, attendance and the like."""
    for item in goals.all():
        if item.table == "goals" and "actual" in item.frame:
            typed = item.frame.loc[item.frame["actual"].notna(), "metric"]
            if len(typed):
                findings.append(SharedActuals(Where(file=goals.label), by=by, metrics="、".join(map(str, typed[:5]))))


def _member(name: str, book: bytes, sources: list[Owned], wanted: Owned | None, known: Mapping[str, dict[str, Any]],
            inputs: Mapping[str, Any], as_of: date | None, taken: set[str]) -> tuple[Member | None, Findings]:
    """A person's filled workbook and everything found on the way."""
    mine = [item for source in sources for item in source.of(name)]
    target: Any = None
    found = Findings()
    if wanted is not None:
        rows = wanted.of(name) if wanted.owners else wanted.all()
        if not rows:
            found.append(NoGoalsFor(Where(file=wanted.label), person=name))
        merged = platforms.merge(rows)
        found += [problem for item in rows if item.table is None for problem in item.problems]
        target = merged.get("goals")
    facts = {key: value for key, value in known.get(key_of_name(name), {}).items() if value is not None}
    names = {one.name.casefold() for one in Template.open(book).book.defined_names}
    values = {key: value for key, value in ({**facts, "person": name, **inputs}).items()
              if key in inputs or key in names}
    try:
        filled = jobs.fill(book, data=mine, goals=target, inputs=values, on_error="report", as_of=as_of)
    except Refused as refused:
        return None, Findings([*found, *refused.problems])
    found += filled.problems
    file = safe_name(name, taken) + ".xlsx"
    said = {key: _plain(filled.template, key, names) for key in (*RESULTS, "to_date", "period_end", "period_start",
                                                                 "data_date")}
    rows_used = sum(len(item.frame) for item in mine)
    return Member(name, filled.template, file, said, rows_used), found


def _plain(template: Template, name: str, names: set[str]) -> Any:
    """A named result; blank, text in place of a number and error values are none."""
    value = template.value(name) if name in names else None
    return None if isinstance(value, CellError) or value == "" else value


def _together(told: list[tuple[str, Findings]]) -> Findings:
    """What several persons' workbooks say in the same words is said once; the rest under the person's name."""
    lines = Counter(line for _, found in told for line in {problem.line() for problem in found})
    said: set[str] = set()
    answer = Findings()
    for person, found in told:
        for problem in found:
            line = problem.line()
            if lines[line] == 1:
                answer.append(OfPerson(person, problem))
            elif line not in said:
                answer.append(problem)
            said.add(line)
    return answer


# ---------------------------------------------------------------- the summary


def _summary(members: list[Member], sources: list[Owned], known: Mapping[str, dict[str, Any]], findings: Findings,
             as_of: date | None) -> Template:
    lang = language.current()
    summary = Template.open(templates.path("team_summary", lang).read_bytes())
    heads = {name: [column.name for column in summary.book.table(name).columns] for name in ("results", "team", "pay")}
    results, rows, pay = [], [], []
    for member in members:
        facts = known.get(key_of_name(member.person), {})
        said = member.values
        grade = said["grade"] if said["coefficient"] is not None else None
        results.append(dict(zip(heads["results"], (
            member.person, facts.get("department"), facts.get("position"), _month(said), said["total_score"], grade,
            said["coefficient"], said["coverage"], member.file, _note(said)), strict=False)))
        rows.append(dict(zip(heads["team"], (member.person, facts.get("department")), strict=False)))
        pay.append(dict(zip(heads["pay"], (member.person, facts.get("department"), facts.get("base"), None, None),
                            strict=False)))
    summary.fill({"results": results, "team": rows, "pay": pay}, on_error="report")
    cards = tuple(Source(member.file, hashlib.sha256(member.template.tobytes()).hexdigest(), rows_read=member.rows)
                  for member in members)
    origins = tuple(source.origin for source in sources)
    imports = {("数据" if lang == "zh" else "data"): Import("data", _none(), Findings(), origins),
               ("考核表" if lang == "zh" else "scorecard"): Import("scorecard", _none(), Findings(), cards)}
    audit.write(summary, imports, findings, as_of)
    findings += summary.calculate(as_of=as_of, on_error="report").problems
    return summary


def _none() -> Any:
    import pandas as pd

    return pd.DataFrame()


def _month(said: Mapping[str, Any]) -> date | None:
    """The first day of the month in which the period ends."""
    day = next((said[key] for key in ("period_end", "to_date", "data_date") if isinstance(said[key], datetime)), None)
    return None if day is None else date(day.year, day.month, 1)


def _note(said: Mapping[str, Any]) -> str | None:
    words = []
    start, end = said["period_start"], said["period_end"]
    if isinstance(start, datetime) and isinstance(end, datetime):
        words.append(f"{start:%Y-%m-%d} ~ {end:%Y-%m-%d}")
    if said["coefficient"] is None and isinstance(said["grade"], str):
        words.append(said["grade"])
    return "; ".join(words) or None


# ---------------------------------------------------------------- writing


def _write(run: TeamRun, folder: Path) -> Path:
    """Everything into a folder beside, then into its place at once."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-",
                                         ignore_cleanup_errors=True) as at:
            made = Path(at) / "made"
            made.mkdir()
            for member in run.members:
                member.template.save(made / member.file)
            run.summary.save(made / run.summary_file)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
            if folder.exists():
                for path in made.iterdir():
                    os.replace(path, folder / path.name)
            else:
                shutil.move(made, folder)
    except OSError as error:
        raise Refused(CannotWriteFolder(Where(file=str(folder)), reason=reason_of(error))) from None
    return folder

