"""Refreshing a workbook from the sources that its parameters sheet names: one plan, carried out by two hosts.

:func:`refresh` does it to a file; :mod:`xlkpi.hosts.excel.live` to the workbook that is open in Excel.
All is read and checked before anything changes.
"""

from xlkpi.refreshing.headless import Refreshed, refresh
from xlkpi.refreshing.planning import Desk, Plan, TableChange, plan

__all__ = ["Desk", "Plan", "Refreshed", "TableChange", "plan", "refresh"]
