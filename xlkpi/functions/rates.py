"""Rates of short video and WeChat: always a ratio of sums, never a mean of ratios unless asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlkpi.cells import as_text
from xlkpi.errors import KpiError
from xlkpi.functions.figures import as_column, known, same_size
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Aggregation,
    Base,
    CancelledFollowers,
    Closing,
    Comments,
    Denominators,
    Genres,
    Group,
    InteractionKind,
    Key,
    Likes,
    NewFollowers,
    Numerators,
    Opening,
    People,
    Plays,
    Rates,
    Ratio,
    Third,
)


class ZeroDenominator(KpiError):
    code = "#DIV/0!"
    zh = "分母合计为 0，没有比率"
    en = "the denominators add up to 0, so there is no ratio"


class ZeroOpening(KpiError):
    code = "#DIV/0!"
    zh = "期初值为 0，没有增长率"
    en = "the opening value is 0, so there is no growth rate"


class GroupWithoutKey(KpiError):
    zh = "给出了组名“{key}”却没有分组列"
    en = "the key '{key}' is given without a group column"


class MixedGenres(KpiError):
    zh = "视频与图文的完播率不可混算，请用“组名”选其一（如 视频）"
    en = "completion rates of videos and image posts must not be mixed; choose one with the key (e.g. video)"


class RateOutOfRange(KpiError):
    code = "#NUM!"
    zh = "第 {row} 行的完播率是 {rate:g}，应在 0 到 1（0%–100%）之间；36.6% 请写 0.366 或 36.6%"
    en = "the completion rate in row {row} is {rate:g}, which is not between 0 and 1; write 36.6% as 0.366 or 36.6%"


class NegativeCount(KpiError):
    code = "#NUM!"
    zh = "“{name}”不能为负数：{value:g}"
    en = "'{name}' cannot be negative: {value:g}"


BOTH = 'ISNUMBER({numerators})*ISNUMBER({denominators})*((({key}="")+({group}={key}))>0)'


@kpi_function(excel='=IF({agg}="mean",SUMPRODUCT({numerators}/{denominators})/ROWS({numerators}),'
                    f'SUMPRODUCT({BOTH},{{numerators}})/SUMPRODUCT({BOTH},{{denominators}}))')
def KPI_RATIO(numerators: Numerators, denominators: Denominators, group: Group | None = None, key: Key = None,
              agg: Aggregation = "ratio") -> Ratio:
    """Ratio of sums over the rows in which both parts are known, all of them or one group's.

    比率：分子合计÷分母合计；只计分子分母都有数据的行，可只算某一组。

    A mean of row ratios (agg mean) weighs a tiny row like a huge one; use it only when that is meant.

    “比率平均”让小样本与大样本同权，仅在确实需要时使用。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch, GroupWithoutKey #VALUE!.

    Source: catalogue section 1.11 no. 10.

    >>> KPI_RATIO([50, 10], [1000, 100])
    0.05454545454545454
    >>> KPI_RATIO([50, 10], [1000, 100], None, None, "mean")
    0.07500000000000001
    >>> KPI_RATIO([50, 10, 8], [1000, 100, 100], ["视频", "图文", "图文"], "图文")
    0.09
    >>> KPI_RATIO([50, None], [1000, 100])
    0.05
    >>> KPI_RATIO([None], [None])
    >>> KPI_RATIO([1, 2], [0, 0])
    Traceback (most recent call last):
    xlkpi.functions.rates.ZeroDenominator: ...
    """
    same_size(numerators=numerators, denominators=denominators, group=group)
    if key is not None and group is None:
        raise GroupWithoutKey(key=key)
    if key is not None and group is not None:
        chosen = [as_text(name) == key for name in group]
        numerators, denominators = _choose(numerators, chosen), _choose(denominators, chosen)
    rows = known(numerators, denominators)
    if not rows:
        return None
    if agg == "mean":
        if any(bottom == 0 for _, bottom in rows):
            raise ZeroDenominator
        return sum(top / bottom for top, bottom in rows) / len(rows)
    return _ratio(sum(top for top, _ in rows), sum(bottom for _, bottom in rows))


def _choose(column: Sequence[Any], chosen: Sequence[bool]) -> list[Any]:
    return [cell for cell, wanted in zip(column, chosen, strict=True) if wanted]


def _ratio(top: float, bottom: float) -> float:
    if bottom == 0:
        raise ZeroDenominator
    return top / bottom


@kpi_function(excel='=IF(OR({closing}="",{opening}=""),"",({closing}-{opening})/ABS({opening}))')
def KPI_GROWTH(closing: Closing, opening: Opening) -> Ratio:
    """Growth rate from the opening to the closing value, relative to the size of the opening value.

    增长率：（期末−期初）÷|期初|。

    Errors: ZeroOpening #DIV/0!. A blank value is missing and gives nothing.

    Source: 001_d53c56de97b7aafb.txt L85; 003_006f93129254f804.txt L5.

    >>> KPI_GROWTH(115, 100)
    0.15
    >>> KPI_GROWTH(-5, -10)
    0.5
    >>> KPI_GROWTH(115, None)
    >>> KPI_GROWTH(115, 0)
    Traceback (most recent call last):
    xlkpi.functions.rates.ZeroOpening: ...
    """
    if closing is None or opening is None:
        return None
    if opening == 0:
        raise ZeroOpening
    return (closing - opening) / abs(opening)


@kpi_function(excel='=IF(OR({new}="",{cancelled}=""),"",IF(OR({new}<0,{cancelled}<0),NA(),{new}-{cancelled}))')
def KPI_NET_FOLLOWERS(new: NewFollowers, cancelled: CancelledFollowers) -> People:
    """Net followers: gained minus lost. Missing if either is missing.

    净增粉丝：新增−取关。任一为空即缺数。

    Errors: NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L21–23.

    >>> KPI_NET_FOLLOWERS(120, 35)
    85.0
    >>> KPI_NET_FOLLOWERS(120, None)
    >>> KPI_NET_FOLLOWERS(120, -35)
    Traceback (most recent call last):
    xlkpi.functions.rates.NegativeCount: ...
    """
    for name, value in (("new", new), ("cancelled", cancelled)):
        if value is not None and value < 0:
            raise NegativeCount(name=name, value=value)
    return None if new is None or cancelled is None else float(new - cancelled)


KNOWN = "ISNUMBER({likes})*ISNUMBER({comments})*ISNUMBER({third})*ISNUMBER({base})"


@kpi_function(excel=f'=(SUMPRODUCT({KNOWN},{{likes}})+SUMPRODUCT({KNOWN},{{comments}})+SUMPRODUCT({KNOWN},{{third}}))'
                    f'/(SUMPRODUCT({KNOWN},{{base}})/IF({{kind}}="fans",SUMPRODUCT({KNOWN}),1))')
def KPI_INTERACTION(likes: Likes, comments: Comments, third: Third, base: Base,
                    kind: InteractionKind = "plays") -> Ratio:
    """Interaction rate: likes + comments + shares ÷ plays, or likes + comments + replies ÷ average fans.

    互动率：（点赞+评论+转发）÷播放量；按粉丝时为（点赞+评论+消息回复）÷平均粉丝数。

    Whole columns give the ratio of their sums. A row in which one of its figures is missing is left out
    entirely. Favourites are not counted.

    给出整列时按合计计算；某行有缺数时整行不计。收藏不计入。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!.

    Source: 000_ec09662cfcd818f3.txt L33; 001_d53c56de97b7aafb.txt L46–47.

    >>> KPI_INTERACTION(60, 15, 5, 1000)
    0.08
    >>> KPI_INTERACTION([60, 30], [15, 5], [5, 5], [1000, 500])
    0.08
    >>> KPI_INTERACTION([30, 40], [10, 10], [5, 5], [900, 1100], "fans")
    0.1
    >>> KPI_INTERACTION([60, None], [15, 5], [5, 5], [1000, 500])
    0.08
    >>> KPI_INTERACTION(60, 15, 5, 0)
    Traceback (most recent call last):
    xlkpi.functions.rates.ZeroDenominator: ...
    """
    counts = [as_column(likes), as_column(comments), as_column(third)]
    bases = as_column(base)
    if kind == "fans" and len(bases) == 1:  # one number of fans for all rows
        bases = bases * len(counts[0])
    same_size(likes=counts[0], comments=counts[1], third=counts[2], base=bases)
    rows = known(*counts, bases)
    if not rows:
        return None
    top = sum(sum(row[:3]) for row in rows)
    bottom = sum(row[3] for row in rows)
    return _ratio(top, bottom / len(rows) if kind == "fans" else bottom)


def is_image_post(genre: object) -> bool:
    """Whether a genre (体裁) is an image post rather than a video: the two never share a completion rate."""
    word = str(as_text(genre) or "").casefold()  # type: ignore[arg-type]
    return "图文" in word or "image" in word or "photo" in word


def _is_genre(genre: object, key: str) -> bool:
    """Whether a work belongs to the genre asked for: video and image in either language, else the words it contains."""
    word, wanted = str(as_text(genre) or "").casefold(), key.casefold()  # type: ignore[arg-type]
    if wanted in ("视频", "video", "videos"):
        return bool(word) and not is_image_post(genre)
    if wanted in ("图文", "image", "images", "image post"):
        return is_image_post(genre)
    return wanted in word


IMAGE = 'ISNUMBER(SEARCH("图文",{kind}))'
OF_KIND = (f'ISNUMBER({{rates}})*ISNUMBER({{plays}})*((({{key}}="")+({{key}}="图文")*{IMAGE}'
           f'+({{key}}="视频")*({{kind}}<>"")*(1-{IMAGE}))>0)')


@kpi_function(excel=f'=IF(OR(SUMPRODUCT(--({{rates}}>1))>0,AND({{key}}="",SUMPRODUCT(--{IMAGE})>0,'
                    f'SUMPRODUCT(({{kind}}<>"")*(1-{IMAGE}))>0)),NA(),'
                    f'SUMPRODUCT({OF_KIND},{{rates}},{{plays}})/SUMPRODUCT({OF_KIND},{{plays}}))')
def KPI_COMPLETION_RATE(rates: Rates, plays: Plays, kind: Genres | None = None, key: Key = None) -> Ratio:
    """Completion rate of many works: each work's rate weighted by its plays (that is, completed ÷ plays).

    完播率：各作品完播率按播放量加权，即播完量合计÷播放量合计。

    Give the genre column and a key to keep videos and image posts apart: 视频 (video) chooses every video,
    图文 (image) every image post, any other key the genres that contain it.

    请给出体裁列和组名以区分视频与图文：“视频”计入所有视频（1min-视频、1-3min视频……），“图文”计入所有图文，
    其他组名计入体裁中含有该词的行。

    Errors: MixedGenres, SizeMismatch, GroupWithoutKey #VALUE!, RateOutOfRange #NUM!, ZeroDenominator #DIV/0!.

    Source: 000_ec09662cfcd818f3.txt L33, L77, L83; catalogue section 1.11 no. 20.

    >>> KPI_COMPLETION_RATE([0.4, 0.1], [100, 300])
    0.175
    >>> KPI_COMPLETION_RATE([0.4, 0.1, 0.3], [100, 300, 100], ["1min-视频", "图文", "1-3min视频"], "视频")
    0.35
    >>> KPI_COMPLETION_RATE([0.4, None], [100, 300])
    0.4
    >>> KPI_COMPLETION_RATE([0.4, 0.1], [100, 300], ["1min-视频", "图文"])
    Traceback (most recent call last):
    xlkpi.functions.rates.MixedGenres: ...
    >>> KPI_COMPLETION_RATE([36.6], [100])
    Traceback (most recent call last):
    xlkpi.functions.rates.RateOutOfRange: ...
    """
    same_size(rates=rates, plays=plays, kind=kind)
    if key is not None and kind is None:
        raise GroupWithoutKey(key=key)
    for row, rate in enumerate(rates, 1):
        if rate is not None and not 0 <= rate <= 1:
            raise RateOutOfRange(row=row, rate=rate)
    if kind is not None and key is not None:
        chosen = [_is_genre(genre, key) for genre in kind]
        rates, plays, kind = _choose(rates, chosen), _choose(plays, chosen), _choose(kind, chosen)
    if kind is not None and len({is_image_post(genre) for genre, rate in zip(kind, rates, strict=True)
                                 if as_text(genre) and rate is not None}) > 1:
        raise MixedGenres
    rows = known(rates, plays)
    if not rows:
        return None
    return _ratio(sum(rate * count for rate, count in rows), sum(count for _, count in rows))
