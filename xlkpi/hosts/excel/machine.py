"""This computer as installing and examining see it: paths, registry, what marks a file; a test stands in for it."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from xlkpi import __version__
from xlkpi.templates.shelf import FOLDERS

ADDIN = "xlkpi.xlam"
OFFICE = r"SOFTWARE\Microsoft\Office"
VERSIONS = ("16.0", "15.0", "14.0")  # 2016 and later all call themselves 16.0


@dataclass(frozen=True)
class Config:
    """What ``xlkpi.conf`` says: one ``key=value`` a line."""

    path: Path
    values: Mapping[str, str]

    @property
    def there(self) -> bool:
        return bool(self.values)


@dataclass
class Machine:
    """Everything asked of the operating system. ``Machine()`` is this one."""

    windows: bool = field(default_factory=lambda: sys.platform == "win32")
    appdata: Path = field(default_factory=lambda: Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming"))
    prefix: Path = field(default_factory=lambda: Path(sys.prefix))
    executable: Path = field(default_factory=lambda: Path(sys.executable))
    shelves: tuple[Path, ...] = FOLDERS

    # ------------------------------------------------------------ versions

    xlkpi_version: str = __version__
    python: str = field(default_factory=lambda: ".".join(map(str, sys.version_info[:3])))
    bits: int = struct.calcsize("P") * 8

    @property
    def xlwings_version(self) -> str | None:
        try:
            return version("xlwings")
        except PackageNotFoundError:
            return None

    def has(self, module: str) -> bool:
        """Can this Python import it?"""
        return find_spec(module) is not None

    # ------------------------------------------------------------ places

    @property
    def xlstart(self) -> Path:
        """The folder whose add-ins the user's Excel opens by itself."""
        return self.appdata / "Microsoft" / "Excel" / "XLSTART"

    @property
    def addin(self) -> Path:
        return self.xlstart / ADDIN

    @property
    def folder(self) -> Path:
        return self.appdata / "xlkpi"

    @property
    def shipped(self) -> Path | None:
        """The add-in that this package brings."""
        return next((folder / ADDIN for folder in self.shelves if (folder / ADDIN).is_file()), None)

    @property
    def pythonw(self) -> Path:
        """The interpreter without a console window, beside the one that runs, else that one."""
        quiet = self.executable.with_name("pythonw.exe")
        return quiet if quiet.is_file() else self.executable

    def dll(self, bits: int) -> Path:
        """The DLL of xlwings that an Excel of so many bits loads; pip puts it where Python was installed."""
        name = f"xlwings{bits}-{self.xlwings_version}.dll"
        places = [self.prefix / name, self.executable.parent / name, self.appdata / "Python" / name]
        return next((place for place in places if place.is_file()), places[0])

    def config(self) -> Config:
        path = self.folder / "xlkpi.conf"
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            return Config(path, {})
        return Config(path, {key.strip().lower(): value.strip() for key, mark, value in
                             (line.partition("=") for line in lines) if mark})

    # ------------------------------------------------------------ Office

    @property
    def office_bits(self) -> int | None:
        """32 or 64, as the registry says; None where no Excel of the desktop is found."""
        word = self.registry("HKLM", rf"{OFFICE}\ClickToRun\Configuration", "Platform")
        for number in VERSIONS:
            word = word or self.registry("HKLM", rf"{OFFICE}\{number}\Outlook", "Bitness")
        if word:
            return 64 if str(word).casefold() == "x64" else 32
        for number in VERSIONS:
            if self.registry("HKLM", rf"SOFTWARE\WOW6432Node\Microsoft\Office\{number}\Excel\InstallRoot", "Path"):
                return 32
            if self.registry("HKLM", rf"{OFFICE}\{number}\Excel\InstallRoot", "Path"):
                return 64 if self.bits == 64 else 32
        return None

    def security(self, name: str) -> tuple[Any, bool]:
        """A setting of Excel's trust centre, and whether a policy of the organisation sets it."""
        for number in VERSIONS:
            key = rf"\{number}\Excel\Security"
            value = self.registry("HKCU", r"SOFTWARE\Policies\Microsoft\Office" + key, name)
            if value is not None:
                return value, True
            value = self.registry("HKCU", OFFICE + key, name)
            if value is not None:
                return value, False
        return None, False

    def disabled_items(self) -> list[bytes]:
        """What Excel has switched off after a crash."""
        return [value for number in VERSIONS for value in self.registry_values(
            "HKCU", rf"{OFFICE}\{number}\Excel\Resiliency\DisabledItems").values() if isinstance(value, bytes)]

    def registry(self, hive: str, key: str, name: str) -> Any:
        """One value of the registry, or None."""
        return self.registry_values(hive, key).get(name)

    def registry_values(self, hive: str, key: str) -> dict[str, Any]:
        """The values of a key of ``HKLM`` or ``HKCU`` by name."""
        found: dict[str, Any] = {}
        with suppress(ImportError, OSError):
            import winreg

            reg: Any = winreg  # the type checker runs on systems without one
            root = reg.HKEY_LOCAL_MACHINE if hive == "HKLM" else reg.HKEY_CURRENT_USER
            with reg.OpenKey(root, key, 0, reg.KEY_READ | reg.KEY_WOW64_64KEY) as opened:
                for index in range(reg.QueryInfoKey(opened)[1]):
                    name, value, _ = reg.EnumValue(opened, index)
                    found[name] = value
        return found

    # ------------------------------------------------------------ files

    def blocked(self, path: Path) -> bool:
        """Does the file carry the mark of the web (an alternate stream that says from which zone it came)?"""
        try:
            with open(f"{path}:Zone.Identifier", encoding="utf-8", errors="replace") as stream:
                return any(line.strip() in ("ZoneId=3", "ZoneId=4") for line in stream)
        except OSError:
            return False
