"""From tables to actual values, each worked out as the metric catalogue says.

>>> works = {"播放量": ["1,000", "500"], "点赞量": [60, 30], "评论量": [15, 5], "分享量": [5, 5]}
>>> measure({"works": works}, ["interaction_rate_video", "plays"]).values
{'interaction_rate_video': 0.08, 'plays': 1500.0}
"""

from xlkpi.measure.actuals import Actual, Actuals
from xlkpi.measure.measuring import measure

__all__ = ["Actual", "Actuals", "measure"]
