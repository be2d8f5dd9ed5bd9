import pytest

from ai_pro_sports.science.evaluation.alarm import plausibility_alarm
from ai_pro_sports.science.scoring.bootstrap import Estimate


@pytest.mark.parametrize(
    ("estimate", "rings"),
    [
        (Estimate(-0.02, -0.03, -0.01, 1000), True),
        (Estimate(-0.02, -0.03, -0.01, 999), False),
        (Estimate(-0.02, -0.05, 0.01, 5000), False),
        (Estimate(0.02, 0.01, 0.03, 5000), False),
        (Estimate(-0.02, float("nan"), float("nan"), 5000), False),
    ],
    ids=["beyond chance", "too few games", "within chance", "worse", "no interval"],
)
def test_the_alarm_rings_only_beyond_chance_on_enough_games(estimate, rings):
    said = plausibility_alarm(estimate)
    assert (said is not None) == rings
    if rings:
        assert "run the leak auditor" in said
