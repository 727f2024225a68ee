"""The command line as a user meets it: words, exit codes, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from xlkpi import cli, samples
from xlkpi.cli import books
from xlkpi.cli.output import table, width
from xlkpi.cli.texts import TEXTS
from xlkpi.registry import load

CHINESE = re.compile("[\u4e00-\u9fff]")


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = cli.main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


@pytest.mark.parametrize(("formula", "answer", "code"), [
    ("=KPI_COMPLETION(90,100)", "0.9", 0), ("KPI_GRADE(95)", "A", 0), ("=1+1", "2", 0), ("=1=1", "TRUE", 0),
    ("=KPI_WEIGHTS({50;50})", "0.5\n0.5", 0), ("=1/0", "#DIV/0!", 1),
])
def test_eval(capsys: pytest.CaptureFixture[str], formula: str, answer: str, code: int) -> None:
    got, out, _ = run(capsys, "eval", formula, "--lang", "en")
    assert (got, out.strip()) == (code, answer)


def test_eval_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "eval", "=KPI_COMPLETION(90,0)", "--lang", "zh")
    assert code == 1
    assert out.startswith("#DIV/0!")
    assert "目标为 0" in out


def test_eval_reads_lines_and_answers_in_json(capsys: pytest.CaptureFixture[str],
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("=1+1\n\n=KPI_SCORE(\"x\",1)\n=SUM(\n"))
    code, out, _ = run(capsys, "eval", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert lines[0] == {"formula": "=1+1", "value": 2}
    assert lines[1]["error"] == "#VALUE!"
    assert lines[2]["problems"]


def test_new_fill_show(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = samples.write_samples(tmp_path / "in")
    goals = next(path for path in files if path.stem in ("目标", "goals"))
    blank, out = tmp_path / "blank.xlsx", tmp_path / "out.xlsx"
    assert run(capsys, "new", "short_video", "-o", blank, "--lang", "zh")[0] == 0
    assert run(capsys, "new", "short_video", "-o", blank)[0] == 1  # it exists
    data = [path for path in files if path != goals]
    code, said, err = run(capsys, "fill", blank, "--data", *data[:2], "--data", *data[2:], "--goals", goals,
                          "--set", "period_start=2026-10-01", "--set", "period_end=2026-10-31", "-o", out,
                          "--lang", "zh")
    assert code == 0, err
    assert str(out) in said
    code, shown, _ = run(capsys, "show", out, "--lang", "zh")
    assert code == 0
    assert "播放量" in shown
    assert "总分" in shown
    code, facts, _ = run(capsys, "show", out, "--json")
    assert json.loads(facts)["grade"] in "SABCD"
    code, said, _ = run(capsys, "calc", out, "--json")
    assert json.loads(said)["ok"] is True


def test_demo_in_both_languages(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        code, out, err = run(capsys, "demo", tmp_path / lang, "--lang", lang)
        assert code == 0, err
        assert len(list((tmp_path / lang).glob("*.xlsx"))) == 1
        assert ("总分" in out) == (lang == "zh")


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 300_000_000)


def entity_bomb(path: Path) -> None:
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    parts["xl/workbook.xml"] = evil + parts["xl/workbook.xml"].split(b"?>", 1)[-1]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("kind", ["text", "empty", "missing", "ole", "bomb", "entity", "folder"])
def test_what_is_no_workbook_is_refused_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str) -> None:
    path = tmp_path / "book.xlsx"
    match kind:
        case "text":
            path.write_text("hello", encoding="utf-8")
        case "empty":
            path.write_bytes(b"")
        case "ole":
            path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
        case "bomb":
            zip_bomb(path)
        case "entity":
            entity_bomb(path)
        case "folder":
            path.mkdir()
    for words in (["calc", path], ["show", path], ["fill", path, "--set", "A!A1=1", "-o", tmp_path / "out.xlsx"]):
        code, _, err = run(capsys, *words, "--lang", "en")
        assert code == 1, words
        assert "book.xlsx" in err
    assert not (tmp_path / "out.xlsx").exists()


def test_a_formula_the_engine_cannot_calculate_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["B2"] = '=WEBSERVICE("http://example.org")'
    book.worksheets[0]["B3"] = "=KPI_COMPLETON(1,2)"
    path = tmp_path / "book.xlsx"
    book.save(path)
    before = path.read_bytes()
    code, _, err = run(capsys, "calc", path, "--lang", "en")
    assert code == 1
    assert "Sheet!B2" in err
    assert path.read_bytes() == before


def test_unwritable_output(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "fill", "short_video", "--set", "person=x", "-o", tmp_path / "no" / "such" / "out.xlsx")
    assert code == 1
    assert "out.xlsx" in err


@pytest.mark.parametrize("words", [
    [], ["nope"], ["fill"], ["fill", "short_video"], ["fill", "short_video", "--set", "x", "-o", "y"],
    ["calc", "x.xlsx", "--as-of", "yesterday"], ["--lang", "fr", "templates"], ["fill", "short_video", "--set", "a=1"],
])
def test_wrong_commands_exit_with_2(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, out, err = run(capsys, *words)
    assert code == 2
    assert err.startswith("xlkpi:")
    assert not out


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "functions", "--json")
    assert code == 0
    assert [entry["name"] for entry in json.loads(out)] == list(load())
    assert len(json.loads(run(capsys, "metrics", "--json")[1])) >= 133
    assert json.loads(run(capsys, "metrics", "播放量", "--json")[1])["code"] == "plays"
    assert json.loads(run(capsys, "templates", "--json")[1])[0]["name"] == "short_video"
    for name in load():
        assert run(capsys, "functions", name, "--lang", "zh")[0] == 0
    assert run(capsys, "functions", "KPI_NOPE")[0] == 1
    assert run(capsys, "metrics", "播放良", "--lang", "zh")[2].count("播放量") == 1


def test_every_text_is_in_both_languages() -> None:
    for name, (zh, en) in TEXTS.items():
        assert zh, name
        assert en, name
        assert not CHINESE.search(en), name


@pytest.mark.parametrize("verb", ["new", "fill", "calc", "eval", "show", "inspect", "team", "functions", "metrics",
                                  "templates", "demo"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help(capsys: pytest.CaptureFixture[str], verb: str, lang: str) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([verb, "--help", "--lang", lang])
    assert left.value.code == 0
    assert bool(CHINESE.search(capsys.readouterr().out)) == (lang == "zh")


@pytest.mark.parametrize(("word", "value"), [
    ("5", 5.0), ("1,234", 1234.0), ("12.5%", 0.125), ("TRUE", True), ('"5"', "5"), ("007", "007"), ("", None),
    ("7412345678901234567", "7412345678901234567"), ("林晓", "林晓"), ("=1+1", "=1+1"),
])
def test_values_typed_on_the_command_line(word: str, value: object) -> None:
    assert books.typed(word) == value


def test_columns_line_up_with_chinese() -> None:
    lines = table([["指标", "n"], ["播放量", "5"], ["x", "12"]], numeric=(1,)).splitlines()
    assert {width(line) for line in lines} == {width("播放量") + 2 + 2}


def test_a_locale_without_chinese_is_told_in_words(tmp_path: Path) -> None:
    """File names that the file system's encoding cannot spell end in a sentence, not in a traceback."""
    import os
    import subprocess
    import sys

    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-m", "xlkpi", "demo", "demo"], cwd=tmp_path, env=env, capture_output=True,
                          text=True, errors="replace", check=False)
    assert "Traceback" not in done.stderr
    if done.returncode:  # systems whose file names are always Unicode do the demo
        assert "PYTHONUTF8=1" in done.stderr


