"""Installing for Excel on a stand-in for Windows: what is written where, twice, and taken away again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hosts.machines import Computer

from xlkpi import cli
from xlkpi.errors import Refused
from xlkpi.hosts.excel import install
from xlkpi.hosts.excel.machine import OFFICE, Machine


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def files(computer: Computer) -> dict[str, bytes]:
    return {str(path.relative_to(computer.appdata)): path.read_bytes() for path in computer.appdata.rglob("*")
            if path.is_file()}


def test_it_writes_two_files_says_so_and_does_nothing_the_second_time(computer: Computer) -> None:
    steps = install.install(computer).steps
    assert [(step.what, step.done, step.path) for step in steps] == [
        ("config", "written", computer.appdata / "xlkpi" / "xlkpi.conf"),
        ("addin", "written", computer.appdata / "Microsoft" / "Excel" / "XLSTART" / "xlkpi.xlam")]
    once = files(computer)
    assert set(once) == {os.path.join("xlkpi", "xlkpi.conf"),
                         os.path.join("Microsoft", "Excel", "XLSTART", "xlkpi.xlam")}
    assert [step.done for step in install.install(computer).steps] == ["unchanged", "unchanged"]
    assert files(computer) == once
    lines = dict(line.split("=", 1) for line in once[os.path.join("xlkpi", "xlkpi.conf")].decode().splitlines())
    assert lines == {"python": str(computer.prefix / "pythonw.exe"), "pythonpath": "", "version": "0.1.0",
                     "dll": str(computer.prefix / f"xlwings64-{computer.xlwings_version}.dll"),
                     "log": str(computer.appdata / "xlkpi" / "xlkpi.log")}


def test_a_newer_package_updates_the_add_in(computer: Computer) -> None:
    install.install(computer)
    (computer.shelves[0] / "xlkpi.xlam").write_bytes(b"add-in 0.2.0")
    assert [step.done for step in install.install(computer).steps] == ["unchanged", "updated"]
    assert computer.addin.read_bytes() == b"add-in 0.2.0"


def test_uninstalling_takes_away_what_was_put_there_and_no_more(computer: Computer) -> None:
    install.install(computer)
    (computer.folder / "xlkpi64.dll").write_bytes(b"copied by the add-in")
    (computer.xlstart / "PERSONAL.XLSB").write_bytes(b"the user's")
    done = [(step.what, step.done) for step in install.uninstall(computer).steps]
    assert done == [("addin", "removed"), ("config", "removed"), ("dll", "removed")]
    assert list(files(computer)) == [os.path.join("Microsoft", "Excel", "XLSTART", "PERSONAL.XLSB")]
    assert not computer.folder.exists()
    assert [(step.what, step.done) for step in install.uninstall(computer).steps] == [
        ("addin", "absent"), ("config", "absent")]


@pytest.mark.parametrize("bits", [32, 64])
def test_the_dll_of_the_office_that_is_there_is_wanted(tmp_path: Path, bits: int) -> None:
    computer = Computer(tmp_path, bits)
    assert computer.office_bits == bits
    computer.dll(bits).unlink()
    with pytest.raises(Refused) as stop:
        install.install(computer)
    (problem,) = stop.value.problems
    assert f"xlwings{bits}-" in problem.sentence()
    assert "pip install" in problem.sentence()
    assert not computer.appdata.exists()


@pytest.mark.parametrize(("key", "name", "value", "bits"), [
    (OFFICE + r"\ClickToRun\Configuration", "Platform", "x64", 64),
    (OFFICE + r"\16.0\Outlook", "Bitness", "x86", 32),
    (r"SOFTWARE\WOW6432Node\Microsoft\Office\15.0\Excel\InstallRoot", "Path", "C:\\Office15", 32),
    (OFFICE + r"\14.0\Excel\InstallRoot", "Path", "C:\\Office14", 64)])
def test_the_bits_of_office_are_in_one_of_several_places(tmp_path: Path, key: str, name: str, value: str,
                                                         bits: int) -> None:
    computer = Computer(tmp_path)
    computer.values = {("HKLM", key): {name: value}}
    assert computer.office_bits == bits


def test_every_obstacle_is_told_at_once_and_nothing_is_written(computer: Computer) -> None:
    (computer.shelves[0] / "xlkpi.xlam").unlink()
    computer.lacks = {"pythoncom"}
    computer.dll(64).unlink()
    with pytest.raises(Refused) as stop:
        install.install(computer)
    assert [type(problem).__name__ for problem in stop.value.problems] == ["NoAddin", "NoXlwings", "NoDll"]
    assert not computer.appdata.exists()


def test_without_an_excel_it_installs_and_says_so(computer: Computer) -> None:
    computer.values = {}
    done = install.install(computer)
    assert [type(problem).__name__ for problem in done.findings] == ["NoExcel"]
    assert computer.addin.is_file()


def test_an_add_in_that_excel_holds_leaves_everything_as_it_was(computer: Computer,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    install.install(computer)
    before = files(computer)
    (computer.shelves[0] / "xlkpi.xlam").write_bytes(b"add-in 0.2.0")
    computer.xlkpi_version = "0.2.0"
    replace = os.replace

    def held(source: str, target: Path) -> None:
        if Path(target).suffix == ".xlam":
            raise PermissionError(13, "used by another process")
        replace(source, target)

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(Refused) as stop:
        install.install(computer)
    assert "close Excel" in str(stop.value)
    assert files(computer) == before


def test_other_systems_are_told_what_to_use(capsys: pytest.CaptureFixture[str],
                                            monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("APPDATA", str(tmp_path / "nothing"))
    for action in ("install", "uninstall"):
        assert cli.main(["excel", action, "--lang", "zh"]) == 1
        assert "xlwings Lite" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


def test_the_command_says_each_thing_that_it_did(computer: Computer, capsys: pytest.CaptureFixture[str],
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "Machine", lambda: computer)
    assert cli.main(["excel", "install", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert f"已写入  加载项  {computer.addin}" in said
    assert "重新打开 Excel" in said
    assert cli.main(["excel", "uninstall", "--json", "--lang", "en"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [step["done"] for step in answer["steps"]] == ["removed", "removed"]


def test_this_machine_answers_without_a_registry() -> None:
    machine = Machine()
    assert machine.registry("HKLM", OFFICE, "nothing") is None
    assert machine.blocked(Path(__file__)) is False
    assert machine.xlwings_version
