"""Custom document properties: names and texts that any workbook can carry and Excel keeps when it saves.

They are seen in Excel under File, Info, Properties, Advanced, Custom.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlkpi.workbook import markup
from xlkpi.workbook.markup import from_stored, to_stored
from xlkpi.workbook.package import Package

PART = "docProps/custom.xml"
_CONTENT = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # every custom property of a document carries this id


def read(package: Package) -> dict[str, str]:
    """The custom properties by name, each as its text."""
    found: dict[str, str] = {}
    for part in package.related("", "custom-properties"):
        data = package.xml(part)
        for entry in package.tree(part).all("property"):
            if entry.children:
                found[entry.attrs.get("name", "")] = from_stored(entry.children[0].text(data))
    return found


def write(package: Package, values: Mapping[str, str]) -> None:
    """Add text properties; one of the same name is replaced, all others stay."""
    strict = b"purl.oclc.org" in package.xml(package.workbook)
    base = "http://purl.oclc.org/ooxml/officeDocument/" if strict else \
        "http://schemas.openxmlformats.org/officeDocument/2006/"
    parts = package.related("", "custom-properties")
    if not parts:
        spelling = "customProperties" if strict else "custom-properties"
        part = next(name for name in (PART, *(f"docProps/custom{n}.xml" for n in range(1, 99)))
                    if not package.has(name))
        package.add(part, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
                          f'<Properties xmlns="{base}{spelling}"></Properties>'.encode(), _CONTENT)
        package.relate("", part, "custom-properties")
        parts = [part]
    part = parts[0]
    data = package.xml(part)
    root = package.tree(part)
    p = root.prefix
    entries = root.all("property")
    changes = [(one.start, one.end, b"") for one in entries if one.attrs.get("name") in values]
    number = max((int(one.attrs.get("pid", "1")) for one in entries), default=1)
    new = "".join(
        f'<{p}property fmtid="{_FORMAT}" pid="{number + step}" name="{markup.escape_attribute(name)}">'
        f'<vt:lpwstr xmlns:vt="{base}docPropsVTypes">{markup.escape(to_stored(text))}</vt:lpwstr></{p}property>'
        for step, (name, text) in enumerate(values.items(), 1)).encode()
    if data[root.inner - 2:root.inner] == b"/>":
        opened = data[root.start:root.inner - 2].rstrip() + b">" + new + f"</{root.tag}>".encode()
        changes.append((root.start, root.end, opened))
    else:
        changes.append((root.close, root.close, new))
    package.write(part, markup.patched(data, changes))
