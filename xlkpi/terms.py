"""The vocabulary of the functions: each word once, with its labels, unit, number format and help.

Annotate a parameter with one of these aliases and every host, docs page and test knows what it
is. Type checkers see plain Python types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from xlkpi.cells import NotAChoice

Kind = Literal["number", "date", "text", "choice", "flag", "any"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of an enumeration: its code, its labels and what else people type for it."""

    code: str
    en: str
    zh: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """What a parameter or a result is about.

    ``unit`` is one of :data:`UNITS` or nothing; ``format`` is an Excel number format; ``shape`` is
    ``range`` where the function wants the whole range as one list, ``table`` where it wants its rows as they
    are, and ``scalar`` where a range computes element by element.
    """

    en: str
    zh: str
    help_en: str
    help_zh: str
    kind: Kind = "number"
    shape: Literal["scalar", "range", "table"] = "scalar"
    unit: str = ""
    format: str = "General"
    choices: tuple[Choice, ...] = field(default=())

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def unit_label(self, lang: str) -> str:
        return UNITS[self.unit] if lang == "zh" and self.unit else self.unit

    def help(self, lang: str) -> str:
        return self.help_zh if lang == "zh" else self.help_en

    def choose(self, word: str, argument: str) -> str:
        """The code of an enumeration word given in any spelling."""
        wanted = word.casefold()
        for choice in self.choices:
            if wanted in (choice.code.casefold(), choice.en.casefold(), choice.zh.casefold(),
                          *(other.casefold() for other in choice.also)):
                return choice.code
        shown = " / ".join(f"{choice.code} {choice.zh}" for choice in self.choices)
        raise NotAChoice(argument=argument, choices=shown, value=word)


UNITS = {"metric unit": "与指标相同", "points": "分", "fraction": "小数", "people": "人", "currency": "金额",
         "% or fraction": "百分数或小数"}

Number: TypeAlias = float | None
Numbers: TypeAlias = Sequence[float | None]
Words: TypeAlias = Sequence[str | None]


DIRECTIONS = (
    Choice("up", "Higher is better", "越高越好", ("higher", "more", "高", "+", "↑", "正向")),
    Choice("down", "Lower is better", "越低越好", ("lower", "less", "低", "-", "↓", "反向")),
)
COMPLETION_METHODS = (
    Choice("linear", "Linear", "比率法", ("ratio", "线性")),
    Choice("inverse", "Inverse", "反比", ("target/actual", "反比例")),
)
SCORE_METHODS = (
    *COMPLETION_METHODS,
    Choice("interp", "Interpolation", "插值法", ("interpolate", "内插", "线性插值")),
    Choice("step", "Step", "层差法", ("阶梯", "层差")),
    Choice("binary", "All or nothing", "非此即彼", ("pass/fail", "达标法")),
    Choice("rate", "Rated item", "评分法", ("rating", "评分", "打分")),
    Choice("deduct", "Deduction", "扣分法", ("deduction", "减分法", "扣分")),
    Choice("bonus", "Bonus", "加分法", ("addition", "加分")),
    Choice("range", "Best in a range", "区间法", ("区间",)),
    Choice("band", "Bands", "分段法", ("分段", "lookup", "查表法")),
    Choice("veto", "Veto", "一票否决", ("否决",)),
)
MISSING_MODES = (
    Choice("exclude", "Exclude", "剔除", ("skip", "重新分配")),
    Choice("zero", "Count as zero", "记0分", ("0", "记零分")),
    Choice("error", "Refuse", "报错", ("refuse",)),
)
WEIGHT_MODES = (
    Choice("strict", "Strict", "严格", ("必须100%",)),
    Choice("relative", "Relative", "相对", ("normalise", "normalize", "归一")),
)
INTERACTION_KINDS = (
    Choice("plays", "Per play", "按播放", ("video", "视频", "播放量")),
    Choice("fans", "Per fan", "按粉丝", ("wechat", "公众号", "粉丝数")),
)
AGGREGATIONS = (
    Choice("ratio", "Ratio of sums", "合计之比", ("sum", "加权")),
    Choice("mean", "Mean of ratios", "比率平均", ("average", "平均")),
)
PERIOD_UNITS = (
    Choice("day", "Day", "日", ("天", "daily")),
    Choice("week", "Week", "周", ("weekly",)),
    Choice("month", "Month", "月", ("monthly",)),
    Choice("quarter", "Quarter", "季", ("季度", "quarterly")),
    Choice("year", "Year", "年", ("yearly", "annual")),
)
REQUIRED_METHODS = (
    Choice("linear", "A day", "每天", ("per day", "日均")),
    Choice("compound", "Compound rate a day", "日复合增长率", ("rate", "复合")),
)
TREND_METHODS = (
    Choice("robust", "Robust", "稳健", ("theil-sen", "theil–sen", "中位数")),
    Choice("ols", "Least squares", "最小二乘", ("slope", "linear", "线性回归")),
)
CHURN_BASES = (
    Choice("opening", "Opening", "期初", ("期初粉丝", "原粉丝总数")),
    Choice("average", "Average", "平均", ("平均粉丝", "mean")),
)
LOYALTY_MODES = (
    Choice("raw", "Product", "乘积", ("product",)),
    Choice("index", "Index", "指数", ("100=目标",)),
)
PERCENT_KINDS = (
    Choice("target", "Of the target", "目标的百分比", ("relative", "相对", "完成率")),
    Choice("points", "Percentage points", "百分点", ("pp", "pct")),
)
FORECAST_KINDS = (
    Choice("flow", "Flow", "流量", ("sum", "合计", "增量")),
    Choice("stock", "Stock", "存量", ("last", "期末", "累计")),
)
DIAGNOSIS_PROFILES = (
    Choice("all", "All", "全部", ("every",)),
    Choice("short_video", "Short video", "短视频", ("douyin", "抖音")),
    Choice("wechat", "WeChat", "公众号", ("微信",)),
)
LANGUAGES = (Choice("zh", "Chinese", "中文", ("cn", "zh-cn")), Choice("en", "English", "英文", ("en-us",)))


