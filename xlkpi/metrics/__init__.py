"""The metric catalogue: what each metric is, as data that a non-programmer can read and change.

The tables lie in ``data/`` (CSV, UTF-8): metrics by group, rated items, source columns, units,
ways of aggregation, benchmarks, ambiguous names and the source articles.

>>> find_metric("完播率").code
'completion_rate'
>>> find_metric("NET FOLLOWERS").unit.zh
'人'
>>> find_column("作品点赞").code
'likes'
"""

from xlkpi.metrics.catalogue import Catalogue, find_column, find_metric, load
from xlkpi.metrics.expression import Expression, Part
from xlkpi.metrics.model import Aggregation, Benchmark, Metric, Source, SourceColumn, Unit
from xlkpi.metrics.problems import AmbiguousMetric, CatalogueError, UnknownMetric

__all__ = [
    "Aggregation", "AmbiguousMetric", "Benchmark", "Catalogue", "CatalogueError", "Expression", "Metric", "Part",
    "Source", "SourceColumn", "Unit", "UnknownMetric", "find_column", "find_metric", "load",
]
