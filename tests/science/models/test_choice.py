from ai_pro_sports.core.leagues import LEAGUES, league
from ai_pro_sports.science.models.choice import score_model
from ai_pro_sports.science.models.football import Football
from ai_pro_sports.science.models.goals import Goals


def test_every_league_has_a_score_model_whose_result_market_is_the_leagues():
    for each in LEAGUES:
        assert score_model(each, ["a"]).result_market is each.result_market


def test_the_family_of_the_scores_decides():
    assert score_model(league("EPL"), ["a", "b"]) == Goals(("a", "b"))
    assert score_model(league("NFL"), ["a"], no_tie_feature="b") == Football(("a",), no_tie_feature="b")
