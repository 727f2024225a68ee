"""``xlkpi excel install|uninstall|status`` and ``xlkpi doctor``."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from xlkpi.cli.output import print_json, print_problems, table
from xlkpi.cli.texts import say
from xlkpi.errors import Findings

if TYPE_CHECKING:
    from xlkpi.hosts.excel.install import Installed

WRONG = 1  # exit code: something has to be done


def excel(options: Namespace) -> int:
    if options.action == "status":
        return doctor(Namespace(book=None, json=options.json))
    from xlkpi.hosts.excel import install

    return _done(install.install() if options.action == "install" else install.uninstall(), options)


def _done(done: Installed, options: Namespace) -> int:
    wrong = bool(done.findings.errors)
    if options.json:
        print_json({"ok": not wrong, "steps": [{"what": step.what, "done": step.done, "path": str(step.path)}
                                               for step in done.steps], **_problems(done.findings)})
    else:
        for step in done.steps:
            print(f"{say('step_' + step.done)}  {say('what_' + step.what)}  {step.path}")
        print_problems(done.findings, refused=False)
        if options.action == "install" and not wrong:
            print(say("restart_excel"))
    return WRONG if wrong else 0


def doctor(options: Namespace) -> int:
    from xlkpi.hosts.excel.doctor import examine

    found = examine(options.book)
    wrong = bool(found.findings.errors)
    if options.json:
        print_json({"ok": not wrong, "facts": found.facts, **_problems(found.findings)})
    else:
        print(table([[say("fact"), say("fact_value")], *([say(f"fact_{name}"), _shown(value)]
                                                         for name, value in found.facts.items())]))
        print_problems(found.findings, refused=False)
        if not found.findings:
            print(say("nothing_wrong"))
    return WRONG if wrong else 0


def _problems(findings: Findings) -> dict[str, Any]:
    return {"problems": [problem.as_dict() for problem in findings]}


def _shown(value: Any) -> str:
    if value is None:
        return "—"
    return ("✓" if value else "✗") if isinstance(value, bool) else str(value)
