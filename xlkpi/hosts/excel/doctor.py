"""``xlkpi doctor``: what keeps the functions from working in Excel here, or in one workbook, each with its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from xlkpi import refreshing, registry
from xlkpi.errors import Findings, Problem, Refused, Where
from xlkpi.hosts.excel.install import NotWindows, obstacles, same
from xlkpi.hosts.excel.machine import Machine
from xlkpi.hosts.excel.macros import procedures
from xlkpi.refreshing.problems import NewerTemplate
from xlkpi.workbook.fill import Template
from xlkpi.workbook.formulas import may_call
from xlkpi.workbook.refs import column_letters

OWN_MODULES = "Xlkpi"  # how the modules of our macro editions and of the add-in are called

# ---------------------------------------------------------------- this computer


class ExcelNotHere(NotWindows):
    level = "note"



class AddinMissing(Problem):
    zh = "加载项没有安装（{path}）；请运行 xlkpi excel install"
    en = "the add-in is not installed ({path}); run xlkpi excel install"


class AddinDiffers(Problem):
    zh = "XLSTART 里的加载项与这份 xlkpi {version} 带的不同；请关闭 Excel 后运行 xlkpi excel install"
    en = "the add-in in XLSTART is not the one of this xlkpi {version}; close Excel and run xlkpi excel install"


class ConfigMissing(Problem):
    zh = "没有配置文件 {path}；请运行 xlkpi excel install"
    en = "there is no configuration {path}; run xlkpi excel install"


class ConfigOld(Problem):
    zh = "配置文件写的是 xlkpi {configured}，现在是 {version}；请关闭 Excel 后运行 xlkpi excel install"
    en = "the configuration is of xlkpi {configured} and this is {version}; close Excel and run xlkpi excel install"


class PathGone(Problem):
    zh = "配置里的 {key} 指向不存在的文件 {path}；请用现在的 Python 运行 xlkpi excel install"
    en = "'{key}' of the configuration is {path}, which does not exist; run xlkpi excel install with the Python in use"


class OtherPython(Problem):
    level = "warning"
    zh = "Excel 用的是 {configured}，而您运行的是 {running}；要换成现在的，请运行 xlkpi excel install"
    en = "Excel uses {configured} and you are running {running}; to switch, run xlkpi excel install"


class DllDiffers(Problem):
    zh = "配置里的 DLL 是 {name}，而 xlwings 是 {version}；请关闭 Excel 后运行 xlkpi excel install"
    en = "the configured DLL is {name} and xlwings is {version}; close Excel and run xlkpi excel install"


class Blocked(Problem):
    zh = "文件来自网络，被 Windows 标记为不受信任，宏不会运行；请右键文件 → 属性 → 勾选“解除锁定” → 确定"
    en = ("the file came from the internet and Windows marked it, so its macros will not run; right-click it → "
          "Properties → tick Unblock → OK")


class MacrosOff(Problem):
    zh = ("Excel 禁用了所有宏（{by}）；请在 文件 → 选项 → 信任中心 → 信任中心设置 → 宏设置 里选“通过通知禁用”，"
          "策略设置的请找管理员")
    en = ("Excel has all macros disabled ({by}); choose File → Options → Trust Center → Trust Center Settings → Macro "
          "Settings → Disable with notification, or ask the administrator where a policy sets it")


class SignedOnly(Problem):
    level = "warning"
    zh = "Excel 只运行有签名的宏（{by}），xlkpi 的宏没有签名；XLSTART 里的加载项不受影响，宏模板要放进受信任位置"
    en = ("Excel runs signed macros alone ({by}) and those of xlkpi are not signed; the add-in in XLSTART is not "
          "affected, macro templates belong in a trusted location")


class AddinDisabled(Problem):
    zh = "Excel 曾因故障停用 xlkpi；请在 文件 → 选项 → 加载项 → 管理：禁用项目 → 转到 里启用"
    en = "Excel has switched xlkpi off after a fault; enable it: File → Options → Add-ins → Manage: Disabled Items → Go"


# ---------------------------------------------------------------- one workbook


class OfficePrefix(Problem):
    level = "warning"
    zh = "{count} 个公式带有网页版加载项（xlwings Lite）存下的前缀（如 {formula}）；在经典 Excel 里请用“替换”去掉前缀"
    en = ("{count} formulas have the prefix that an Office add-in (xlwings Lite) stored, such as {formula}; in classic "
          "Excel take it off with Replace")


class PathPrefix(Problem):
    level = "warning"
    zh = ("{count} 个公式指向另一个加载项文件（如 {formula}）；安装加载项后，在 数据 → 编辑链接 → 更改源 里"
          "选本机的 xlkpi.xlam，或用“替换”去掉前缀")
    en = ("{count} formulas point at another add-in file, such as {formula}; install the add-in, then Data → Edit "
          "Links → Change Source to your xlkpi.xlam, or take the prefix off with Replace")


class UnknownPrefix(Problem):
    level = "warning"
    zh = "{count} 个公式是在没有加载项的 Excel 里输入的（如 {formula}）；安装加载项后请重新输入（F2、回车）"
    en = ("{count} formulas were typed in an Excel without the add-in, such as {formula}; install it and enter them "
          "again (F2, Enter)")


class NameClash(Problem):
    zh = "工作簿把 {name} 定义成了名称（{text}），会盖住同名的 KPI 函数；请在 公式 → 名称管理器 里改名或删除"
    en = ("the workbook defines the name {name} ({text}), which hides the KPI function; rename or delete it in "
          "Formulas → Name Manager")


class MacroClash(Problem):
    zh = "模块 {module} 里有同名的宏 {name}，会盖住 KPI 函数；请在 VBA 编辑器（Alt+F11）里改名或删除"
    en = ("the module {module} has a macro {name}, which hides the KPI function; rename or delete it in the VBA editor "
          "(Alt+F11)")


class LambdaTwice(Problem):
    zh = "{name} 被定义了 {count} 次，Excel 取哪一个要看工作表；请在 名称管理器 里只留一个"
    en = "{name} is defined {count} times and Excel picks one by the sheet; keep one in the Name Manager"


class LambdaWithMacros(Problem):
    zh = ("工作簿里的 {count} 个 KPI 函数既是 LAMBDA 名称又有宏或加载项，算的是 LAMBDA；"
          "请二选一：删去这些名称，或用不带宏的便携版")
    en = ("{count} KPI functions are LAMBDA names here while macros or the add-in define them too, and the names win; "
          "keep one: delete the names, or use the portable edition without macros")


@dataclass
class Diagnosis:
    """Facts for whoever helps, by name, and what is wrong."""

    facts: dict[str, Any] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)


def examine(book: str | Path | None = None, machine: Machine | None = None) -> Diagnosis:
    """Examine this computer and, if given, a workbook. Nothing is changed."""
    machine = machine or Machine()
    done = Diagnosis(facts=facts(machine), findings=computer(machine))
    if book is not None:
        done.findings += workbook(Path(book), machine)
    return done


def facts(machine: Machine) -> dict[str, Any]:
    """Versions, bits and places."""
    config = machine.config()
    return {
        "xlkpi": machine.xlkpi_version, "python": machine.python, "python_bits": machine.bits,
        "executable": str(machine.executable), "xlwings": machine.xlwings_version,
        "windows": machine.windows, "office_bits": machine.office_bits if machine.windows else None,
        "addin": str(machine.addin) if machine.windows and machine.addin.is_file() else None,
        "config": str(config.path) if config.there else None, "config_version": config.values.get("version"),
        "dll": config.values.get("dll")}


def computer(machine: Machine) -> Findings:
    """What keeps the functions from working on this computer."""
    if not machine.windows:
        return Findings([ExcelNotHere()])
    found = obstacles(machine)
    if not machine.addin.is_file():
        found.append(AddinMissing(path=machine.addin))
    elif machine.shipped is not None and not same(machine.addin, machine.shipped):
        found.append(AddinDiffers(version=machine.xlkpi_version))
    found += _configured(machine)
    if machine.addin.is_file() and machine.blocked(machine.addin):
        found.append(Blocked(Where(file=str(machine.addin))))
    warnings, by_policy = machine.security("VBAWarnings")
    by = {True: ("组织策略", "a policy"), False: ("您的设置", "your settings")}[by_policy]
    for value, kind in ((4, MacrosOff), (3, SignedOnly)):
        if warnings == value:
            found.append(_said(kind, by))
    if any("xlkpi" in item.decode("utf-16-le", "ignore").casefold() for item in machine.disabled_items()):
        found.append(AddinDisabled())
    return found


def _said(kind: type[Problem], by: tuple[str, str]) -> Problem:
    from xlkpi import language

    return kind(by=by[language.current() == "en"])


def _configured(machine: Machine) -> Iterator[Problem]:
    config = machine.config()
    if not config.there:
        yield ConfigMissing(path=config.path)
        return
    configured = config.values.get("version", "?")
    if configured != machine.xlkpi_version:
        yield ConfigOld(configured=configured, version=machine.xlkpi_version)
    for key in ("python", "dll"):
        path = config.values.get(key, "")
        if not path or not Path(path).is_file():
            yield PathGone(key=key, path=path or "—")
        elif key == "python" and Path(path).parent != machine.executable.parent:
            yield OtherPython(configured=path, running=machine.executable)
    name = PurePath(config.values.get("dll", "").replace("\\", "/")).name
    if name and machine.xlwings_version and f"-{machine.xlwings_version}.dll" not in name:
        yield DllDiffers(name=name, version=machine.xlwings_version)


# ---------------------------------------------------------------- the workbook

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BEFORE = r"(?<![\w.])"
PREFIXES: tuple[tuple[re.Pattern[str], type[Problem]], ...] = (
    (re.compile(_BEFORE + r"(?:_xll\.)?_xldudf_\w*KPI_\w+", re.IGNORECASE), OfficePrefix),
    (re.compile(r"\[\d+\]!\s*'?KPI_\w+|'[^']*xla[m]?'!\s*KPI_\w+|\w+\.xla[m]?!\s*KPI_\w+", re.IGNORECASE), PathPrefix),
    (re.compile(_BEFORE + r"_xludf\.\s*KPI_\w+", re.IGNORECASE), UnknownPrefix),
)


def workbook(path: Path, machine: Machine) -> Findings:
    """What keeps a workbook's KPI functions from working."""
    found = Findings()
    try:
        template = Template.open(path)
    except Refused as refused:
        return Findings(refused.problems)
    if machine.blocked(path):
        found.append(Blocked(Where(file=path.name)))
    book = template.book
    hits: dict[int, list[tuple[str, str, str]]] = {}
    for cell in book.formulas():
        if may_call(cell.text):
            text = _QUOTED.sub('""', cell.text)
            for number, (pattern, _) in enumerate(PREFIXES):
                match = pattern.search(text)
                if match:
                    hits.setdefault(number, []).append((cell.sheet, f"{column_letters(cell.col)}{cell.row}", match[0]))
    for number, cells in sorted(hits.items()):
        sheet, place, text = cells[0]
        _, kind = PREFIXES[number]
        found.append(kind(Where(file=path.name, sheet=sheet, cell=place), count=len(cells), formula=text))
    found += _names(template, path, machine)
    built = next((one.text.strip('="') for one in book.defined_names if one.name.casefold() == "xlkpi_version"), None)
    if refreshing.planning.newer(built):
        found.append(NewerTemplate(Where(file=path.name), template=built, package=machine.xlkpi_version))
    return found


