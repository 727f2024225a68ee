"""``xlkpi functions``, ``xlkpi metrics``, ``xlkpi templates``: what there is."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from xlkpi import language
from xlkpi.cli.output import print_json, table
from xlkpi.cli.texts import say


def functions(options: Namespace) -> int:
    from xlkpi.registry import find, load

    lang = language.current()
    if options.name:
        spec = find(options.name)
        print_json(function_facts(spec)) if options.json else print(function_page(spec, lang))
    elif options.json:
        print_json([function_facts(spec) for spec in load().values()])
    else:
        for spec in load().values():
            print(f"={spec.signature}\n    {spec.summary(lang)}")
    return 0


def function_facts(spec: Any) -> dict[str, Any]:
    """A function's facts for machines."""
    return {
        "name": spec.name, "signature": spec.signature, "family": spec.family, "zh": spec.summary_zh,
        "en": spec.summary_en, "returns": {"zh": spec.returns.zh, "en": spec.returns.en, "unit": spec.returns.unit},
        "excel": spec.excel, "parameters": [
            {"name": parameter.name, "required": not parameter.optional,
             "default": parameter.default if parameter.optional else None, "shape": parameter.term.shape,
             "kind": parameter.term.kind, "zh": parameter.term.help_zh, "en": parameter.term.help_en,
             "choices": [choice.code for choice in parameter.term.choices]} for parameter in spec.parameters],
        "examples": [{"call": str(example), "value": example.want, "error": example.error}
                     for example in spec.examples],
    }


def function_page(spec: Any, lang: str) -> str:
    """A function explained on a terminal page."""
    from xlkpi.spec import excel_literal

    rows = [[say("parameters"), "", ""]]
    for parameter in spec.parameters:
        default = say("required") if not parameter.optional else say("optional") if parameter.default is None \
            else excel_literal(parameter.default)
        rows.append([parameter.name, default, parameter.term.help(lang)])
    lines = [f"={spec.signature}", "", spec.summary(lang), "", table(rows), "",
             f"{say('returns')}: {spec.returns.label(lang)}, {spec.returns.help(lang)}", "", f"{say('examples')}:"]
    for example in spec.examples:
        args = list(example.args)
        call = f"={spec.name}({','.join('' if arg is None else excel_literal(arg) for arg in args)})"
        lines.append(f"  {call}  →  {example.error or example.want!r}")
    return "\n".join(lines)


def metrics(options: Namespace) -> int:
    from xlkpi import metrics as catalogue

    lang, whole = language.current(), catalogue.load()
    chosen = [catalogue.find_metric(options.name)] if options.name else list(whole)
    if options.json:
        facts = [metric_facts(metric, whole) for metric in chosen]
        print_json(facts[0] if options.name else facts)
        return 0
    if options.name:
        for key, value in metric_facts(chosen[0], whole).items():
            if value not in (None, "", [], {}):
                print(f"{key}: {value}")
        return 0
    heads = ["code", "指标", "单位", "算法"] if lang == "zh" else ["code", "metric", "unit", "formula"]
    print(table([heads, *([metric.code, metric.label(lang), metric.unit.label(lang), whole.formula(metric, lang)]
                          for metric in chosen)]))
    return 0


def metric_facts(metric: Any, whole: Any) -> dict[str, Any]:
    """A metric's facts for machines."""
    return {
        "code": metric.code, "zh": metric.zh, "en": metric.en, "aliases": list(metric.aliases), "group": metric.group,
        "formula_zh": whole.formula(metric, "zh"), "formula_en": whole.formula(metric, "en"),
        "aggregation": metric.aggregation.code, "unit_zh": metric.unit.zh, "unit_en": metric.unit.en,
        "direction": metric.direction, "additive": metric.additive, "rated": metric.rated, "source": metric.source,
        "benchmarks": {name: [{"rule": line.rule, "low": line.low, "high": line.high, "zh": line.scope_zh,
                               "en": line.scope_en, "source": line.source} for line in lines]
                       for name, lines in metric.benchmarks.items()},
        "note_zh": metric.note_zh, "note_en": metric.note_en,
    }


def templates(options: Namespace) -> int:
    from xlkpi import templates as shelf

    lang = language.current()
    entries = shelf.catalogue()
    if options.json:
        print_json([{"name": entry.name, "zh": entry.title("zh"), "en": entry.title("en"),
                     "files": {one: str(shelf.path(entry.name, one)) for one in language.LANGS}} for entry in entries])
        return 0
    print(table([["name", "模板" if lang == "zh" else "template"],
                 *([entry.name, entry.title(lang)] for entry in entries)]))
    return 0
