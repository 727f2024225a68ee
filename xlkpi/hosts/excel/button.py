"""What the Refresh macro calls. The refresh itself is imported when it is wanted: formulas should not wait for it."""

from __future__ import annotations


def RefreshScorecard() -> str:
    """Refresh the calling workbook from the sources it names; answers in a few lines what happened."""
    from xlkpi.hosts.excel.live import pressed

    return pressed()
