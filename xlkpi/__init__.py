"""xlkpi: KPI functions and scorecards for the spreadsheets of online-operations teams.

The public names load on first use, so that ``import xlkpi`` costs nothing:

* :class:`Template` opens, fills, calculates and saves a workbook step by step;
* :func:`fill` does all of it at once, from files or data frames;
* :func:`refresh` does it again from the sources that a workbook names itself;
* :func:`team` makes one scorecard a person and the team summary;
* :func:`calculate` calculates any workbook, :func:`evaluate` one formula;
* :func:`freeze` closes a period, :func:`check` tells whether it stayed closed, :func:`diff` what was restated;
* :func:`read_values` reads a filled book back without a calculation;
* :func:`score` scores actual values against goals in data frames;
* :class:`Refused` carries every problem that was found.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlkpi.comparing import Diff, diff
    from xlkpi.errors import CellError, Problem, Refused
    from xlkpi.freezing import Frozen, check, freeze
    from xlkpi.jobs import Filled, calculate, fill, read_values
    from xlkpi.measure import measure
    from xlkpi.refreshing import Refreshed, refresh
    from xlkpi.scorecard import Scorecard, score
    from xlkpi.teamwork import TeamRun, team
    from xlkpi.workbook.calculate import evaluate
    from xlkpi.workbook.fill import Template

__version__ = "0.1.0"

_HOMES = {
    "CellError": "xlkpi.errors", "Problem": "xlkpi.errors", "Refused": "xlkpi.errors",
    "Diff": "xlkpi.comparing", "diff": "xlkpi.comparing",
    "Frozen": "xlkpi.freezing", "check": "xlkpi.freezing", "freeze": "xlkpi.freezing",
    "Filled": "xlkpi.jobs", "calculate": "xlkpi.jobs", "fill": "xlkpi.jobs", "read_values": "xlkpi.jobs",
    "Refreshed": "xlkpi.refreshing", "refresh": "xlkpi.refreshing",
    "measure": "xlkpi.measure", "Scorecard": "xlkpi.scorecard", "score": "xlkpi.scorecard",
    "TeamRun": "xlkpi.teamwork", "team": "xlkpi.teamwork",
    "evaluate": "xlkpi.workbook.calculate", "Template": "xlkpi.workbook.fill",
}

__all__ = [
    "CellError", "Diff", "Filled", "Frozen", "Problem", "Refreshed", "Refused", "Scorecard", "TeamRun", "Template",
    "__version__", "calculate", "check", "diff", "evaluate", "fill", "freeze", "measure", "read_values", "refresh",
    "score", "team",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'xlkpi' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
