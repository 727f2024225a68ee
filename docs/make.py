"""Write the reference pages from the code: ``python docs/make.py``. The tests compare them with a fresh run."""

from __future__ import annotations

import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from xlkpi import functions as kpi_functions
from xlkpi import metrics
from xlkpi.errors import KpiError
from xlkpi.registry import find, load
from xlkpi.spec import Example, FunctionSpec, excel_literal

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import realised  # noqa: E402 - it lies beside this file

WORDS = {
    "zh": {
        "title": "KPI 函数参考",
        "intro": "本页由代码生成（`python docs/make.py`）。在单元格里输入 `=` 加函数名即可使用；"
        "参数可以是单个值或区域，区域会逐个计算并溢出。空白单元格是缺数，不是 0；结果为空表示缺数。",
        "parameter": "参数", "meaning": "含义", "unit": "单位", "default": "默认", "required": "必填", "words": "可填",
        "returns": "返回", "errors": "错误", "source": "出处", "oracle": "等价的普通公式", "examples": "示例",
        "none": "没有", "long": "有 {length} 个字符，太长不列；在测试中由 LibreOffice 核对",
        "metrics": "指标目录", "code": "代码", "name": "名称", "group": "组", "direction": "方向", "how": "汇总",
        "formula": "算法", "additive": "可加总", "yes": "是", "no": "否", "metrics_intro":
        "本页由代码生成（`python docs/make.py`）。"
        "比率一律按合计之比计算；“可加总”为否的指标（如人数）不得跨天、跨渠道相加。",
    },
    "en": {
        "title": "KPI function reference", "intro": "This page is generated from the code (`python docs/make.py`). "
        "Type `=` and a function's name in a cell. Arguments are single values or ranges; a range computes element by "
        "element and spills. A blank cell is missing, not 0; a blank answer means missing.",
        "parameter": "Parameter", "meaning": "Meaning", "unit": "Unit", "default": "Default", "required": "required",
        "words": "Words", "returns": "Returns", "errors": "Errors", "source": "Source",
        "oracle": "The same as a plain formula", "examples": "Examples", "none": "none",
        "long": "one of {length} characters, too long to print; LibreOffice holds it equal in the tests",
        "metrics": "Metric catalogue", "code": "Code", "name": "Name", "group": "Group", "direction": "Direction",
        "how": "Aggregation", "formula": "Formula", "additive": "Additive", "yes": "yes", "no": "no",
        "metrics_intro": "This page is generated from the code (`python docs/make.py`). Ratios are always "
        "ratios of sums; a metric that is not additive (unique people) must not be summed over days or channels.",
    },
}


LONGEST_SHOWN = 1_000  # characters of a plain formula

# Why a function has no plain formula beside it: the tests want a formula or a reason for each.
NO_FORMULA = {
    "KPI_ACTUAL": ("要按表头找列、查指标目录，普通公式因指标而异；模板中的实际值就是普通公式",
                   "columns are found by headings and the catalogue, so the formula differs by metric; the actual "
                   "values in the templates are such formulas"),
    "KPI_DIAGNOSE": ("结果是诊断目录中的文字表格", "the answer is a table of texts from the diagnosis catalogue"),
    "KPI_DISTRIBUTE": ("最大余数取整与逐人排位需要循环", "the largest remainders and the ranks want a loop"),
    "KPI_DUE": ("读的是中文期限用语", "it reads deadlines in words"),
    "KPI_EXPLAIN": ("结果是一句话，数字与 KPI_SCORE 相同", "the answer is a sentence about KPI_SCORE's figures"),
    "KPI_FORECAST": ("P10、P90 由固定种子的重抽样得出", "P10 and P90 come from a bootstrap of fixed seed"),
    "KPI_RULE": ("读的是评分标准语句", "it reads scoring sentences"),
    "KPI_RULE_READ": ("读的是评分标准语句", "it reads scoring sentences"),
    "KPI_SMART": ("结果是逐项检查的文字", "the answer is a check in words"),
}


def as_formula(example: Example) -> str:
    """An example as it is typed in a cell; omitted arguments stay empty."""
    args = list(example.args)
    while args and args[-1] is None and len(args) > 1:
        args.pop()
    return f"={example.function}({','.join('' if arg is None else excel_literal(arg) for arg in args)})"


