"""Writes the simulated football league as nflverse's games file and nfelomarket's lines file.

Signs as the providers have them: `spread_line` is positive, `home_spread_*` negative when the home side is favoured;
prices are American; kick-off times are US Eastern. What is not known at `now` is an empty cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.app.sandbox.clubs import FOOTBALL_CLUBS
from ai_pro_sports.app.sandbox.football_law import FootballLaw
from ai_pro_sports.app.sandbox.football_world import BOOKS, MAKER, law_of
from ai_pro_sports.app.sandbox.market_maker import Book
from ai_pro_sports.app.sandbox.people import invented_names
from ai_pro_sports.app.sandbox.pricing import main_line, two_sided
from ai_pro_sports.app.sandbox.season_games import SeasonGames
from ai_pro_sports.app.sandbox.streams import stream
from ai_pro_sports.core.leagues.nfl import NFL
from ai_pro_sports.core.odds import american_from_decimal

__all__ = ["GAMES_COLUMNS", "LINES_COLUMNS", "game_ids", "games_file", "lines_file"]

FloatArray = npt.NDArray[np.float64]

PRICED_AHEAD = timedelta(days=6)
SPREADS = np.arange(-25.0, 25.5, 0.5)
TOTALS = np.arange(28.0, 70.5, 0.5)
QUIET = timedelta(minutes=45)
"""How long before the kick-off (or before `now`) the last line of a game was taken."""

GAMES_COLUMNS = (
    *("game_id", "season", "game_type", "week", "gameday", "weekday", "gametime", "away_team", "away_score"),
    *("home_team", "home_score", "location", "result", "total", "overtime", "old_game_id", "gsis"),
    *("nfl_detail_id", "pfr", "pff", "espn", "ftn", "away_rest", "home_rest", "away_moneyline"),
    *("home_moneyline", "spread_line", "away_spread_odds", "home_spread_odds", "total_line", "under_odds"),
    *("over_odds", "div_game", "roof", "surface", "temp", "wind", "away_qb_id", "home_qb_id", "away_qb_name"),
    *("home_qb_name", "away_coach", "home_coach", "referee", "stadium_id", "stadium"),
)
LINES_COLUMNS = (
    "",
    *("game_id", "season", "week", "home_team", "away_team", "home_spread_open", "home_spread_open_price"),
    *("away_spread_open_price", "home_spread_open_source", "home_spread_open_timestamp", "home_spread_last"),
    *("home_spread_last_price", "away_spread_last_price", "home_spread_last_source"),
    *("home_spread_last_timestamp", "home_spread_tickets_pct", "home_spread_money_pct"),
    *("home_spread_pcts_source", "home_spread_pct_timestamp", "home_ml_open", "away_ml_open"),
    *("ml_open_source", "ml_open_timestamp", "home_ml_last", "away_ml_last", "ml_last_source"),
    *("ml_last_timestamp", "total_line_open", "under_price_open", "over_price_open"),
    *("total_line_open_source", "total_line_open_timestamp", "total_line_last", "under_price_last"),
    *("over_price_last", "total_line_last_source", "total_line_last_timestamp"),
)

_CODES = [club.code for club in FOOTBALL_CLUBS]


def game_ids(games: SeasonGames) -> list[str]:
    """Return nflverse's ids: season, week, away and home club."""
    rows = games.table.select("season", "week", "away", "home").iter_rows()
    return [f"{season}_{week:02d}_{_CODES[away]}_{_CODES[home]}" for season, week, away, home in rows]


