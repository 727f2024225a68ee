"""A Windows computer to install on: folders of a test, a registry that is a dict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlkpi.hosts.excel.machine import OFFICE, Machine

SECURITY = OFFICE + r"\16.0\Excel\Security"
POLICY = r"SOFTWARE\Policies\Microsoft\Office\16.0\Excel\Security"


class Computer(Machine):
    """``values`` by (hive, key), ``marked`` are files with the mark of the web, ``lacks`` modules not installed."""

    def __init__(self, root: Path, bits: int = 64, **more: Any) -> None:
        python = root / "Python 3.12"
        super().__init__(windows=True, appdata=root / "用户" / "AppData" / "Roaming", prefix=python,
                         executable=python / "python.exe", shelves=(root / "shelf",), **more)
        self.values: dict[tuple[str, str], dict[str, Any]] = {
            ("HKLM", OFFICE + r"\ClickToRun\Configuration"): {"Platform": "x64" if bits == 64 else "x86"}}
        self.marked: set[Path] = set()
        self.lacks: set[str] = set()
        (root / "shelf").mkdir(parents=True)
        (root / "shelf" / "xlkpi.xlam").write_bytes(b"add-in 0.1.0")
        python.mkdir()
        for name in ("python.exe", "pythonw.exe", f"xlwings64-{self.xlwings_version}.dll",
                     f"xlwings32-{self.xlwings_version}.dll"):
            (python / name).write_bytes(name.encode())

    def registry_values(self, hive: str, key: str) -> dict[str, Any]:
        return self.values.get((hive, key), {})

    def blocked(self, path: Path) -> bool:
        return path in self.marked

    def has(self, module: str) -> bool:
        return module not in self.lacks
