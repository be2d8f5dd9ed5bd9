"""Quotes know when they were known; clocks only run forwards."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.clock import (
    FixedClock,
    ReplayClock,
    SystemClock,
    ensure_utc,
    local_midnight,
    parse_time,
)
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.ids import BookKey, GameId, stable_id
from ai_pro_sports.core.market import Selection
from ai_pro_sports.core.odds import Odds
from ai_pro_sports.core.quote import NOMINAL_LEAD, Moment, Quote

KNOWN = datetime(2023, 9, 7, 12, tzinfo=UTC)


def quote(moment: Moment = Moment.STAMPED) -> Quote:
    return Quote(
        GameId(1), BookKey("pinnacle"), Selection.parse("moneyline:full::home"), Odds.from_american(-110), KNOWN, moment
    )


def test_a_quote_has_an_age_that_is_negative_before_it_was_known() -> None:
    assert quote().age(KNOWN + timedelta(minutes=5)) == timedelta(minutes=5)
    assert quote().age(KNOWN - timedelta(minutes=5)) < timedelta(0)


def test_only_a_stamped_time_is_not_nominal() -> None:
    assert not quote().time_is_nominal
    assert all(quote(moment).time_is_nominal for moment in NOMINAL_LEAD)
    assert set(NOMINAL_LEAD) | {Moment.STAMPED} == set(Moment)


def test_a_nominal_close_is_never_known_an_hour_before_the_start() -> None:
    assert NOMINAL_LEAD[Moment.CLOSE] < timedelta(minutes=60) < NOMINAL_LEAD[Moment.PRE_CLOSE]


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(InvalidValue, match="without a zone"):
        ensure_utc(datetime(2023, 9, 7))  # noqa: DTZ001


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from(["America/New_York", "Europe/London", "UTC"]))
def test_a_local_midnight_is_midnight_there(day: date, zone: str) -> None:
    there = local_midnight(day, zone).astimezone(ZoneInfo(zone))
    assert (there.date(), there.hour, there.minute) == (day, 0, 0)


@pytest.mark.parametrize("text", ["yesterday", "2023-13-01", "2023-12-01T18:00:00", ""])
def test_unclear_times_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_time(text)


def test_clocks_tell_utc_and_do_not_run_backwards() -> None:
    assert SystemClock().now().tzinfo is UTC
    clock = FixedClock(KNOWN)
    assert clock.now() == KNOWN
    with pytest.raises(InvalidValue, match="backwards"):
        clock.advance(timedelta(seconds=-1))


def test_a_replay_clock_runs_at_its_pace() -> None:
    clock = ReplayClock(KNOWN, pace=3600)
    first, second = clock.now(), clock.now()
    assert KNOWN <= first <= second


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_stable_id_fits_a_bigint_and_separates_its_parts(first: str, second: str) -> None:
    number = stable_id("team", first, second)
    assert 0 < number < 2**63
    assert number == stable_id("team", first, second)
    assert number != stable_id("game", first, second)
