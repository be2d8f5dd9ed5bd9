import numpy as np
import pytest

from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.science.models.calibrated import Calibrated
from ai_pro_sports.science.models.calibration import fit_calibrator
from ai_pro_sports.science.models.football import Football
from ai_pro_sports.science.models.forecaster import UNDECIDED, outcomes
from ai_pro_sports.science.models.goals import Goals
from ai_pro_sports.science.models.out_of_fold import out_of_fold
from tests.science.models.worlds import FEATURES, football_world, soccer_world


def test_the_calibrator_is_fitted_on_forecasts_of_games_not_yet_seen():
    world, base = football_world(), Football(FEATURES)
    said, happened = [], []
    for fold in out_of_fold(base, world, min_training=3):
        result = outcomes(fold.games, MarketKind.MONEYLINE)
        said.append(fold.forecasts.result()[result != UNDECIDED])
        happened.append(result[result != UNDECIDED])
    wanted = fit_calibrator(np.concatenate(said), np.concatenate(happened))
    fitted = Calibrated(base).fit(world)
    assert fitted.calibrator == wanted
    assert fitted.calibrator.method == "temperature"
    assert fitted.base == base.fit(world)
    assert fitted.features == FEATURES


def test_forecasts_have_the_calibrated_result_and_laws_that_agree_with_it():
    world = soccer_world()
    model = Calibrated(Goals(FEATURES), method="vector")
    fitted = model.fit(world)
    raw, calibrated = fitted.base.forecast(world[:50]), fitted.forecast(world[:50])
    np.testing.assert_allclose(calibrated.result(), fitted.calibrator.apply(raw.result()), atol=1e-12)
    np.testing.assert_allclose(calibrated.law.three_way(), calibrated.result(), atol=1e-12)
    assert np.abs(calibrated.law.cover(-1.5).win - raw.law.cover(-1.5).win).max() > 0
    assert model.result_market is MarketKind.THREE_WAY


@pytest.mark.parametrize("seasons", [1, 3])
def test_with_too_little_history_the_calibration_changes_nothing(seasons):
    world = soccer_world(seasons=seasons, games=60)
    fitted = Calibrated(Goals(FEATURES)).fit(world)
    assert fitted.calibrator.method == "none"
    np.testing.assert_allclose(fitted.forecast(world).law.mass, fitted.base.forecast(world).law.mass, atol=1e-15)