def games_file(games: SeasonGames, *, now: datetime, seed: int) -> pl.DataFrame:
    """Return nflverse's games file as it stands at `now`: 46 columns, a row per game, the coming week priced."""
    table = games.table
    over = games.finished(now, NFL.game_duration)
    priced = over | games.to_come(now, PRICED_AHEAD)
    market = _market(BOOKS[0], games, MAKER.progress(games.starts_at, now), 1)
    frame = pl.DataFrame(
        {
            "game_id": game_ids(games),
            "season": table["season"],
            "game_type": table["round"],
            "week": table["week"],
            "gameday": table["day"].dt.to_string("%Y-%m-%d"),
            "weekday": table["day"].dt.to_string("%A"),
            "gametime": table["time"],
            "away_team": [_CODES[club] for club in table["away"]],
            "away_score": _where(over, table["away_score"]),
            "home_team": [_CODES[club] for club in table["home"]],
            "home_score": _where(over, table["home_score"]),
            "location": ["Neutral" if neutral else "Home" for neutral in table["neutral"]],
            "result": _where(over, table["home_score"] - table["away_score"]),
            "total": _where(over, table["home_score"] + table["away_score"]),
            "overtime": _where(over, table["overtime"]),
            "div_game": (table["home"] // 4 == table["away"] // 4).cast(pl.Int64),
            "away_moneyline": _where(priced, market["away_moneyline"]),
            "home_moneyline": _where(priced, market["home_moneyline"]),
            "spread_line": _where(priced, -market["home_spread"]),
            "away_spread_odds": _where(priced, market["away_spread_odds"]),
            "home_spread_odds": _where(priced, market["home_spread_odds"]),
            "total_line": _where(priced, market["total_line"]),
            "under_odds": _where(priced, market["under_odds"]),
            "over_odds": _where(priced, market["over_odds"]),
            **_rest(table),
            **_setting(table, over, seed),
            **_people(table, seed),
        }
    )
    empty = [pl.lit(None, dtype=pl.String).alias(name) for name in GAMES_COLUMNS if name not in frame.columns]
    return frame.with_columns(empty).select(GAMES_COLUMNS)


def lines_file(games: SeasonGames, *, now: datetime) -> pl.DataFrame:
    """Return nfelomarket's lines file: the opening and the last line of every game that has been priced by `now`."""
    games = games.where(games.finished(now, NFL.game_duration) | games.to_come(now, PRICED_AHEAD))
    table, book = games.table, BOOKS[1]
    starts = games.starts_at
    opened = [start - MAKER.opens_before for start in starts]
    last = [min(start, now) - QUIET for start in starts]
    at_open = _market(book, games, np.zeros(len(starts)), 0)
    at_last = _market(book, games, MAKER.progress(starts, now), 1)
    columns: dict[str, object] = {
        "": np.arange(len(starts)),
        "game_id": game_ids(games),
        "season": table["season"],
        "week": table["week"],
        "home_team": [_CODES[club] for club in table["home"]],
        "away_team": [_CODES[club] for club in table["away"]],
    }
    for moment, market, times in (("open", at_open, opened), ("last", at_last, last)):
        stamps = [_pacific(min(time, now)) for time in times]
        columns |= {
            f"home_spread_{moment}": market["home_spread"],
            f"home_spread_{moment}_price": market["home_spread_odds"].cast(pl.Float64),
            f"away_spread_{moment}_price": market["away_spread_odds"].cast(pl.Float64),
            f"home_ml_{moment}": market["home_moneyline"].cast(pl.Float64),
            f"away_ml_{moment}": market["away_moneyline"].cast(pl.Float64),
            f"total_line_{moment}": market["total_line"],
            f"under_price_{moment}": market["under_odds"].cast(pl.Float64),
            f"over_price_{moment}": market["over_odds"].cast(pl.Float64),
        }
        for market_name in ("home_spread", "ml", "total_line"):
            columns[f"{market_name}_{moment}_source"] = [book.key] * len(starts)
            columns[f"{market_name}_{moment}_timestamp"] = stamps
    frame = pl.DataFrame(columns)
    empty = [pl.lit(None, dtype=pl.String).alias(name) for name in LINES_COLUMNS if name not in frame.columns]
    return frame.with_columns(empty).select(LINES_COLUMNS)


def _market(book: Book, games: SeasonGames, progress: FloatArray, moment: int) -> pl.DataFrame:
    """Return one book's lines (home side) and American prices once `progress` (n,) of the trading is done."""
    now, before = law_of(games.belief.at(progress)), law_of(games.belief.at(progress * (1 - book.lag)))
    own = games.own[:, BOOKS.index(book), moment]
    spread = -main_line(before.margin, FootballLaw.margins, SPREADS)
    total = main_line(before.total, FootballLaw.totals, TOTALS)
    level = np.zeros_like(spread)
    markets = (
        ("home_moneyline", "away_moneyline", "margin", FootballLaw.margins, level),
        ("home_spread_odds", "away_spread_odds", "margin", FootballLaw.margins, -spread),
        ("over_odds", "under_odds", "total", FootballLaw.totals, total),
    )
    columns: dict[str, object] = {"home_spread": spread, "total_line": total}
    for place, (first, second, law, support, line) in enumerate(markets):
        fair, earlier = (two_sided(getattr(at, law), support, line) for at in (now, before))
        prices = american_from_decimal(book.prices(fair, earlier, own[:, 2 * place : 2 * place + 2]))
        columns[first], columns[second] = prices[:, 0].astype(np.int64), prices[:, 1].astype(np.int64)
    return pl.DataFrame(columns)


def _where(known: npt.NDArray[np.bool_], values: pl.Series) -> pl.Series:
    """Return `values` with an empty cell wherever `known` is false."""
    return pl.select(pl.when(pl.Series(known)).then(values)).to_series()


def _rest(table: pl.DataFrame) -> dict[str, list[int]]:
    """Return both sides' days since their last game, seven in a season's first."""
    played: dict[tuple[int, int], int] = {}
    rest: dict[str, list[int]] = {"home_rest": [], "away_rest": []}
    for season, home, away, day in table.select("season", "home", "away", "day").iter_rows():
        for side, club in (("home", home), ("away", away)):
            today = day.toordinal()
            rest[f"{side}_rest"].append(today - played.get((season, club), today - 7))
            played[(season, club)] = today
    return rest


def _setting(table: pl.DataFrame, over: npt.NDArray[np.bool_], seed: int) -> dict[str, object]:
    """Return ground, roof, surface and, for games played outdoors, the weather."""
    weather = np.concatenate(
        [
            stream(seed, "NFL", season, "weather").standard_normal((games, 2))
            for season, games in table.group_by("season", maintain_order=True).len().iter_rows()
        ]
    )
    clubs = [FOOTBALL_CLUBS[club] for club in table["home"]]
    roofs = [club.roof for club in clubs]
    outdoors = over & np.array([roof == "outdoors" for roof in roofs])
    month = table["day"].dt.month().to_numpy()
    warmth = 58 - 22 * np.cos((month - 7.5) * np.pi / 6 + np.pi)
    return {
        "roof": roofs,
        "surface": ["a_turf" if roof == "dome" else "grass" for roof in roofs],
        "temp": _where(outdoors, pl.Series(np.rint(warmth + 8 * weather[:, 0]).astype(np.int64))),
        "wind": _where(outdoors, pl.Series(np.abs(np.rint(8 + 5 * weather[:, 1])).astype(np.int64))),
        "stadium_id": [f"{club.code}00" for club in clubs],
        "stadium": [club.stadium for club in clubs],
    }


def _people(table: pl.DataFrame, seed: int) -> dict[str, Sequence[str]]:
    """Return each side's quarterback and coach, one of each per club, and the referee."""
    clubs = len(FOOTBALL_CLUBS)
    names = invented_names(2 * clubs + 17, stream(seed, "NFL", "people"))
    people: dict[str, Sequence[str]] = {
        "referee": [names[2 * clubs + (week + home) % 17] for week, home in table.select("week", "home").iter_rows()]
    }
    for side in ("home", "away"):
        people[f"{side}_qb_id"] = [f"00-99{club:05d}" for club in table[side]]
        people[f"{side}_qb_name"] = [names[club] for club in table[side]]
        people[f"{side}_coach"] = [names[clubs + club] for club in table[side]]
    return people


def _pacific(time: datetime) -> str:
    return time.astimezone(ZoneInfo("America/Los_Angeles")).isoformat(sep=" ", timespec="microseconds")
