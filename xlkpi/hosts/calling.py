"""What the live hosts share: a KPI function as a host calls it, and what a cell can show of its answer.

Hosts read the signature: positional parameters without annotations for a host to stumble over. A parameter left out
is None, which is a blank, and the function's own default takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any

from xlkpi import cells, language
from xlkpi.cells import CellValue, Scalar
from xlkpi.errors import CellError, KpiError
from xlkpi.spec import FunctionSpec

LONGEST_TEXT = 32_767
LAST_ERROR = "KPI_LAST_ERROR"
LAST_ERROR_HELP = {
    "zh": ("最近一次错误的说明；给出单元格时，是该单元格所显示错误的说明", "显示错误值的单元格；省略则为最近一次错误"),
    "en": ("The sentence of the last error, or of the error that the given cell shows",
           "The cell that shows an error; left out: the last error"),
}


class TextTooLong(KpiError):
    zh = "结果有 {length} 个字符，单元格最多 32,767 个"
    en = "the result has {length} characters, a cell holds 32,767"


class PassedOn(KpiError):
    zh = "参数里有错误值 {code}"
    en = "an argument holds the error {code}"


class Defect(KpiError):
    zh = "xlkpi 自身缺陷（{kind}: {reason}）；请把公式和参数发给我们"
    en = "a defect of xlkpi ({kind}: {reason}); please send us the formula and its arguments"


class NotKept(KpiError):
    zh = "没有记下 {code} 的说明：它不是 KPI 函数算出的，或是打开文件之前算出的；按 Ctrl+Alt+F9 全部重算后再看"
    en = ("there is no sentence for {code}: no KPI function gave it, or before the file was opened; "
          "calculate everything again (Ctrl+Alt+F9)")


def hosted(spec: FunctionSpec, module: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """``call`` under the function's own name, with its parameters in their order."""
    def function(*args: Any) -> Any:
        return call(*args)

    function.__name__ = function.__qualname__ = spec.name
    function.__module__ = module
    function.__doc__ = spec.summary(language.current())
    function.__signature__ = Signature([  # type: ignore[attr-defined]
        Parameter(parameter.name, Parameter.POSITIONAL_OR_KEYWORD,
                  default=None if parameter.optional else Parameter.empty) for parameter in spec.parameters])
    return function


def argument_help(spec: FunctionSpec) -> dict[str, str]:
    """Each parameter's line of help, in the language of the moment."""
    lang = language.current()
    return {parameter.name: parameter.term.help(lang) for parameter in spec.parameters}


def answer(spec: FunctionSpec, received: Callable[[], Sequence[CellValue]],
           date1904: Callable[[], bool] | None = None) -> list[list[Scalar]]:
    """Rows of what the cells show. Never raises: a traceback has no place in a cell."""
    try:
        value = cells.call(spec, *received(), date1904=date1904)
    except KpiError as error:
        value = error.as_cell()
    except Exception as error:
        value = Defect(kind=type(error).__name__, reason=error).as_cell()
    return [[_shown(cell) for cell in row] for row in cells.rows_of(value)]


def _shown(cell: Scalar) -> Scalar:
    if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
        return TextTooLong(length=len(cell)).as_cell()
    if isinstance(cell, CellError) and not cell.sentence:
        return CellError(cell.code, PassedOn(code=cell.code).sentence())
    return cell
