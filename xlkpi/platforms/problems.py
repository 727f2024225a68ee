"""What can be wrong with a data file: one class a finding, in both languages."""

from __future__ import annotations

from typing import ClassVar

from xlkpi.errors import Level, Problem

# ---------------------------------------------------------------- the file as a whole


class FileLocked(Problem):
    zh = "打不开文件：它可能正在别的程序（如 Excel、WPS）里打开，或没有读取权限；关闭后再试"
    en = "the file cannot be opened: another program (Excel, WPS) may hold it or you may not read it; close it there"


class FileNotReadable(Problem):
    zh = "打不开文件：{reason}。请检查路径和读取权限"
    en = "the file cannot be opened: {reason}; check the path and the permission to read it"


class FileEmpty(Problem):
    zh = "文件是空的，没有任何数据。请重新导出"
    en = "the file is empty; export it again"


class NotATable(Problem):
    zh = "这不是数据表：内容是{what}。若 Excel 能打开它，请另存为 .xlsx；否则请重新导出"
    en = "this is not a table of data: it holds {what}. If Excel opens it, save it as .xlsx, else export it again"


class DamagedFile(Problem):
    zh = "文件已损坏，读不出表格（{reason}）。请重新导出，或用 Excel 打开后另存为 .xlsx"
    en = "the file is damaged ({reason}); export it again, or open it in Excel and save it as .xlsx"


class EncryptedFile(Problem):
    zh = "文件有打开密码。请在 Excel 中取消密码后再用"
    en = "the file opens with a password only; remove the password in Excel first"


class TooLarge(Problem):
    zh = "文件展开后过大（{found}，上限 {limit}），为安全起见不读取"
    en = "the file unpacks to too much ({found}, the limit is {limit}); it was not read"


class UnknownEncoding(Problem):
    zh = "文字编码无法确定（试过 {tried}），不猜测。请另存为“CSV UTF-8”"
    en = "the text encoding is not clear (tried {tried}) and is not guessed; save the file as 'CSV UTF-8'"


class AssumedEncoding(Problem):
    level: ClassVar[Level] = "warning"
    zh = "文字按 GB18030 读取，表头里没有汉字可以印证。若标题显示为乱码，请另存为“CSV UTF-8”"
    en = ("the text was read as GB18030 and no Chinese heading confirms it; if titles look like nonsense, save the "
          "file as 'CSV UTF-8'")


class BrokenCsv(Problem):
    zh = "CSV 格式有误：{reason}。多半是某个引号没有成对，请在 Excel 中打开并另存"
    en = "the CSV is malformed: {reason}; most often a quote is not closed, open it in Excel and save it again"


# ---------------------------------------------------------------- which table it is


class UnknownTable(Problem):
    zh = "认不出这是哪种数据表。表头是：{found}。最接近的是：{nearest}；若列名不同，可声明映射（--map plays=播放数）"
    en = ("no known layout has this header: {found}. Nearest: {nearest}; if only the headings differ, declare them "
          "(--map plays=HEADING)")


class SeveralTables(Problem):
    zh = "文件里有多张数据表：{found}。请说明要哪一张，或把它们分成多个文件"
    en = "the file holds several tables: {found}; say which one you want, or split the file"


class SheetLeftOut(Problem):
    level: ClassVar[Level] = "note"
    zh = "工作表“{name}”不是已知的数据表，没有读取"
    en = "sheet '{name}' has no known layout and was not read"


class NoRows(Problem):
    level: ClassVar[Level] = "warning"
    zh = "“{layout}”只有表头，没有数据行"
    en = "'{layout}' has a header and no rows"


class MissingColumn(Problem):
    zh = "“{layout}”缺少列“{name}”{hint}"
    en = "'{layout}' lacks the column '{name}'{hint}"


class DoubledColumn(Problem):
    zh = "列“{name}”出现了 {count} 次（第 {places} 列），不知道该用哪一列。请删去多余的"
    en = "the column '{name}' stands {count} times (columns {places}); remove all but one"


