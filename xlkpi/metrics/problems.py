"""What can go wrong when the catalogue is read or asked."""

from __future__ import annotations

from xlkpi.errors import KpiError


class UnknownMetric(KpiError):
    code = "#NAME?"
    zh = "没有名为“{name}”的指标{hint}"
    en = "there is no metric '{name}'{hint}"


class AmbiguousMetric(KpiError):
    code = "#NAME?"
    zh = "“{name}”可以指多个指标，请写明是哪一个：{choices}"
    en = "'{name}' may mean several metrics; say which: {choices}"


class CatalogueError(ValueError):
    """The catalogue's own tables contradict each other: file, line and what is wrong (for maintainers)."""
