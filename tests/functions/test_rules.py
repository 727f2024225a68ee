"""KPI_RULE on sentences as assessment forms write them; the points were worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlkpi.errors import KpiError
from xlkpi.functions.rules import KPI_RULE, KPI_RULE_READ

STEPS = "每高5%加1分，最高加8分；每低5%扣1分，最低扣8分"
BANDS = "≥90%得满分，80%-90%得25分，低于80%不得分"

READ: list[tuple[str, float | None, float | None, float, float]] = [
    # steps around the target; a target above 1: percent of the target
    (STEPS, 1000, 1000, 20, 20), (STEPS, 1100, 1000, 20, 22), (STEPS, 1149, 1000, 20, 22), (STEPS, 1500, 1000, 20, 28),
    (STEPS, 899, 1000, 20, 18), (STEPS, 100, 1000, 20, 12),
    # a target below 1 is a rate: percentage points
    (STEPS, 0.8, 0.8, 20, 20), (STEPS, 0.91, 0.8, 20, 22), (STEPS, 0.69, 0.8, 20, 18),
    ("阅读率每低1%扣2分，扣完为止", 0.27, 0.3, 20, 14),
    ("阅读率每低1%扣2分，扣完为止", 0.1, 0.3, 20, 0),
    ("合格率每低于目标1个百分点扣3分", 0.925, 0.95, 15, 9),
    ("每提高1个百分点加2分，最高加10分；每降低1个百分点扣2分，扣完为止", 0.42, 0.4, 20, 24),
    ("每高于目标值的10%加2分，每低于目标值的10%扣2分", 0.2, 0.25, 10, 6),
    ("达标得满分,每低于目标值5%扣2分", 380, 400, 10, 8),
    ("比目标每多100人加1分，最多加5分；每少100人扣1分，最多扣5分", 10_350, 10_000, 10, 13),
    ("比目标每多100人加1分，最多加5分；每少100人扣1分，最多扣5分", 9_000, 10_000, 10, 5),
    ("每增加1万元加0.5分，最高加3分，每减少1万元扣0.5分", 525_000, 500_000, 20, 21),
    ("每超额完成10%加3分，最高加9分；每低10%扣3分", 130, 100, 30, 39),
    ("每低一个百分点扣一分，扣完为止", 0.85, 0.9, 10, 5),
    ("每下降百分之五扣两分", 80, 100, 20, 12),
    ("每少１篇扣５分，扣完为止", 10, 12, 30, 20),
    ("每少十条扣两分", 75, 100, 20, 16),
    ("每低0.5个百分点扣1分，不足0.5个百分点按0.5个百分点计", 0.938, 0.95, 10, 7),
    ("每低5%扣1分，不足5%不计", 91, 100, 10, 9),
    ("以80%为基准，每高1%加1分，每低1%扣1分", 0.85, 0.9, 20, 25),
    # lower is better
    ("每超1小时扣2分，扣完为止", 5.5, 2, 10, 4),
    ("每超出目标1%扣1分", 103_000, 100_000, 10, 7),
    ("每延迟1天扣2分，扣完为止", 3, 0, 10, 4),
    ("每提前1天加1分，最高加5分；每延迟1天扣2分", 17, 20, 10, 13),
    ("≤2小时，每提前1小时得1分", 0.9, 2, 5, 1), ("≤2小时，每提前1小时得1分", 3, 2, 5, 0),
    ("≤2小时得满分，每超过1小时扣3分", 4, 2, 10, 4),
    ("响应时间≤30分钟得满分，每超5分钟扣1分，扣完为止", 42, 30, 10, 8),
    # counts
    ("每出现1处扣2分，扣完为止", 3, None, 10, 4), ("每出现1处扣2分，扣完为止", 9, None, 10, 0),
    ("每出现1处扣2分，上限6分", 9, 0, 10, 4), ("每发现一处错别字扣0.5分，最多扣5分", 4, None, 10, 8),
    ("每次扣2分", 2, 0, 10, 6), ("每发生1起安全事故扣10分，扣完为止", 1, 0, 20, 10),
    ("每收到1起有效投诉扣5分，可倒扣", 3, 0, 10, -5), ("差错扣2分/次，扣完为止", 2, None, 10, 6),
    ("每迟到1次扣1分，超过5次不得分", 6, 0, 10, 0), ("每迟到1次扣1分，超过5次不得分", 5, 0, 10, 5),
    ("每完成1篇得2分", 4, None, 20, 8), ("每完成1篇得2分", 14, None, 20, 20),
    ("每完成1篇得2分，最高得30分", 14, 10, 20, 28), ("每發佈1條得1分，上限5分", 8, None, 10, 5),
    ("每新增100个粉丝得1分，最高10分", 450, None, 10, 4), ("每完成10%得1分", 550, 1000, 10, 5),
    ("每获得1次表彰加2分，最高加5分", 3, None, 0, 5), ("每违反1次扣3分", 2, None, 0, -6),
    ("基础分60分，每完成1单加2分，最高得100分", 25, None, 100, 100),
    # target reached or missed
    ("达标得满分，未达标按比例扣分", 90, 120, 20, 15), ("达标得满分，未达标按比例扣分", 150, 120, 20, 20),
    ("达标得满分，未达标不得分", 119, 120, 20, 0), ("達標得滿分，未達標得0分", 120, 120, 20, 20),
    ("完成目标得满分；未完成目标的，每低1%扣1分，扣完为止", 94, 100, 20, 14),
    ("达到目标得满分，每超5%加1分，最高加3分；未达到目标不得分", 112, 100, 10, 12),
    ("达标得满分，未达标扣5分", 3, 5, 10, 5),
    ("达标得满分，未达标的得满分的60%", 3, 5, 10, 6),
    ("按完成率得分，最高得满分", 130, 100, 10, 10), ("按比例计分，上不封顶", 130, 100, 10, 13),
    ("得分=完成率×权重，最高不超过满分", 80, 100, 30, 24), ("得分=实际值/目标值×满分，低于60%不得分", 59, 100, 30, 0),
    ("按完成比例得分，低于80%得0分，最高得满分", 85, 100, 20, 17),
    ("按完成比例得分，低于80%得0分，最高得满分", 79, 100, 20, 0),
    ("按计划完成得10分，每延误1天扣1分，扣完为止", 23, 20, 20, 7), ("达标得10分，每低1%扣1分", 100, 100, 20, 10),
    ("超过目标加5分，达到目标得满分，未达到目标扣5分", 101, 100, 20, 25),
    ("超过目标加5分，达到目标得满分，未达到目标扣5分", 100, 100, 20, 20),
    ("客户投诉每发生1次扣5分", 1, 0, 10, 5), ("未按时提交每次扣2分", 3, None, 10, 4),
    ("无差错得满分，每出现一次差错扣2分", 0, 0, 10, 10), ("无差错得满分，每出现一次差错扣2分", 2, 0, 10, 6),
    ("零事故得满分，发生一起不得分", 1, 0, 10, 0), ("零事故得满分，发生一起不得分", 0, 0, 10, 10),
    ("客户满意度≥95%得满分，每低1%扣1分，低于85%不得分", 0.93, 0.95, 20, 18),
    # bands
    (BANDS, 0.93, 0.9, 30, 30), (BANDS, 0.9, 0.9, 30, 30), (BANDS, 0.85, 0.9, 30, 25), (BANDS, 0.8, 0.9, 30, 25),
    (BANDS, 0.799, 0.9, 30, 0), (BANDS, 85, 100, 30, 25), (BANDS, 900, 1000, 30, 30),
    ("完成率≥100%得30分；90%≤完成率<100%得25分；80%≤完成率<90%得20分；完成率<80%得0分", 90, 100, 30, 25),
    ("达到100%得30分，达到90%得25分，达到80%得20分，80%以下不得分", 950, 1000, 30, 25),
    ("≥95分得满分，≥90分且<95分得8分，<90分得0分", 92, 95, 10, 8),
    ("90分（含）以上得满分，80-90分得8分，80分以下得5分", 90, 90, 10, 10),
    ("3次以内得满分，3次以上不得分", 2, None, 10, 10),
    ("不超过3次得满分，超过3次不得分", 3, 3, 10, 10),
    ("大于等于80%小于90%得15分，大于等于90%得20分，小于80%得10分", 0.8, 0.9, 20, 15),
    ("1、达到90%得满分；2、80%~90%得15分；3、其余得5分", 0.3, 0.9, 20, 5),
    ("达到80%得60分，每增加1%加2分，最高100分", 90, 100, 100, 80),
    ("达到80%得60分，每增加1%加2分，最高100分", 130, 100, 100, 100),
    ("≥90%得满分，每低1%扣2分，低于80%不得分", 0.85, 0.9, 20, 10),
    ("≥90%得满分，每低1%扣2分，低于80%不得分", 0.79, 0.9, 20, 0),
    ("满分20分，每低1%扣1分，最低得5分", 50, 100, 20, 5),
    ("低于80%扣5分，低于60%扣10分", 70, 100, 20, 15),
    ("低于80%扣5分，低于60%扣10分", 95, 100, 20, 20),
]

REFUSED: list[tuple[str, float | None, float | None, float | None, str]] = [
    ("视情况扣分", 1, 1, 10, "RuleUnread"),
    ("每低5%扣1分，领导酌情加分", 90, 100, 10, "RuleUnread"),
    ("每低X%扣Y分", 90, 100, 10, "RuleUnread"),
    ("3次以内得满分，3次以上不得分", 3, None, 10, "RuleEdgeUnclear"),
    ("每出现3次以上扣2分", 4, None, 10, "RuleUnread"),
    ("每连续2次未达标扣5分", 2, None, 10, "RuleUnread"),
    ("最高加8分", 90, 100, 10, "RuleUnread"),
    ("≥80%", 90, 100, 10, "RuleUnread"),
    ("100%得满分", 100, 100, 10, "RuleUnread"),
    ("低于目标5%不得分", 96, 100, 10, "RuleUnread"),
    ("每低5%扣1分；每低5%扣2分", 90, 100, 10, "RuleContradicts"),
    ("每高5%加1分，每高5%扣1分", 90, 100, 10, "RuleContradicts"),
    ("每高5%加1分，每低5%加1分", 90, 100, 10, "RuleContradicts"),
    ("每高5%加1分，最高加8分，最高加10分，每低5%扣1分", 90, 100, 10, "RuleContradicts"),
    ("达标得满分，达标不得分", 100, 100, 10, "RuleContradicts"),
    ("≥80%得20分，≤90%得25分", 50, 100, 30, "RuleContradicts"),
    ("80%-90%得25分，85%-95%得20分", 10, 100, 30, "RuleContradicts"),
    ("满分20分，每低1%扣1分", 90, 100, 30, "RuleContradicts"),
    ("≥90%得满分，80%-90%得25分，低于80%不得分", 95, 100, 20, "RuleContradicts"),
    ("达标得满分，每低1%扣1分，低于80%得15分", 95, 100, 20, "RuleContradicts"),
    ("第二次起每次扣2分", 3, 0, 10, "RuleUnread"), ("出现1次扣5分", 1, 0, 10, "RuleUnread"),
    ("每出现1次投诉扣2分，每出现1次差错扣1分", 1, 0, 10, "RuleContradicts"),
    ("达标得满分，每出现1次投诉扣2分", 1, 0, 10, "RuleContradicts"),
    ("≤2小时，每提前1小时得1分", 1, 4, 10, "RuleContradicts"),
    ("低于80%，每高1%加1分", 90, 100, 10, "RuleContradicts"),
    ("每高5%加1分", 90, 100, 10, "RuleSaysNothing"),
    ("低于80%得0分", 90, 100, 10, "RuleSaysNothing"),
    ("≥90%得满分，80%-90%得25分", 70, 100, 30, "RuleSaysNothing"),
    ("80%-90%得25分，90%-100%得30分", 90, 100, 30, "RuleEdgeUnclear"),
    ("阅读率每低1%扣2分", 25, 30, 20, "RulePercentUnclear"),
    ("每低1%扣2分", 25, 0.3, 20, "RulePercentUnclear"),
    ("每低1个百分点扣2分", 90, 95, 20, "RulePercentUnclear"),
    ("≥90得满分，低于90不得分", 0.9, 0.95, 20, "RulePercentUnclear"),
    ("完成率低于80%不得分，其余得满分", 0.7, 0.9, 20, "RulePercentUnclear"),
    ("每完成1篇加2分", 3, None, 20, "RuleBaseUnclear"),
    ("每提前1天得1分", 3, 5, 20, "RuleBaseUnclear"),
    ("每出现1次扣2分", 5, 3, 20, "RuleTargetUnclear"),
    ("每高5%加1分，上限20分；每低5%扣1分", 120, 100, 10, "RuleLimitUnclear"),
    ("按比例得分", 130, 100, 10, "RuleNoCap"),
    ("达标得满分，未达标按比例扣分", -1, 0, 10, "ZeroTarget"),
    ("每低5%扣1分", 90, None, 10, "MissingTarget"),
    ("每低5%扣1分", 90, 100, None, "MissingFullPoints"),
    ("每低5%扣1分", 90, 100, -5, "NegativeFullPoints"),
    ("", 90, 100, 10, "RuleUnread"),
]


@pytest.mark.parametrize(("text", "actual", "target", "full", "want"), READ)
def test_sentences(text: str, actual: float, target: float | None, full: float, want: float) -> None:
    assert KPI_RULE(text, actual, target, full) == pytest.approx(want, abs=1e-9)


def test_enough_sentences() -> None:
    assert len({text for text, *_ in READ}) >= 60


@pytest.mark.parametrize(("text", "actual", "target", "full", "error"), REFUSED)
def test_refused(text: str, actual: float, target: float | None, full: float | None, error: str) -> None:
    with pytest.raises(KpiError) as caught:
        KPI_RULE(text, actual, target, full)
    assert type(caught.value).__name__ == error


@pytest.mark.parametrize(("text", "unread"), [
    ("每低5%扣1分，领导酌情加分", "领导酌情加分"), ("达标得满分，表现优秀另议；未达标不得分", "表现优秀另议"),
])
def test_the_unread_part_is_quoted(text: str, unread: str) -> None:
    with pytest.raises(KpiError) as caught:
        KPI_RULE(text, 1, 1, 10)
    assert f"“{unread}”" in caught.value.sentence("zh")


def test_the_percent_argument_decides() -> None:
    assert KPI_RULE("每低1%扣2分", 90, 95, 20, None, "points") == 0
    assert KPI_RULE("每低1%扣2分", 0.90, 0.95, 20, None, "points") == 10
    assert KPI_RULE("每低1%扣2分", 0.90, 0.95, 20, None, "target") == 10  # 5.26% of the target: five whole steps


def test_the_direction_argument_decides() -> None:
    assert KPI_RULE("达标得满分，未达标不得分", 3, 5, 20, "down") == 20
    assert KPI_RULE("达标得满分，未达标按比例扣分", 6, 5, 20, "down") == pytest.approx(16)
    with pytest.raises(KpiError, match="每低5%扣1分"):
        KPI_RULE("每低5%扣1分", 3, 5, 20, "down")


def test_missing_stays_missing_but_a_bad_sentence_is_told_first() -> None:
    assert KPI_RULE(STEPS, None, 100, 20) is None
    with pytest.raises(KpiError):
        KPI_RULE("看着办", None, 100, 20)


@pytest.mark.parametrize("text", sorted({text for text, *_ in READ}))
def test_every_sentence_can_be_shown(text: str) -> None:
    for lang in ("zh", "en"):
        rows = KPI_RULE_READ(text, None, None, None, None, lang)
        assert rows
        assert all(len(row) == 2 and row[1] for row in rows)


numbers = st.integers(-10_000, 10_000)


@given(st.integers(1, 5_000), numbers, numbers, st.integers(1, 50), st.integers(1, 20), st.integers(1, 30))
def test_steps_never_fall_as_the_actual_rises(target: int, one: int, other: int, size: int, each: int, most: int
                                              ) -> None:
    text = f"每高{size}%加{each}分，最高加{most}分；每低{size}%扣{each}分，最低扣{most}分"
    low, high = sorted((one, other))
    if target == 1:
        low, high = min(low, 1), min(high, 1)
    less, more = (KPI_RULE(text, actual, target, 30) for actual in (low, high))
    assert less is not None
    assert more is not None
    assert max(0, 30 - most) <= less <= more <= 30 + most


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 9))
def test_deductions_never_rise_with_the_count(one: int, other: int, each: int) -> None:
    few, many = sorted((one, other))
    text = f"每出现1次扣{each}分，扣完为止"
    assert KPI_RULE(text, few, None, 20) == max(0, 20 - each * few)
    assert KPI_RULE(text, many, None, 20) <= KPI_RULE(text, few, None, 20)  # type: ignore[operator]


@given(st.text("每高低加扣分得满达标0123456789%，；以上超过不", max_size=25), st.integers(0, 200), st.integers(1, 100))
def test_any_text_gives_points_or_a_named_outcome(text: str, actual: int, target: int) -> None:
    outcome: object
    try:
        outcome = KPI_RULE(text, actual, target, 20)
    except KpiError as error:
        outcome = error.sentence("zh") and error.sentence("en")
    assert isinstance(outcome, (float, str))
