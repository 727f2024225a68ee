"""An Office package: parts, content types and relationships.

Parts are named without the leading ``/`` and found by relationship and content type, never by
path. What is not written stays as it is: :meth:`Package.save` copies those members raw.
"""

from __future__ import annotations

import os
import posixpath
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from urllib.parse import unquote
from xml.parsers import expat

from xlkpi.errors import Refused, Where, reason_of
from xlkpi.workbook import markup
from xlkpi.workbook.archive import Archive, Limits, Sink, Writer, deflated
from xlkpi.workbook.markup import Element
from xlkpi.workbook.original import original
from xlkpi.workbook.problems import (
    DamagedPart,
    Encrypted,
    EntityDeclared,
    FileMissing,
    LegacyWorkbook,
    NotAWorkbook,
    TooBig,
    Unreadable,
    Unwritable,
)

CONTENT_TYPES = "[Content_Types].xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
BIG = 1 << 20  # parts from here on are packed with the quick level: 3 times as fast, a fifth to a quarter larger
T = TypeVar("T")
NEW_PART_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship: its id, its kind (last segment of the type), the part or address it points to."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of a workbook file held in memory."""

    def __init__(self, archive: Archive, file: str | None) -> None:
        self.file = file
        self._archive = archive
        self.original = original(archive.source, sum(one.info.file_size for one in archive.members.values()))
        self._members = {name.replace("\\", "/").lstrip("/"): name for name in archive.members}
        self._known = {part.casefold(): part for part in self._members}
        self._order = list(self._members)
        self._changed: dict[str, bytes] = {}
        self._derived: dict[str, dict[str, Any]] = {}
        self._packed: dict[str, bytes] = {}

    # ------------------------------------------------------------ opening

    @classmethod
    def open(cls, source: str | os.PathLike[str] | bytes | BinaryIO, *, limits: Limits | None = None) -> Package:
        """Open a workbook from a path, from bytes or from a readable binary file.

        Raises :class:`~xlkpi.errors.Refused` when it is missing, unreadable, encrypted, a legacy
        ``.xls``, no workbook at all, damaged, or beyond ``limits``.
        """
        limits = limits or Limits()
        file: str | None = None
        if isinstance(source, (bytes, bytearray, memoryview)):
            data = bytes(source)
        elif hasattr(source, "read"):
            data = source.read()
            name = getattr(source, "name", None)
            file = str(name) if isinstance(name, str) else None
        else:
            file = os.fspath(source)
            data = _bytes_of(Path(file), limits)
        where = Where(file=file)
        if not data.startswith(b"PK"):
            raise Refused(_what_else(data, where))
        package = cls(Archive(data, file, limits), file)
        if CONTENT_TYPES.casefold() not in package._known:
            raise Refused(NotAWorkbook(where, reason="[Content_Types].xml"))
        if not package.workbook:
            raise Refused(NotAWorkbook(where, reason="officeDocument"))
        kind = package.content_type(package.workbook)
        if ("spreadsheetml" not in kind and "ms-excel" not in kind) or "binary" in kind:
            raise Refused(NotAWorkbook(where, reason=kind or package.workbook))
        return package

    @property
    def workbook(self) -> str:
        """The workbook part, or nothing."""
        found = self.related("", "officeDocument")
        return found[0] if found else ""

    # ------------------------------------------------------------ parts

    def parts(self) -> list[str]:
        """Every part, content types and relationships included, in the order of the file."""
        return list(self._order)

    def has(self, part: str) -> bool:
        return part.lstrip("/").casefold() in self._known

    def changed(self, part: str) -> bool:
        """Has the part been written since the file was opened?"""
        return self._name(part) in self._changed

    def read(self, part: str) -> bytes:
        """A part's bytes as stored. The same object again as long as nobody writes the part."""
        part = self._name(part)
        if part in self._changed:
            return self._changed[part]
        read = self.original.read
        if part not in read:
            read[part] = self._archive.read(self._members[part])
        return read[part]

    def xml(self, part: str) -> bytes:
        """A part as well-formed UTF-8 XML without document type. The same object again, as :meth:`read`.

        Raises :class:`~xlkpi.errors.Refused` for damaged XML and for entity declarations.
        """
        part = self._name(part)
        data = self.read(part)
        if part in self._changed or self.original.good.get(part) is data:
            return data
        where = Where(file=self.file)
        try:
            good = markup.checked(data)
        except markup.DocumentType:
            raise Refused(EntityDeclared(where, part=part)) from None
        except (expat.ExpatError, LookupError, UnicodeError) as error:
            raise Refused(DamagedPart(where, part=part, reason=str(error))) from None
        self.original.read[part] = self.original.good[part] = good
        return good

    def tree(self, part: str) -> Element:
        """The document element of an XML part (kept until the part is written)."""
        data = self.xml(part)
        return self.derived(part, "tree", lambda: markup.document(data))

    def derived(self, part: str, what: str, make: Callable[[], T]) -> T:
        """What ``make`` works out from the bytes of a part and from nothing else; ``what`` names it.

        It is kept until the part is written, and with the file it is read from, so it is shared with whoever
        fills the same file: nobody may change it.
        """
        part = self._name(part)
        known = (self._derived if part in self._changed else self.original.derived).setdefault(part, {})
        if what not in known:
            known[what] = make()
        found: T = known[what]
        return found

    def write(self, part: str, data: bytes) -> None:
        """Replace the bytes of a part that is there."""
        part = self._name(part)
        self._changed[part] = data
        self._packed.pop(part, None)
        self._derived.pop(part, None)
        self.original.forget(part)

    def add(self, part: str, data: bytes, content_type: str | None) -> None:
        """A new part and its content type (None: the default of its extension covers it)."""
        part = part.lstrip("/")
        if self.has(part):
            raise ValueError(f"part {part} is there already")
        self._known[part.casefold()] = part
        self._order.append(part)
        self._changed[part] = data
        if content_type is not None:
            self._insert(CONTENT_TYPES, "Override", f'PartName="/{markup.escape_attribute(part)}" '
                                                    f'ContentType="{markup.escape_attribute(content_type)}"')

    def drop(self, part: str) -> None:
        """Take a part away with its content type, its relationships and those that point to it."""
        part = self._name(part)
        for owner in [name for name in self._order if name.endswith(".rels")]:
            if part.rpartition("/")[2].encode() in unquote(self.read(owner).decode("utf-8", "replace")).encode():
                source = _source_of(owner)
                self._remove(owner, [e for e, r in zip(self.tree(owner).all("Relationship"),
                                                       self._relationships_in(owner, source), strict=True)
                                     if not r.external and r.target.casefold() == part.casefold()])
        types = self._name(CONTENT_TYPES)
        self._remove(types, [e for e in self.tree(types).all("Override")
                             if (e.get("PartName") or "").lstrip("/").casefold() == part.casefold()])
        for gone in (part, relationships_part(part)):
            if self.has(gone):
                gone = self._name(gone)
                self._order.remove(gone)
                del self._known[gone.casefold()]
                for kept in (self._members, self._changed, self._derived):
                    kept.pop(gone, None)

    # ------------------------------------------------------------ content types and relationships

    def content_type(self, part: str) -> str:
        """The content type of a part, or nothing."""
        root = self.tree(self._name(CONTENT_TYPES))
        name = "/" + part.lstrip("/")
        for element in root.all("Override"):
            if (element.get("PartName") or "").casefold() == name.casefold():
                return element.get("ContentType") or ""
        extension = part.rpartition(".")[2].casefold()
        return next((element.get("ContentType") or "" for element in root.all("Default")
                     if (element.get("Extension") or "").casefold() == extension), "")

    def relationships(self, part: str) -> list[Relationship]:
        """The relationships of a part (``""``: of the package), in the order of the file."""
        rels = relationships_part(part)
        return self._relationships_in(self._name(rels), part) if self.has(rels) else []

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that ``part`` relates to as ``kind`` (``worksheet``, ``table``, ``chart`` …)."""
        return [self._known[r.target.casefold()] for r in self.relationships(part)
                if r.kind == kind and not r.external and r.target.casefold() in self._known]

    def target(self, part: str, rel_id: str) -> str | None:
        """The part behind a relationship id."""
        for relationship in self.relationships(part):
            if relationship.id == rel_id and not relationship.external:
                return self._known.get(relationship.target.casefold())
        return None

    def relate(self, part: str, target: str, kind: str) -> str:
        """Relate ``part`` to the part ``target``; returns the new relationship's id."""
        rels = relationships_part(part)
        if not self.has(rels):
            self.add(rels, b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<Relationships xmlns='
                           b'"http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>', None)
        rels = self._name(rels)
        taken = {r.id for r in self.relationships(part)}
        new = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        types = [e.get("Type") or "" for e in self.tree(rels).all("Relationship")]
        base = next((t.rpartition("/")[0] + "/" for t in types if "purl.oclc.org" in t), RELATIONSHIPS)
        path = posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
        self._insert(rels, "Relationship", f'Id="{new}" Type="{base}{kind}" Target="{markup.escape_attribute(path)}"')
        return new

    # ------------------------------------------------------------ saving

    def pack(self, parts: Iterable[str]) -> None:
        """Pack changed parts now that :meth:`save` would pack later."""
        for part in parts:
            data = self._changed.get(part)
            if data is not None and part not in self._packed:
                self._packed[part] = deflated(data, _level(data))

    def tobytes(self, compress: bool = True) -> bytes:
        """The package as a file's bytes. ``compress=False`` stores changed parts unpacked (quick)."""
        pieces: list[bytes | memoryview] = []
        self._put(pieces.append, compress)
        return b"".join(pieces)

    def save(self, path: str | os.PathLike[str], compress: bool = True) -> None:
        """Write beside ``path``, then rename over it: a failure leaves the existing file as it was."""
        target = Path(os.path.realpath(path))
        temporary: str | None = None
        try:
            mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
            if target.is_dir():
                raise IsADirectoryError(21, os.strerror(21))
            if mode is not None and not os.access(target, os.W_OK):
                raise PermissionError(13, os.strerror(13))
            handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
            with os.fdopen(handle, "wb", buffering=1 << 20) as out:
                self._put(out.write, compress)
            os.chmod(temporary, mode if mode is not None else 0o666 & ~_umask())
            os.replace(temporary, target)
        except OSError as error:
            raise Refused(Unwritable(Where(file=os.fspath(path)), path=os.fspath(path),
                                     reason=reason_of(error))) from None
        finally:
            if temporary is not None and os.path.exists(temporary):
                os.unlink(temporary)

    def _put(self, sink: Sink, compress: bool) -> None:
        writer = Writer(sink)
        for part in self._order:
            stored = self._members.get(part)
            if part not in self._changed and stored is not None:
                writer.copy(self._archive, self._archive.members[stored])
                continue
            data = self._changed[part]
            date = self._archive.members[stored].info.date_time if stored else NEW_PART_DATE
            level = _level(data) if compress else 0
            writer.add(stored or part, data, date, level, self._packed.get(part))
        writer.close()

    # ------------------------------------------------------------ inside

    def _name(self, part: str) -> str:
        try:
            return self._known[part.lstrip("/").casefold()]
        except KeyError:
            raise Refused(DamagedPart(Where(file=self.file), part=part, reason="?")) from None

    def _relationships_in(self, rels: str, part: str) -> list[Relationship]:
        return self.derived(rels, f"relationships of {part}", lambda: self._read_relationships(rels, part))

    def _read_relationships(self, rels: str, part: str) -> list[Relationship]:
        base = posixpath.dirname("/" + part)
        found = []
        for element in self.tree(rels).all("Relationship"):
            target = element.get("Target") or ""
            external = element.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join(base, unquote(target).replace("\\", "/"))).lstrip("/")
            kind = (element.get("Type") or "").rpartition("/")[2]
            found.append(Relationship(element.get("Id") or "", kind, target, external))
        return found

    def _insert(self, part: str, local: str, attributes: str) -> None:
        part = self._name(part)
        root, data = self.tree(part), self.xml(part)
        new = f"<{root.prefix}{local} {attributes}/>".encode()
        if root.close > root.inner or data[root.inner - 2:root.inner] != b"/>":
            self.write(part, data[:root.close] + new + data[root.close:])
        else:
            self.write(part, data[:root.inner - 2] + b">" + new + f"</{root.tag}>".encode() + data[root.end:])

    def _remove(self, part: str, elements: list[Element]) -> None:
        if elements:
            self.write(part, markup.patched(self.xml(part), [(e.start, e.end, b"") for e in elements]))


