from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.contracts import GAMES
from ai_pro_sports.core.errors import InvalidValue, NothingToDo
from ai_pro_sports.core.leagues import NFL
from ai_pro_sports.science.features import History
from ai_pro_sports.science.features.history import OFF, SCHEDULE_COLUMNS, schedule_of
from tests.science.features.made_games import START, game, games, history, quote, quotes
from tests.science.leagues_made import made_league

HOUR = timedelta(hours=1)


def test_a_result_not_known_yet_is_a_game_still_to_play() -> None:
    before = history(game(0, score=(21, 17))).known_at(START + 3 * HOUR - timedelta(microseconds=1)).games.to_dicts()[0]
    assert before["status"] == "scheduled"
    assert before["home_score"] is before["away_score"] is before["result_known_at"] is None


def test_a_result_known_at_the_very_moment_is_known() -> None:
    whole = history(game(0, score=(21, 17)))
    assert whole.known_at(START + 3 * HOUR).games.equals(whole.games)


def test_the_schedule_is_kept_whatever_the_time() -> None:
    whole = history(game(0, score=(21, 17)), game(1), game(2, status="postponed"), game(3, status="cancelled"))
    early = whole.known_at(START - timedelta(days=900))
    assert early.games.select(SCHEDULE_COLUMNS).equals(whole.games.select(SCHEDULE_COLUMNS))
    assert early.games["status"].to_list() == ["scheduled", "scheduled", "postponed", "cancelled"]


def test_a_game_under_way_or_abandoned_is_to_play_as_long_as_nothing_is_known_of_it() -> None:
    whole = history(game(0, status="live"), game(1, status="abandoned"))
    assert whole.known_at(START).games["status"].to_list() == ["scheduled", "scheduled"]


def test_later_quotes_are_gone_and_earlier_ones_stay() -> None:
    quoted = quotes(quote(0, START - HOUR), quote(0, START), quote(0, START + HOUR))
    assert history(game(0), quoted=quoted).known_at(START).quotes.height == 2


@given(st.integers(0, 2**16), st.integers(0, 900), st.integers(0, 900))
def test_knowing_less_and_then_still_less_is_knowing_the_least(seed: int, first: int, second: int) -> None:
    whole = made_league(seed=seed % 7, seasons=2, teams=4, weeks=3).history
    start = whole.games["starts_at"].min()
    assert isinstance(start, datetime)
    early, late = sorted(start + timedelta(days=days) for days in (first, second))
    twice, once = whole.known_at(late).known_at(early), whole.known_at(early)
    assert twice.games.equals(once.games) and twice.quotes.equals(once.quotes)
    assert GAMES.check(once.games).rejected.is_empty()
    assert once.results.select((pl.col("known_at") <= early).all()).item()


def test_results_are_the_final_games_in_the_order_they_became_known() -> None:
    late = game(0, score=(3, 0), result_known_at=START + timedelta(days=30))
    found = history(late, game(1, score=(7, 0)), game(2), game(3, score=(1, 0), result_known_at=None)).results
    assert found["game_id"].to_list() == [1, 0]


def test_a_result_stamped_before_its_game_began_counts_from_just_after_the_start() -> None:
    found = history(game(0, score=(3, 0), result_known_at=START - timedelta(days=2))).results
    assert found["known_at"].item() == START + timedelta(microseconds=1)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidValue, match="without a zone"):
        history(game(0)).known_at(datetime(2020, 9, 6))  # noqa: DTZ001


def test_a_history_that_cannot_be_true_is_refused() -> None:
    with pytest.raises(InvalidValue, match="listed twice"):
        history(game(0), game(0))
    with pytest.raises(InvalidValue, match="several leagues: EPL, NFL"):
        history(game(0), game(1, league="EPL"))
    with pytest.raises(InvalidValue, match="another type: season, neutral"):
        History(games(game(0)).drop("season").with_columns(pl.lit("no").alias("neutral")), quotes())
    with pytest.raises(InvalidValue, match="quotes frame"):
        History(games(game(0)), quotes().drop("known_at"))


def test_the_league_is_that_of_the_games() -> None:
    assert history(game(0)).league is NFL
    with pytest.raises(NothingToDo):
        _ = history().league


def test_the_schedule_leaves_out_what_is_off_and_takes_in_targets_not_listed() -> None:
    listed = games(game(1), game(0), *(game(2 + i, status=status) for i, status in enumerate(OFF)))
    asked = games(game(1, starts_at=datetime(2030, 1, 1, tzinfo=UTC)), game(2, status="postponed"), game(9))
    found = schedule_of(listed, asked)
    assert found["game_id"].to_list() == [0, 1, 9]
    assert found.filter(pl.col("game_id") == 1)["starts_at"].item() == START + timedelta(days=7)
    assert found.columns == list(SCHEDULE_COLUMNS)