@pytest.mark.parametrize(("lang", "words"), [("zh", "文件或文件夹不存在"), ("en", "there is no such file or folder")])
def test_the_system_is_quoted_in_the_users_language(capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str,
                                                    words: str) -> None:
    code, _, err = run(capsys, "fill", "short_video", "--goals", tmp_path / "nowhere.xlsx", "-o", tmp_path / "o.xlsx",
                       "--lang", lang)
    assert code == 1
    assert words in err
    assert "No such file" not in err


@pytest.mark.parametrize("console", ["utf-8", "cp936", "cp1252"])
def test_formulas_on_standard_input_are_read_whatever_the_console_speaks(console: str) -> None:
    """UTF-8 and GBK lines alike; what is neither is told with its line; JSON reads the same in every code page."""
    lines = ['=KPI_SCORE(95,100,"越低越好")'.encode(), '=LEN("目标值")'.encode("gbk"), b'=LEN("\xff\xff")',
             b"\xef\xbb\xbf=1+1"]
    done = subprocess.run([sys.executable, "-m", "xlkpi", "eval", "--json", "--lang", "zh"], input=b"\n".join(lines),
                          capture_output=True, env={**os.environ, "PYTHONIOENCODING": console, "PYTHONUTF8": "0"},
                          check=False)
    answers = [json.loads(line) for line in done.stdout.decode("utf-8" if console == "utf-8" else "ascii").splitlines()]
    assert [answer.get("value") for answer in answers] == [105, 3, None, 2]
    assert answers[1]["formula"] == '=LEN("目标值")'
    assert answers[2]["problems"][0]["where"] == {"row": 3}
    assert done.returncode == 1


def test_a_folder_or_a_pattern_stands_for_its_data_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Windows' own shell passes patterns on; what matches nothing is said."""
    exports = tmp_path / "exports"
    exports.mkdir()
    samples.write_samples(exports)
    (exports / "notes.docx").write_bytes(b"no data")
    given = {"folder": exports, "pattern": exports / "*.xlsx"}
    found = {}
    for name, data in given.items():
        out = tmp_path / f"{name}.xlsx"
        assert run(capsys, "fill", "short_video", "--data", data, "-o", out, "--lang", "zh")[0] == 0
        found[name] = json.loads(run(capsys, "show", out, "--json")[1])["total_score"]
    assert found["folder"] == found["pattern"] > 0
    code, _, err = run(capsys, "fill", "short_video", "--data", exports / "*.ods", "-o", tmp_path / "o.xlsx",
                       "--lang", "en")
    assert code == 1
    assert "*.ods" in err
    assert not (tmp_path / "o.xlsx").exists()
