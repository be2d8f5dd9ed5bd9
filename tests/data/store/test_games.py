"""Games: importing twice, stale files, corrections, and reads that cannot see the future."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ai_pro_sports.core.contracts import GAMES
from ai_pro_sports.core.errors import InvalidValue, SchemaChanged
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.data.store import UnitOfWork, Written
from ai_pro_sports.data.store.repositories.games import LINKS
from tests.data.store.rows import HOURS, KICKOFF, LONG_AFTER, RECORDED, game, game_id, games, kept_game, teams

pytestmark = pytest.mark.anyio


def account(written: Written) -> tuple[int, int, int, int]:
    return written.inserted, written.updated, written.unchanged, written.refused.height


def reasons(written: Written) -> list[tuple[int, str]]:
    return list(written.refused.iter_rows())


async def test_games_come_back_as_they_went(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    frame = games(
        game("g1", status="final"),
        game("g2", status="final", home_score=3, away_score=3, round=None, week=None, neutral=True),
        game("g3", starts_at=KICKOFF + 24 * HOURS, start_is_date_only=True),
    )
    assert account(await work.games.write(NFL, frame, RECORDED)) == (3, 0, 0, 0)
    back = await work.games.frame("NFL", LONG_AFTER)
    assert_frame_equal(back, frame, check_row_order=False)
    assert GAMES.check(back).rejected.is_empty()


async def test_importing_the_same_games_twice_changes_nothing(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    frame = games(game("g1", status="final"), game("g2"), game("g3", status="postponed"))
    await work.games.write(NFL, frame, RECORDED)
    before = await work.games.frame("NFL", LONG_AFTER)
    second = await work.games.write(NFL, frame, RECORDED + timedelta(days=1))
    assert account(second) == (0, 0, 3, 0)
    assert_frame_equal(await work.games.frame("NFL", LONG_AFTER), before)
    assert_frame_equal(await work.games.frame("NFL", RECORDED), before)


async def test_rows_come_back_by_start_whatever_the_order_they_went_in(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    late, early = game("late", starts_at=KICKOFF + HOURS), game("early", starts_at=KICKOFF - HOURS)
    await work.games.write(NFL, games(late, early), RECORDED)
    assert (await work.games.frame("NFL", LONG_AFTER))["external_id"].to_list() == ["early", "late"]


async def test_a_result_and_a_corrected_score_update_the_game(work: UnitOfWork) -> None:
    await kept_game(work)
    final = await work.games.write(NFL, games(game(status="final", home_score=24, away_score=17)), RECORDED)
    assert account(final) == (0, 1, 0, 0)
    corrected = await work.games.write(NFL, games(game(status="final", home_score=24, away_score=16)), RECORDED)
    assert account(corrected) == (0, 1, 0, 0)
    shown = (await work.games.frame("NFL", LONG_AFTER)).row(0, named=True)
    assert (shown["status"], shown["home_score"], shown["away_score"]) == ("final", 24, 16)


async def test_a_stale_file_cannot_unplay_a_game(work: UnitOfWork) -> None:
    await kept_game(work, status="final")
    before = await work.games.frame("NFL", LONG_AFTER)
    stale = games(game("g2"), game("g1", starts_at=KICKOFF + 48 * HOURS, week=9))
    written = await work.games.write(NFL, stale, RECORDED)
    assert account(written) == (1, 0, 0, 1)
    assert reasons(written) == [(1, "a final game cannot become scheduled")]
    assert_frame_equal((await work.games.frame("NFL", LONG_AFTER)).filter(external_id="g1"), before)


@pytest.mark.parametrize(("now", "later"), list(product(GameStatus, GameStatus)))
async def test_every_step_of_the_status_machine_is_kept(work: UnitOfWork, now: GameStatus, later: GameStatus) -> None:
    await kept_game(work, status=str(now))
    written = await work.games.write(NFL, games(game(status=str(later))), RECORDED)
    allowed = now.may_become(later)
    assert account(written) == ((0, 0, 1, 0) if now is later else (0, 1, 0, 0) if allowed else (0, 0, 0, 1))
    shown = (await work.games.frame("NFL", LONG_AFTER)).row(0, named=True)
    assert shown["status"] == str(later if allowed else now)


async def test_the_teams_of_a_known_game_do_not_change(work: UnitOfWork) -> None:
    await kept_game(work)
    written = await work.games.write(NFL, games(game(home="Hill", away="Harbour")), RECORDED)
    assert reasons(written) == [(0, "the teams of a known game changed")]


async def test_a_game_of_teams_nobody_keeps_is_refused(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    written = await work.games.write(NFL, games(game("g1"), game("g2", away="Nowhere")), RECORDED)
    assert account(written) == (1, 0, 0, 1)
    assert reasons(written) == [(1, "a team of it is not kept")]


async def test_an_id_and_an_external_id_of_different_games_are_refused(work: UnitOfWork) -> None:
    await kept_game(work)
    mixed = games(game("other", game_id=game_id("g1")), game("g1", game_id=77))
    written = await work.games.write(NFL, mixed, RECORDED)
    assert {reason for _, reason in reasons(written)} == {"its id and its external id belong to different games"}
    assert account(written) == (0, 0, 0, 2)


async def test_a_game_given_twice_counts_once_and_twice_differently_is_refused(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    frame = games(game("g1"), game("g2"), game("g1"), game("g2", week=5))
    written = await work.games.write(NFL, frame, RECORDED)
    assert account(written) == (2, 0, 1, 1)
    assert reasons(written) == [(3, "the same game_id twice, and differently")]


async def test_rows_that_break_the_contract_are_refused_in_place(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    frame = games(game("g1", home_score=7), game("g2"), game("g3", status="over"))
    written = await work.games.write(NFL, frame, RECORDED)
    assert account(written) == (1, 0, 0, 2)
    assert written.refused["position"].to_list() == [0, 2]
    assert "one score only" in written.refused["reason"][0]


async def test_frames_of_another_shape_or_league_are_the_callers_mistake(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    with pytest.raises(SchemaChanged, match="status"):
        await work.games.write(NFL, games(game()).drop("status"), RECORDED)
    with pytest.raises(InvalidValue, match="games of EPL among those of NFL"):
        await work.games.write(NFL, games(game(), game("e1", EPL)), RECORDED)
    with pytest.raises(InvalidValue, match="without a zone"):
        await work.games.write(NFL, games(game()), datetime(2026, 1, 1))  # noqa: DTZ001


async def test_an_empty_frame_writes_nothing(work: UnitOfWork) -> None:
    assert account(await work.games.write(NFL, games(), RECORDED)) == (0, 0, 0, 0)
    assert (await work.games.frame("NFL", LONG_AFTER)).is_empty()


async def test_a_result_shows_only_from_the_moment_it_could_be_known(work: UnitOfWork) -> None:
    await kept_game(work, status="final", result_known_at=KICKOFF + 4 * HOURS)
    for as_of, seen in ((KICKOFF, False), (KICKOFF + 4 * HOURS - timedelta(microseconds=1), False)):
        shown = (await work.games.frame("NFL", as_of)).row(0, named=True)
        assert (shown["status"] == "final") is seen
        assert (shown["home_score"], shown["away_score"], shown["result_known_at"]) == (None, None, None)
        assert shown["status"] == "scheduled"
    shown = (await work.games.frame("NFL", KICKOFF + 4 * HOURS)).row(0, named=True)
    assert (shown["status"], shown["home_score"], shown["result_known_at"]) == ("final", 24, KICKOFF + 4 * HOURS)


async def test_a_frame_as_of_a_time_keeps_the_contract_and_the_whole_schedule(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    weeks = [KICKOFF + timedelta(weeks=week) for week in range(6)]
    rows = [game(f"g{n}", status="final", starts_at=start) for n, start in enumerate(weeks)]
    await work.games.write(NFL, games(*rows), RECORDED)
    for played, as_of in enumerate(weeks):
        frame = await work.games.frame("NFL", as_of)
        assert GAMES.check(frame).rejected.is_empty()
        assert frame.height == 6
        assert frame["home_score"].is_not_null().sum() == played
        assert frame.filter(pl.col("result_known_at") > as_of).is_empty()


async def test_a_final_score_without_a_known_time_counts_as_known_when_recorded(work: UnitOfWork) -> None:
    await kept_game(work, status="final", result_known_at=None)
    hidden = (await work.games.frame("NFL", RECORDED - timedelta(seconds=1))).row(0, named=True)
    assert (hidden["status"], hidden["home_score"]) == ("scheduled", None)
    shown = (await work.games.frame("NFL", RECORDED)).row(0, named=True)
    assert (shown["status"], shown["result_known_at"]) == ("final", RECORDED)
    # the same file read later does not make the result later
    again = await work.games.write(NFL, games(game(status="final", result_known_at=None)), RECORDED + 24 * HOURS)
    assert account(again) == (0, 0, 1, 0)
    assert (await work.games.frame("NFL", RECORDED))["status"].to_list() == ["final"]


@pytest.mark.parametrize("status", ["postponed", "cancelled", "abandoned", "suspended", "walkover", "live"])
async def test_other_states_are_known_from_when_they_were_recorded(work: UnitOfWork, status: str) -> None:
    await kept_game(work, status=status)
    assert (await work.games.frame("NFL", RECORDED - HOURS))["status"].to_list() == ["scheduled"]
    assert (await work.games.frame("NFL", RECORDED))["status"].to_list() == [status]


async def test_a_change_of_state_is_known_from_its_own_record_not_from_the_games_first(work: UnitOfWork) -> None:
    await kept_game(work)
    later = RECORDED + timedelta(days=2)
    await work.games.write(NFL, games(game(status="postponed")), later)
    await work.games.write(NFL, games(game(status="postponed", week=7)), later + timedelta(days=1))
    assert (await work.games.frame("NFL", later - timedelta(seconds=1)))["status"].to_list() == ["scheduled"]
    assert (await work.games.frame("NFL", later))["status"].to_list() == ["postponed"]


async def test_a_time_to_read_at_has_a_zone(work: UnitOfWork) -> None:
    with pytest.raises(InvalidValue, match="without a zone"):
        await work.games.frame("NFL", datetime(2023, 9, 10))  # noqa: DTZ001


async def test_leagues_do_not_mix(work: UnitOfWork) -> None:
    await kept_game(work)
    await kept_game(work, "e1", EPL)
    assert (await work.games.frame("EPL", LONG_AFTER))["external_id"].to_list() == ["e1"]
    assert (await work.games.frame("NFL", LONG_AFTER))["external_id"].to_list() == ["g1"]


async def test_a_game_brings_its_league_and_its_season(work: UnitOfWork) -> None:
    await kept_game(work, "e1", EPL, season=2019, starts_at=datetime(2019, 8, 9, 23, 30, tzinfo=UTC))
    await kept_game(work, "e2", EPL, season=2019, starts_at=datetime(2020, 7, 26, 15, 0, tzinfo=UTC))
    season = (await work.leagues.seasons("EPL")).row(0, named=True)
    assert (season["season"], season["label"], season["is_covid_affected"]) == (2019, "2019/20", True)
    # 23:30 UTC is the next day in London
    assert (season["start_date"], season["end_date"]) == (date(2019, 8, 10), date(2020, 7, 26))


async def test_what_another_source_calls_a_game_is_kept_once_and_never_means_two(work: UnitOfWork) -> None:
    first, second = await kept_game(work, "g1"), await kept_game(work, "g2")

    def links(*rows: tuple[str, str, int]) -> pl.DataFrame:
        return pl.DataFrame(list(rows), schema=dict(LINKS), orient="row")

    assert account(await work.games.link(links(("feed", "a", first), ("feed", "b", second)))) == (2, 0, 0, 0)
    again = await work.games.link(links(("feed", "a", first), ("feed", "b", first), ("feed", "c", 404)))
    assert account(again) == (0, 0, 1, 2)
    assert reasons(again) == [(1, "it already names another game"), (2, "the game is not kept")]
    kept = await work.games.links("NFL")
    assert kept.rows() == [("feed", "a", first), ("feed", "b", second)]
    assert (await work.games.links("EPL")).is_empty()