# ---------------------------------------------------------------- what goes in

Actual = Annotated[Number, Term(
    "Actual", "实际值", "What was achieved, in the metric's own unit", "实际完成的值，单位与指标一致",
    unit="metric unit")]
Target = Annotated[Number, Term(
    "Target", "目标值", "What was to be achieved, in the same unit", "要达到的值，单位与实际值一致",
    unit="metric unit")]
Direction = Annotated[str | None, Term(
    "Direction", "方向", "up: higher is better; down: lower is better. Default up; with a baseline its "
    "place decides", "up 越高越好，down 越低越好；默认 up，给出基线时由基线与目标的大小决定", "choice",
    choices=DIRECTIONS)]
StatusDirection = Annotated[str, Term(
    "Direction", "方向", "up: green at or above the line; down: green at or below it",
    "up 达到或高于界线为绿，down 达到或低于界线为绿", "choice", choices=DIRECTIONS)]
Baseline = Annotated[Number, Term(
    "Baseline", "基线", "Where it started: completion is the way gone from here to the target",
    "起点值：完成率按从起点到目标走过的路程计算", unit="metric unit")]
CompletionMethod = Annotated[str, Term(
    "Method", "算法", "linear (default): actual/target, or 2 − actual/target when lower is better; "
    "inverse: target/actual; all other methods of KPI_SCORE count as linear",
    "linear 比率法（默认）：实际/目标，越低越好时为 2−实际/目标；inverse 反比：目标/实际；其他计分方法同 linear",
    "choice", choices=SCORE_METHODS)]
ScoreMethod = Annotated[str, Term(
    "Method", "计分方法", "linear (default), inverse, interp, step, binary, rate, deduct, bonus, range, band or veto",
    "linear 比率法（默认）、inverse 反比、interp 插值法、step 层差法、binary 非此即彼、rate 评分法、deduct 扣分法、"
    "bonus 加分法、range 区间法、band 分段法、veto 一票否决", "choice", choices=SCORE_METHODS)]
Floor = Annotated[Number, Term(
    "Floor", "底线值", "Worse than this earns only the floor score", "差于底线值只得底线分", unit="metric unit")]
Stretch = Annotated[Number, Term(
    "Stretch", "挑战值", "Reaching this earns the cap", "达到挑战值即得封顶分", unit="metric unit")]
