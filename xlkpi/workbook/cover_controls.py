"""Form controls and drawn shapes: the list a control offers, the cell it sets, the cell a text box shows.

Their parts are not parsed: the drawings of older controls (VML) need not even be well-formed XML. The few places
that hold references are found as text, and only what follows the table is written.
"""

from __future__ import annotations

import re

from xlkpi.workbook.markup import escape, escape_attribute, unescape
from xlkpi.workbook.refs import Nature, Resize, fit_formula

_ATTRIBUTE = re.compile(rb"""\s(?:[\w.\-]+:)?(fmlaRange|fmlaLink|fmlaGroup|fmlaTxbx|textlink|cellRange)"""
                        rb"""\s*=\s*("[^"<]*"|'[^'<]*')""")
_ELEMENT = re.compile(rb"<([\w.\-]+:)?(FmlaRange|FmlaLink|FmlaGroup|FmlaTxbx|FmlaPict)\s*>([^<]*)</")
_RANGES = {b"fmlaRange", b"FmlaRange", b"FmlaPict", b"cellRange"}


def fit_controls(data: bytes, sheet: str | None, resize: Resize) -> bytes:
    """A control's properties, a drawing or a VML drawing of ``sheet`` with its references following the resize.

    A list and a linked picture are ranges; a linked cell is one cell, which follows only as part of the totals row.
    """
    def fit(kind: bytes, text: str) -> str:
        return fit_formula(text, resize, sheet, Nature.RANGE if kind in _RANGES else Nature.CELL)

    def attribute(match: re.Match[bytes]) -> bytes:
        quote, text = match[2][:1], unescape(match[2][1:-1])
        new = fit(match[1], text)
        if new == text:
            return match[0]
        value = escape_attribute(new).encode()
        if quote == b"'":
            value = value.replace(b"'", b"&apos;")
        return match[0][:match.start(2) - match.start()] + quote + value + quote

    def element(match: re.Match[bytes]) -> bytes:
        text = unescape(match[3])
        new = fit(match[2], text)
        if new == text:
            return match[0]
        return match[0][:match.start(3) - match.start()] + escape(new).encode() + b"</"

    return _ELEMENT.sub(element, _ATTRIBUTE.sub(attribute, data))
