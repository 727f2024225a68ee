"""Every docstring example in every host."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from xlkpi import cells
from xlkpi.errors import CellError, KpiError
from xlkpi.registry import find, load
from xlkpi.spec import Example

EXAMPLES = [example for spec in load().values() for example in spec.examples]


def in_python(example: Example) -> Any:
    try:
        return find(example.function).function(*example.args)
    except KpiError as error:
        return type(error).__name__


def in_a_cell(example: Example) -> Any:
    return cells.call(find(example.function), *example.args)


def same(got: Any, want: Any) -> bool:
    """Equal to 12 digits; a column is a list, missing is a blank text."""
    if isinstance(want, list):
        flat = [cell for row in got for cell in row] if got and isinstance(got[0], list) else got
        return len(flat) == len(want) and all(map(same, flat, want))
    if isinstance(want, float) and not isinstance(got, (str, bool, CellError)):
        return math.isclose(got, want, rel_tol=1e-12, abs_tol=1e-12)
    return bool(got == want) or (want is None and got == "")


def error_code(example: Example) -> str | None:
    """The code of the error that the example expects, found through the class the docstring names."""
    def all_of(kind: type[KpiError]) -> list[type[KpiError]]:
        return [kind, *(deeper for child in kind.__subclasses__() for deeper in all_of(child))]
    codes = {kind.__name__: kind.code for kind in all_of(KpiError)}
    return codes[example.error] if example.error else None


HOSTS: dict[str, Callable[[Example], Any]] = {"python": in_python, "cell": in_a_cell}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(host: str, example: Example) -> None:
    got = HOSTS[host](example)
    if example.error:
        assert got == (example.error if host == "python" else CellError(str(error_code(example))))
    else:
        assert same(got, example.want), f"{example} gave {got!r}"