Cap = Annotated[float, Term(
    "Cap", "封顶", "Highest completion that counts, 1.2 = 120 points", "计分时完成率的上限，1.2 即最高 120 分",
    unit="fraction", format="0%")]
FloorScore = Annotated[float, Term(
    "Floor score", "底线分", "Points for a result worse than the floor, default 0", "差于底线值时的得分，默认 0",
    unit="points")]
Step = Annotated[Number, Term(
    "Step", "步长", "step: the distance from the target that earns or costs one portion of points; range: the "
    "tolerance", "层差法：与目标每差多少计一次分；区间法：容差", unit="metric unit")]
Points = Annotated[Number, Term(
    "Points", "每次分值", "step, deduct, bonus: points (of 100) for each step or event",
    "层差法、扣分法、加分法：每步或每次的分值（满分 100）", unit="points")]
Bands = Annotated[str | None, Term(
    "Bands", "分段", "band: lower bound and score of each band, such as 0:0; 60:60; 80:85; 100:100",
    "分段法：各段的下限和得分，如 0:0; 60:60; 80:85; 100:100", "text")]
Vetoes = Annotated[Number, Term(
    "Vetoes", "否决次数", "Number of veto items that were violated; above 0 gives the lowest grade",
    "触发一票否决的项数，大于 0 即评为最低等级")]
Scores = Annotated[Numbers, Term(
    "Scores", "得分", "Scores of the rows, 0–120; blank rows have no data", "各行得分，0–120；空白表示无数据",
    shape="range", unit="points")]
Weights = Annotated[Numbers, Term(
    "Weights", "权重", "Weights of the rows as percentages (30) or fractions (30%)",
    "各行权重，可写百分数（30）或小数（30%）", shape="range", unit="% or fraction")]
MissingMode = Annotated[str, Term(
    "Missing", "缺数处理", "exclude (default): weight goes to the rows with data; zero; error",
    "exclude 剔除（默认，权重分给有数据的行）、zero 记 0 分、error 报错", "choice", choices=MISSING_MODES)]
WeightMode = Annotated[str, Term(
    "Weight mode", "权重模式", "strict (default): weights must add up to 100%; relative: they are shares of their sum",
    "strict 严格（默认，合计须为 100%）、relative 相对（按占合计的比例）", "choice", choices=WEIGHT_MODES)]
Bonus = Annotated[Number, Term(
    "Bonus", "加减分", "Points added to the total; negative for deductions", "加到总分上的分数，扣分写负数",
    unit="points")]
Score = Annotated[Number, Term(
    "Score", "得分", "A score, 0–120", "得分，0–120", unit="points", format="0.00")]
Bounds = Annotated[Numbers, Term(
    "Bounds", "分数线", "Lower bounds of the grades, e.g. 110, 90, 80, 70", "各等级的分数下限，如 110、90、80、70",
    shape="range", unit="points")]
Grades = Annotated[Words, Term(
    "Grades", "等级", "Grade names, one a bound; one more names what lies below the last",
    "等级名称，与分数线一一对应，可多一个表示低于最后一条线", "text", "range")]
CoverageGiven = Annotated[Number, Term(
    "Coverage", "数据覆盖率", "Share of weight with data; under 60% there is no grade",
    "有数据的权重占比，低于 60% 不评等级", unit="fraction", format="0%")]
GradeOrScore = Annotated[Any, Term(
    "Grade or score", "等级或得分", "A grade name, or a score", "等级名称或得分", "any")]
Keys = Annotated[Sequence[Any], Term(
    "Keys", "对照键", "Grade names, or lower bounds of scores", "等级名称，或分数下限", "any", "range")]
CoefficientValues = Annotated[Numbers, Term(
    "Coefficients", "绩效系数", "The coefficient of each key", "与对照键一一对应的系数", shape="range")]
Value = Annotated[Number, Term(
    "Value", "数值", "The figure to judge: completion or pace", "要判断的数值：完成率或进度", format="0.0%")]
Green = Annotated[float, Term(
    "Green line", "绿灯线", "Green from here on, default 100%", "达到即为绿灯，默认 100%", format="0%")]
