"""What is read from a file as it stands in it: parts, their trees, whatever else is worked out from their bytes.

A template is opened again and again. From its second opening on, what was read from the very same bytes is
kept, so that the next scorecard starts from the parsed template. Nothing here depends on anything but these
bytes and nothing is ever changed: what is filled in stands in the :class:`~xlkpi.workbook.package.Package`
of each filling alone. A file opened once, such as a filled scorecard, leaves its digest behind and no content.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlkpi.workbook.settled import Settled

LARGEST = 2 << 20  # bytes of a file that is kept, packed
UNPACKED = 16 << 20  # and unpacked
MOST = 8  # files kept
_SEEN = 256  # digests remembered


@dataclass(slots=True)
class Original:
    """What the parts of one file were found to be, by part, and which of its results are right.

    What is ``kept`` for others is only added to.
    """

    kept: bool = False
    read: dict[str, bytes] = field(default_factory=dict)
    good: dict[str, bytes] = field(default_factory=dict)
    derived: dict[str, dict[str, Any]] = field(default_factory=dict)
    settled: Settled | None = None

    def forget(self, part: str) -> None:
        """The part has been written anew: nobody asks for what it was, unless it is kept for others."""
        if not self.kept:
            for known in (self.read, self.good, self.derived):
                known.pop(part, None)


_lock = Lock()
_seen: OrderedDict[bytes, None] = OrderedDict()
_kept: OrderedDict[bytes, Original] = OrderedDict()


def original(data: bytes, unpacked: int) -> Original:
    """What is known of the file with these bytes, which unpacks to so many."""
    if len(data) > LARGEST or unpacked > UNPACKED:
        return Original()
    digest = sha256(data).digest()
    with _lock:
        if digest in _kept:
            _kept.move_to_end(digest)
            return _kept[digest]
        found = Original(kept=digest in _seen)
        if found.kept:
            _kept[digest] = found
        _seen[digest] = None
        while len(_kept) > MOST:
            _kept.popitem(last=False)
        while len(_seen) > _SEEN:
            _seen.popitem(last=False)
    return found
