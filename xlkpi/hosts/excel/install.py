"""``xlkpi excel install``: the add-in into XLSTART and the configuration that it reads; nothing else is touched.

Everything is checked before anything is written. Doing it twice changes nothing. No rights of an administrator
are wanted: all of it lies in the user's own profile.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from xlkpi.errors import Findings, Problem, Refused, Where, reason_of
from xlkpi.hosts.excel.machine import Machine

COPIES = ("xlkpi64.dll", "xlkpi32.dll")  # what the add-in copies beside the configuration


class NotWindows(Problem):
    zh = ("Excel 里的经典函数（加载项、刷新按钮）需要 Windows 版 Excel；Mac 和网页版请用 xlwings Lite"
          "（见 docs/install.zh.md），没有 Excel 用 xlkpi fill、refresh、calc")
    en = ("classic functions in Excel (add-in, Refresh button) need Excel on Windows; on Mac and web use xlwings Lite "
          "(docs/install.en.md), without Excel use xlkpi fill, refresh, calc")


class NoAddin(Problem):
    zh = "这份 xlkpi 里没有加载项 xlkpi.xlam；请重新安装：pip install --force-reinstall xlkpi"
    en = "this copy of xlkpi lacks the add-in xlkpi.xlam; install it again: pip install --force-reinstall xlkpi"


class NoXlwings(Problem):
    zh = "缺少 {module}；请运行：{python} -m pip install --force-reinstall xlwings pywin32"
    en = "{module} is missing; run: {python} -m pip install --force-reinstall xlwings pywin32"


class NoDll(Problem):
    zh = "找不到 xlwings 的 {name}（应在 {folder}）；请运行：{python} -m pip install --force-reinstall xlwings"
    en = ("the DLL {name} of xlwings is missing (it belongs in {folder}); run: "
          "{python} -m pip install --force-reinstall xlwings")


class NoExcel(Problem):
    level = "warning"
    zh = "注册表里没有找到桌面版 Excel；已照常安装，装好 Excel 后即可使用"
    en = "no desktop Excel is found in the registry; everything is installed and will work once Excel is"


class InUse(Problem):
    zh = "无法写入 {path}：{reason}；请关闭 Excel 后再试"
    en = "{path} cannot be written: {reason}; close Excel and try again"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done: ``written``, ``updated``, ``unchanged``, ``removed`` or ``absent``, and where."""

    what: str
    done: str
    path: Path


@dataclass
class Installed:
    """What was done and noticed."""

    steps: list[Step] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)


def configuration(machine: Machine) -> str:
    """The text of ``xlkpi.conf``. The DLL named is that for 64 bits; the add-in takes its sibling for 32."""
    values = {"python": machine.pythonw, "pythonpath": "", "dll": machine.dll(64), "version": machine.xlkpi_version,
              "log": machine.folder / "xlkpi.log"}
    return "".join(f"{key}={value}\n" for key, value in values.items())


def install(machine: Machine | None = None) -> Installed:
    """Install add-in and configuration; raises :class:`~xlkpi.errors.Refused` with every obstacle, nothing written."""
    machine = machine or Machine()
    done = Installed(findings=obstacles(machine))
    done.findings.refuse()
    assert machine.shipped is not None
    undo: list[Callable[[], None]] = []
    try:
        for what, path, data in (("config", machine.config().path, configuration(machine).encode()),
                                 ("addin", machine.addin, machine.shipped.read_bytes())):
            before = path.read_bytes() if path.is_file() else None
            _write(path, data)
            undo.append(lambda path=path, before=before: _restore(path, before))  # type: ignore[misc]
            done.steps.append(Step(what, "written" if before is None else "updated" if before != data else "unchanged",
                                   path))
    except Refused:
        for step in undo:
            step()
        raise
    return done


def uninstall(machine: Machine | None = None) -> Installed:
    """Take away what :func:`install` and the add-in put there."""
    machine = machine or Machine()
    done = Installed()
    if not machine.windows:
        raise Refused(NotWindows())
    log = machine.config().values.get("log")
    paths = [("addin", machine.addin), ("config", machine.config().path),
             *(("dll", machine.folder / name) for name in COPIES), ("log", Path(log) if log else
                                                                     machine.folder / "xlkpi.log")]
    for what, path in paths:
        if not path.is_file():
            if what in ("addin", "config"):
                done.steps.append(Step(what, "absent", path))
            continue
        try:
            path.unlink()
        except OSError as error:
            done.findings.append(InUse(Where(), path=path, reason=reason_of(error)))
        else:
            done.steps.append(Step(what, "removed", path))
    with suppress(OSError):  # other files of the user's keep the folder
        machine.folder.rmdir()
    return done


def obstacles(machine: Machine) -> Findings:
    """What keeps the functions from working here, before anything is installed."""
    found = Findings()
    if not machine.windows:
        return Findings([NotWindows()])
    if machine.shipped is None:
        found.append(NoAddin())
    missing = [name for name, module in (("xlwings", "xlwings"), ("pywin32", "pythoncom")) if not machine.has(module)]
    found += [NoXlwings(module=name, python=machine.executable) for name in missing]
    if "xlwings" not in missing:
        needed = {64, machine.office_bits or 64}  # the configuration names the one for 64 bits
        found += [NoDll(name=machine.dll(bits).name, folder=machine.prefix, python=machine.executable)
                  for bits in sorted(needed) if not machine.dll(bits).is_file()]
    if machine.office_bits is None:
        found.append(NoExcel())
    return found


def same(one: Path, other: Path) -> bool:
    """Do two files hold the same?"""
    try:
        return hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Write beside, then rename over: a failure leaves what was there."""
    temporary: str | None = None
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".xlkpi.", dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(temporary, path)
    except OSError as error:
        raise Refused(InUse(Where(), path=path, reason=reason_of(error))) from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def _restore(path: Path, before: bytes | None) -> None:
    with suppress(OSError):
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