Amber = Annotated[float, Term(
    "Amber line", "黄灯线", "Amber from here on, default 85%", "达到即为黄灯，默认 85%", format="0%")]
Language = Annotated[str, Term(
    "Language", "语言", "Language of the answer: zh (default) or en", "结果的语言：zh（默认）或 en", "choice",
    choices=LANGUAGES)]
Unit = Annotated[str | None, Term(
    "Unit", "单位", "Unit of the metric; % shows fractions as percentages", "指标单位；写 % 时小数显示为百分比",
    "text")]
Numerators = Annotated[Numbers, Term(
    "Numerators", "分子", "What is counted, one cell a row", "分子列", shape="range")]
Denominators = Annotated[Numbers, Term(
    "Denominators", "分母", "What it is counted against, one cell a row", "分母列", shape="range")]
Group = Annotated[Sequence[Any], Term(
    "Group", "分组列", "Group of each row", "每行所属的组", "any", "range")]
Key = Annotated[str | None, Term(
    "Key", "组名", "Only rows of this group count", "只计算该组的行", "text")]
Aggregation = Annotated[str, Term(
    "Aggregation", "汇总方式", "ratio (default): ratio of sums; mean: plain mean of the row ratios",
    "ratio 合计之比（默认）、mean 各行比率的简单平均", "choice", choices=AGGREGATIONS)]
Closing = Annotated[Number, Term(
    "Closing", "期末值", "Value at the end, or of this period", "期末值或本期值")]
Opening = Annotated[Number, Term(
    "Opening", "期初值", "Value at the start, or of the earlier period", "期初值或上期值")]
NewFollowers = Annotated[Number, Term(
    "New followers", "新增粉丝", "Followers gained", "新增关注人数", unit="people")]
CancelledFollowers = Annotated[Number, Term(
    "Cancelled followers", "取关粉丝", "Followers lost", "取消关注人数", unit="people")]
Likes = Annotated[Numbers, Term("Likes", "点赞", "Likes", "点赞数", shape="range")]
Comments = Annotated[Numbers, Term("Comments", "评论", "Comments", "评论数", shape="range")]
Third = Annotated[Numbers, Term(
    "Shares or replies", "转发或回复", "Shares when counted per play, message replies when per fan",
    "按播放计算时为转发数，按粉丝计算时为消息回复数", shape="range")]
Base = Annotated[Numbers, Term(
    "Base", "基数", "Plays (summed), or fans (averaged over the rows)", "播放量（合计）或粉丝数（取平均）",
    shape="range")]
InteractionKind = Annotated[str, Term(
    "Kind", "口径", "plays (default): ÷ plays; fans: ÷ average fans", "plays 按播放（默认）、fans 按粉丝", "choice",
    choices=INTERACTION_KINDS)]
Rates = Annotated[Numbers, Term(
    "Rates", "完播率", "Completion rate of each work", "每个作品的完播率", shape="range", unit="fraction")]
Plays = Annotated[Numbers, Term("Plays", "播放量", "Plays of each work", "每个作品的播放量", shape="range")]
Genres = Annotated[Sequence[Any], Term(
    "Genre", "体裁", "Genre of each work; videos and image posts never mix", "每个作品的体裁，视频与图文不可混算",
    "any", "range")]
Start = Annotated[date | str | float | None, Term(
    "Start", "开始日期", "First day of the period", "周期的第一天", "date", format="yyyy-mm-dd")]
End = Annotated[date | str | float | None, Term(
    "End", "结束日期", "Last day of the period", "周期的最后一天", "date", format="yyyy-mm-dd")]
AsOf = Annotated[date | str | float | None, Term(
    "As of", "截至日期", "Last day with data", "数据截至的日期", "date", format="yyyy-mm-dd")]

Dates = Annotated[Sequence[date | str | float | None], Term(
    "Dates", "日期列", "Day of each row", "每行的日期", "date", "range", format="yyyy-mm-dd")]
Values = Annotated[Numbers, Term("Values", "数值列", "Figure of each row; blank is missing", "每行的数值，空白为缺数",
                                 shape="range")]
Series = Annotated[Numbers, Term(
    "Values", "各期数值", "One value a sub-period, oldest first", "各子周期的数值，从早到晚", shape="range")]
