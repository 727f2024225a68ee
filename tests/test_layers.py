"""The house: imports point one way, and the floor that Excel loads stands on the standard library alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "xlkpi"
LAYERS: list[set[str]] = [
    {"language", "stages", "errors", "cells", "terms", "spec"}, {"registry"}, {"functions", "metrics"},
    {"measure", "scorecard", "platforms", "samples"}, {"workbook", "templates"},
    {"incoming", "assessed", "audit", "goalsheet", "moving", "jobs", "owners", "teamwork", "comparing", "freezing",
     "refreshing"},
    {"cli", "hosts", "service", "__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
FILES = [path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__"]


def room(path: Path) -> str:
    part = path.relative_to(PACKAGE).parts[0]
    return part.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at the top or inside a function, but not for type checking alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    own = room(path)
    assert own in LEVEL, f"{own} has no layer; add it to LAYERS"
    for module in imported(path):
        parts = module.split(".")
        if parts[0] == "xlkpi" and len(parts) > 1 and parts[1] in LEVEL:
            assert LEVEL[parts[1]] <= LEVEL[own], f"{path.name} imports {module} from a higher layer"


@pytest.mark.parametrize("path", [path for path in FILES if LEVEL.get(room(path), 9) <= 2],
                         ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_lower_layers_import_the_standard_library_alone(path: Path) -> None:
    roots = {module.split(".")[0] for module in imported(path)}
    assert not roots - set(sys.stdlib_module_names) - {"xlkpi", "__future__"}


@pytest.mark.parametrize(("module", "heavy"), [
    ("xlkpi", ["pandas", "openpyxl", "narwhals", "lxml", "cellrune", "numpy"]),
    ("xlkpi.functions", ["pandas", "openpyxl", "doctest", "numpy", "asyncio"]),
    ("xlkpi.cli", ["pandas", "openpyxl", "lxml", "cellrune"]),
])
def test_imports_stay_light(module: str, heavy: list[str]) -> None:
    script = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
