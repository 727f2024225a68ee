"""``xlkpi inspect`` and mappings on the command line: what a file is, said to people and to programs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from xlkpi import Template, cli, language, templates
from xlkpi.platforms import facts, report

FIXTURES = Path(__file__).parent / "platforms"
TODAY = date(2026, 5, 10)


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = cli.main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def table(data: bytes | Path) -> report.TableReport:
    (one,) = report.inspect(data, name="x", today=TODAY).tables
    return one


def test_the_platforms_total_against_the_sum() -> None:
    one = table(FIXTURES / "youtube" / "table" / "input.csv")
    assert (one.platform, one.layout, one.header_row) == ("youtube", "youtube_table", 1)
    assert "Watch time (hours)" in one.why
    assert {total.code: (total.total, total.rows, total.unreconciled) for total in one.totals} == {
        "plays": (1000, 900, 100), "watch_hours": (50.5, 45.35, 5.15), "followers_gained": (30, 23, 7),
        "exposures": (20000, 19000, 1000)}
    assert [(row, bool(why)) for row, why in one.skipped] == [(2, True)]


def test_identities_gaps_people_and_missing_cells() -> None:
    days = ["时间,总粉丝数,粉丝变化数,新增粉丝数,流失粉丝数,活跃粉丝数,总铁粉数", "2026-04-01,100,5,8,3,-1,9",
            "2026-04-02,104,4,6,2,7,9", "2026-04-03,110,5,6,2,7,9", "2026-04-07,1,1,1,0,7,9", "2026-05-10,3,2,2,0,1,1"]
    one = table("\n".join(days).encode())
    held = {identity.equation.split(" ")[0]: identity for identity in one.identities}
    assert (held["net_followers"].checked, held["net_followers"].broken) == (5, (2,))
    assert held["fans_total(t)"].checked == 2  # only days that follow each other
    assert held["fans_total(t)"].broken == (2,)
    assert held["fans_total(t)"].values == (110, 109)
    assert one.missing_days[:3] == (date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6))
    assert len(one.missing_days) == 3 + 32
    assert one.unfinished_day == TODAY
    assert one.missing == {"活跃粉丝数": 1}
    assert one.not_summable == ("总粉丝数", "活跃粉丝数", "总铁粉数")


def test_values_beyond_what_is_possible_and_doubled_rows() -> None:
    works = table(FIXTURES / "toutiao" / "works_id_as_number" / "input.xlsx")
    assert works.beyond_range == 2
    twice = "发布时间,标题,播放量\n2026-04-01,a,1\n2026-04-01,a,2\n2026-04-01,b,2\n".encode()
    assert table(twice).doubled_rows == 1


def test_unknown_files_are_answered_with_three_layouts_and_what_they_lack() -> None:
    got = report.inspect("作品名称,体裁,播放量,完播率\na,b,1,0.2\n".encode(), name="x", today=TODAY)
    assert not got.readable
    (stranger,) = got.unknown
    assert len(stranger.nearest) == 3
    douyin = next(near for near in stranger.nearest if near.layout == "douyin_works")
    assert "5s完播率" in douyin.lacking
    assert "发布时间" in douyin.lacking
    assert "播放量" not in douyin.lacking


def test_skipped_rows_are_told_by_reason_and_equations_by_heading(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--lang", "zh", "inspect", FIXTURES / "wechat" / "content_by_channel" / "input.xls")
    assert out.count("渠道行，另存为 content_channels") == 1
    days = "时间,总粉丝数,粉丝变化数,新增粉丝数,流失粉丝数,活跃粉丝数,总铁粉数\n2026-04-01,100,5,8,3,-1,9\n"
    with language.use("zh"):
        said = facts.sentences(table(days.encode()))
    assert "成立：粉丝变化数 = 新增粉丝数 - 流失粉丝数（1 行）" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_is_printed(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    code, out, err = run(capsys, "inspect", FIXTURES / "youtube" / "table" / "input.csv", "--lang", lang)
    assert code == 0
    assert "youtube_table" in out
    assert "5.15" in out
    assert "1000" in err


def test_json_holds_every_fact(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "inspect", FIXTURES / "toutiao" / "daily" / "input.xlsx", "--json")
    facts = json.loads(out)
    assert code == 0
    assert facts["tables"][0]["totals"][-1] == {"code": "comments", "total": 3.0, "rows": 2.0, "unreconciled": 1.0}
    assert facts["tables"][0]["missing_days"] == []
    code, out, _ = run(capsys, "inspect", *FIXTURES.glob("toutiao/*/input.xlsx"), "--json")
    assert (code, len(json.loads(out))) == (1, 4)


def test_every_fixture_can_be_inspected(capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(FIXTURES.glob("*/*/input.*")):
        code, out, _ = run(capsys, "inspect", path, "--json")
        assert code in (0, 1)
        assert json.loads(out)["file"] == path.name


def test_a_mapping_is_saved_offered_and_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("上线于,作品,看过\n2026-04-01,早餐,12\n", encoding="utf-8")
    declare = ["--map", "plays=看过", "--map", "published_at=上线于"]
    assert run(capsys, "inspect", own)[0] == 1
    code, out, _ = run(capsys, "inspect", own, *declare, "--save-map", "--lang", "zh")
    assert code == 0
    assert "看过 → plays" in out
    kept = tmp_path / "own.csv.map.json"
    assert str(kept) in run(capsys, "inspect", own)[1]
    assert run(capsys, "inspect", own, "--map-file", kept)[0] == 0
    out_book = tmp_path / "out.xlsx"
    code, _, err = run(capsys, "fill", "short_video", "--data", own, "--map-file", kept, "-o", out_book, "--lang", "en")
    assert code == 0, err
    from xlkpi.workbook.fill import Template

    rows = Template.open(out_book).rows("works")
    assert 12 in rows[0].values()


@pytest.mark.parametrize("words", [["--map", "plays"], ["--map", "plaze=x"], ["--map-file", "none.json"]])
def test_wrong_mappings_are_refused_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str]
                                             ) -> None:
    own = tmp_path / "own.csv"
    own.write_text("日期,播放量\n2026-04-01,12\n", encoding="utf-8")
    code, _, err = run(capsys, "inspect", own, *words, "--lang", "en")
    assert code == 1
    assert words[1].split("=")[0] in err
    assert run(capsys, "inspect", own, "--save-map")[0] == 2
    code, _, err = run(capsys, "fill", "short_video", "--data", own, *words, "-o", tmp_path / "o.xlsx")
    assert code == 1
    assert not (tmp_path / "o.xlsx").exists()


def test_a_mapped_heading_that_no_file_has_refuses_the_fill(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("日期,播放量\n2026-04-01,12\n", encoding="utf-8")
    code, _, err = run(capsys, "fill", "short_video", "--data", own, "--map", "likes=赞", "-o", tmp_path / "o.xlsx")
    assert code == 1
    assert "赞" in err


def test_two_exports_become_what_came_between_them(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    head = ("作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,2s跳出率,平均播放时长,点赞量,分享量,评论量,收藏量,"
            "主页访问量,粉丝增量\n")
    for name, plays in (("april", 100), ("may", 130)):
        (tmp_path / f"{name}.csv").write_text(
            head + f"早餐,2026-04-01 08:00:00,图文,已发布,{plays},0.3,0.5,0.2,8,5,1,1,1,1,2\n", encoding="utf-8")
    out = tmp_path / "out.xlsx"
    words = ["fill", "short_video", "--data", tmp_path / "may.csv", "--as-of", "2026-05-31", "-o", out, "--lang", "en"]
    code, _, err = run(capsys, *words, "--since", f"{tmp_path / 'april.csv'}@2026-04-30")
    assert code == 0, err
    assert "what came between 2026-04-30 and 2026-05-31" in err
    from xlkpi.workbook.fill import Template

    (row,) = [row for row in Template.open(out).rows("works") if "早餐" in row.values()]
    assert 30 in row.values()
    assert 130 not in row.values()
    assert run(capsys, *words, "--since", "april.csv")[0] == 2
    assert run(capsys, *words, "--since", "none.csv@2026-04-30")[0] == 1
    assert run(capsys, *words, "--since", f"{tmp_path / 'april.csv'}@2026-06-30")[0] == 1


def test_columns_without_a_place_are_one_note_and_mixed_platforms_a_warning(
        capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    toutiao, youtube = FIXTURES / "toutiao" / "works" / "input.xlsx", FIXTURES / "youtube" / "table" / "input.csv"
    words = ["fill", "short_video", "--data", toutiao, "-o", tmp_path / "o.xlsx", "--json"]
    found = json.loads(run(capsys, *words)[1])["problems"]
    (homeless,) = [problem for problem in found if problem["problem"] == "ColumnsWithoutPlace"]
    assert "粉丝展现量" in homeless["facts"]["columns"]
    assert not [problem for problem in found if problem["level"] != "note"]
    found = json.loads(run(capsys, *words, "--data", youtube)[1])["problems"]
    assert [problem["level"] for problem in found if problem["problem"] == "PlatformsMixed"] == ["warning"]
    daily = FIXTURES / "weibo" / "daily" / "input.csv"
    other = FIXTURES / "zhihu" / "daily" / "input.xls"
    code, _, err = run(capsys, "fill", "short_video", "--data", daily, "--data", other,
                       "-o", tmp_path / "none.xlsx", "--lang", "en")
    assert code == 1
    assert "several platforms" in err
    assert not (tmp_path / "none.xlsx").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_fill_offers_the_mapping_saved_beside_an_unknown_file(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                              lang: str) -> None:
    data = tmp_path / "data.csv"
    data.write_text("上线时间,名称,播放数\n2026-04-01 10:00,a,7\n", encoding="utf-8")
    book = templates.path("short_video", lang)
    run(capsys, "inspect", data, "--map", "published_at=上线时间", "--map", "plays=播放数", "--save-map")
    code, _, err = run(capsys, "--lang", lang, "fill", book, "--data", data, "-o", tmp_path / "out.xlsx")
    assert code == 1
    assert "--map" in err
    assert f"--map-file {data}.map.json" in err
    code, _, err = run(capsys, "fill", book, "--data", data, "--map-file", f"{data}.map.json", "-o",
                       tmp_path / "out.xlsx")
    assert code == 0
    assert Template.open(tmp_path / "out.xlsx").rows("works")[0]["播放量" if lang == "zh" else "Plays"] == 7
