"""What the account-operations workbook assesses to begin with: twelve dimensions, countable items, rated items.

Every item of the article belongs to exactly one dimension. Weights stand on two levels: the dimension
within its part (performance from figures, behaviour from ratings), the item within its dimension.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: its names and its weight in each part."""

    zh: str
    en: str
    performance: float
    behaviour: float

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


DIMENSIONS: dict[str, Dimension] = {
    "data": Dimension("数据分析", "Data", 0, 0.15),
    "goals": Dimension("目标达成", "Goals", 0.25, 0),
    "content": Dimension("内容质量", "Content", 0.10, 0.10),
    "interaction": Dimension("用户互动", "Interaction", 0.10, 0),
    "community": Dimension("社群建设", "Community", 0.10, 0),
    "brand": Dimension("品牌传播", "Brand", 0.05, 0),
    "marketing": Dimension("营销成效", "Marketing", 0.20, 0.10),
    "customers": Dimension("客户服务", "Customers", 0.15, 0.15),
    "resources": Dimension("资源财务", "Resources", 0.05, 0.05),
    "team": Dimension("团队协作", "Team", 0, 0.15),
    "innovation": Dimension("创新工具", "Innovation", 0, 0.15),
    "compliance": Dimension("账户合规", "Compliance", 0, 0.15),
}

PERFORMANCE: tuple[tuple[str, str, float], ...] = (  # dimension, metric, weight in the dimension
    ("goals", "sales_target_completion", 0.6), ("goals", "user_growth", 0.4),
    ("marketing", "leads_acquired", 0.6), ("marketing", "conversion_rate", 0.4),
    ("customers", "customer_satisfaction", 0.4), ("customers", "customer_retention", 0.3),
    ("customers", "complaint_resolution_hours", 0.3),
    ("content", "original_share", 1), ("interaction", "message_reply_rate", 1),
    ("community", "community_active_rate", 0.5), ("community", "community_size", 0.5),
    ("brand", "reputation_index", 1), ("resources", "profit", 1),
)

BEHAVIOUR: tuple[tuple[str, str, float], ...] = (
    ("data", "rt_data_analysis", 0.4), ("data", "rt_data_keeping", 0.2), ("data", "rt_profiling", 0.2),
    ("data", "rt_improvement_plan", 0.2),
    ("content", "rt_content_quality", 1),
    ("marketing", "rt_sales_skill", 0.5), ("marketing", "rt_acquisition", 0.5),
    ("customers", "rt_crm", 0.3), ("customers", "rt_comm_quality", 0.2), ("customers", "rt_service_quality", 0.2),
    ("customers", "rt_complaint_skill", 0.15), ("customers", "rt_problem_solving", 0.15),
    ("resources", "rt_resource_fit", 1), ("team", "rt_teamwork", 1),
    ("innovation", "rt_innovation", 0.4), ("innovation", "rt_tools", 0.2), ("innovation", "rt_competition", 0.2),
    ("innovation", "rt_feedback", 0.2),
    ("compliance", "rt_compliance", 0.4), ("compliance", "rt_account_security", 0.25),
    ("compliance", "rt_account_handling", 0.2), ("compliance", "rt_record_keeping", 0.15),
)

RATER_WEIGHTS: dict[str, float] = {"self": 0.1, "superior": 0.5, "peer1": 0.15, "peer2": 0.15, "client": 0.1}
QUOTAS: tuple[float, ...] = (0.1, 0.2, 0.5, 0.15, 0.05)
