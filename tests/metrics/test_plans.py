"""Weight profiles and roles against what the articles say."""

from __future__ import annotations

import pytest

from xlkpi.metrics import load, plans


def test_profiles_leave_open_what_the_article_leaves_open() -> None:
    assert {one.code: one.rest for one in plans.profiles()} == {
        "brand_exposure": 0.3, "sales_conversion": 0.2, "user_operation": 0.3}
    assert dict(plans.profiles()[0].weights) == {"read_rate": 0.2, "share_rate": 0.2, "compound_growth_rate": 0.3}


def test_seven_roles_and_their_metrics() -> None:
    assert [len(one.metrics) for one in plans.roles()] == [3, 3, 4, 3, 3, 10, 8]
    assert len({one.zh for one in plans.roles()}) == len({one.en for one in plans.roles()}) == 7


@pytest.mark.parametrize("name", ["owner", "全链路负责人", "End-to-end Owner"])
def test_found_by_any_name(name: str) -> None:
    role = plans.find_role(name)
    assert role is not None
    assert role.metrics == ("user_loyalty", "conversion_rate", "feature_popularity")
    assert plans.find_profile(name) is None
    assert plans.find_profile("品牌曝光型") is plans.profiles()[0]


def test_every_metric_has_a_direction_and_is_counted_once() -> None:
    for codes in [[code for code, _ in one.weights] for one in plans.profiles()] + [
            list(one.metrics) for one in plans.roles()]:
        assert len(codes) == len(set(codes))
        assert all(load().metrics[code].direction for code in codes)