PeriodUnit = Annotated[str, Term(
    "Unit", "周期单位", "day, week, month, quarter or year", "day 日、week 周、month 月、quarter 季、year 年", "choice",
    choices=PERIOD_UNITS)]
StepSize = Annotated[float, Term(
    "Step", "步长", "How far from the target earns or costs one portion of points", "与目标每差多少计一次分",
    unit="metric unit")]
StepPoints = Annotated[float, Term("Points", "每步分值", "Points for each whole step", "每满一步加减的分值",
                                   unit="points")]
MaxAdd = Annotated[Number, Term("Most added", "最高加分", "Most points that are added; blank: no limit",
                                "最多加多少分，留空不限", unit="points")]
MaxDeduct = Annotated[Number, Term("Most deducted", "最高扣分", "Most points that are deducted; blank: no limit",
                                   "最多扣多少分，留空不限", unit="points")]
BandBounds = Annotated[Numbers, Term("Bounds", "分段下限", "Lower bound of each band, rising", "各段的下限，从低到高",
                                     shape="range", unit="metric unit")]
BandScores = Annotated[Numbers, Term("Scores", "各段得分", "Score of each band", "与分段下限一一对应的得分",
                                     shape="range", unit="points")]
Interpolate = Annotated[bool, Term("Interpolate", "是否插值", "TRUE: straight lines between the bounds",
                                   "TRUE 表示在各下限之间按直线插值", "flag")]
Low = Annotated[Number, Term("Low", "下限", "Lower end of the best range", "最佳区间的下限", unit="metric unit")]
High = Annotated[Number, Term("High", "上限", "Upper end of the best range", "最佳区间的上限", unit="metric unit")]
RangeTolerance = Annotated[float, Term(
    "Tolerance", "容差", "Distance from the range at which completion is 0", "离开区间多远时完成率降为 0",
    unit="metric unit")]
Events = Annotated[Number, Term("Count", "次数", "Number of events", "发生的次数")]
EachPoints = Annotated[float, Term("Points each", "每次扣分", "Points deducted for each event", "每次扣多少分",
                                   unit="points")]
FullPoints = Annotated[float, Term("Full points", "满分", "Points when nothing happened, default 100",
                                   "没有发生时的分值，默认 100", unit="points")]
Periods = Annotated[Number, Term("Periods", "期数", "Number of periods between the values", "两个数值之间的期数")]
RequiredMethod = Annotated[str, Term(
    "Method", "算法", "linear (default): amount a day; compound: growth rate a day",
    "linear 每天需要的量（默认）、compound 每天需要的复合增长率", "choice", choices=REQUIRED_METHODS)]
Tolerance = Annotated[float, Term(
    "Tolerance", "容差", "How far below the target still counts, default 5%", "低于目标多少仍算稳定，默认 5%",
    format="0%")]
MaxVariation = Annotated[float, Term(
    "Highest variation", "最大变异系数", "Highest coefficient of variation, default 10%", "变异系数上限，默认 10%",
    format="0%")]
Closing2 = Annotated[Number, Term(
    "Closing", "期末粉丝", "Fans at the end, for the average base", "期末粉丝数，按平均口径时使用", unit="people")]
ChurnBasis = Annotated[str, Term(
    "Basis", "基数口径", "opening (default), or average of opening and closing",
    "opening 期初（默认）、average 期初期末平均", "choice", choices=CHURN_BASES)]
Counts = Annotated[Numbers, Term("Counts", "数量列", "What is counted, one cell a row", "数量，一行一个",
                                  shape="range")]
Bases = Annotated[Numbers, Term("Bases", "基数列", "What it is counted against, one cell a row", "基数，一行一个",
                                shape="range")]
Revenue = Annotated[Numbers, Term("Revenue", "收益", "Revenue of each row", "每行的收益", shape="range",
                                    unit="currency")]
Cost = Annotated[Numbers, Term("Cost", "成本", "Cost of each row", "每行的成本", shape="range", unit="currency")]
Factor = Annotated[Number, Term("Factor", "因子", "A fraction from 0 to 1", "0 到 1 之间的小数", unit="fraction",
                                format="0.0%")]