def _names(template: Template, path: Path, machine: Machine) -> Iterator[Problem]:
    """Defined names that are called as KPI functions are."""
    functions = {name.casefold(): name for name in registry.load()}
    names: dict[str, list[Any]] = {}
    for one in template.book.defined_names:
        if one.name.casefold() in functions:
            names.setdefault(functions[one.name.casefold()], []).append(one)
    lambdas = []
    for name, given in names.items():
        where = Where(file=path.name, sheet=given[0].sheet)
        if all("LAMBDA(" in one.text.upper() for one in given):
            lambdas.append(name)
            if len(given) > 1:
                yield LambdaTwice(where, name=name, count=len(given))
        else:
            text = next(one.text for one in given if "LAMBDA(" not in one.text.upper())
            yield NameClash(where, name=name, text=text[:60])
    package = template.book.package
    macros = package.related(template.book.workbook, "vbaProject")
    for part in macros:
        for module, procedure in procedures(package.read(part)):
            if procedure.casefold() in functions and not module.startswith(OWN_MODULES):
                yield MacroClash(Where(file=path.name), module=module, name=functions[procedure.casefold()])
    if lambdas and (macros or (machine.windows and machine.addin.is_file())):
        yield LambdaWithMacros(Where(file=path.name), count=len(lambdas))
