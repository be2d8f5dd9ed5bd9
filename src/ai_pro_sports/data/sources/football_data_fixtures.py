"""football-data.co.uk coming fixtures: about a week of matches of all divisions with current prices.

URL        https://www.football-data.co.uk/fixtures.csv; mirror soccer/football-data/fixtures.csv
Licence    (C) football-data.co.uk, free for personal use, not redistributable
Prices     decimal, as they stand when the file is fetched: stamped with that time

Trap -> what we do
* one file for all divisions -> rows of other divisions are counted as elsewhere
* the same match comes later in its division file -> it gets the name it will have there, so both are one game
* teams must be known: a match of an unknown one is reported, no team is created
* the file outlives its matches -> a price of a match that has started is the pre-close one, without a time
* closing columns are empty or copies -> not read
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from ai_pro_sports.core.contracts import STAGED_GAMES, UTC_TIME
from ai_pro_sports.core.leagues import LEAGUES, League, league
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.sources.cells import set_aside, shaped
from ai_pro_sports.data.sources.csv_table import ROW, read_table, require_columns
from ai_pro_sports.data.sources.football_data_columns import offers_in
from ai_pro_sports.data.sources.football_data_divisions import HOST, KEY, PROVIDER, match_name, read_matches, team_rules
from ai_pro_sports.data.sources.offers import read_offers
from ai_pro_sports.data.sources.source import Parsed, RawItem

__all__ = ["FootballDataFixtures"]

REQUIRED = ("Div", "Date", "HomeTeam", "AwayTeam")


class FootballDataFixtures:
    """Coming matches and their prices, for every league that names its division."""

    key = "football_data_fixtures"
    is_record = False
    announces_for: str | None = KEY
    version = 1

    @property
    def leagues(self) -> tuple[str, ...]:
        """Return the leagues that have a division at football-data.co.uk."""
        return tuple(known.code for known in LEAGUES if PROVIDER in known.provider_keys)

    def items(self, league: League, seasons: Iterable[int]) -> list[RawItem]:
        """Return the one file, unless no season is asked for."""
        if not any(True for _ in seasons):
            return []
        return [
            RawItem(
                source=self.key,
                league=league.code,
                season=None,
                kind="fixtures",
                url=f"{HOST}/fixtures.csv",
                mirror_path="soccer/football-data/fixtures.csv",
            )
        ]

    def parse(self, item: RawItem, body: bytes, fetched_at: datetime) -> Parsed:
        """Read the league's matches out of the file; raises PayloadRejected and SchemaChanged as every parser."""
        competition = league(item.league)
        division = competition.provider_key(PROVIDER)
        table = read_table(body, "fixtures.csv")
        require_columns(table.columns, REQUIRED, "fixtures.csv")
        ours = table.frame.filter(pl.col("Div").fill_null(division) == division)
        day = pl.col("played_on")
        season = day.dt.year() - (day.dt.month() < competition.season_starts_month).cast(pl.Int32)
        matches = read_matches(ours, competition, season, fetched_at).with_columns(
            match_name(division).alias("external_id"),
            pl.when(pl.col("starts_at") > fetched_at).then(pl.lit(fetched_at)).cast(UTC_TIME).alias("stamped_at"),
        )
        good, rejects = set_aside(matches, _rules(), table.columns)
        offers = [offer for offer in offers_in(table.columns, "fixtures.csv") if offer.moment is Moment.PRE_CLOSE]
        quotes, quote_rejects = read_offers(good, offers, notation="decimal", bounds=competition.bounds)
        return Parsed(
            games=shaped(good, STAGED_GAMES.columns),
            quotes=quotes,
            rejects=pl.concat([rejects, quote_rejects]),
            game_rows=good[ROW].cast(pl.Int64),
            rows=table.rows,
            blank=table.blank,
            elsewhere=table.frame.height - ours.height,
            rejected_rows=rejects.height,
        )


def _rules() -> dict[str, pl.Expr]:
    again = pl.col("external_id").is_not_null() & ~pl.col("external_id").is_first_distinct()
    return {"no division": pl.col("Div").is_null(), **team_rules(), "the same match again": again}
