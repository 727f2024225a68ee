"""What the hosts share: a KPI function as a host wants it, positional and with texts a person reads."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from xlkpi import language
from xlkpi.spec import FunctionSpec


def hosted(spec: FunctionSpec, module: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """``call`` under the function's own name, with its parameters in their order.

    Hosts read the signature: a parameter left out is None, which is a blank, and the function's own default
    takes its place. There are no annotations for a host to stumble over.
    """
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