def _level(data: bytes) -> int:
    return zlib.Z_BEST_SPEED if len(data) >= BIG else 6


def relationships_part(part: str) -> str:
    """Where the relationships of a part are kept."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _source_of(rels: str) -> str:
    folder, _, name = rels.rpartition("/")
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def _bytes_of(path: Path, limits: Limits) -> bytes:
    where = Where(file=os.fspath(path))
    try:
        size = path.stat().st_size
        if size > limits.total:
            raise Refused(TooBig(where, what="file", value=f"{size:,}", limit=f"{limits.total:,}"))
        return path.read_bytes()
    except FileNotFoundError:
        raise Refused(FileMissing(where, path=os.fspath(path))) from None
    except OSError as error:
        raise Refused(Unreadable(where, reason=reason_of(error))) from None


def _what_else(data: bytes, where: Where) -> NotAWorkbook | Encrypted | LegacyWorkbook:
    """What a file that is no zip may be."""
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return Encrypted(where)
        if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
            return LegacyWorkbook(where)
        return NotAWorkbook(where, reason="OLE")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not data:
        return NotAWorkbook(where, reason="0 bytes")
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        return NotAWorkbook(where, reason="HTML / XML")
    return NotAWorkbook(where, reason="CSV / text" if b"\x00" not in head else "binary data")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
