"""nflverse schedule: every NFL game since 1999, played and coming, with closing or current prices. The record source.

URL        https://github.com/nflverse/nflverse-data/releases/download/schedules/games.csv (302 to a CDN); mirror
           nfl/nflverse_games.csv.gz; one file holds every season
Licence    none stated by the origin; prices are third parties'
Prices     American; one consensus line per market, book `nflverse`: the only price there is for most games, so it is
           taken as bettable, and that is an assumption

Trap -> what we do
* `spread_line` is positive when HOME is favoured -> stored with the sign turned, as every line from the home side
* `gametime` is US Eastern, empty in 1999 -> America/New_York; without it the day starts at local midnight
* lines have no prices before 2006 and in some later games -> the line is kept without a price, none is invented
* prices of a game without a result move until it starts -> stamped with the time of the fetch; once the start has
  passed, and for every played game, they are the close
* OAK/LV, SD/LAC, STL/LA change with the season -> identity maps 35 codes to 32 clubs
* 14 ties, overtime -> the final score counts, overtime included; `location` Neutral leaves home in name only
* `old_game_id` is not unique -> `game_id` names the game; a repeated one is set aside
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from ai_pro_sports.core.contracts import STAGED_GAMES, UTC_TIME
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.core.market import MarketKind, Side
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.sources.cells import local_start, played_status, set_aside, shaped, whole
from ai_pro_sports.data.sources.csv_table import ROW, read_table, require_columns
from ai_pro_sports.data.sources.offers import Offer, read_offers
from ai_pro_sports.data.sources.source import Parsed, RawItem

__all__ = ["NflverseGames"]

URL = "https://github.com/nflverse/nflverse-data/releases/download/schedules/games.csv"
MIRROR_PATH = "nfl/nflverse_games.csv.gz"
PRINTED_IN = "America/New_York"
BOOK = "nflverse"

OFFERS = (
    Offer(
        BOOK,
        MarketKind.MONEYLINE,
        Moment.CLOSE,
        ((Side.HOME, "home_moneyline"), (Side.AWAY, "away_moneyline")),
    ),
    Offer(
        BOOK,
        MarketKind.SPREAD,
        Moment.CLOSE,
        ((Side.HOME, "home_spread_odds"), (Side.AWAY, "away_spread_odds")),
        line_column="spread_line",
        line_sign=-1,
        line_alone=True,
    ),
    Offer(
        BOOK,
        MarketKind.TOTAL,
        Moment.CLOSE,
        ((Side.OVER, "over_odds"), (Side.UNDER, "under_odds")),
        line_column="total_line",
        line_alone=True,
    ),
)

REQUIRED = (
    *("game_id", "season", "game_type", "week", "gameday", "gametime", "location", "result"),
    *("away_team", "away_score", "home_team", "home_score"),
    *("away_moneyline", "home_moneyline", "spread_line", "away_spread_odds", "home_spread_odds"),
    *("total_line", "under_odds", "over_odds"),
)


class NflverseGames:
    """The NFL's games, results and consensus prices, all seasons in one file."""

    key = "nflverse"
    leagues: tuple[str, ...] = ("NFL",)
    is_record = True
    announces_for: str | None = None
    version = 1

    def items(self, league: League, seasons: Iterable[int]) -> list[RawItem]:
        """Return the one file, unless no season is asked for."""
        if not any(True for _ in seasons):
            return []
        return [RawItem(self.key, league.code, None, "games", URL, MIRROR_PATH)]

    def parse(self, item: RawItem, body: bytes, fetched_at: datetime) -> Parsed:
        """Read the schedule; raises PayloadRejected for a damaged file and SchemaChanged for a lost column."""
        competition = league(item.league)
        table = read_table(body, "nflverse games.csv")
        require_columns(table.columns, REQUIRED, "nflverse games.csv")
        typed = _typed(table.frame, competition, pl.lit(fetched_at).cast(UTC_TIME))
        good, rejects = set_aside(typed, _rules(competition), table.columns)
        quotes, quote_rejects = read_offers(good, OFFERS, notation="american", bounds=competition.bounds)
        return Parsed(
            games=shaped(good, STAGED_GAMES.columns),
            quotes=quotes,
            rejects=pl.concat([rejects, quote_rejects]),
            game_rows=good[ROW].cast(pl.Int64),
            rows=table.rows,
            blank=table.blank,
            rejected_rows=rejects.height,
        )


def _typed(frame: pl.DataFrame, competition: League, fetched_at: pl.Expr) -> pl.DataFrame:
    """Add the typed facts of a game to the texts; what cannot be read is null."""
    start, date_only = local_start("played_on", "gametime", printed_in=PRINTED_IN, league_zone=competition.timezone)
    said = {column: pl.col(column).alias(f"{column}_said") for column in ("season", "week", "home_score", "away_score")}
    numbers = [whole(f"{column}_said").alias(column) for column in said]
    coming = pl.col("home_score").is_null() & (pl.col("starts_at") > fetched_at)
    return (
        frame.with_columns(*said.values(), pl.col("gameday").str.to_date("%Y-%m-%d", strict=False).alias("played_on"))
        .with_columns(
            *numbers,
            pl.col("game_id").alias("external_id"),
            pl.col("home_team").alias("home_name"),
            pl.col("away_team").alias("away_name"),
            start.alias("starts_at"),
            date_only.alias("start_is_date_only"),
            (pl.col("location") == "Neutral").fill_null(value=False).alias("neutral"),
            pl.col("game_type").alias("round"),
        )
        .with_columns(played_status(fetched_at).alias("status"), pl.when(coming).then(fetched_at).alias("stamped_at"))
    )


def _rules(competition: League) -> dict[str, pl.Expr]:
    home, away, day = pl.col("home_score"), pl.col("away_score"), pl.col("played_on")
    unread = [
        pl.col(f"{column}_said").is_not_null() & pl.col(column).is_null() for column in ("home_score", "away_score")
    ]
    season_of_day = day.dt.year() - (day.dt.month() < competition.season_starts_month).cast(pl.Int32)
    return {
        "no game_id": pl.col("external_id").is_null(),
        "the same game_id again": pl.col("external_id").is_not_null() & ~pl.col("external_id").is_first_distinct(),
        "no teams": pl.col("home_name").is_null() | pl.col("away_name").is_null(),
        "a team against itself": pl.col("home_name") == pl.col("away_name"),
        "the season cannot be read": pl.col("season").is_null(),
        "the week cannot be read": pl.col("week").is_null(),
        "the date cannot be read": day.is_null(),
        "the date is outside the season": season_of_day != pl.col("season"),
        "the score cannot be read": pl.any_horizontal(*unread, home < 0, away < 0),
        "one score only": home.is_null() != away.is_null(),
        "result disagrees with the scores": whole("result") != home - away,
    }
