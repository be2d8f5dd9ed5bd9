from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.contracts import GAMES
from ai_pro_sports.core.errors import NothingToDo
from ai_pro_sports.science.features import History, build
from ai_pro_sports.science.features.audit import ALTERATIONS, audit, differing_cells, power
from tests.science.features.made_games import START, game, history, quote, quotes
from tests.science.leagues_made import made_league


def built(**columns: list[float | None]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    about = pl.DataFrame({"game_id": range(height), "as_of": [START] * height})
    return about.with_columns(pl.Series(name, values, pl.Float64) for name, values in columns.items())


def test_cells_differ_exactly_or_by_being_unknown() -> None:
    full = built(a=[1.0, None, 3.0, 4.0], b=[1.0, 2.0, None, 0.1 + 0.2])
    altered = built(a=[1.0, None, None, 4.0], b=[1.0, 2.0, None, 0.3])
    assert differing_cells(full, altered).rows() == [(2, "a", 3.0, None), (3, "b", 0.1 + 0.2, 0.3)]
    assert differing_cells(full, full).is_empty()
    assert differing_cells(full.select("game_id", "as_of"), altered.select("game_id", "as_of")).is_empty()


@pytest.mark.parametrize("name", sorted(ALTERATIONS))
def test_no_alteration_touches_what_was_known_at_the_cut(name: str) -> None:
    made = made_league("EPL", seed=3)
    cut = made.games["starts_at"].sort()[50]
    targets = made.games.filter(pl.col("starts_at") - timedelta(hours=1) <= cut)
    altered = ALTERATIONS[name](made.history, cut, targets, np.random.default_rng(1))
    assert altered.known_at(cut).results.equals(made.history.known_at(cut).results)
    assert GAMES.check(altered.games).rejected.is_empty()
    assert not altered.games.sort("game_id").equals(made.games.sort("game_id"))


def test_scrambling_keeps_each_games_place_and_the_scores_as_a_whole() -> None:
    made = made_league("NFL", seed=3)
    cut = made.games["starts_at"].sort()[30]
    altered = ALTERATIONS["shuffled"](made.history, cut, made.games, np.random.default_rng(1)).games
    assert (
        altered.drop("home_score", "away_score")
        .sort("game_id")
        .equals(made.games.drop("home_score", "away_score").sort("game_id"))
    )
    assert altered["home_score"].sort().equals(made.games["home_score"].sort())


def test_an_audit_is_the_same_for_the_same_seed_and_draws_other_cuts_for_another() -> None:
    made = made_league("NFL", seed=3)
    first, again, other = (audit(made.history, seed=seed, cuts=3) for seed in (1, 1, 2))
    assert first.cuts == again.cuts != other.cuts
    assert first.cells == again.cells
    assert len(first.cuts) == 3 and list(first.cuts) == sorted(first.cuts)


def test_cuts_are_moments_at_which_a_game_is_predicted() -> None:
    made = made_league("NFL", seed=3)
    assert set(audit(made.history, seed=1).cuts) <= set(build(made.history, made.games)["as_of"])


def test_a_clean_audit_says_how_much_it_looked_at() -> None:
    found = audit(made_league("NFL", seed=3).history, seed=1, cuts=2)
    assert found.is_clean and found.leaking == found.suspicious == ()
    assert str(found) == f"clean: {found.cells} cells at 2 cuts"


def test_nothing_to_audit_is_said() -> None:
    with pytest.raises(NothingToDo):
        audit(history(), seed=1)


def area_by_counting_pairs(values: list[float | None], outcomes: list[bool]) -> float:
    wins = [v for v, o in zip(values, outcomes, strict=True) if o and v is not None]
    losses = [v for v, o in zip(values, outcomes, strict=True) if not o and v is not None]
    area = sum((w > x) + 0.5 * (w == x) for w in wins for x in losses) / (len(wins) * len(losses))
    return max(area, 1 - area)


@given(st.integers(0, 2**32 - 1))
def test_the_area_under_the_curve_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = [None if random.random() < 0.1 else float(random.integers(0, 9)) for _ in range(240)]
    values[:200] = [float(v) for v in random.integers(0, 9, 200)]
    outcomes = [bool(v or 0) for v in random.integers(0, 2, 240)]
    played = history(*(game(i, score=(1, 0) if o else (0, 1)) for i, o in enumerate(outcomes)))
    (row,) = power(built(x=values), played, {"home_wins": 0.0}).to_dicts()
    assert row["auc"] == pytest.approx(area_by_counting_pairs(values, outcomes))
    assert row["games"] == sum(value is not None for value in values)


def test_covers_and_totals_are_judged_against_the_last_line_with_pushes_left_out() -> None:
    rows, quoted = [], []
    for number in range(300):
        cover = number % 3 - 1  # short of the line, on it, beyond it
        total = 41 + number % 2 * 6
        rows.append(game(number, score=((total + 3 + cover * 2) // 2, (total - 3 - cover * 2) // 2)))
        known_at = rows[-1]["starts_at"]
        quoted += [quote(number, known_at, market="spread", line=-3.0, side=side) for side in ("home", "away")]
        quoted += [quote(number, known_at, market="total", line=44.0, side=side) for side in ("over", "under")]
    played = history(*rows, quoted=quotes(*quoted))
    knowing = built(covers=[float(n % 3) for n in range(300)], goes_over=[float(n % 2) for n in range(300)])
    found = {(row["feature"], row["outcome"]): row for row in power(knowing, played).to_dicts()}
    assert set(found) == {("covers", "home_covers"), ("goes_over", "over")}
    assert found["covers", "home_covers"]["auc"] == 1.0
    assert found["covers", "home_covers"]["games"] == 200
    assert found["goes_over", "over"]["games"] == 300


def test_few_outcomes_and_flat_features_raise_no_alarm() -> None:
    few = history(*(game(i, score=(i % 2, 1 - i % 2)) for i in range(199)))
    assert power(built(x=[float(i % 2) for i in range(199)]), few).is_empty()
    many = history(*(game(i, score=(i % 2, 1 - i % 2)) for i in range(400)))
    assert power(built(x=[1.0] * 400), many).is_empty()
    assert power(built(x=[None] * 400), many).is_empty()
    assert power(built(x=[float(i % 2) for i in range(400)]), many)["feature"].to_list() == ["x"]
    unplayed = History(many.games.clear(), many.quotes)
    with pytest.raises(NothingToDo):
        power(built(x=[1.0]), unplayed)