def errors() -> dict[str, type[KpiError]]:
    """Every outcome of the functions by its class name, those of modules that load late too."""
    for module in pkgutil.iter_modules(kpi_functions.__path__, f"{kpi_functions.__name__}."):
        import_module(module.name)
    kinds = [KpiError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return {kind.__name__: kind for kind in kinds}


def named_errors(spec: FunctionSpec) -> list[type[KpiError]]:
    """The outcomes a function's docstring names, those of the functions it refers to included."""
    text = spec.section("Errors")
    known = errors()
    found = [known[word] for word in re.findall(r"[A-Z][A-Za-z]+", text) if word in known]
    for other in re.findall(r"as (KPI_[A-Z_]+)", text):
        found.extend(named_errors(find(other)))
    return list(dict.fromkeys(found))


def generic(kind: type[KpiError], lang: str) -> str:
    """An outcome's sentence with an ellipsis where a value would stand."""
    return re.sub(r"\{[^}]*\}", "…", kind.zh if lang == "zh" else kind.en)


def shown(example: Example) -> str:
    if example.error:
        return errors()[example.error].code
    return '""' if example.want is None else excel_literal(example.want)


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def function_page(spec: FunctionSpec, lang: str) -> Iterator[str]:
    words = WORDS[lang]
    paragraphs = [" ".join(text.split()) for text in spec.doc.split("\n\n")]
    chinese = [any("\u4e00" <= letter <= "\u9fff" for letter in text[:6]) for text in paragraphs]
    body = [text for text, is_zh in zip(paragraphs, chinese, strict=True)
            if is_zh == (lang == "zh") and not text.startswith((">>>", "Errors:", "Source:"))]
    yield f"## {spec.name}\n\n`={spec.signature}`\n"
    yield "\n\n".join(body) + "\n"
    yield f"| {words['parameter']} | {words['meaning']} | {words['unit']} | {words['default']} |\n|---|---|---|---|"
    for parameter in spec.parameters:
        term = parameter.term
        meaning = f"{term.label(lang)}: {term.help(lang)}" if lang == "en" else f"{term.label(lang)}：{term.help(lang)}"
        if term.choices:
            meaning += " (" + ", ".join(f"`{c.code}` {c.zh if lang == 'zh' else c.en}" for c in term.choices) + ")"
        default = words["required"] if not parameter.optional else (
            "" if parameter.default is None else f"`{excel_literal(parameter.default)}`")
        yield f"| `{parameter.name}` | {cell(meaning)} | {term.unit_label(lang)} | {default} |"
    yield f"\n**{words['returns']}**: {spec.returns.label(lang)}, {spec.returns.help(lang)}\n"
    yield f"**{words['errors']}**\n"
    yield from (f"- `{kind.code}` {generic(kind, lang)}" for kind in named_errors(spec))
    yield ""
    yield f"**{words['examples']}**\n\n```"
    for example in spec.examples:
        yield f"{as_formula(example)}  →  {shown(example)}"
    yield "```\n"
    plain = (spec.excel or "").replace("{{", "{").replace("}}", "}")
    reason = f"{words['none']}{'：' if lang == 'zh' else ': '}" + NO_FORMULA.get(spec.name, ("", ""))[lang == "en"]
    if len(plain) > LONGEST_SHOWN:
        plain, reason = "", words["long"].format(length=len(plain))
    yield f"**{words['oracle']}**: {f'`{plain}`' if plain else reason}\n"
    yield f"**{words['source']}**: {spec.section('Source')}\n"


def functions(lang: str) -> str:
    words = WORDS[lang]
    lines = [f"# {words['title']}\n", words["intro"] + "\n"]
    for spec in load().values():
        lines.append(f"- [{spec.name}](#{spec.name.lower()}): {spec.summary(lang)}")
    lines.append("")
    for spec in load().values():
        lines.extend(function_page(spec, lang))
    return "\n".join(lines)


def metric_page(lang: str) -> str:
    words, catalogue = WORDS[lang], metrics.load()
    lines = [f"# {words['metrics']}\n", words["metrics_intro"] + "\n"]
    for code, names in catalogue.groups.items():
        rows = [metric for metric in catalogue if metric.group == code]
        if not rows:
            continue
        lines.append(f"## {names[0] if lang == 'zh' else names[1]}\n")
        heads = ("name", "code", "formula", "unit", "direction", "additive", "source")
        lines += ["| " + " | ".join(words[head] for head in heads) + " |", "|---" * len(heads) + "|"]
        for metric in rows:
            facts = (metric.label(lang), f"`{metric.code}`", catalogue.formula(metric, lang), metric.unit.label(lang),
                     {"up": "↑", "down": "↓"}.get(metric.direction or "", "–"),
                     words["yes" if metric.additive else "no"], metric.source)
            lines.append("| " + " | ".join(cell(fact) for fact in facts) + " |")
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[Path, str]:
    """Every generated page and its text."""
    made = {HERE / f"functions.{lang}.md": functions(lang) for lang in WORDS}
    made |= {HERE / f"metrics.{lang}.md": metric_page(lang) for lang in WORDS}
    return made | {HERE / f"coverage.{lang}.md": realised.page(lang) for lang in WORDS}


def main() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(HERE.parent), file=sys.stderr)


if __name__ == "__main__":
    main()
