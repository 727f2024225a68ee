"""The functions through xlwings' own decorators, with the options and help texts that the registry gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xlwings.udfs import xlarg, xlfunc, xlret, xlsub

from xlkpi import language
from xlkpi.hosts.calling import LAST_ERROR_HELP, argument_help
from xlkpi.hosts.excel.ranges import RawCells
from xlkpi.registry import find

CATEGORY = "KPI"


def register(functions: Mapping[str, Callable[..., Any]], last_error: Callable[..., Any],
             refresh: Callable[[], str]) -> None:
    """Give each function its ``__xlfunc__``. ``xlfunc`` comes last: the other two reset its options."""
    for name, function in functions.items():
        for parameter, line in argument_help(find(name)).items():
            xlarg(parameter, RawCells, doc=line)(function)
        xlret(RawCells)(function)
        xlfunc(category=CATEGORY)(function)
    xlarg("cell", "range", doc=LAST_ERROR_HELP[language.current()][1])(last_error)
    xlfunc(category=CATEGORY)(last_error)
    xlsub(refresh)
