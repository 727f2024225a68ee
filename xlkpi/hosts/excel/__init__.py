"""The UDF module that VBA names: ``Py.CallUDF("xlkpi.hosts.excel", "KPI_COMPLETION", …)``.

One attribute a registered function, made from the registry, and ``KPI_LAST_ERROR``. Where COM is there they carry
what xlwings' decorators write (``__xlfunc__``); elsewhere they are plain functions, so that importing this module
costs nothing and needs no Excel.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from xlkpi import language
from xlkpi.hosts.calling import LAST_ERROR_HELP
from xlkpi.hosts.excel.button import RefreshScorecard
from xlkpi.hosts.excel.udf import last_error, udf
from xlkpi.registry import load


def KPI_LAST_ERROR(cell=None):  # type: ignore[no-untyped-def]  # xlwings would look for converters of the types
    return last_error(cell)


KPI_LAST_ERROR.__doc__ = LAST_ERROR_HELP[language.current()][0]

FUNCTIONS = {spec.name: udf(spec, __name__) for spec in load().values()}
globals().update(FUNCTIONS)

if "pythoncom" in sys.modules or find_spec("pythoncom"):
    from xlkpi.hosts.excel.registering import register

    register(FUNCTIONS, KPI_LAST_ERROR, RefreshScorecard)