LoyaltyMode = Annotated[str, Term(
    "Mode", "口径", "raw (default): the product; index: 100 is on target", "raw 乘积（默认）、index 指数（100 为达标）",
    "choice", choices=LOYALTY_MODES)]
LoyaltyTargets = Annotated[Numbers, Term(
    "Targets", "目标值", "Target of each of the three factors, for the index", "三个因子的目标值，指数口径时使用",
    shape="range", unit="fraction")]

FanBands = Annotated[Numbers, Term(
    "Fans by band", "粉丝分布", "Fans, or their shares, in each band of one attribute such as gender, region, age",
    "粉丝在一个属性（性别、地域、年龄……）各档的人数或占比", shape="range")]
TargetBands = Annotated[Numbers, Term(
    "Target by band", "目标分布", "The wanted audience in the same bands, people or shares",
    "目标人群在同样各档的人数或占比", shape="range")]

# scoring sentences
RuleText = Annotated[str | None, Term(
    "Scoring sentence", "评分标准", "A sentence such as 每高5%加1分，最高加8分；每低5%扣1分，最低扣8分",
    "评分标准的原文，如“每高5%加1分，最高加8分；每低5%扣1分，最低扣8分”", "text")]
RowPoints = Annotated[Number, Term(
    "Full points", "满分", "Full points of this row; 0 for an item that only adds or deducts",
    "本项满分（权重分）；只加分或只扣分的附加项填 0", unit="points")]
RuleDirection = Annotated[str | None, Term(
    "Direction", "方向", "up or down, where the sentence does not tell; default up",
    "up 越高越好、down 越低越好；评分标准已写明时可省略，否则默认 up", "choice", choices=DIRECTIONS)]
PercentKind = Annotated[str | None, Term(
    "Percent", "百分比口径", "What a bare % is of: target, or points; default points for a target below 1, else target",
    "“5%”指 target 目标的百分比，还是 points 百分点；省略时目标小于 1 按百分点，否则按目标的百分比", "choice",
    choices=PERCENT_KINDS)]

# raters and forced grades
Ratings = Annotated[Numbers, Term(
    "Ratings", "评分", "One rating a rater; blank: this rater gave none", "每位评分人的评分，空白表示没有评",
    shape="range", unit="points")]
RaterWeights = Annotated[Numbers, Term(
    "Weights", "评分人权重", "One weight a rater, relative to each other", "每位评分人的权重，按相对大小计算",
    shape="range")]
ScaleMin = Annotated[float, Term("Scale minimum", "量表下限", "Lowest rating possible, default 0",
                                 "最低可评的分，默认 0")]
ScaleMax = Annotated[float, Term("Scale maximum", "量表上限", "Highest rating possible, default 100",
                                 "最高可评的分，默认 100")]
Trim = Annotated[float, Term("Trim", "去头去尾", "How many of the highest and of the lowest ratings are left out",
                             "去掉几个最高分和几个最低分，默认 0")]
PeopleScores = Annotated[Numbers, Term(
    "Scores", "得分", "One score a person; blank: no score, no grade", "每人的得分，空白不参加分布", shape="range",
    unit="points")]
Quotas = Annotated[Numbers, Term(
    "Quotas", "比例", "Share of people of each grade, best first, adding up to 100%",
    "各等级人数比例，从高到低，合计 100%",
    shape="range", format="0%")]
QuotaGrades = Annotated[Words, Term("Grades", "等级", "Grade names, best first", "等级名称，从高到低", "text", "range")]
PeopleGroups = Annotated[Sequence[Any] | None, Term(
    "Groups", "分组", "Group of each person; quotas hold within each",
    "每人所属的组（部门），各组分别分布", "any", "range")]
LeastPeople = Annotated[float, Term(
    "Smallest group", "最少人数", "Groups with fewer scored people are exempt, default 10",
    "有得分的人数少于此数的组不强制分布，默认 10", unit="people")]
TieKeys = Annotated[Numbers | None, Term(
    "Tie keys", "同分排序", "Second figure for equal scores, higher first; then the order of the rows",
    "得分相同时比较的第二个数，大者在前；仍相同按行的先后", shape="range")]