class HeadlessColumn(Problem):
    level: ClassVar[Level] = "warning"
    zh = "第 {place} 列有数据（如 {value!r}）但没有表头，没有读取"
    en = "column {place} has data (such as {value!r}) and no heading; it was not read"


class LeftOverColumns(Problem):
    level: ClassVar[Level] = "note"
    zh = "没有用到的列：{names}"
    en = "columns that were not used: {names}"


# ---------------------------------------------------------------- cells


class NotANumber(Problem):
    zh = "应为数字，得到的是 {value!r}"
    en = "a number is wanted, not {value!r}"


class NotADate(Problem):
    zh = "应为日期（如 2026-04-03 或 2026-04-03 21:26:39），得到的是 {value!r}"
    en = "a date such as 2026-04-03 or 2026-04-03 21:26:39 is wanted, not {value!r}"


class NotADay(Problem):
    zh = "日数据的日期不应带有时刻，得到的是 {value!r}"
    en = "a day is wanted, without an hour, not {value!r}"


class NotAChoice(Problem):
    zh = "该列只应为 {choices}，得到的是 {value!r}；文件的口径可能不同，不能直接使用"
    en = "this column may hold {choices} only, not {value!r}; the file may count something else"


class ErrorCell(Problem):
    zh = "单元格是错误值 {value}。请改正或清空该单元格"
    en = "the cell holds the error {value}; correct or clear it"


class NotCalculated(Problem):
    zh = "单元格是公式但没有计算结果。请用 Excel 打开并保存一次，或粘贴为数值"
    en = "the cell holds a formula without its value; open and save the file in Excel, or paste values"


class WrongScale(Problem):
    zh = "该列是小数形式的比率（0.366 即 36.6%），{value!r} 超过 1 又没有百分号。若是百分数请写成 {value}%"
    en = "this column holds fractions (0.366 is 36.6%); {value!r} is over 1 and has no % sign; write {value}% if so"


class NoPercentSign(Problem):
    zh = "平台在该列总是写百分号（如 4.41%），{value!r} 没有，无法确定是小数还是百分数。请补上百分号"
    en = "the platform always writes a percent sign in this column (4.41%); {value!r} has none and may be a fraction"


class PercentHeading(Problem):
    level: ClassVar[Level] = "warning"
    zh = "表头写着“%”，但所有值都不超过 1（如 {value!r}）；按百分数读取（{read:.4g}%）。若其实是小数，请删去表头的“%”"
    en = ("the heading says % but no value is over 1 ({value!r}); it is read as {read:.4g}%; if these are fractions, "
          "take the % out of the heading")


class MixedScale(Problem):
    level: ClassVar[Level] = "warning"
    zh = "同一列里有的带百分号（如 {percent!r}）有的不带（如 {bare!r}）；不带的按小数读取（0.5 即 50%），请核对"
    en = ("some cells of this column have a % sign ({percent!r}), some have none ({bare!r}); those without are read "
          "as fractions (0.5 is 50%), please check")


class MixedShares(Problem):
    zh = "权重有的带百分号（如 {percent!r}）有的不带（如 {bare!r}），无法确定比例。请统一写法"
    en = "some weights have a % sign ({percent!r}), some have none ({bare!r}); write all of them one way"


class OutOfRange(Problem):
    zh = "{value!r} 超出可能的范围（{bounds}）"
    en = "{value!r} is outside what is possible ({bounds})"


