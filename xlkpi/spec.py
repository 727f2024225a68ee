"""A KPI function's signature and docstring, read into a spec.

Nothing is declared beside the code: parameters and their labels come from the annotations
(:mod:`xlkpi.terms`), the texts and examples from the docstring, the oracle from the decorator.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from xlkpi.terms import Term


class SpecError(TypeError):
    """A function cannot be described; says which and why, at import."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the term it is about and its default."""

    name: str
    term: Term
    default: Any = inspect.Parameter.empty

    @property
    def optional(self) -> bool:
        return self.default is not inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Example:
    """One ``>>>`` line of a docstring: literal arguments and what comes out (a value or an error)."""

    function: str
    args: tuple[Any, ...]
    want: Any = None
    error: str | None = None

    def __str__(self) -> str:
        words = ", ".join(map(repr, self.args))
        return f"{self.function}({words})"


@dataclass(frozen=True)
class FunctionSpec:
    """Everything a host, a docs page or a test needs to know about one KPI function."""

    name: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    returns: Term
    family: str
    excel: str | None
    doc: str

    @property
    def summary_en(self) -> str:
        return self._paragraph(0)

    @property
    def summary_zh(self) -> str:
        return self._paragraph(1)

    def summary(self, lang: str) -> str:
        return self.summary_zh if lang == "zh" else self.summary_en

    def section(self, title: str) -> str:
        """The docstring's paragraph that starts with ``title:``, without the title."""
        for paragraph in self.doc.split("\n\n"):
            if paragraph.startswith(f"{title}:"):
                return " ".join(paragraph[len(title) + 1:].split())
        return ""

    def _paragraph(self, index: int) -> str:
        return " ".join(self.doc.split("\n\n")[index].split())

    @property
    def signature(self) -> str:
        """``KPI_COMPLETION(actual, target, [direction])`` as Excel shows it."""
        words = [f"[{p.name}]" if p.optional else p.name for p in self.parameters]
        return f"{self.name}({', '.join(words)})"

    @cached_property
    def leading_scalars(self) -> int:
        """How many parameters come before the first that takes a range or a table."""
        return next((at for at, one in enumerate(self.parameters) if one.term.shape != "scalar"), len(self.parameters))

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        from doctest import DocTestParser  # heavy; only tests and docs ask for examples

        found = []
        for piece in DocTestParser().get_examples(self.doc):
            call = ast.parse(piece.source.strip(), mode="eval").body
            if not isinstance(call, ast.Call) or call.keywords:
                raise SpecError(f"{self.name}: example {piece.source.strip()!r} must be one call "
                                "with positional literals")
            args = tuple(ast.literal_eval(arg) for arg in call.args)
            error = piece.exc_msg.split(":")[0].rsplit(".", 1)[-1].strip() if piece.exc_msg else None
            want = None if error or not piece.want.strip() else ast.literal_eval(piece.want.strip())
            found.append(Example(self.name, args, want, error))
        return tuple(found)

    def oracle(self, args: tuple[str, ...]) -> str | None:
        """The plain Excel formula that must give the same, with ``args`` (cell texts) put in."""
        if self.excel is None:
            return None
        words = {p.name: text for p, text in zip(self.parameters, args, strict=False)}
        for parameter in self.parameters[len(args):]:
            words[parameter.name] = excel_literal(parameter.default if parameter.optional else None)
        return self.excel.format(**words)


def excel_literal(value: Any) -> str:
    """A Python literal as it is typed in a formula; a list becomes a column array."""
    if isinstance(value, (list, tuple)):
        rows = [row if isinstance(row, (list, tuple)) else [row] for row in value]
        return "{" + ";".join(",".join(excel_literal(cell) for cell in row) for row in rows) + "}"
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(value)


def describe(function: Callable[..., Any], excel: str | None = None) -> FunctionSpec:
    """Read ``function`` into its spec, or say by name what it lacks."""
    name = function.__name__
    hints = _annotations(function)
    parameters = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            raise SpecError(f"{name}({parameter.name}) must be an ordinary parameter")
        parameters.append(Parameter(parameter.name, _term(name, parameter.name, hints), parameter.default))
    doc = inspect.getdoc(function) or ""
    paragraphs = doc.split("\n\n")
    if len(paragraphs) < 2 or not any("\u4e00" <= letter <= "\u9fff" for letter in paragraphs[1]):
        raise SpecError(f"{name} needs a docstring: first paragraph English, second Chinese")
    return FunctionSpec(name, function, tuple(parameters), _term(name, "return", hints),
                        function.__module__.rsplit(".", 1)[-1], excel, doc)


def _annotations(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations as objects. They are names of terms, looked up without compiling: a third of the import time."""
    found = {}
    for name, hint in function.__annotations__.items():
        word = hint.removesuffix(" | None") if isinstance(hint, str) else ""
        found[name] = function.__globals__.get(word, hint) if word else hint
    if any(isinstance(hint, str) for hint in found.values()):
        return get_type_hints(function, include_extras=True)
    return found


def _term(function: str, name: str, hints: dict[str, Any]) -> Term:
    hint = hints.get(name)
    for part in (hint, *get_args(hint)):  # ``Group | None`` carries its term one level down
        if get_origin(part) is Annotated:
            for extra in get_args(part)[1:]:
                if isinstance(extra, Term):
                    return extra
    raise SpecError(f"{function}({name}) has no Term; annotate it with one from xlkpi.terms")
