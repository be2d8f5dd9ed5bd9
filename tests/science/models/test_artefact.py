import json

import numpy as np
import pytest

from ai_pro_sports.core.errors import ArtefactDamaged
from ai_pro_sports.science.models.artefact import SCHEMA_VERSION, from_json, to_json
from ai_pro_sports.science.models.calibrated import Calibrated
from ai_pro_sports.science.models.football import Football
from ai_pro_sports.science.models.goals import Goals
from tests.science.models.worlds import FEATURES, football_world, soccer_world

FOOTBALL, SOCCER = football_world(), soccer_world()
MODELS = [
    (Football(FEATURES, no_tie_feature="noise"), FOOTBALL),
    (Goals(FEATURES), SOCCER),
    (Calibrated(Football(FEATURES)), FOOTBALL),
    (Calibrated(Goals(FEATURES), method="vector"), SOCCER),
]


@pytest.mark.parametrize(
    ("model", "world"), MODELS, ids=["football", "goals", "calibrated football", "calibrated goals"]
)
def test_a_round_trip_changes_no_forecast_by_a_bit(model, world):
    fitted = model.fit(world)
    text = to_json(fitted)
    restored = from_json(text)
    assert restored == fitted
    np.testing.assert_array_equal(restored.forecast(world[:40]).law.mass, fitted.forecast(world[:40]).law.mass)
    assert to_json(restored) == text


def test_the_stored_form_is_canonical_and_says_what_it_is():
    text = to_json(Goals(FEATURES).fit(SOCCER))
    document = json.loads(text)
    assert text == json.dumps(document, sort_keys=True, separators=(",", ":"))
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["features"] == list(FEATURES)
    assert document["kind"] == "goals"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-5],
        lambda _: "[]",
        lambda _: "{}",
        lambda text: text.replace('"kind":"goals"', '"kind":"oracle"'),
        lambda text: text.replace('"rho"', '"ohr"'),
        lambda text: text.replace('"features":["strength_home"', '"features":["another"', 1),
        lambda text: text.replace('"schema_version":1', '"schema_version":2'),
        lambda text: text.replace('"learned":{', '"learned":[],"x":{'),
    ],
    ids=["truncated", "a list", "empty", "unknown kind", "renamed", "other features", "other version", "no values"],
)
def test_a_damaged_model_is_not_loaded(damage):
    with pytest.raises(ArtefactDamaged):
        from_json(damage(to_json(Goals(FEATURES).fit(SOCCER))))
