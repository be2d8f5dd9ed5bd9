"""The worlds keep their word: outcomes agree with the truth, and the market knows more the later it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from scipy import stats

from ai_pro_sports.app.sandbox import football_world, soccer_world
from ai_pro_sports.app.sandbox.season_games import Law, SeasonGames
from ai_pro_sports.app.sandbox.strengths import StrengthLaw, season_paths

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)
OUTCOMES = ["home_probability", "draw_probability", "away_probability"]


@pytest.fixture(scope="module", params=["football", "soccer"])
def league_games(request: pytest.FixtureRequest) -> tuple[SeasonGames, Callable[[np.ndarray], Law]]:
    if request.param == "football":
        return football_world.football_games(now=NOW, seed=5, seasons=25), football_world.law_of
    return soccer_world.soccer_games(now=NOW, seed=5, seasons=25), soccer_world.law_of


def outcome(table: pl.DataFrame) -> np.ndarray:
    margin = (table["home_score"] - table["away_score"]).to_numpy()
    return np.select([margin > 0, margin == 0], [0, 1], 2)


def log_loss(chances: np.ndarray, seen: np.ndarray) -> np.ndarray:
    return -np.log(chances[np.arange(len(seen)), seen])


def test_outcomes_come_as_often_as_the_truth_says_at_every_level(
    league_games: tuple[SeasonGames, Callable[[np.ndarray], Law]],
) -> None:
    table = league_games[0].table
    seen = outcome(table)
    for place, name in enumerate(OUTCOMES):
        chances = table[name].to_numpy()
        hits = seen == place
        edges = np.quantile(chances, np.linspace(0, 1, 11))
        bins = np.clip(np.searchsorted(edges, chances, side="right") - 1, 0, 9)
        z = [
            (hits[bins == b].sum() - chances[bins == b].sum())
            / np.sqrt((chances[bins == b] * (1 - chances[bins == b])).sum())
            for b in range(10)
        ]
        # Ten independent standard normals: their squares are a chi-square, refused once in ten thousand seeds.
        assert float(np.square(z).sum()) < stats.chi2.ppf(0.9999, 10), name


def test_margins_and_totals_average_what_the_truth_expects(
    league_games: tuple[SeasonGames, Callable[[np.ndarray], Law]],
) -> None:
    table = league_games[0].table
    for seen, expected in (
        (table["home_score"] - table["away_score"], table["expected_margin"]),
        (table["home_score"] + table["away_score"], table["expected_total"]),
    ):
        left = (seen - expected).to_numpy()
        assert abs(left.mean()) < 4 * left.std() / np.sqrt(len(left))
        # Nothing of the expectation is left in the residual: the slope is one.
        slope = stats.linregress(expected.to_numpy(), seen.to_numpy())
        assert abs(slope.slope - 1) < 4 * slope.stderr


def test_the_close_beats_the_opening_and_the_opening_beats_the_base_rate(
    league_games: tuple[SeasonGames, Callable[[np.ndarray], Law]],
) -> None:
    games, law_of = league_games
    seen = outcome(games.table)
    base = np.bincount(seen, minlength=3) / len(seen)
    losses = {
        "base": log_loss(np.tile(base, (len(seen), 1)), seen),
        "open": log_loss(law_of(games.belief.opening).outcomes(), seen),
        "close": log_loss(law_of(games.belief.close).outcomes(), seen),
        "truth": log_loss(games.table.select(OUTCOMES).to_numpy(), seen),
    }
    for worse, better in (("base", "open"), ("open", "close")):
        gain = losses[worse] - losses[better]
        assert gain.mean() > 3 * gain.std() / np.sqrt(len(gain)), (worse, better)
    assert losses["truth"].mean() < losses["close"].mean() < losses["truth"].mean() + 0.005


def test_scores_look_like_the_sport(league_games: tuple[SeasonGames, Callable[[np.ndarray], Law]]) -> None:
    table = league_games[0].table
    total = (table["home_score"] + table["away_score"]).mean()
    home = (table["home_score"] > table["away_score"]).mean()
    draws = (table["home_score"] == table["away_score"]).mean()
    spread = float(table["expected_margin"].std() or 0)
    if "REG" in table["round"].to_list():
        assert 42 < total < 46
        assert 0.52 < home < 0.59
        assert draws < 0.006
        assert 5 < spread < 7
    else:
        assert 2.4 < total < 3.0
        assert 0.40 < home < 0.48
        assert 0.22 < draws < 0.29
        assert 0.6 < spread < 1.1


def test_clubs_differ_and_keep_most_of_their_strength_from_week_to_week_and_less_from_season_to_season() -> None:
    law = StrengthLaw(attack_sd=3.0, defence_sd=2.0, together=0.25, weekly=0.98, carry_over=0.6)
    paths = dict(season_paths(law, np.zeros((400, 2)), 18, 2005, lambda season: np.random.default_rng([season, 1])))
    first, last, following = paths[2004][0], paths[2004][-1], paths[2005][0]
    for place, sd in enumerate((3.0, 2.0)):
        assert first[:, place].std() == pytest.approx(sd, rel=0.15)
        assert last[:, place].std() == pytest.approx(sd, rel=0.15)
    assert np.corrcoef(first[:, 0], last[:, 0])[0, 1] == pytest.approx(0.98**17, abs=0.12)
    assert np.corrcoef(last[:, 0], following[:, 0])[0, 1] == pytest.approx(0.6, abs=0.12)
    assert np.corrcoef(last[:, 0], last[:, 1])[0, 1] == pytest.approx(0.25, abs=0.15)


def test_three_clubs_go_down_and_three_come_up_every_season() -> None:
    table = soccer_world.soccer_games(now=NOW, seed=5, seasons=12).table
    clubs = {season: set(table.filter(pl.col("season") == season)["home"]) for season in table["season"].unique()}
    assert all(len(division) == 20 for division in clubs.values())
    for season in range(2014, 2026):
        before, after = clubs[season - 1], clubs[season]
        assert len(before - after) == 3
        points = dict.fromkeys(before, 0)
        rows = table.filter(pl.col("season") == season - 1).select("home", "away", "home_score", "away_score")
        for home, away, scored, conceded in rows.iter_rows():
            points[home] += 3 if scored > conceded else int(scored == conceded)
            points[away] += 3 if scored < conceded else int(scored == conceded)
        worst = sorted(points.values())[2]
        assert all(points[club] <= worst for club in before - after)


def test_the_football_final_is_between_the_two_best_records_on_neutral_ground() -> None:
    table = football_world.football_games(now=NOW, seed=5, seasons=8).table
    finals = table.filter(pl.col("round") == "SB")
    assert finals["season"].to_list() == list(range(2017, 2025))
    assert finals["neutral"].all()
    for season, home, away in finals.select("season", "home", "away").iter_rows():
        regular = table.filter((pl.col("season") == season) & (pl.col("round") == "REG"))
        record = dict.fromkeys(range(32), 0)
        for one, other, scored, conceded in regular.select("home", "away", "home_score", "away_score").iter_rows():
            record[one] += (scored > conceded) - (scored < conceded)
            record[other] += (scored < conceded) - (scored > conceded)
        best = sorted(record.values(), reverse=True)[:2]
        assert [record[home], record[away]] == best
