"""Workbooks written by hand, part by part, in the ways that are legal but that Excel does not choose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def book(sheet: str, *, strings: str | None = None, table: str | None = None, styles: str | None = None,
         strict: bool = False, date1904: bool = False, calc_chain: str | None = None, names: str = "",
         parts: Mapping[str, str | bytes] | None = None, slash: bool = False, prefix: str = "",
         zip64: bool = False) -> bytes:
    """A workbook of one sheet ``Data``; ``sheet`` is the inside of its worksheet element."""
    main, office = (STRICT, STRICT_OFFICE) if strict else (MAIN, OFFICE)
    p = f"{prefix}:" if prefix else ""
    colon = f":{prefix}" if prefix else ""
    declare = f'xmlns{colon}="{main}" xmlns:r="{office}"'
    era = ' date1904="1"' if date1904 else ""
    files: dict[str, str | bytes] = {}
    overrides = {"/xl/workbook.xml": SPREADSHEET + "sheet.main+xml", "/data/one.xml": SPREADSHEET + "worksheet+xml"}
    rels = [("rId1", "worksheet", "/data/one.xml")]
    table_part = ""
    if table is not None:
        files["xl/tables/t.xml"] = f'<table xmlns="{main}" {table}</table>'
        overrides["/xl/tables/t.xml"] = SPREADSHEET + "table+xml"
        files["data/_rels/one.xml.rels"] = relationships([("rId7", "table", "../xl/tables/t.xml")], office)
        table_part = f'<{p}tableParts count="1"><{p}tablePart r:id="rId7"/></{p}tableParts>'
    for part, kind, text, content in (("xl/sharedStrings.xml", "sharedStrings", strings, "sharedStrings+xml"),
                                      ("xl/styles.xml", "styles", styles, "styles+xml"),
                                      ("xl/calcChain.xml", "calcChain", calc_chain, "calcChain+xml")):
        if text is not None:
            files[part] = text.replace("MAIN", main)
            overrides["/" + part] = SPREADSHEET + content
            rels.append((f"rId{len(rels) + 1}", kind, part.removeprefix("xl/")))
    first = {
        "[Content_Types].xml":
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + "".join(f'<Override PartName="{k}" ContentType="{v}"/>' for k, v in overrides.items()) + "</Types>",
        "_rels/.rels": relationships([("rId1", "officeDocument", "xl/workbook.xml")], office),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr{era}/>'
                           f'<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets>{names}</workbook>',
        "xl/_rels/workbook.xml.rels": relationships(rels, office),
        "data/one.xml": f'<?xml version="1.0" encoding="UTF-8"?><{p}worksheet {declare}>{sheet}{table_part}'
                        f'</{p}worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**first, **files, **(parts or {})}.items():
            before = "/" if slash and name != "[Content_Types].xml" else ""
            info = zipfile.ZipInfo(before + name, (2024, 2, 29, 1, 2, 4))
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=zip64) as member:
                member.write(text.encode() if isinstance(text, str) else text)
    return out.getvalue()


def relationships(entries: list[tuple[str, str, str]], office: str = OFFICE) -> str:
    return ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(f'<Relationship Id="{number}" Type="{office}/{kind}" Target="{target}"/>'
                      for number, kind, target in entries)
            + "</Relationships>")


def streamed(data: bytes) -> bytes:
    """The same archive written to a stream that cannot seek: every member has a data descriptor."""
    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]
            self.data += piece
            return len(piece)

    stream = Stream()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:  # type: ignore[arg-type]
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return bytes(stream.data)
