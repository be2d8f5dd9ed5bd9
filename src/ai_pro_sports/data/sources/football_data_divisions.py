"""football-data.co.uk division files: results and prices of one division and season. The record source of soccer.

URL        https://www.football-data.co.uk/mmz4281/SSSS/DIV.csv, SSSS = 9394 ... 2526; mirror
           soccer/football-data/DIV_SSSS.csv.gz
Licence    (C) football-data.co.uk, free for personal use, not redistributable
Prices     decimal; taken on Friday (weekend) or Tuesday (midweek) afternoon: `pre_close`; a C in the column: `close`

Trap -> what we do
* an unknown name is answered with a page or with another division's file -> the payload is rejected
* dates dd/mm/yy and dd/mm/yyyy by file -> both are read; a date outside the season is set aside
* `Time` from 2019/20, UK time for every country -> read as Europe/London; without it the day starts at local midnight
* UTF-8 with or without BOM, Windows-1252 remains (King's Lynn with U+0092 splits in two) -> one apostrophe
* CR CR LF line ends, all-comma rows, rows longer or shorter than the header -> blank rows counted, overhang noted
* `HT`, `AT` for the teams (Greece 2000-2005), three columns `LB` for LBH, LBD, LBA (one German file) -> the first is
  read, the second has no names and is left
* fillers (0, 1), `#REF!` -> that price is set aside; `-0.5,-1` is the handicap -0.75
* Max over-rounds about 1.00 are stale outliers -> book `market_best`, not bettable
* one pairing twice in a season and place (Scotland, play-offs) -> the second is named `...:2`
* a match without a score (abandoned, awarded) stays in the file -> postponed, its prices kept
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import polars as pl

from ai_pro_sports.core.contracts import STAGED_GAMES
from ai_pro_sports.core.errors import PayloadRejected
from ai_pro_sports.core.leagues import LEAGUES, League, league
from ai_pro_sports.data.sources.cells import day_month_year, local_start, played_status, set_aside, shaped, whole
from ai_pro_sports.data.sources.csv_table import ROW, Table, read_table, require_columns
from ai_pro_sports.data.sources.football_data_columns import offers_in
from ai_pro_sports.data.sources.offers import read_offers
from ai_pro_sports.data.sources.source import Parsed, RawItem

__all__ = ["HOST", "KEY", "PROVIDER", "FootballDataDivisions", "match_name", "read_matches", "team_rules"]

PROVIDER = "football_data_co_uk"
KEY = "football_data"
HOST = "https://www.football-data.co.uk"
PRINTED_IN = "Europe/London"

REQUIRED = ("Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG")
_OLD_NAMES = {"HT": "HomeTeam", "AT": "AwayTeam"}
_FIRST_SEASON_WITH_PRICES = 2005
"""From here on every division has winner prices; a file without any has renamed them."""


class FootballDataDivisions:
    """Results and prices of one division and season per file, for every league that names its division."""

    key = KEY
    is_record = True
    announces_for: str | None = None
    version = 1

    @property
    def leagues(self) -> tuple[str, ...]:
        """Return the leagues that have a division at football-data.co.uk."""
        return tuple(known.code for known in LEAGUES if PROVIDER in known.provider_keys)

    def items(self, league: League, seasons: Iterable[int]) -> list[RawItem]:
        """Return one file per season of the league's calendar, whether or not it is published yet."""
        division = league.provider_key(PROVIDER)
        return [
            RawItem(
                source=self.key,
                league=league.code,
                season=season,
                kind="division",
                url=f"{HOST}/mmz4281/{_season_code(season)}/{division}.csv",
                mirror_path=f"soccer/football-data/{division}_{_season_code(season)}.csv.gz",
            )
            for season in seasons
            if season >= league.first_season
        ]

    def parse(self, item: RawItem, body: bytes, fetched_at: datetime) -> Parsed:
        """Read one division and season; raises PayloadRejected for another division's file, SchemaChanged as any."""
        competition = league(item.league)
        division = competition.provider_key(PROVIDER)
        year = competition.season_of(fetched_at.date()) if item.season is None else item.season
        name = f"{division} {competition.season_label(year)}"
        table = _with_old_names(read_table(body, name))
        require_columns(table.columns, REQUIRED, name)
        _check_division(table, division, name)
        offers = offers_in(table.columns, name)
        if year >= _FIRST_SEASON_WITH_PRICES and not offers and table.frame.height:
            require_columns(table.columns, ["AvgH", "AvgD", "AvgA"], name)
        season = pl.lit(year, dtype=pl.Int32)
        matches = read_matches(table.frame, competition, season, fetched_at)
        rules = {f"division is not {division}": pl.col("Div").ne_missing(division), **_result_rules(table.columns)}
        good, rejects = set_aside(matches, {**rules, **_match_rules(year)}, table.columns)
        named = _named(good, division)
        stamped = named.with_columns(pl.lit(None, dtype=STAGED_GAMES.columns["starts_at"]).alias("stamped_at"))
        quotes, quote_rejects = read_offers(stamped, offers, notation="decimal", bounds=competition.bounds)
        return Parsed(
            games=shaped(named, STAGED_GAMES.columns),
            quotes=quotes,
            rejects=pl.concat([rejects, quote_rejects]),
            game_rows=named[ROW].cast(pl.Int64),
            rows=table.rows,
            blank=table.blank,
            rejected_rows=rejects.height,
            notes={"rows with values beyond the header": table.overhanging} if table.overhanging else {},
        )


