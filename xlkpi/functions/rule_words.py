"""The words and signs of Chinese scoring sentences (评分标准) as patterns, and the numbers in them.

:mod:`xlkpi.functions.rule_grammar` puts them together.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

_TRADITIONAL = str.maketrans(
    "達標滿個處項點過於減實際為無權佈發現應該開數額時間遲後產質單條記計總歸萬億兩內對獎勵離",
    "达标满个处项点过于减实际为无权布发现应该开数额时间迟后产质单条记计总归万亿两内对奖励离")
_SIGNS = {">=": "≥", "<=": "≤", "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "—": "~", "–": "~", "－": "~", "−": "-",
          "。": ";", "×": "*", "÷": "/", "【": "(", "】": ")", "“": "", "”": "", '"': "", "百分点": "百分点"}
_DIGITS = dict(zip("零一二两三四五六七八九", (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))

NUM = r"(?:\d+(?:\.\d+)?|半|[零一二两三四五六七八九十百]+)"
UNIT = ("(?:小时|分钟|个工作日|工作日|个月|万元|元|人次|人|名|位|户|家|条|篇|件|单|次|处|项|起|例|个|份|"
        "台|套|笔|张|通|场|天|日|周|月|秒|字|页|倍|期|宗|款|票|吨|粉丝|播放|分(?!钟))")
QTY = rf"(?:(?:目标|计划)值?的)?(?:百分之{NUM}|{NUM}(?:万|亿|千)?(?:%|个?百分点|个点)?){UNIT}?"
POINTS = (rf"(?:{NUM}分(?!钟)|一半(?:分数?|分值)?|"
          rf"(?:权重分?|满分|(?:该|本|此)项?(?:总?分值?|权重)?|分值|标准分)的{NUM}%|满分)")
OP = "(?P<op>另外加|再加|加|增加|奖励|奖|扣减|扣除|扣罚|扣|减扣|减|再得|得|计|记)"
LABEL = r"(?:(?!每|以上|以下|以内|超过|低于|高于|达到|不足|扣|连续)[一-龥A-Za-z()/、])"
ABOVE = "高出|高于|高|超出|超过|超额完成|超额|超时|超支|超|多于|多|增加|提高|提升|上升|增长|上浮"
BELOW = "低于|低|少于|少|减少|降低|下降|下浮|差|不足|未完成|落后"
EARLY, LATE = "提前|提早|早", "延迟|延期|延误|延后|逾期|推迟|滞后|迟|晚"
TARGET = "(?:目标值?|计划值?|标准值?|指标值?|预算值?|任务)"
HIT = (f"(?:达标|达成目标?|完成(?=,?(?:得|计))|"
       f"(?:目标|任务|计划|指标|实际)?(?:完成|达成)率(?:为|达到?|=)?100%(?=,?(?:得|计))|"
       f"(?:按时|按期|按计划)完成|(?:达到|完成|不低于|大于等于|≥){TARGET}(?![0-9])|合格)(?!率)")
MISS = (f"(?:未达标|不达标|没达标|未能达标|未达成(?:目标)?|未(?:按时|按期|按计划)?完成{TARGET}?|未达到?{TARGET}|"
        f"低于{TARGET}|不合格)(?!率)")
RATE_NAME = ("(?:(?:目标|计划|任务|实际|指标)?(?:完成|达成)率|(?:业绩|任务|目标|计划|指标)完成|"
             "完成(?:目标|计划|任务|指标))")
_NOT_IN_NAMES = "每|扣|得|加|按|低于|高于|超过|达到|未|不|连续|累计|同比|环比|且|或|除|[一二两三四五六七八九十]"
NAME = (rf"(?:(?!{_NOT_IN_NAMES})[一-龥A-Za-z]){{1,10}}?"
        "(?:率|量|数|额|度|值|成本|费用|时间|时长|时效|周期|收入|利润)")
SUBJECT = rf"(?:{RATE_NAME}|实际完成(?:量|值|数)?|实际值?|[Xx]|{NAME})"
COMPARE = {  # the side, and whether the end itself counts
    **dict.fromkeys(("≥", "大于等于", "不低于", "不少于", "不小于", "达到", "完成", "达"), (">", True)),
    **dict.fromkeys((">", "超过", "高于", "大于", "多于", "超"), (">", False)),
    **dict.fromkeys(("≤", "小于等于", "不高于", "不超过", "不大于", "不多于"), ("<", True)),
    **dict.fromkeys(("<", "低于", "小于", "少于", "不足", "不到", "未达到", "未达", "不满"), ("<", False)),
}
_COMPARE = "|".join(sorted(COMPARE, key=len, reverse=True))


def normal(text: str) -> str:
    """One spelling for width, punctuation, traditional characters and thousands."""
    word = "".join(unicodedata.normalize("NFKC", text).split()).translate(_TRADITIONAL)
    for sign, plain in _SIGNS.items():
        word = word.replace(sign, plain)
    word = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", word)
    word = re.sub(rf"(\d+(?:\.\d+)?)(%?[^()\d]{{0,5}})\((含|不含|包含|不包含)\1%?{UNIT}?\)", r"\1\2(\3)", word)
    return re.sub(r"\((含|不含|包含|不包含)(?:本数|该数)?\)", lambda m: "⊂" if "不" not in m[1] else "⊄", word)


def number(text: str) -> float:
    """``12.5`` ``两`` ``十五`` ``半``."""
    if text[0].isascii():
        return float(text)
    if text == "半":
        return 0.5
    total, digit = 0, 0
    for letter in text:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[letter]
    return float(total + digit)


class _Late:
    """A pattern that is compiled when it is first used: all of them take longer than every other import together."""

    __slots__ = ("_compiled", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._compiled is None:
            self._compiled = re.compile(self._text)
        return getattr(self._compiled, name)


def _late(text: str) -> re.Pattern[str]:
    return cast("re.Pattern[str]", _Late(text))


SEPARATOR = _late(r"(?:当|本|全)(?:月|季度?|年|期|周|日)(?=无|没有|零)|[,;:、]|则|即|且|其中|的|若|如果|当|时|者|以?后|"
                  r"该项|本项|此项|\(\d\)|\(|\)|\d[.)](?!\d)|"
                       r"(?<![^;,])\d、|"
                        r"(?:评分标准|计分标准|计分方法|考核标准|评分规则|计分规则|加分项|扣分项|减分项):|"
                        r"(?:[A-ES][级等档]?|优秀|良好)(?=\()")
OUTCOME = _late(
    rf"(?:该项|本项|此项|则|的|时|,|:|\))*(?:(?P<zero>不得分|不计分|无分|全扣|(?:得|计|记|为)?(?:0|零)分(?!钟))|"
    rf"(?P<full>(?:得|计|记|为)?满分(?!的)|不扣分|不加不扣|不加分|得全分)|"
    rf"(?P<prop>按(?:实际)?(?:完成|达成)?(?:率|比例|比率)(?:计算)?(?:得分|计分|扣分|扣减|递减|给分|折算|计算)?)|"
    rf"(?P<op>扣减|扣除|扣|减|另加|加|得|计|记|为)(?P<p>{POINTS}|(?<=得){NUM}%(?!的)))")
SIDE_STEP = _late(
    rf"(?:(?:比|较|在)?{TARGET}(?:基础上)?,?)?每(?P<side>{ABOVE}|{BELOW}|{EARLY}|{LATE})(?:于|出|完成)?{TARGET}?(?P<q>{QTY})"
    rf"(?P<noun>{LABEL}{{0,6}}?),?(?:则|可|的)?{OP}(?P<p>{POINTS})")
PART_STEP = _late(
    rf"(?P<side>高于|超过|超出|超额|低于|少于|不足)(?:{TARGET}|(?P<from>{NUM}%))?的?(?:部分)?,?每(?P<q>{QTY})"
    rf"(?P<noun>{LABEL}{{0,6}}?),?{OP}(?P<p>{POINTS})")
EVENT_STEP = _late(
    rf"每(?!(?:{ABOVE}|{BELOW}|{EARLY}|{LATE})(?![到交报错评]))(?P<verb>{LABEL}{{0,8}}?)(?P<q>(?:{NUM}(?:万|千)?)?{UNIT}|{NUM}%)"
    rf"(?P<noun>{LABEL}{{0,12}}?),?(?:则|可|的)?{OP}(?P<p>{POINTS})")
RATED_STEP = _late(rf"(?P<noun>{LABEL}{{0,12}}?)(?P<op>扣|加|得)(?P<p>{POINTS})/(?P<q>{UNIT})")
ONCE_STEP = _late(  # 迟到一次扣1分: each time, where the sentence goes on to a limit
    rf"(?P<verb>(?:(?![第首性]){LABEL}){{0,12}}?)(?:1|一)(?P<q>{UNIT})(?P<noun>(?:(?!性){LABEL}){{0,8}}?),?"
    rf"(?P<op>扣减|扣除|扣|减)(?P<p>{POINTS})")
LIMIT = _late(
    rf"(?:(?:累计|合计|总共|本项|加满|直至)*)(?:(?P<whose>加分|奖励|扣分|扣罚|扣减|减分|得分|总分|总得分)?"
    rf"(?:最高|最多|至多|上限|封顶|不超过|不得超过|不高于|以)(?:可|只)?(?P<op>加分|加|扣分|扣|减|得分|得|计|奖励|奖)?"
    rf"(?:上限|不超过|不得超过|不高于|至|到|为|封顶)*(?P<p>{POINTS})(?:为限|封顶|为止)?|"
    rf"(?:(?P<op2>加|扣|减|得)(?:至|到|满)?)?(?P<p2>{POINTS})(?:封顶|为限|为上限|为止))")
LEAST = _late(rf"(?:最低|最少|至少|保底)(?P<op>扣|减|得分|得|计|为|不低于)*(?P<p>{POINTS})")
CHAIN = _late(rf"(?P<a>{QTY})(?P<l>≤|<)(?P<who>{SUBJECT})(?P<h>≤|<)(?P<b>{QTY})")
RANGE = _late(rf"(?:在|介于)?(?P<a>{QTY})(?P<ain>[⊂⊄])?(?:-|~|至|到)(?P<b>{QTY})(?P<bin>[⊂⊄])?(?:之间|以内)?")
ONE = _late(rf"(?P<c>{_COMPARE})(?P<q>{QTY})(?P<in>[⊂⊄])?(?P<tail>及?以上|及?以下)?")
TAIL = _late(rf"在?(?P<q>{QTY})(?P<in>[⊂⊄])?(?P<tail>及以上|以上|及以下|以下|以内|之内|内|以外)(?P<in2>[⊂⊄])?")
IS_HIT = _late(HIT)
IS_MISS = _late(MISS)
FORMULA = _late(
    rf"(?:得分=|按)(?:\(?实际(?:完成)?(?:值|量|数)?/(?:目标|计划)(?:完成)?(?:值|量|数)?\)?|{RATE_NAME})[*Xx]"
    r"(?:100%[*Xx])?(?:该项|本项)?(?:满分|权重分?|标准分|分值)")
DEFINES = _late(rf"{RATE_NAME}=\(?实际(?:完成)?(?:值|量|数)?/(?:目标|计划)(?:完成)?(?:值|量|数)?\)?(?:[*Xx]100%)?"
                r"(?=[,;]|$)")
WITHIN = _late(rf"(?:(?!每|不|未)[一-龥]){{0,6}}?控制在{TARGET}(?:以内|之内|范围内|内)")
SETTINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_late("(?:直至|直到|以)?(?:该项|本项|此项)?(?:分数?|分值)?[扣减][完光](?:该项|本项|此项)?(?:分数?|分值)?(?:为止|即止|为限)?|"
                "(?:最低)?[扣减](?:至|到)(?:0|零)分(?:为止)?"), "until_zero"),
    (_late("(?:加分|得分)?上?不封顶|(?:加分|得分)?不设上限|上不封顶"), "uncapped"),
    (_late("可(?:以)?(?:为|扣至|倒扣至?)负(?:分|数)?|可倒扣"), "negative"),
    (_late(f"不足(?:{QTY}|部分|一个步长|整数)?(?:不计|不扣分?|不加分?|舍去|忽略不计)"), "whole"),
    (_late(f"不足{QTY}(?:的)?[按以]{QTY}(?:计算|计|扣分|扣|算)"), "round_up"),
)
BASE = _late(rf"(?:基础分|基准分|基本分|底分)(?:值)?(?:为|:|=)?(?P<p>{NUM}分)")
FULL = _late(rf"(?:本项|该项)?(?:满分|标准分|分值|权重分?)(?:为|:|=)?(?P<p>{NUM}分(?!钟))")
REFERENCE = _late(rf"以(?P<q>{QTY}|{TARGET})为(?:基准值?|基数|标准)")
REST = _late("其余|其他(?:情况)?|否则")
PROPORTION = _late("按(?:实际)?(?:完成|达成)?(?:率|比例|比率)(?:得分|计分|给分|扣分|折算)")
EXCEEDS = _late(f"(?:超过|超出|超|高于|大于|超额完成){TARGET}|超额完成(?=的?,?每)")
NONE_AT_ALL = _late(rf"(?:(?:无|没有|零)(?:(?!得)[一-龥]){{1,8}}?|(?:为|等于|=)(?:0|零){UNIT}?)"
                    rf"(?=,?(?:得|计)(?:满分|{NUM}分))")
ONE_EVENT = _late(rf"(?:发生|出现|发现)(?P<q>{NUM}{UNIT})(?:及以上|以上)?"
                       "(?=[一-龥]{0,6}?,?(?:不得分|得(?:0|零)分))(?:(?!不得分|得)[一-龥])*")
# What is compared may not be a difference (偏差≤5%: of what?).
IS_LABEL = _late(rf"(?:(?!{_NOT_IN_NAMES}|达标|完成|起|后|满|减|若|当|以)[一-龥A-Za-z]){{2,10}}(?=每)|"
                      rf"(?:新增|(?!{_NOT_IN_NAMES}|[差增降升涨跌减变超缩])[一-龥A-Za-z]){{2,10}}(?=[≥≤<>])|"
                      "未按时[一-龥]{2,4}(?=每)|每[日天周月年季][一-龥]{0,4}?(?=不[少低高超]|[≥≤])")
IS_NAME = _late(rf"{SUBJECT}(?=每|:|≥|≤|>|<|达|低于|高于|超过|不|小于|大于|未|在|为|{NUM})")
