"""Which templates there are, where their files lie, and building them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from xlkpi.errors import KpiError, did_you_mean
from xlkpi.language import LANGS
from xlkpi.workbook.fill import Template

PACKAGE = Path(__file__).parents[1]
FOLDERS = (PACKAGE / "workbook_templates", PACKAGE.parent / "workbook_templates")  # installed, checked out
EDITIONS = {"python": ".xlsx", "macro": ".xlsm"}
REFRESH_MACRO = "RefreshScorecard"  # what the button of the macro edition runs


class NoSuchTemplate(KpiError):
    zh = "没有名为“{name}”的模板{hint}；可用：{known}"
    en = "there is no template '{name}'{hint}; there are: {known}"


class TemplateFileMissing(KpiError):
    zh = "找不到模板文件 {file}，请运行 xlkpi build-templates"
    en = "the template file {file} is missing; run xlkpi build-templates"


@dataclass(frozen=True, slots=True)
class Entry:
    """One template: its name, what it is called, and its file in each language."""

    name: str
    zh: str
    en: str
    langs: tuple[str, ...] = LANGS

    def title(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def file(self, lang: str, edition: str = "python") -> str:
        return f"{self.name}_{lang}{EDITIONS[edition]}"


_ENTRIES = (
    Entry("short_video", "短视频运营绩效考核", "Short-video performance scorecard"),
    Entry("wechat_promotion", "公众号推广绩效考核", "WeChat promotion scorecard"),
    Entry("account_operations", "账户运营多维绩效考核", "Account operations assessment"),
    Entry("team_summary", "团队绩效总表", "Team summary"),
    Entry("wechat_smart", "公众号SMART目标监测", "WeChat SMART goals and monitoring"),
)


def catalogue() -> list[Entry]:
    """Every template, in the order of the articles they come from."""
    return list(_ENTRIES)


def find(name: str) -> Entry:
    """The template called ``name`` (its name or title), or :class:`NoSuchTemplate`."""
    wanted = name.strip().casefold().replace("-", "_")
    wanted = wanted.removesuffix(".xlsx").removesuffix(".xlsm")
    for entry in _ENTRIES:
        files = {entry.file(lang).removesuffix(".xlsx") for lang in entry.langs}
        if wanted in {entry.name, entry.zh.casefold(), entry.en.casefold(), *files}:
            return entry
    raise NoSuchTemplate(name=name, hint=did_you_mean(name, [entry.name for entry in _ENTRIES]),
                         known=", ".join(entry.name for entry in _ENTRIES))


def path(name: str = "short_video", lang: str = "zh", edition: str = "python") -> Path:
    """The committed file of a template, in the installed package or in the checkout."""
    file = find(name).file(lang, edition)
    for folder in FOLDERS:
        if (folder / file).is_file():
            return folder / file
    raise TemplateFileMissing(file=file)


def build(name: str = "short_video", lang: str = "zh", out: str | Path | None = None,
          dress: Callable[[Path], None] | None = None) -> Path:
    """Build a template anew into ``out`` (default: its file name here); the same bytes every time.

    An ``out`` called ``.xlsm`` gets the button of the macro edition, and its macros from ``dress``, which is called
    with the file before it is calculated (see ``xlkpi.hosts.vba``).
    """
    entry = find(name)
    target = Path(out) if out is not None else Path(entry.file(lang))
    builder = import_module(f"xlkpi.templates.{entry.name}")  # needs XlsxWriter, the extra xlkpi[build]
    with TemporaryDirectory() as folder:
        blank = Path(folder) / target.name
        builder.write(blank, lang)
        if dress is not None:
            dress(blank)
        book = Template.open(blank.read_bytes())
    book.calculate()  # stored values, so that a viewer without any calculation shows what a new workbook shows
    book.save(target)
    return target


def build_all(folder: str | Path) -> Iterator[Path]:
    """Build every template in every language into ``folder``, one after the other."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for entry in _ENTRIES:
        for lang in entry.langs:
            yield build(entry.name, lang, target / entry.file(lang))