# dates in words
DuePhrase = Annotated[Any, Term(
    "Due phrase", "期限", "A deadline in words, such as 下季度内, 年底, 两个星期内, or a date",
    "期限的说法，如“下季度内”“年底”“两个星期内”，也可以是日期", "any")]
PlanDate = Annotated[date | str | float | None, Term(
    "Plan date", "制定日期", "Day on which the goal was written; the phrase counts from it",
    "目标制定的日期，期限由此推算",
    "date", format="yyyy-mm-dd")]
# forecasts
ForecastKind = Annotated[str, Term(
    "Kind", "类型", "flow (default): the days add up, such as plays; stock: the last value counts, such as fans",
    "flow 流量（默认，按天相加，如播放量）、stock 存量（取期末，如粉丝总数）", "choice", choices=FORECAST_KINDS)]
ForecastLevel = Annotated[float, Term(
    "Level", "区间概率", "Probability of the range, default 80%: P10 to P90", "区间的概率，默认 80%，即 P10–P90",
    unit="fraction", format="0%")]
FlowStart = Annotated[date | str | float | None, Term(
    "Start", "开始日期", "First day that counts toward the total of a flow; default the first row",
    "流量合计从哪天算起，默认数据的第一天", "date", format="yyyy-mm-dd")]
# tables
DataTable = Annotated[Sequence[Sequence[Any]], Term(
    "Table", "数据表", "A table with its header in the first row, as an export gives it",
    "首行为列名的数据表，可直接用平台导出",
    "any", "table")]
FromDay = Annotated[date | str | float | None, Term(
    "From", "起始日期", "First day that counts", "从哪天起计算", "date", format="yyyy-mm-dd")]
ToDay = Annotated[date | str | float | None, Term(
    "To", "截止日期", "Last day that counts", "计算到哪天", "date", format="yyyy-mm-dd")]
RowFilters = Annotated[Sequence[Sequence[Any]] | None, Term(
    "Filters", "筛选", "Two columns: column name and the value its rows must have", "两列：列名与该列应等于的值", "any",
    "table")]
# goals and diagnosis
MetricName = Annotated[str | None, Term("Metric", "指标", "Name or code of a metric", "指标名称或代码", "text")]
GoalBaseline = Annotated[Any, Term("Baseline", "基线", "Where it stands at the start", "起始时的数值", "any")]
GoalTarget = Annotated[Any, Term("Target", "目标值", "Where it shall be when due", "到期时要达到的数值", "any")]
GoalUnit = Annotated[str | None, Term("Unit", "单位", "Unit of baseline and target", "基线与目标的单位", "text")]
GoalStart = Annotated[Any, Term("Start", "开始日期", "Day on which the work starts", "开始执行的日期", "any",
                                format="yyyy-mm-dd")]
GoalDue = Annotated[Any, Term("Due", "截止日期", "Day on which the goal is due, a date and not words about one",
                              "到期日，须是具体日期", "any", format="yyyy-mm-dd")]
Evidence = Annotated[str | None, Term(
    "Evidence", "证据", "Where anybody can see the result: file and cell, export, screenshot, link",
    "任何人都能据以核对的来源：文件与单元格、导出表、截图、链接", "text")]
DailyHistory = Annotated[Numbers | None, Term(
    "History", "历史数据", "The metric's own values, one a day, oldest first", "该指标过去每天的数值，从早到晚",
    shape="range")]
MetricNames = Annotated[Words, Term("Metrics", "指标", "Metric names or codes; one row a metric and period",
                                    "指标名称或代码，一行一个；同一指标可有多期", "text", "range")]
MetricValues = Annotated[Numbers, Term("Values", "实际值", "Value of each metric; blank is missing",
                                       "各指标的实际值，空白为缺数", shape="range")]
MetricLines = Annotated[Numbers, Term("Benchmarks", "对照线", "Line of each metric; blank: not judged",
                                      "各指标的对照线，空白则不判断", shape="range")]
DiagnosisProfile = Annotated[str, Term(
    "Profile", "适用范围", "all (default), short_video or wechat",
    "all 全部（默认）、short_video 短视频、wechat 公众号", "choice", choices=DIAGNOSIS_PROFILES)]

