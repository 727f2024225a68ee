"""LibreOffice as a second reader and calculator.

Tests that want it carry ``@libreoffice.wanted``. Without ``soffice`` they are not collected;
with ``XLKPI_REQUIRE_LIBREOFFICE=1`` its absence is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
REQUIRED = os.environ.get("XLKPI_REQUIRE_LIBREOFFICE") == "1"


def wanted(test: Test) -> Test:
    """Collect ``test`` only where LibreOffice is, or has to be."""
    if SOFFICE is None and not REQUIRED:
        test.__test__ = False  # type: ignore[attr-defined]
    return test


ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def convert(paths: Sequence[Path], to: str, outdir: Path, timeout: float = 120, recalculate: bool = False
            ) -> list[Path]:
    """Convert files in one run under a profile of its own; returns the results in the same order.

    ``to`` is an extension (``xlsx``, ``pdf``) or ``extension:filter``. Every file must come out. Values are
    those stored in the files unless ``recalculate`` asks for LibreOffice's own.
    """
    assert SOFFICE is not None, "LibreOffice is required but soffice is not on the path"
    stems = [path.stem for path in paths]
    assert len(set(stems)) == len(stems), "files of one run need different names"
    outdir.mkdir(parents=True, exist_ok=True)
    profile = outdir / (".recalculating" if recalculate else ".profile")
    if recalculate:
        (profile / "user").mkdir(parents=True, exist_ok=True)
        (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    run = subprocess.run(
        [SOFFICE, "--headless", "--norestore", f"-env:UserInstallation={profile.resolve().as_uri()}",
         "--convert-to", to, "--outdir", str(outdir), *map(str, paths)],
        capture_output=True, text=True, timeout=timeout, check=False)
    results = [outdir / f"{path.stem}.{to.partition(':')[0]}" for path in paths]
    missing = [result.name for result in results if not result.exists()]
    assert not missing, f"LibreOffice did not open: {missing}\n{run.stdout}\n{run.stderr}"
    return results
