"""The commands and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

from xlkpi import __version__, language
from xlkpi.cli.texts import say

ARGPARSE_ZH = {
    "usage: ": "用法：", "positional arguments": "参数", "options": "选项", "subcommands": "命令",
    "show this help message and exit": "显示帮助", "show program's version number and exit": "显示版本号",
    "the following arguments are required: %s": "缺少参数：%s", "unrecognized arguments: %s": "不认识的参数：%s",
    "expected one argument": "需要一个值",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r 不可用，可选：%(choices)s",
}


class UsageError(Exception):
    """The command was typed wrongly."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of exiting, and speaks the current language."""

    def error(self, message: str) -> NoReturn:
        verb = self.prog.split(" ", 1)[1] if " " in self.prog else ""
        raise UsageError(say("usage_hint", message=message, verb=verb).replace("  ", " "))


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    """A command that is imported only when it runs."""
    def run(options: argparse.Namespace) -> int:
        function: Callable[[argparse.Namespace], int] = getattr(import_module("xlkpi.cli.verbs"), name)
        return function(options)
    return run


def _translated(text: str) -> str:
    return ARGPARSE_ZH.get(text, text) if language.current() == "zh" else text


def parser() -> Parser:
    argparse._ = _translated  # type: ignore[attr-defined]  # argparse looks its words up in its own module
    top = Parser(prog="xlkpi", description=say("about"), epilog=say("exit_codes"))
    top.add_argument("--version", action="version", version=f"xlkpi {__version__}", help=say("version"))
    top.add_argument("--lang", choices=language.LANGS, help=say("lang"))
    verbs = top.add_subparsers(title="commands" if language.current() == "en" else "命令", metavar="COMMAND",
                               required=True, parser_class=Parser)

    def verb(name: str, text: str, function: str, json: bool = True) -> Any:
        sub = verbs.add_parser(name, help=say(text), description=say(text))
        sub.add_argument("--lang", choices=language.LANGS, default=argparse.SUPPRESS, help=say("lang"))
        if json:
            sub.add_argument("--json", action="store_true", help=say("json"))
        sub.set_defaults(run=_run(function), verb=name)
        return sub

    new = verb("new", "new", "new")
    new.add_argument("name", help=say("new_name"))
    new.add_argument("-o", "--output", metavar="FILE", help=say("output"))
    new.add_argument("--edition", choices=("python", "macro"), help=say("edition"))
    new.add_argument("--force", action="store_true", help=say("force"))

    fill = verb("fill", "fill", "fill")
    fill.add_argument("book", help=say("fill_book"))
    fill.add_argument("--data", action="extend", nargs="+", default=[], metavar="[TABLE=]FILE", help=say("data"))
    fill.add_argument("--goals", metavar="FILE", help=say("goals"))
    fill.add_argument("--set", action="append", default=[], dest="inputs", metavar="SHEET!CELL=VALUE", help=say("set"))
    fill.add_argument("-o", "--output", metavar="FILE", help=say("output"))
    fill.add_argument("--on-error", choices=("refuse", "report"), default="refuse", help=say("on_error"))
    fill.add_argument("--as-of", metavar="DATE", help=say("as_of"))
    fill.add_argument("--no-calc", action="store_true", help=say("no_calc"))

    fill.add_argument("--since", action="append", default=[], metavar="FILE@DATE", help=say("since"))

    inspect = verb("inspect", "inspect", "inspect")
    inspect.add_argument("files", nargs="+", metavar="FILE", help=say("inspect_files"))
    for sub in (fill, inspect):
        sub.add_argument("--map", action="append", default=[], metavar="CODE=HEADING", help=say("map"))
        sub.add_argument("--map-file", metavar="FILE", help=say("map_file"))
        sub.add_argument("--save-map", nargs="?", const="", metavar="FILE", help=say("save_map"))

    team = verb("team", "team", "team")
    team.add_argument("--data", action="extend", nargs="+", default=[], metavar="FILE", help=say("team_data"))
    team.add_argument("--by", default="owner", metavar="HEADING", help=say("team_by"))
    team.add_argument("--goals", metavar="FILE", help=say("team_goals"))
    team.add_argument("--people", metavar="FILE", help=say("team_people"))
    team.add_argument("--template", default="short_video", help=say("team_template"))
    team.add_argument("--set", action="append", default=[], dest="inputs", metavar="NAME=VALUE", help=say("team_set"))
    team.add_argument("-o", "--output", metavar="FOLDER", help=say("team_output"))
    team.add_argument("--on-error", choices=("refuse", "report"), default="refuse", help=say("on_error"))
    team.add_argument("--as-of", metavar="DATE", help=say("as_of"))
    team.add_argument("--force", action="store_true", help=say("team_force"))

    calc = verb("calc", "calc", "calc")
    calc.add_argument("book", help=say("calc_book"))
    calc.add_argument("-o", "--output", metavar="FILE", help=say("output"))
    calc.add_argument("--as-of", metavar="DATE", help=say("as_of"))
    calc.add_argument("--on-error", choices=("refuse", "report"), default="refuse", help=say("on_error"))

    refresh = verb("refresh", "refresh", "refresh")
    refresh.add_argument("book", help=say("refresh_book"))
    refresh.add_argument("-o", "--output", metavar="FILE", help=say("output"))
    refresh.add_argument("--as-of", metavar="DATE", help=say("as_of"))
    refresh.add_argument("--on-error", choices=("refuse", "report"), default="refuse", help=say("on_error"))

    excel = verb("excel", "excel", "excel")
    excel.add_argument("action", choices=("install", "uninstall", "status"), help=say("excel_action"))

    doctor = verb("doctor", "doctor", "doctor")
    doctor.add_argument("book", nargs="?", help=say("doctor_book"))

    freeze = verb("freeze", "freeze", "freeze")
    freeze.add_argument("book", help=say("calc_book"))
    freeze.add_argument("-o", "--output", metavar="FILE", help=say("freeze_output"))
    freeze.add_argument("--by", metavar="NAME", help=say("freeze_by"))
    freeze.add_argument("--note", default="", metavar="TEXT", help=say("freeze_note"))
    freeze.add_argument("--as-of", metavar="DATE", help=say("freeze_as_of"))
    freeze.add_argument("--force", action="store_true", help=say("force"))
    freeze.add_argument("--check", action="store_true", help=say("freeze_check"))
    freeze.add_argument("--original", metavar="FILE", help=say("freeze_original"))
    freeze.add_argument("--hash", metavar="SHA256", help=say("freeze_hash"))

    diff = verb("diff", "diff", "diff")
    diff.add_argument("old", help=say("diff_old"))
    diff.add_argument("new", help=say("diff_new"))

    evaluate = verb("eval", "eval", "evaluate")
    evaluate.add_argument("formula", nargs="*", help=say("eval_formula"))
    evaluate.add_argument("--book", metavar="FILE", help=say("eval_book"))

    show = verb("show", "show", "show")
    show.add_argument("book", help=say("calc_book"))

    for name in ("functions", "metrics"):
        listing = verb(name, name, name)
        listing.add_argument("name", nargs="?", help=say("one_name"))
    verb("templates", "templates", "templates")

    demo = verb("demo", "demo", "demo")
    demo.add_argument("folder", nargs="?", default="xlkpi-demo", help=say("demo_folder"))

    build = verb("build-templates", "build", "build_templates", json=False)
    build.add_argument("folder", nargs="?", default="workbook_templates", help=say("build_folder"))
    return top