# ---------------------------------------------------------------- what comes out

Completion = Annotated[Number, Term(
    "Completion", "完成率", "1 = on target; not capped", "1 表示达成目标；不封顶", unit="fraction", format="0.0%")]
Ratio = Annotated[Number, Term(
    "Ratio", "比率", "A fraction: 0.25 is 25%", "小数，0.25 即 25%", unit="fraction", format="0.0%")]
Total = Annotated[Number, Term(
    "Total", "总分", "Weighted total, 0–120", "加权总分，0–120", unit="points", format="0.00")]
Shares = Annotated[list[float], Term(
    "Shares", "权重占比", "Weights as fractions that add up to 1", "合计为 1 的权重", shape="range", format="0.0%")]
Text = Annotated[str | None, Term("Text", "文字", "A sentence or a word", "一句话或一个词", "text")]
Coverage = Annotated[Number, Term(
    "Coverage", "数据覆盖率", "Share of weight with data", "有数据的权重占比", unit="fraction", format="0%")]
Grade = Annotated[str | None, Term("Grade", "等级", "A grade name", "等级名称", "text")]
Coefficient = Annotated[Number, Term("Coefficient", "绩效系数", "Pay coefficient", "绩效系数", format="0.00")]
People = Annotated[Number, Term("People", "人数", "A number of people", "人数", unit="people", format="#,##0")]
Pace = Annotated[Number, Term(
    "Pace", "进度", "Completion over elapsed time; 1 = on schedule", "完成率÷时间进度；1 表示正好跟上", unit="fraction",
    format="0.0%")]
Money = Annotated[Number, Term("Amount", "金额", "An amount in the currency of the cost", "金额，币种与成本相同",
                               unit="currency", format="#,##0.00")]
Figure = Annotated[Number, Term("Figure", "数值", "A figure in the unit of the values", "与数值列同单位的数值")]
TrendMethod = Annotated[str, Term(
    "Method", "算法", "robust (default): Theil–Sen, the median of all changes; ols: least squares, as SLOPE in Excel",
    "robust 稳健（默认）：Theil–Sen，各期变化的中位数；ols 最小二乘，即 Excel 的 SLOPE", "choice",
    choices=TREND_METHODS)]
Slope = Annotated[Number, Term("Slope", "斜率", "Change a sub-period", "每个子周期的变化量")]
Verdict = Annotated[bool, Term("Verdict", "判断", "TRUE or FALSE", "TRUE 或 FALSE", "any")]
Index = Annotated[Number, Term("Index", "指数", "A product of fractions, or an index where 100 is on target",
                               "小数乘积，或以 100 为达标的指数")]
RowScore = Annotated[Number, Term("Points", "得分", "Points of the row", "本项得分", unit="points", format="0.00")]
Meaning = Annotated[list[list[str]], Term(
    "Meaning", "读法", "Two columns: the words, and how they are read", "两列：原文与读法", "text", "range")]
RatedScore = Annotated[Number, Term("Score", "评分得分", "Weighted rating as points of 100", "折合百分制的加权评分",
                                    unit="points", format="0.00")]
ForcedGrades = Annotated[list[str | None], Term(
    "Forced grades", "强制分布等级", "One grade a person; blank where there is no score or the group is exempt",
    "每人一个等级；没有得分或所在组不强制时为空", "text", "range")]
DueDates = Annotated[list[list[date]] | None, Term(
    "Dates", "起止日期", "Start and end, side by side", "开始与结束日期，左右并列", "date", "range",
    format="yyyy-mm-dd")]
Forecast = Annotated[list[Any] | None, Term(
    "Forecast", "预测", "Low end, middle, high end and the method, side by side",
    "下限、中位、上限与所用方法，左右并列", "any", "range")]
SmartTable = Annotated[list[list[Any]], Term(
    "SMART check", "SMART 检查", "Letter, TRUE or FALSE (blank: cannot be judged), reason",
    "字母、TRUE 或 FALSE（空白为无法判断）、理由", "any", "range")]
DiagnosisTable = Annotated[list[list[Any]], Term(
    "Diagnosis", "诊断", "Rule, evidence, action", "规则、依据、建议", "text", "range")]
