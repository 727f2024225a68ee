"""What keeps a formula from being calculated, as problems with their cell."""

from __future__ import annotations

from xlkpi.errors import Problem


class FormulaSyntax(Problem):
    zh = "公式读不懂：={formula}（第 {position} 个字符处 {piece!r}）。请检查括号、引号和逗号"
    en = "the formula cannot be read: ={formula} (at character {position}: {piece!r}); check brackets, quotes, commas"


class CannotCalculate(Problem):
    zh = "无法计算 ={formula}：不支持 {function}。请在 Excel 中重新计算并保存，或换用其他写法"
    en = ("cannot calculate ={formula}: {function} is not supported. Recalculate and save in Excel, "
          "or write it another way")


class TooLarge(Problem):
    zh = "无法计算 ={formula}：一个公式要处理的数据超出计算引擎的上限。请在 Excel 中重新计算并保存，或分几张表"
    en = ("cannot calculate ={formula}: the data of this one formula are beyond the engine's limits. Recalculate and "
          "save in Excel, or split the table")


class UnlikeExcel(Problem):
    zh = ("无法可靠计算 ={formula}：按现有数据，它的结果取决于 Excel 的语言或空单元格、空文本的特殊处理。"
          "请在 Excel 中重新计算并保存，或换用其他写法")
    en = ("cannot calculate ={formula} reliably: with these data its value depends on the language of Excel or on how "
          "Excel treats blank cells and empty texts. Recalculate and save in Excel, or write it another way")


class ExternalLink(Problem):
    zh = "无法计算 ={formula}：它引用了其他工作簿（{function}）。请把数据放进本工作簿"
    en = "cannot calculate ={formula}: it refers to another workbook ({function}); bring the data into this one"


class UnknownName(Problem):
    zh = "无法计算 ={formula}：名称 {function} 不存在或无法解析。请在名称管理器中检查"
    en = "cannot calculate ={formula}: the name {function} is missing or cannot be read; check the name manager"


class RandomValue(Problem):
    zh = "无法计算 ={formula}：随机函数的结果每次都不同，不能用于考核。请改为固定值"
    en = "cannot calculate ={formula}: random functions give another value each time; put a fixed value instead"


class DataTable(Problem):
    zh = "区域 {ref} 是模拟运算表，只有 Excel 能计算。请在 Excel 中重新计算并保存"
    en = "{ref} is a what-if data table, which only Excel calculates; recalculate and save in Excel"


class InsideLambda(Problem):
    zh = ("无法计算 ={formula}：LAMBDA 里的 {function} 只有 Excel 能调用。"
          "{function} 可直接接收区域，请把它移到 LAMBDA 之外")
    en = ("cannot calculate ={formula}: {function} inside a LAMBDA can only be called by Excel; "
          "{function} takes ranges itself, so move it out of the LAMBDA")


class CircularReference(Problem):
    zh = "循环引用：{cells} 互相依赖。请改掉其中一个公式"
    en = "circular reference: {cells} depend on each other; change one of the formulas"


class Unsettled(Problem):
    zh = "计算 {rounds} 轮后 {cells} 仍在变化，溢出区域可能与自己的来源重叠。请把它们分开"
    en = "after {rounds} rounds {cells} still change; a spilled range may overlap what it is calculated from"


class Blocked(Problem):
    zh = "另有 {count} 个公式依赖于无法计算的单元格，没有结果：{cells}"
    en = "{count} more formulas depend on cells that cannot be calculated and have no result: {cells}"


class UnknownCall(Problem):
    zh = "没有名为 {function} 的函数{hint}（={formula}）"
    en = "there is no function {function}{hint} (={formula})"


class EngineRefused(Problem):
    zh = "计算引擎无法读取这个工作簿：{reason}。请在 Excel 中打开、修复并另存"
    en = "the calculation engine cannot read the workbook: {reason}; open, repair and save it in Excel"


class TableUnread(Problem):
    zh = "计算引擎无法读取这个表的定义，引用它的公式无法计算。请在 Excel 中打开、修复并另存"
    en = ("the calculation engine cannot read the definition of this table, so formulas that refer to it cannot be "
          "calculated; open, repair and save the workbook in Excel")


class BadFormula(Problem):
    zh = "计算引擎不接受公式 ={formula}：{reason}。请检查公式"
    en = "the calculation engine refuses the formula ={formula}: {reason}; check it"
