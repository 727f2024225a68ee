"""How long the imports take, each in fresh processes (the interpreter's own start subtracted).

With compiled bytecode, as an installation has it, whatever this environment says about writing it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from common import machine

GOALS = {"xlkpi": 0.150, "xlkpi.functions": 0.050}


CACHE = tempfile.TemporaryDirectory()
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT["PYTHONPYCACHEPREFIX"] = CACHE.name


def start(code: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)
    return time.perf_counter() - begun


def main(times: int = 15) -> None:
    print(machine())
    for module, goal in GOALS.items():
        start(f"import {module}")
        pairs = [(start("pass"), start(f"import {module}")) for _ in range(times)]
        spent = [with_it - bare for bare, with_it in pairs]
        print(f"import {module}: {statistics.median(spent) * 1000:.0f} ms "
              f"({min(spent) * 1000:.0f}–{max(spent) * 1000:.0f}, n={times})   [goal: under {goal * 1000:.0f} ms]")


if __name__ == "__main__":
    main()
