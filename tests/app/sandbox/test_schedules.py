from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pro_sports.app.sandbox.calendars import EPL_CALENDAR, NFL_CALENDAR, Calendar, current_season
from ai_pro_sports.app.sandbox.schedules import Schedule, double_round_robin, football_schedule, soccer_schedule
from ai_pro_sports.core.leagues import League, league

NFL, EPL = league("NFL"), league("EPL")

seeds = st.integers(0, 10_000)


def football(seed: int) -> Schedule:
    return football_schedule(date(2024, 9, 5), np.random.default_rng(seed))


def soccer(seed: int) -> Schedule:
    return soccer_schedule(date(2024, 8, 17), np.arange(20), np.random.default_rng(seed))


def days_of(schedule: Schedule, club: int) -> list[date]:
    sides = zip(schedule.days, schedule.home, schedule.away, strict=True)
    return [day for day, home, away in sides if club in (home, away)]


@given(seeds)
@settings(max_examples=25)
def test_every_football_club_plays_once_a_week_and_eight_or_nine_times_at_home(seed: int) -> None:
    schedule = football(seed)
    assert len(schedule.home) == 272
    for week in range(1, 18):
        here = schedule.week == week
        assert sorted(np.concatenate([schedule.home[here], schedule.away[here]])) == list(range(32))
    assert set(Counter(schedule.home.tolist()).values()) == {8, 9}


@given(seeds)
@settings(max_examples=25)
def test_football_division_rivals_meet_home_and_away_and_others_at_most_once(seed: int) -> None:
    schedule = football(seed)
    meetings = Counter(zip(schedule.home.tolist(), schedule.away.tolist(), strict=True))
    assert set(meetings.values()) == {1}
    twice = {(home, away) for home, away in meetings if (away, home) in meetings}
    assert twice == {
        (one, other) for one in range(32) for other in range(32) if one != other and one // 4 == other // 4
    }


@given(seeds)
@settings(max_examples=25)
def test_every_soccer_pair_meets_once_at_each_ground_and_every_club_has_its_rounds(seed: int) -> None:
    schedule = soccer(seed)
    pairs = set(zip(schedule.home.tolist(), schedule.away.tolist(), strict=True))
    assert len(schedule.home) == 380
    assert pairs == {(home, away) for home in range(20) for away in range(20) if home != away}
    assert all((np.bincount(schedule.week)[1:] == 10).tolist())


@given(seeds)
@settings(max_examples=15)
def test_nobody_plays_twice_within_two_days(seed: int) -> None:
    for schedule, clubs, least in ((football(seed), 32, 3), (soccer(seed), 20, 2)):
        for club in range(clubs):
            days = days_of(schedule, club)
            assert min(later - earlier for earlier, later in pairwise(days)).days >= least


@given(seeds)
@settings(max_examples=15)
def test_football_weeks_have_thursday_sunday_and_monday_games_and_nobody_plays_thursday_after_monday(seed: int) -> None:
    schedule = football(seed)
    weekdays = Counter(day.strftime("%A") for day in schedule.days)
    assert weekdays == {"Thursday": 17, "Sunday": 238, "Monday": 17}
    for club in range(32):
        days = days_of(schedule, club)
        after_monday = [b for a, b in pairwise(days) if a.weekday() == 0]
        assert all(day.weekday() != 3 for day in after_monday)


def test_most_soccer_is_played_on_saturday_at_three() -> None:
    schedule = soccer(1)
    times = Counter(zip((day.strftime("%A") for day in schedule.days), schedule.times, strict=True))
    assert times.most_common(1)[0][0] == ("Saturday", "15:00")
    assert {"Tuesday", "Wednesday"} <= {day for day, _ in times}


def test_games_are_in_order_of_play_and_local_times_become_utc() -> None:
    for schedule, zone_hours in ((football(2), {4, 5}), (soccer(2), {0, 1})):
        assert schedule.starts_at == sorted(schedule.starts_at)
        for start, day, time in zip(schedule.starts_at, schedule.days, schedule.times, strict=True):
            hour, minute = map(int, time.split(":"))
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
            ahead = abs(start - local) / timedelta(hours=1)
            assert ahead in zone_hours


@pytest.mark.parametrize("clubs", [4, 8, 20])
def test_nobody_has_more_than_one_home_game_more_or_less_at_half_time(clubs: int) -> None:
    half = double_round_robin(clubs)[: clubs - 1]
    home = Counter(home for played in half for home, _ in played)
    assert set(home.values()) <= {clubs // 2 - 1, clubs // 2}


@pytest.mark.parametrize(("code", "calendar"), [("NFL", NFL_CALENDAR), ("EPL", EPL_CALENDAR)])
def test_on_every_day_there_is_a_round_just_played_and_one_to_come_soon(code: str, calendar: Calendar) -> None:
    competition = league(code)
    for day in range(3660):
        now = datetime(2020, 1, 1, 17, tzinfo=UTC) + timedelta(days=day)
        today = now.date()
        season = current_season(competition, now)
        start = calendar.start(competition, season, now)
        last_weekend = start + timedelta(weeks=calendar.weeks - 1, days=1)
        assert today <= last_weekend
        assert (start - today).days < 16
        assert competition.season_of(start) == season
        assert competition.season_of(last_weekend + timedelta(days=3)) == season
        if today >= date(season, competition.season_starts_month, 1) + timedelta(days=12):
            assert start + timedelta(days=4) < today


def in_season(competition: League, calendar: Calendar, day: date) -> date:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return calendar.start(competition, competition.season_of(day), noon)


def test_inside_the_usual_season_nothing_is_moved() -> None:
    assert in_season(NFL, NFL_CALENDAR, date(2024, 11, 1)) == date(2024, 9, 5)
    assert in_season(EPL, EPL_CALENDAR, date(2025, 3, 1)) == date(2024, 8, 17)


def test_a_season_that_is_over_keeps_its_usual_dates_whatever_day_it_is() -> None:
    for now in (datetime(2025, 7, 9, tzinfo=UTC), datetime(2025, 11, 9, tzinfo=UTC)):
        assert NFL_CALENDAR.start(NFL, 2023, now) == date(2023, 9, 7)