class UnusualValue(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{value!r} 超出通常的范围（{bounds}），已按原值读取，请核对"
    en = "{value!r} is outside the usual range ({bounds}); it was read as it stands, please check"


class NotWhole(Problem):
    zh = "计数应为整数，得到的是 {value!r}"
    en = "a count must be a whole number, not {value!r}"


class RoundedFigures(Problem):
    level: ClassVar[Level] = "note"
    zh = "{count} 个数字是以“万”等单位写的约数（如 {value!r}），按 {number:.0f} 读取"
    en = "{count} figures are rounded ones such as {value!r}, read as {number:.0f}"


class LowerBounds(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{count} 种写法（如 {value!r}）只是下限，按 {number:.0f} 读取；真实数字更大，由此得出的结果也只是下限"
    en = ("{count} spellings such as {value!r} are lower bounds, read as {number:.0f}; the true figures are larger, "
          "and what is computed from them is a lower bound, too")


class LostDigits(Problem):
    zh = "编号 {value} 被存成了数字，超过 15 位的数字已丢失。请把该列存为文本后重新导出"
    en = "the id {value} is stored as a number and lost its digits after the 15th; export the column as text"


class RequiredCell(Problem):
    zh = "该单元格不能为空"
    en = "this cell must not be empty"


class MoreLikeThis(Problem):
    zh = "还有 {count} 个单元格有同样的问题（{kind}），行：{rows}"
    en = "{count} more cells have the same problem ({kind}), rows {rows}"


class MoreToCheck(MoreLikeThis):
    level: ClassVar[Level] = "warning"


# ---------------------------------------------------------------- rows


class TooManyCells(Problem):
    zh = "该行有 {found} 个单元格，表头只有 {wanted} 列；多出的是 {value!r}。文字里的逗号可能没有加引号"
    en = "the row has {found} cells under {wanted} headings; {value!r} is too much. a comma may lack its quotes"


class SkippedRow(Problem):
    level: ClassVar[Level] = "note"
    zh = "跳过该行：{reason}（{value!r}）"
    en = "row left out: {reason} ({value!r})"


class DoubledRow(Problem):
    level: ClassVar[Level] = "warning"
    zh = "与第 {first} 行的{key}相同（{value}），两行都保留，请核对是否重复"
    en = "same {key} as row {first} ({value}); both are kept, check whether one is a repeat"


class RepeatedDay(Problem):
    level: ClassVar[Level] = "warning"
    zh = "日期 {value} 与第 {first} 行完全重复，只计一次"
    en = "{value} repeats row {first} in full; it counts once"


class DoubledDay(Problem):
    zh = "日期 {value} 与第 {first} 行重复而数值不同，不知道该用哪一行。请删去错误的一行"
    en = "{value} stands in row {first} too, with other figures; remove the wrong one"


class MissingDays(Problem):
    level: ClassVar[Level] = "note"
    zh = "{first} 至 {last} 之间缺 {count} 天：{days}"
    en = "{count} days are missing between {first} and {last}: {days}"


class FutureRows(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{count} 行的日期在今天（{today}）之后，如 {value}。请核对日期"
    en = "{count} rows are dated after today ({today}), such as {value}; check the dates"


class UnfinishedDay(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{value} 这一天还没有结束，数字仍会变化"
    en = "the day {value} is not over; its figures will still change"


class UnreconciledTotal(Problem):
    level: ClassVar[Level] = "warning"
    zh = "文件自己的合计是 {total}，列出的各行之和是 {rows}，差 {rest} 对不上；考核按各行计算，请核对"
    en = ("the file's own total is {total}, the rows listed come to {rows}, which leaves {rest} unreconciled; "
          "scores are computed from the rows, please check")


class BrokenIdentity(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{checked} 行中有 {count} 行不满足 {equation}：左边 {left}，右边 {right}。请核对导出是否完整"
    en = "{count} of {checked} rows do not hold {equation}: {left} is not {right}; check whether the export is complete"


# ---------------------------------------------------------------- merging


class Conflict(Problem):
    level: ClassVar[Level] = "note"
    zh = "{key} 的“{column}”：{earlier_file} 为 {earlier}，{later_file} 为 {later}；采用后者"
    en = "{column} of {key}: {earlier} in {earlier_file}, {later} in {later_file}; the latter is used"


class MoreConflicts(Problem):
    level: ClassVar[Level] = "note"
    zh = "另有 {count} 处不同，均采用 {later_file} 的数值"
    en = "{count} more differences; the figures of {later_file} are used"


class PerhapsOneWork(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{files} 中有 {count} 个作品在同一分钟发布（{moment}）：{titles}。若是改过标题的同一作品，会重复计算，请核对"
    en = ("{count} works of {files} were published in the same minute ({moment}): {titles}; if they are one work with "
          "a changed title it counts twice, please check")
