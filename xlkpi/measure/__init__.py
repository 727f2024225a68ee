"""From tables to actual values, each worked out as the metric catalogue says.

>>> works = {"播放量": ["1,000", "500"], "点赞量": [60, 30], "评论量": [15, 5], "分享量": [5, 5]}
>>> measure({"works": works}, ["interaction_rate_video", "plays"]).values
{'interaction_rate_video': 0.08, 'plays': 1500.0}
"""

import sys
from types import ModuleType
from typing import Any

from xlkpi.measure.actuals import Actual, Actuals
from xlkpi.measure.measuring import measure

__all__ = ["Actual", "Actuals", "measure"]


class _Callable(ModuleType):
    """``xlkpi.measure`` names this package and the function: whichever was loaded first, a call measures."""

    def __call__(self, *args: Any, **options: Any) -> Actuals:
        return measure(*args, **options)


sys.modules[__name__].__class__ = _Callable