def read_matches(frame: pl.DataFrame, competition: League, season: pl.Expr, fetched_at: datetime) -> pl.DataFrame:
    """Add the typed facts of a match to a frame of texts; what cannot be read is null.

    Reads Date, Time if there, HomeTeam, AwayTeam, and FTHG and FTAG if there. `season` is an int32 expression over the
    added date column `played_on`.
    """
    has_time, has_score = "Time" in frame.columns, "FTHG" in frame.columns
    start, date_only = local_start(
        "played_on", "Time" if has_time else None, printed_in=PRINTED_IN, league_zone=competition.timezone
    )
    no_score = pl.lit(None, dtype=pl.Int32)
    return (
        frame.with_columns(
            day_month_year("Date").alias("played_on"),
            pl.col("HomeTeam").str.replace_all("[’‘`´]", "'").alias("home_name"),
            pl.col("AwayTeam").str.replace_all("[’‘`´]", "'").alias("away_name"),
            (whole("FTHG") if has_score else no_score).alias("home_score"),
            (whole("FTAG") if has_score else no_score).alias("away_score"),
        )
        .with_columns(
            season.alias("season"),
            start.alias("starts_at"),
            date_only.alias("start_is_date_only"),
        )
        .with_columns(
            played_status(pl.lit(fetched_at)).alias("status"),
            pl.lit(value=False).alias("neutral"),
            pl.lit(None, dtype=pl.String).alias("round"),
            pl.lit(None, dtype=pl.Int32).alias("week"),
        )
    )


def match_name(division: str) -> pl.Expr:
    """Return a match's name at this source: it outlives a new date, and the coming-fixtures feed can form it too."""
    return pl.concat_str(pl.lit(division), pl.col("season"), "home_name", "away_name", separator=":")


def team_rules() -> dict[str, pl.Expr]:
    """Return the rules every match row must keep to be named."""
    return {
        "no teams": pl.col("home_name").is_null() | pl.col("away_name").is_null(),
        "a team against itself": pl.col("home_name") == pl.col("away_name"),
        "the date cannot be read": pl.col("played_on").is_null(),
    }


def _season_code(season: int) -> str:
    return f"{season % 100:02d}{(season + 1) % 100:02d}"


def _with_old_names(table: Table) -> Table:
    renamed = {old: new for old, new in _OLD_NAMES.items() if old in table.columns and new not in table.columns}
    return Table(table.frame.rename(renamed), table.rows, table.blank, table.overhanging)


def _check_division(table: Table, division: str, name: str) -> None:
    found = table.frame["Div"].drop_nulls().unique(maintain_order=True).to_list()
    if found and division not in found:
        raise PayloadRejected(
            f"{name}: the file holds division {', '.join(map(str, found[:3]))}",
            hint="the publisher answered with a file of a similar name; the season may not be published yet",
        )


def _result_rules(columns: Sequence[str]) -> dict[str, pl.Expr]:
    home, away, said = pl.col("home_score"), pl.col("away_score"), (pl.col("FTHG"), pl.col("FTAG"))
    rules = {
        "the score cannot be read": (said[0].is_not_null() & (home.is_null() | (home < 0)))
        | (said[1].is_not_null() & (away.is_null() | (away < 0))),
        "one score only": said[0].is_null() != said[1].is_null(),
    }
    if "FTR" in columns:
        winner = pl.when(home > away).then(pl.lit("H")).when(home < away).then(pl.lit("A")).when(home == away)
        rules["FTR says another winner than the score"] = pl.col("FTR") != winner.then(pl.lit("D"))
    return rules


def _match_rules(year: int) -> dict[str, pl.Expr]:
    first, last = date(year, 6, 1), date(year + 1, 8, 31)
    return {**team_rules(), "the date is outside the season": ~pl.col("played_on").is_between(first, last)}


def _named(matches: pl.DataFrame, division: str) -> pl.DataFrame:
    """Add `external_id`; the second meeting of a pairing at the same place, in order of dates, ends in `:2`."""
    meeting = pl.col("played_on").rank("ordinal").over("home_name", "away_name")
    suffix = pl.when(meeting > 1).then(pl.format(":{}", meeting)).otherwise(pl.lit(""))
    return matches.with_columns(pl.concat_str(match_name(division), suffix).alias("external_id"))
