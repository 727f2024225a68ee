"""The source of the macros: what VBA allows, one function a registered function, what the DLL is called."""

from __future__ import annotations

import re

import pytest
from pyopenvba.interpreter import parse_module

from xlkpi.hosts.excel.install import COPIES
from xlkpi.hosts.vba.source import ADDIN, RESERVED, TEXT, Edition, ascii_text, modules, parameter_name
from xlkpi.language import LANGS
from xlkpi.registry import load

EDITIONS = [*map(Edition, LANGS), ADDIN]
SOURCES = [(edition, name) for edition in EDITIONS for name in modules(ADDIN)]


@pytest.mark.parametrize(("edition", "name"), SOURCES, ids=[f"{one.lang or 'addin'}-{name}" for one, name in SOURCES])
def test_within_what_vba_allows(edition: Edition, name: str) -> None:
    source = modules(edition)[name]
    assert source.isascii()
    assert "\r" not in source
    assert source.endswith("\n")
    assert len(source) < 65_536, "a module of at most 64 KB"
    lines = source.split("\n")
    assert max(map(len, lines)) < 1_023
    assert len(lines) < 65_534
    for block in re.findall(r"(?:[^\n]* _\n)+", source):
        assert block.count(" _\n") <= 24, "at most 24 continued lines"
    for procedure in re.findall(r"(?ms)^(?:Public|Private) (?:Sub|Function).*?^End (?:Sub|Function)", source):
        assert len(procedure) < 65_536
    parse_module(source, name=name, kind="standard")


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda one: one.lang or "addin")
def test_one_wrapper_a_function(edition: Edition) -> None:
    source = modules(edition)["XlkpiFunctions"]
    declared = re.findall(r"(?m)^Public Function (\w+)\((.*)\)$", source)
    assert [name for name, _ in declared] == [*load(), "KPI_LAST_ERROR"]
    for name, arguments in declared[:-1]:
        parameters = load()[name].parameters
        assert arguments == ", ".join(("Optional " if one.optional else "") + parameter_name(one.name)
                                      for one in parameters)
        assert len(parameters) <= 20, "Excel describes so many arguments"


def test_no_name_means_two_things() -> None:
    names = [name for name in modules(ADDIN) if name != "ThisWorkbook"]
    assert len({name.casefold() for name in names}) == len(names)
    public = [name for source in modules(ADDIN).values()
              for name in re.findall(r"(?m)^Public (?:Sub|Function|Const) (\w+)", source)]
    assert len({name.casefold() for name in public}) == len(public)
    assert not {name.casefold() for name in names} & {name.casefold() for name in public}
    assert not {parameter_name(one.name).casefold() for spec in load().values() for one in spec.parameters} & RESERVED


def test_letters_beyond_ascii_are_escaped() -> None:
    assert ascii_text('完成 "a"\\u\n😀') == '\\u5b8c\\u6210 "a"\\u005cu\\u000a\\ud83d\\ude00'


def test_help_texts_fit_or_are_cut() -> None:
    long = [name for name, spec in load().items() for lang in LANGS
            if len(spec.summary(lang)) > TEXT or any(len(one.term.help(lang)) > TEXT for one in spec.parameters)]
    assert not long, "Excel cuts them at 255 letters"


@pytest.mark.parametrize(("constants", "dll"), [
    ({"VBA7": True, "Win64": True}, "xlkpi64.dll"), ({"VBA7": True, "Win64": False}, "xlkpi32.dll"),
    ({"VBA7": False, "Win64": False}, "xlkpi32.dll")], ids=["64 bit", "32 bit", "before Office 2010"])
def test_the_dll_of_every_office(constants: dict[str, bool], dll: str) -> None:
    from pyopenvba.interpreter._preprocess import strip_directives

    source = strip_directives(modules(ADDIN)["XlkpiDll"], constants=dict(constants))
    assert re.findall(r'Private Const DLL As String = "(.*)"', source) == [dll]
    assert re.findall(r'Lib "(.*?)"', source) == ["kernel32", dll]
    assert source.count("PtrSafe") == (2 if constants["VBA7"] else 0)
    assert ("LongPtr" in source) == constants["VBA7"]
    assert dll in COPIES, "xlkpi excel uninstall takes it away"
