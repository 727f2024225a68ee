"""The command line: one thin command a verb. Nothing heavy is imported before a verb runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from xlkpi import language
from xlkpi.cli.arguments import UsageError, parser
from xlkpi.cli.texts import say

OK, REFUSED, USAGE, REPORTED, INTERNAL = 0, 1, 2, 3, 4
"""Exit codes: done; refused, nothing written; wrong command; done with problems reported; a defect of xlkpi."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no traceback reaches the user."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a character shows "?" and goes on
    try:
        language.choose(_language(words))
    except ValueError as error:
        print(f"xlkpi: {error}", file=sys.stderr)
        return USAGE
    from xlkpi.errors import KpiError, Refused

    try:
        options = parser().parse_args(words)
        return int(options.run(options))
    except UsageError as error:
        print(f"xlkpi: {error}", file=sys.stderr)
        return USAGE
    except Refused as refused:
        from xlkpi.cli.output import print_problems

        as_json = "--json" in words
        print_problems(refused.problems, as_json=as_json)
        return REFUSED
    except KpiError as error:
        print(f"xlkpi: {error}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print(say("interrupted"), file=sys.stderr)
        return 130
    except UnicodeEncodeError as error:
        print(say("ascii", name=error.object), file=sys.stderr)
        return REFUSED
    except Exception as error:
        if os.environ.get("XLKPI_DEBUG"):
            raise
        print(say("internal", kind=type(error).__name__, message=error), file=sys.stderr)
        return INTERNAL


def _language(words: Sequence[str]) -> str:
    """``--lang`` wherever it stands, because even the help is said in it."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--lang":
            return language.check(following)
        if word.startswith("--lang="):
            return language.check(word.removeprefix("--lang="))
    return language.from_locale()
