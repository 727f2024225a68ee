"""Packages: what opens, what is refused and how, what a copy keeps."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from packages import members
from smallbooks import book, relationships, streamed

from xlkpi.errors import Refused
from xlkpi.workbook.archive import Limits
from xlkpi.workbook.book import Book
from xlkpi.workbook.fill import Template
from xlkpi.workbook.package import Package

ONE = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'


def refusal(*args: object, **options: object) -> str:
    with pytest.raises(Refused) as refused:
        Package.open(*args, **options)  # type: ignore[arg-type]
    assert len(refused.value.problems) == 1
    return refused.value.problems[0].name


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(200)


def test_files_that_are_something_else(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "FileMissing"
    assert refusal(tmp_path) == "Unreadable"
    assert refusal(b"") == "NotAWorkbook"
    assert refusal(b"a,b\n1,2\n") == "NotAWorkbook"
    assert refusal(b"<html><table>") == "NotAWorkbook"
    assert refusal(ole("EncryptedPackage")) == "Encrypted"
    assert refusal(ole("Workbook")) == "LegacyWorkbook"
    assert refusal(ole("Something")) == "NotAWorkbook"
    assert refusal(b"PK\x03\x04 cut short") == "NotAWorkbook"
    assert refusal(book(ONE)[:-30]) == "NotAWorkbook"


def test_a_word_document_is_no_workbook() -> None:
    data = book(ONE, parts={})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    types = files["[Content_Types].xml"]
    files["[Content_Types].xml"] = types.replace(b"spreadsheetml.sheet.main", b"wordprocessingml")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert refusal(out.getvalue()) == "NotAWorkbook"


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = book(ONE, parts={"xl/media/zeros.bin": bytes(40 << 20)})
    assert len(bomb) < 100_000
    assert refusal(bomb) == "TooBig"


@pytest.mark.parametrize("limits", [Limits(entries=3), Limits(member=300), Limits(total=900)], ids=str)
def test_limits(limits: Limits) -> None:
    assert refusal(book(ONE), limits=limits) == "TooBig"


def test_a_size_that_lies() -> None:
    data = bytearray(book(ONE))
    at = data.index(b"PK\x01\x02")
    size = struct.unpack_from("<L", data, at + 24)[0]
    struct.pack_into("<L", data, at + 24, size - 10)
    assert refusal(bytes(data)) == "DamagedPart"


@pytest.mark.parametrize("prolog", [
    '<!DOCTYPE sst [<!ENTITY a "b">]>', '<!DOCTYPE sst SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE sst [<!ENTITY % x SYSTEM "http://example.com/x">%x;]>'])
def test_document_types_are_refused(prolog: str) -> None:
    data = book('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>',
                strings=f'{prolog}<sst xmlns="MAIN"><si><t>&a;</t></si></sst>')
    with pytest.raises(Refused) as refused:
        Book.open(data).values("Data")
    assert [problem.name for problem in refused.value.problems] == ["EntityDeclared"]


def test_damaged_xml_names_its_part() -> None:
    with pytest.raises(Refused) as refused:
        Book.open(book("<sheetData><row></sheetData>")).values("Data")
    assert refused.value.problems[0].name == "DamagedPart"
    assert refused.value.problems[0].facts["part"] == "data/one.xml"


def test_a_wrong_checksum_is_damage() -> None:
    data = bytearray(book(ONE, parts={"xl/media/a.bin": bytes(range(256)) * 8}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        at = archive.getinfo("xl/media/a.bin").header_offset
    data[at + 30 + len("xl/media/a.bin") + 5] ^= 0x55
    with pytest.raises(Refused) as refused:
        Package.open(bytes(data)).read("xl/media/a.bin")
    assert refused.value.problems[0].name == "DamagedPart"


@pytest.mark.parametrize("shape", ["plain", "streamed", "zip64", "slash", "strict"])
def test_every_shape_of_package_is_read_and_written(shape: str) -> None:
    data = book(ONE, strict=shape == "strict", slash=shape == "slash", zip64=shape == "zip64")
    if shape == "streamed":
        data = streamed(data)
    template = Template.open(data)
    assert template.value("Data!A1") == 1
    template.fill(inputs={"Data!B2": "text"})
    again = template.tobytes()
    members(again)
    assert Template.open(again).values("Data") == [[1, None], [None, "text"]]
    kept = {name: stored for name, stored in members(data).items() if "workbook.xml" in name and "rels" not in name}
    assert kept.items() <= members(again).items()


def test_streamed_members_are_copied_with_their_descriptors() -> None:
    data = streamed(book(ONE))
    assert Package.open(data).tobytes() == data


def test_relationships_go_by_kind_and_target() -> None:
    data = book(ONE, parts={"xl/charts/_rels/c.xml.rels": relationships([("rId1", "image", "../media/%E5%9B%BE.png")]),
                            "xl/media/图.png": b"png"})
    package = Package.open(data)
    assert package.related("", "officeDocument") == ["xl/workbook.xml"]
    assert package.related("xl/workbook.xml", "worksheet") == ["data/one.xml"]
    assert package.related("xl/charts/c.xml", "image") == ["xl/media/图.png"]
    assert package.related("xl/workbook.xml", "nothing") == []
    assert Package.open(package.tobytes()).read("xl/media/图.png") == b"png"


def test_adding_and_dropping_keep_the_package_closed() -> None:
    data = book(ONE)
    package = Package.open(data)
    package.add("custom/new.xml", b"<a/>", "application/xml+a&b")
    rel = package.relate("xl/workbook.xml", "custom/new.xml", "customXml")
    again = Package.open(package.tobytes())
    assert again.target("xl/workbook.xml", rel) == "custom/new.xml"
    assert again.content_type("custom/new.xml") == "application/xml+a&b"
    again.drop("custom/new.xml")
    third = Package.open(again.tobytes())
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(third.tobytes())) as after:
        assert {n: before.read(n) for n in before.namelist()} == {n: after.read(n) for n in after.namelist()}


def test_saving_replaces_only_when_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"old")
    os.chmod(target, 0o640)
    package = Package.open(book(ONE))
    package.write("data/one.xml", b"x")
    package._changed["data/one.xml"] = None  # type: ignore[assignment]
    with pytest.raises(TypeError):
        package.save(target)
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.xlsx"]
    Package.open(book(ONE)).save(target)
    assert Template.open(target).value("Data!A1") == 1
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["out.xlsx"]


def test_an_unwritable_output_is_a_problem(tmp_path: Path) -> None:
    for target in (tmp_path / "no folder" / "out.xlsx", tmp_path):
        with pytest.raises(Refused) as refused:
            Package.open(book(ONE)).save(target)
        assert refused.value.problems[0].name == "Unwritable"
        assert refused.value.problems[0].facts["path"] == os.fspath(target)
    assert os.listdir(tmp_path) == []
