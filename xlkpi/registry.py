"""The KPI functions by name. ``@kpi_function`` only listens: it hands the function back unchanged."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from xlkpi.errors import KpiError, did_you_mean
from xlkpi.spec import FunctionSpec, SpecError, describe

F = TypeVar("F", bound=Callable[..., Any])

_specs: dict[str, FunctionSpec] = {}


class UnknownFunction(KpiError):
    code = "#NAME?"
    zh = "没有名为 {name} 的函数{hint}"
    en = "there is no function {name}{hint}"


def kpi_function(*, excel: str | None = None) -> Callable[[F], F]:
    """Register a function under its own name; ``excel`` is a plain formula that says the same."""

    def listen(function: F) -> F:
        spec = describe(function, excel)
        if spec.name in _specs:
            raise SpecError(f"{spec.name} is declared twice")
        _specs[spec.name] = spec
        return function

    return listen


def load() -> dict[str, FunctionSpec]:
    """Every KPI function, in the order of declaration."""
    import_module("xlkpi.functions")
    return _specs


def find(name: str) -> FunctionSpec:
    """The function called ``name`` in any case, or :class:`UnknownFunction`."""
    specs = load()
    spec = specs.get(name.upper())
    if spec is None:
        raise UnknownFunction(name=name, hint=did_you_mean(name, specs))
    return spec
