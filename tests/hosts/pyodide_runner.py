"""Pyodide, the Python of xlwings Lite, under Node: our built wheel is installed there and the examples replayed.

Tests that want it carry ``@pyodide_runner.wanted``. Without Node and npm they are not collected; with
``XLKPI_REQUIRE_PYODIDE=1`` their absence is a failure. Pyodide comes from npm in the version of
``pyodide/package.json``, micropip from PyPI in the version that Pyodide's own lock file names.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Test = TypeVar("Test", bound=Callable[..., object])

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NODE, NPM = shutil.which("node"), shutil.which("npm")
REQUIRED = os.environ.get("XLKPI_REQUIRE_PYODIDE") == "1"


def wanted(test: Test) -> Test:
    """Collect ``test`` only where Node is, or has to be."""
    if not (NODE and NPM) and not REQUIRED:
        test.__test__ = False  # type: ignore[attr-defined]
    return test


def replay(cache: Path, folder: Path) -> dict[str, Any]:
    """What ``pyodide/replay.py`` reports; Pyodide is kept in ``cache``, the wheel is built in ``folder``."""
    assert NODE is not None, "Pyodide is required but Node is not on the path"
    assert NPM is not None, "Pyodide is required but npm is not on the path"
    tools = _installed(cache)
    shutil.copytree(tools, folder / "tools")
    shutil.copy(HERE / "lite_standin.py", folder)
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)], folder)
    done = _run([NODE, str(cache / "run.mjs"), str(folder), str(HERE / "pyodide" / "replay.py")], folder)
    report: dict[str, Any] = json.loads(done.splitlines()[-1])
    return report


def _installed(cache: Path) -> Path:
    """Pyodide in ``cache``; the folder with the wheels of micropip and what it needs."""
    for name in ("package.json", "run.mjs"):
        shutil.copy(HERE / "pyodide" / name, cache)
    _run([str(NPM), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"], cache)
    lock = json.loads((cache / "node_modules" / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    names = ["micropip", *lock["packages"]["micropip"]["depends"]]
    pins = [f"{name}=={lock['packages'][name]['version']}" for name in names]
    tools = cache / "-".join(pins)
    if not tools.exists():
        shutil.rmtree(cache / "loading", ignore_errors=True)
        _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
              "--python-version", lock["info"]["python"], "--dest", str(cache / "loading"), *pins], cache)
        (cache / "loading").rename(tools)
    return tools


def _run(command: list[str], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout
