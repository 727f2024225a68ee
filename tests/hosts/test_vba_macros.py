"""What the macros do, run by an interpreter of VBA: values, errors, a Python that is gone or was never there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hosts.vba_machine import Cells, Machine, Server, dll_machine
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import EMPTY, MISSING, NULL, VBAArray, VBACurrency, VBAErrorValue

from xlkpi.errors import ERROR_NUMBERS
from xlkpi.hosts.vba.source import ADDIN, Edition
from xlkpi.language import LANGS
from xlkpi.registry import load

MARK = "\ue000"


def machine(answer: Callable[[str, list[Any]], Any] | Any, edition: Edition | None = None) -> Machine:
    made = Machine(edition or Edition("en"))
    given = answer if callable(answer) else lambda name, arguments: answer
    made.run("XlkpiUse", Server(given))
    return made


def array(*bounds: int, items: list[Any]) -> VBAArray:
    return VBAArray([(0, bound - 1) for bound in bounds], items=items)


def error(code: str) -> VBAErrorValue:
    return VBAErrorValue(ERROR_NUMBERS[code])


# ---------------------------------------------------------------- values


@pytest.mark.parametrize("code", ERROR_NUMBERS)
def test_every_error_becomes_itself(code: str) -> None:
    assert machine(MARK + code).run("KPI_COMPLETION", 1.0, 2.0) == error(code)


def test_an_error_of_an_unknown_code_is_an_error_too() -> None:
    assert machine(MARK + "#NEW!").run("KPI_COMPLETION", 1.0, 2.0) == error("#VALUE!")


@pytest.mark.parametrize("value", [0.9, 0.0, True, "达标", "", "#N/A"])
def test_a_value_stays_what_it_is(value: Any) -> None:
    assert machine(value).run("KPI_COMPLETION", 1.0, 2.0) == value


def test_cells_are_read_before_python_is_asked() -> None:
    """Not where Python cuts them to what is used, refuses them, or asks which cell they are."""
    given: list[Any] = []
    calls = machine(lambda name, arguments: given.append(arguments.items) or 1.0)
    two, column, several = array(2, 1, items=[100.0, EMPTY]), Cells(1_048_576, 1), Cells(2, 1, areas=2)
    calls.run("KPI_COMPLETION", Cells(1, 1, 90.0), Cells(2, 1, two), "up", column, several)
    calls.run("KPI_LAST_ERROR", Cells(1, 1, error("#N/A")))
    assert given[0][0] == 90.0
    assert given[0][1].items == [100.0, EMPTY]
    assert given[0][2:] == ["up", column, several]
    assert isinstance(given[1][0], Cells)


def test_money_keeps_its_digits() -> None:
    given: list[Any] = []
    calls = machine(lambda name, arguments: given.append(arguments.items) or 1.0)
    rounded = VBACurrency(0.1235)
    calls.run("KPI_COMPLETION", Cells(1, 1, rounded, exact=0.123456),
              Cells(2, 1, array(2, 1, items=["a", rounded]), exact=array(2, 1, items=["b", 0.123456])))
    assert given[0][0] == 0.123456
    assert given[0][1].items == ["a", 0.123456]


@pytest.mark.parametrize("nothing", [EMPTY, NULL])
def test_nothing_is_a_blank_text_not_a_zero(nothing: Any) -> None:
    assert machine(nothing).run("KPI_COMPLETION", 1.0, 2.0) == ""


def test_arrays_are_changed_element_by_element() -> None:
    wide = machine(array(3, items=[1.0, MARK + "#N/A", EMPTY])).run("KPI_WEIGHTS", 1.0)
    assert (wide.bounds, wide.items) == ([(0, 2)], [1.0, error("#N/A"), ""])
    tall = machine(array(2, 2, items=[1.0, MARK + "#DIV/0!", "a", NULL])).run("KPI_WEIGHTS", 1.0)
    assert (tall.bounds, tall.items) == ([(0, 1), (0, 1)], [1.0, error("#DIV/0!"), "a", ""])
    jagged = array(2, items=[array(2, items=[1.0, MARK + "#NUM!"]), array(1, items=["b"])])
    rows = machine(jagged).run("KPI_WEIGHTS", 1.0)
    assert rows.bounds == [(0, 1), (0, 1)]
    assert [rows.items[rows.offset([row, column])] for row in (0, 1) for column in (0, 1)] == [
        1.0, error("#NUM!"), "b", error("#N/A")]


def test_arguments_arrive_in_their_places() -> None:
    seen: list[Any] = []

    def answer(name: str, arguments: Any) -> float:
        seen.append((name, arguments.items))
        return 1.0

    machine(answer).run("KPI_SCORE", 90.0, 100.0, MISSING, 50.0)
    [(name, arguments)] = seen
    assert name == "KPI_SCORE"
    assert arguments[:4] == [90.0, 100.0, MISSING, 50.0]
    assert len(arguments) == len(load()["KPI_SCORE"].parameters)
    assert all(one is MISSING for one in arguments[4:])


# ---------------------------------------------------------------- failures


def raising(number: int, text: str) -> Callable[[str, Any], Any]:
    def answer(name: str, arguments: Any) -> Any:
        raise VBARuntimeError(number, text)
    return answer


def test_no_traceback_reaches_a_cell() -> None:
    made = machine(raising(-2147467259, 'Traceback (most recent call last):\r\n  File "x.py", line 1\r\n'
                                        'ValueError: no such thing\r\n'))
    assert made.run("KPI_COMPLETION", 1.0, 2.0) == error("#VALUE!")
    assert made.run("KPI_LAST_ERROR") == "ValueError: no such thing"


def test_the_last_sentence_is_pythons_again_once_it_answers() -> None:
    answers = {"KPI_COMPLETION": MARK + "#DIV/0!", "KPI_LAST_ERROR": "the target is 0"}

    def answer(name: str, arguments: Any) -> Any:
        if name == "KPI_SCORE":
            raise VBARuntimeError(5, "broken")
        return answers[name]

    made = machine(answer)
    made.run("KPI_SCORE", 1.0, 2.0)
    assert made.run("KPI_LAST_ERROR") == "broken"
    assert made.run("KPI_COMPLETION", 1.0, 0.0) == error("#DIV/0!")
    assert made.run("KPI_LAST_ERROR") == "the target is 0"
    assert made.run("KPI_LAST_ERROR", 1.0) == "the target is 0"


@pytest.mark.parametrize("number", [462, -2147023174, -2147023170, -2147417848])
def test_a_python_that_has_ended_is_started_again_once(number: int) -> None:
    made = machine(raising(number, "The remote server machine does not exist"))
    started = []

    def start() -> Any:
        started.append(True)
        return Server(lambda name, arguments: 0.5)

    made.host.application.start = start
    assert made.run("KPI_COMPLETION", 1.0, 2.0) == 0.5
    made.host.application.start = lambda: Server(raising(number, "gone again"))
    made.run("XlkpiUse", Server(raising(number, "gone")))
    assert made.run("KPI_COMPLETION", 1.0, 2.0) == error("#VALUE!")
    assert (made.run("KPI_LAST_ERROR"), len(started)) == ("gone again", 1)


def test_a_start_that_fails_is_not_tried_for_every_cell() -> None:
    made = Machine(Edition("en"))
    tried = []

    def start() -> Any:
        tried.append(True)
        raise VBARuntimeError(1000, "no Python")

    made.host.application.start = start
    now = datetime(2026, 11, 30, 20, 0)
    made.vba.freeze(now)
    for _ in range(5):
        assert made.run("KPI_COMPLETION", 1.0, 2.0) == error("#VALUE!")
    assert (len(tried), made.run("KPI_LAST_ERROR")) == (1, "no Python")
    made.vba.freeze(now + timedelta(seconds=61))
    made.run("KPI_COMPLETION", 1.0, 2.0)
    assert len(tried) == 2
    made.run("RefreshScorecard")  # asked for by hand: tried at once
    assert len(tried) == 3
    assert made.vba.dialogs[-1][1] == "no Python"


# ---------------------------------------------------------------- refresh


def test_refresh_says_what_happened() -> None:
    made = machine(lambda name, arguments: {"RefreshScorecard": "42 rows"}[name])
    made.run("RefreshScorecard")
    assert [(text, style) for _, text, _, style in made.vba.dialogs] == [("42 rows", 64)]
    assert made.host.application.bar == ["xlkpi is refreshing ...", False]


def test_refresh_says_something_in_any_case() -> None:
    made = machine(EMPTY, Edition("zh"))
    made.run("RefreshScorecard")
    made.run("XlkpiUse", Server(lambda name, arguments: MARK + "#VALUE!" if name == "RefreshScorecard" else ""))
    made.run("RefreshScorecard")
    made.run("XlkpiUse", Server(lambda name, arguments: array(2, items=[1.0, 2.0])))
    made.run("RefreshScorecard")
    assert [style for *_, style in made.vba.dialogs] == [64, 48, 48]
    assert [text for _, text, *_ in made.vba.dialogs][:2] == ["已刷新。", "刷新没有完成，工作簿保持原样。"]
    assert made.host.application.bar[-1] is False


def test_the_addins_macro_has_another_name() -> None:
    made = machine("done", ADDIN)
    made.host.global_object = {"application": made.host.application, "thisworkbook": made.host.workbook,
                               "activeworkbook": made.host.workbook}.__getitem__  # type: ignore[method-assign]
    made.run("XlkpiRefresh")
    assert made.vba.dialogs[-1][1] == "done"
    with pytest.raises(Exception, match="RefreshScorecard"):
        made.run("RefreshScorecard")


# ---------------------------------------------------------------- the function wizard


@pytest.mark.parametrize(("lang", "saved"), zip(LANGS, (True, False), strict=True))
def test_every_function_is_described(lang: str, saved: bool) -> None:
    made = Machine(Edition(lang))
    made.host.workbook.saved = saved
    made.run("XlkpiDescribe")
    told = {one["macro"].rpartition("!")[2]: one for one in made.host.application.told}
    assert set(told) == set(load())
    for name, spec in load().items():
        assert told[name]["macro"] == f"'考核.xlsm'!{name}"
        assert told[name]["about"] == spec.summary(lang)[:255]
        assert told[name]["category"] == "KPI"
        assert told[name]["arguments"].items == [one.term.help(lang)[:255] for one in spec.parameters]
    assert made.host.workbook.saved is saved


@pytest.mark.parametrize(("language", "said"), [(2052, "zh"), (1028, "zh"), (1033, "en"), (1041, "en")])
def test_the_addin_speaks_the_language_of_the_menus(language: int, said: str) -> None:
    made = Machine(ADDIN)
    made.host.application.languages.language = language
    made.run("XlkpiDescribe")
    assert made.host.application.told[0]["about"] == next(iter(load().values())).summary(said)


def test_a_hidden_addin_shows_itself_for_a_moment() -> None:
    made = Machine(ADDIN)
    application, book = made.host.application, made.host.workbook
    type(application).refuses = property(lambda self: book.hidden, lambda self, value: None)  # type: ignore[assignment]
    try:
        made.run("XlkpiDescribe")
    finally:
        del type(application).refuses
    assert len(application.told) == len(load())
    assert book.hidden is True


# ---------------------------------------------------------------- the command


def test_the_command_that_starts_python() -> None:
    made = Machine(Edition("en"))
    plain = made.run("XlkpiCommand", r"C:\Program Files\Python\pythonw.exe", "")
    assert plain == '"C:\\Program Files\\Python\\pythonw.exe" -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'
    folders = ["C:\\o'neil\\包", "D:\\b\\"]
    command = made.run("XlkpiCommand", "p", ";".join(folders))
    code = str(command).removeprefix('"p" -c "').removesuffix('"')
    assert '"' not in code
    paths: dict[str, Any] = {}
    exec(code.split(" import xlwings")[0].replace("import sys; sys.path[:0]", "paths"), paths)
    assert paths["paths"] == folders


@pytest.mark.parametrize(("bits", "source", "name"), [(64, "xlwings64-0.37.8.dll", "xlkpi64.dll"),
                                                      (32, "xlwings32-0.37.8.dll", "xlkpi32.dll")])
def test_the_dll_is_loaded_and_starts_python(bits: int, source: str, name: str) -> None:
    made, asked = dll_machine(bits), []
    application = made.host.application
    server = Server(lambda name, arguments: 1.0)
    application.copy = lambda *names: asked.append(names) or rf"C:\xlkpi\{names[1]}"
    application.load = lambda path: asked.append((path,)) or 1
    application.activate = lambda command: asked.append((command,)) or server
    assert made.run("XlkpiLaunch", r"C:\Python\xlwings64-0.37.8.dll", "the command") is server
    assert asked[:3] == [(rf"C:\Python\{source}", name), (rf"C:\xlkpi\{name}",), ("the command",)]


def test_what_stops_the_dll_is_said() -> None:
    made = dll_machine(64)
    application = made.host.application

    def sentence() -> str:
        with pytest.raises(VBARuntimeError) as caught:
            made.run("XlkpiLaunch", r"C:\Python\xlwings64-0.37.8.dll", "the command")
        return caught.value.description

    application.activate = lambda command: "Access is denied."
    assert sentence() == ("Python did not start: Could not create Python process. Error message: Access is denied.; "
                          "'xlkpi doctor' tells why")
    application.load = lambda path: 0
    assert sentence() == r"the DLL cannot be loaded: C:\xlkpi\xlkpi64.dll; 'xlkpi doctor' tells why"
    application.copy = lambda source, name: ""
    assert sentence().startswith(r"the DLL of xlwings is not at C:\Python\xlwings64-0.37.8.dll;")
