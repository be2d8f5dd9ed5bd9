"""nfelo's collection of NFL market lines: openers and last lines of the games nflverse lists. Matches only.

URL        https://raw.githubusercontent.com/greerreNFL/nfelomarket_data/HEAD/Data/lines.csv; mirror
           nfl/nfelomarket_lines.csv.gz; one file holds every season
Licence    none stated by the origin; prices are third parties'
Prices     American; book `nfelomarket`; moments `open` and `close`

Trap -> what we do
* team codes LAR and OAK for every year, so `game_id` does not join -> games are matched by season, week and teams
* no dates -> staged without a start; nothing is created from this feed
* `home_spread_*` is negative when home is favoured -> as stored, no turn of sign
* openers of seasons before 2007 repeat the last line (a legacy copy) -> not presented as openers, counted in the notes
* moneyline and total openers exist in a handful of games -> taken where they are
* lines without prices before 2009 and for one game in three since -> the line is kept without a price
* a last spread whose sign contradicts its moneyline and its opener (2020_01_ARI_SF) -> set aside
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from ai_pro_sports.core.contracts import STAGED_GAMES, UTC_TIME
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.leagues import League, league
from ai_pro_sports.core.market import MarketKind, Side
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.sources.cells import set_aside, shaped, whole
from ai_pro_sports.data.sources.csv_table import ROW, read_table, require_columns
from ai_pro_sports.data.sources.offers import Offer, read_offers
from ai_pro_sports.data.sources.source import Parsed, RawItem

__all__ = ["FIRST_SEASON_WITH_OPENERS", "NfelomarketLines"]

URL = "https://raw.githubusercontent.com/greerreNFL/nfelomarket_data/HEAD/Data/lines.csv"
MIRROR_PATH = "nfl/nfelomarket_lines.csv.gz"
BOOK = "nfelomarket"

FIRST_SEASON_WITH_OPENERS = 2007
"""Before it `home_spread_open` equals `home_spread_last` in every game; from it on in about one game of five."""

_NOT_AN_OPENER = "opening spreads before 2007, copies of the last line"


def _offers(moment: Moment, word: str) -> tuple[Offer, ...]:
    """Return the moneyline, spread and total of one moment, whose columns carry `word`."""
    return (
        Offer(BOOK, MarketKind.MONEYLINE, moment, ((Side.HOME, f"home_ml_{word}"), (Side.AWAY, f"away_ml_{word}"))),
        Offer(
            BOOK,
            MarketKind.SPREAD,
            moment,
            ((Side.HOME, f"home_spread_{word}_price"), (Side.AWAY, f"away_spread_{word}_price")),
            line_column=f"home_spread_{word}",
            line_alone=True,
        ),
        Offer(
            BOOK,
            MarketKind.TOTAL,
            moment,
            ((Side.OVER, f"over_price_{word}"), (Side.UNDER, f"under_price_{word}")),
            line_column=f"total_line_{word}",
            line_alone=True,
        ),
    )


OFFERS = (*_offers(Moment.OPEN, "open"), *_offers(Moment.CLOSE, "last"))

REQUIRED = (
    *("game_id", "season", "week", "home_team", "away_team"),
    *(offer.line_column for offer in OFFERS if offer.line_column),
    *(column for offer in OFFERS for _, column in offer.prices),
)


class NfelomarketLines:
    """Opening and last lines of NFL games, all seasons in one file."""

    key = "nfelomarket"
    leagues: tuple[str, ...] = ("NFL",)
    is_record = False
    announces_for: str | None = None
    version = 1

    def items(self, league: League, seasons: Iterable[int]) -> list[RawItem]:
        """Return the one file, unless no season is asked for."""
        if not any(True for _ in seasons):
            return []
        return [RawItem(self.key, league.code, None, "lines", URL, MIRROR_PATH)]

    def parse(self, item: RawItem, body: bytes, fetched_at: datetime) -> Parsed:
        """Read the lines; raises PayloadRejected for a damaged file and SchemaChanged for a lost column."""
        competition = league(item.league)
        table = read_table(body, "nfelomarket lines.csv")
        require_columns(table.columns, REQUIRED, "nfelomarket lines.csv")
        good, rejects = set_aside(_typed(table.frame), _rules(), table.columns)
        copied = (pl.col("season") < FIRST_SEASON_WITH_OPENERS) & pl.col("home_spread_open").is_not_null()
        copies = good.filter(copied).height
        honest = good.with_columns(pl.when(~copied).then("home_spread_open"))
        quotes, quote_rejects = read_offers(honest, OFFERS, notation="american", bounds=competition.bounds)
        return Parsed(
            games=shaped(good, STAGED_GAMES.columns),
            quotes=quotes,
            rejects=pl.concat([rejects, quote_rejects]),
            game_rows=good[ROW].cast(pl.Int64),
            rows=table.rows,
            blank=table.blank,
            rejected_rows=rejects.height,
            notes={_NOT_AN_OPENER: copies} if copies else {},
        )


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    no_score = pl.lit(None, dtype=pl.Int32)
    return frame.with_columns(
        pl.col("game_id").alias("external_id"),
        pl.col("home_team").alias("home_name"),
        pl.col("away_team").alias("away_name"),
        whole("season").alias("season"),
        whole("week").alias("week"),
        pl.lit(None, dtype=UTC_TIME).alias("starts_at"),
        pl.lit(None, dtype=UTC_TIME).alias("stamped_at"),
        pl.lit(value=False).alias("start_is_date_only"),
        pl.lit(str(GameStatus.SCHEDULED)).alias("status"),
        no_score.alias("home_score"),
        no_score.alias("away_score"),
        pl.lit(value=False).alias("neutral"),
        pl.lit(None, dtype=pl.String).alias("round"),
    )


def _rules() -> dict[str, pl.Expr]:
    return {
        "no game_id": pl.col("external_id").is_null(),
        "the same game_id again": pl.col("external_id").is_not_null() & ~pl.col("external_id").is_first_distinct(),
        "no teams": pl.col("home_name").is_null() | pl.col("away_name").is_null(),
        "a team against itself": pl.col("home_name") == pl.col("away_name"),
        "the season cannot be read": pl.col("season").is_null(),
        "the week cannot be read": pl.col("week").is_null(),
    }
