"""A game moves only along its status machine, and never holds half a score."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.game import Game, GameStatus
from ai_pro_sports.core.ids import GameId, LeagueCode, TeamId

START = datetime(2023, 9, 7, 20, 20, tzinfo=timezone(timedelta(hours=-4)))


def game(**changes: object) -> Game:
    facts: dict[str, object] = {
        "id": GameId(1),
        "league": LeagueCode("NFL"),
        "season": 2023,
        "home": TeamId(10),
        "away": TeamId(20),
        "starts_at": START,
    }
    return Game(**{**facts, **changes})  # type: ignore[arg-type]


def test_a_start_is_kept_in_utc() -> None:
    assert game().starts_at == START
    assert game().starts_at.tzinfo is UTC


def test_a_game_ends_with_its_score() -> None:
    final = game().moved_to(GameStatus.LIVE).moved_to(GameStatus.FINAL, home_score=20, away_score=21)
    assert final.margin == -1
    assert final.status.is_over
    assert game().margin is None


def test_a_final_score_can_be_corrected_but_not_unplayed() -> None:
    final = game().moved_to(GameStatus.FINAL, home_score=20, away_score=21)
    assert final.moved_to(GameStatus.FINAL, home_score=20, away_score=24).margin == -4
    with pytest.raises(InvalidValue, match="cannot become"):
        final.moved_to(GameStatus.SCHEDULED)


def test_a_postponed_game_can_be_played_later_and_an_abandoned_one_counted() -> None:
    assert game().moved_to(GameStatus.POSTPONED).moved_to(GameStatus.SCHEDULED)
    abandoned = game().moved_to(GameStatus.LIVE).moved_to(GameStatus.ABANDONED)
    assert abandoned.moved_to(GameStatus.FINAL, home_score=1, away_score=0).margin == 1


@given(st.sampled_from(GameStatus), st.lists(st.sampled_from(GameStatus), max_size=6))
def test_no_path_leads_from_final_back_to_play(first: GameStatus, path: list[GameStatus]) -> None:
    status = first
    seen_final = status is GameStatus.FINAL
    for step in path:
        if status.may_become(step):
            status = step
        seen_final = seen_final or status is GameStatus.FINAL
        assert not seen_final or status is GameStatus.FINAL


def test_every_status_can_be_reached_from_scheduled() -> None:
    reached = {GameStatus.SCHEDULED}
    for _ in GameStatus:
        reached |= {later for later in GameStatus if any(now.may_become(later) for now in reached)}
    assert reached == set(GameStatus)


@pytest.mark.parametrize(
    "changes",
    [
        {"away": TeamId(10)},
        {"home_score": 3},
        {"home_score": -1, "away_score": 0},
        {"status": GameStatus.FINAL},
        {"starts_at": datetime(2023, 9, 7, 20, 20)},  # noqa: DTZ001
    ],
)
def test_an_impossible_game_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        game(**changes)
