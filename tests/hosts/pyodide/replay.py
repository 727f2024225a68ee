# Runs inside Pyodide: our wheel is installed as xlwings Lite installs it, then every docstring example is replayed as
# a cell calls it and through the Lite adapter. The last expression is the report.
import importlib
import json
import site
import sys
import zipfile
from pathlib import Path

GIVEN = Path("/given")
for wheel in (GIVEN / "tools").glob("*.whl"):  # micropip and what it needs
    zipfile.ZipFile(wheel).extractall(site.getsitepackages()[0])
importlib.invalidate_caches()

import micropip  # noqa: E402

before = set(micropip.list())
[wheel] = GIVEN.glob("xlkpi-*.whl")
await micropip.install(f"emfs:{wheel}")  # noqa: F704
installed = sorted(set(micropip.list()) - before)

sys.path.append(str(GIVEN))
from lite_standin import installed as lite_installed  # noqa: E402

import xlkpi  # noqa: E402
from xlkpi import cells, language  # noqa: E402
from xlkpi.errors import CellError  # noqa: E402
from xlkpi.registry import load  # noqa: E402


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return {"error": value.code} if isinstance(value, CellError) else value


language.choose("en")
answers = []
with lite_installed() as lite:
    names = sorted(lite.functions)
    for spec in load().values():
        for example in spec.examples:
            columns = [cells.rows_of(arg) if isinstance(arg, list) else arg for arg in example.args]
            answers.append({"example": str(example), "cell": plain(cells.call(spec, *example.args)),
                            "lite": plain(lite.call(spec.name, *columns))})
card = xlkpi.score({"播放量": 290_975}, {"metric": ["播放量"], "weight": [100], "target": [300_000]})
json.dumps({"python": sys.version.split()[0], "platform": sys.platform, "installed": installed, "names": names,
            "total": card.total, "answers": answers})
