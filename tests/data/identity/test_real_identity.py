"""Real history through identity: 35 codes to 32 clubs, every line matched, no club unknown."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.contracts import GAMES, QUOTES
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.fetch import open_fetcher
from ai_pro_sports.data.identity import TeamDirectory, attach, resolve
from ai_pro_sports.data.sources import sources_for

CLOCK = FixedClock(datetime(2025, 7, 1, tzinfo=UTC))


class Imported:
    """A league's games, quotes and teams, as a whole import leaves them."""

    def __init__(self, test_data: Path, code: str, seasons: range) -> None:
        competition = league(code)
        self.directory, self.games = TeamDirectory.empty(), GAMES.empty()
        self.by_source: dict[str, pl.DataFrame] = {}
        self.unmatched = self.rejected = 0
        with open_fetcher(str(test_data / "data"), CLOCK) as fetcher:
            for source in sources_for(code):
                for item in source.items(competition, seasons):
                    payload = fetcher.fetch(item)
                    if payload is None:
                        continue
                    parsed = source.parse(item, payload.body, payload.fetched_at)
                    found = resolve(competition, source, parsed.games, self.directory, self.games)
                    self.directory = self.directory.with_new(found.new_teams)
                    self.games = pl.concat([self.games, found.games])
                    quotes, rejects = attach(parsed.quotes, self.games, found.game_ids)
                    self.unmatched += found.unmatched.height
                    self.rejected += rejects.height
                    assert QUOTES.check(quotes).rejected.is_empty()
                    before = self.by_source.get(source.key, QUOTES.empty())
                    self.by_source[source.key] = pl.concat([before, quotes])


@pytest.fixture(scope="module")
def nfl(test_data: Path) -> Imported:
    return Imported(test_data, "NFL", range(1999, 2024))


@pytest.fixture(scope="module")
def epl(test_data: Path) -> Imported:
    return Imported(test_data, "EPL", range(1993, 2025))


def test_the_nfl_comes_to_32_clubs_created_by_its_record_source(nfl: Imported) -> None:
    assert nfl.games.height == 6706
    assert nfl.games["game_id"].is_unique().all()
    assert nfl.directory.teams.group_by("source").len().rows() == [("nflverse", 32)]
    assert (nfl.unmatched, nfl.rejected) == (0, 0)
    assert set(nfl.games["home_team"]) == set(nfl.directory.teams["team_id"])


def test_every_line_of_nfelomarket_finds_its_game(nfl: Imported) -> None:
    assert nfl.by_source["nfelomarket"]["game_id"].n_unique() == 6706
    assert set(nfl.by_source["nfelomarket"]["game_id"]) == set(nfl.games["game_id"])


def test_two_independent_feeds_agree_on_the_line_of_the_same_games(nfl: Imported) -> None:
    closing = [
        quotes.filter(pl.col("market") == "spread", pl.col("side") == "home", pl.col("moment") == "close")
        for quotes in (nfl.by_source["nflverse"], nfl.by_source["nfelomarket"])
    ]
    both = closing[0].join(closing[1], on="game_id", suffix="_other")
    assert both.height == 6705
    assert both.select(pl.corr("line", "line_other")).item() > 0.99


def test_openers_are_known_a_day_before_and_closes_only_at_the_start(nfl: Imported) -> None:
    timed = nfl.by_source["nfelomarket"].join(nfl.games, on="game_id")
    leads = timed.group_by("moment").agg((pl.col("starts_at") - pl.col("known_at")).unique().alias("lead"))
    assert dict(leads.rows()) == {"open": [timedelta(days=1)], "close": [timedelta(0)]}


def test_the_premier_league_has_51_clubs_and_none_unknown(epl: Imported) -> None:
    assert epl.games.height == 12324
    assert epl.games["game_id"].is_unique().all()
    assert epl.directory.teams.group_by("source").len().rows() == [("football_data", 51)]
    assert epl.directory.teams["abbreviation"].null_count() == 0
    assert (epl.unmatched, epl.rejected) == (0, 0)


def test_no_result_is_known_before_its_game_is_over(nfl: Imported, epl: Imported) -> None:
    for games in (nfl.games, epl.games):
        assert games["result_known_at"].null_count() == 0
        assert (games["result_known_at"] > games["starts_at"] + timedelta(hours=2)).all()


def test_every_pre_close_price_of_a_dated_kick_off_is_usable_an_hour_before(epl: Imported) -> None:
    timed = epl.by_source["football_data"].join(epl.games, on="game_id").filter(pl.col("moment") == "pre_close")
    assert (timed["known_at"] + timedelta(hours=1) < timed["starts_at"]).all()
