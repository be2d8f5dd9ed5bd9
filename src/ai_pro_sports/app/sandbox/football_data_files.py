"""Writes the simulated soccer league as football-data.co.uk's season files and its file of coming fixtures.

Dates are dd/mm/yyyy and times UK; prices are decimal. Without a `C` a price was taken before the close, with it, at the
close. `AHh` and `AHCh` are the home side's handicap: negative when it is favoured.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.app.sandbox.clubs import SOCCER_CLUBS
from ai_pro_sports.app.sandbox.people import invented_referees
from ai_pro_sports.app.sandbox.pricing import main_line, two_sided
from ai_pro_sports.app.sandbox.season_games import SeasonGames
from ai_pro_sports.app.sandbox.soccer_law import SoccerLaw
from ai_pro_sports.app.sandbox.soccer_world import BOOKS, MAKER, law_of
from ai_pro_sports.app.sandbox.streams import stream

__all__ = ["DIVISION", "FIXTURES_COLUMNS", "SEASON_COLUMNS", "external_ids", "fixtures_file", "season_file"]

FloatArray = npt.NDArray[np.float64]

DIVISION = "E0"
PRICED_AHEAD = timedelta(days=7)
COLLECTED = 0.6
"""How far a market has come when the pre-close prices of a season file are taken."""
HANDICAPS = np.arange(-3.5, 3.75, 0.25)
GOAL_LINE = 2.5

_LISTED = ("B365", "BW", "IW", "PS", "WH", "VC", "Max", "Avg")
_TWO_SIDED = {"B365": "B365", "PS": "P", "Max": "Max", "Avg": "Avg"}
"""The books listed for goal and handicap lines, and what they are called there."""


def _price_columns(closing: str) -> tuple[str, ...]:
    handicap = "AHCh" if closing else "AHh"
    return (
        *(f"{book}{closing}{side}" for book in _LISTED for side in "HDA"),
        *(f"{book}{closing}{side}2.5" for book in _TWO_SIDED.values() for side in "><"),
        handicap,
        *(f"{book}{closing}AH{side}" for book in _TWO_SIDED.values() for side in "HA"),
    )


_FACTS = ("HS", "AS", "HST", "AST", "HF", "AF", "HC", "AC", "HY", "AY", "HR", "AR")
SEASON_COLUMNS = (
    *("Div", "Date", "Time", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR", "HTHG", "HTAG", "HTR", "Referee"),
    *_FACTS,
    *_price_columns(""),
    *_price_columns("C"),
)
FIXTURES_COLUMNS = ("Div", "Date", "Time", "HomeTeam", "AwayTeam", "Referee", *_price_columns(""))


def external_ids(games: SeasonGames) -> list[str]:
    """Return how the games are named by their source: division, season, home and away club."""
    rows = games.table.select("season", "home", "away").iter_rows()
    return [f"{DIVISION}:{season}:{SOCCER_CLUBS[home]}:{SOCCER_CLUBS[away]}" for season, home, away in rows]


def season_file(games: SeasonGames, played: npt.NDArray[np.bool_], *, seed: int) -> pl.DataFrame:
    """Return one season's file: those of its `games` that have been played, `played` being (n,).

    The whole season is drawn before the rest is left out, so that a game keeps its facts as the season goes on.
    """
    season = int(games.table["season"][0])
    collected = np.full(games.table.height, COLLECTED)
    frame = pl.DataFrame(
        {
            **_fixture(games),
            **_result(games, season, seed),
            **_prices(games, collected, closing=""),
            **_prices(games, np.ones_like(collected), closing="C"),
        }
    )
    return frame.filter(pl.Series(played)).select(SEASON_COLUMNS)


def fixtures_file(games: SeasonGames, *, now: datetime) -> pl.DataFrame:
    """Return the file of games that start soon after `now`, with the prices that stand at `now`."""
    coming = games.where(games.to_come(now, PRICED_AHEAD))
    progress = MAKER.progress(coming.starts_at, now)
    columns = {**_fixture(coming), "Referee": [None] * coming.table.height, **_prices(coming, progress, closing="")}
    return pl.DataFrame(columns, schema_overrides={"Referee": pl.String}).select(FIXTURES_COLUMNS)


def _fixture(games: SeasonGames) -> dict[str, object]:
    table = games.table
    return {
        "Div": [DIVISION] * table.height,
        "Date": table["day"].dt.to_string("%d/%m/%Y"),
        "Time": table["time"],
        "HomeTeam": [SOCCER_CLUBS[club] for club in table["home"]],
        "AwayTeam": [SOCCER_CLUBS[club] for club in table["away"]],
    }


def _result(games: SeasonGames, season: int, seed: int) -> dict[str, object]:
    """Return the goals of both halves and the counts that go with them."""
    table = games.table
    drawn = stream(seed, "EPL", season, "facts")
    goals = table.select("home_score", "away_score").to_numpy()
    first_half = drawn.binomial(goals, 0.45)
    level = goals + drawn.poisson(3.1, goals.shape)
    counts = {
        "S": level + drawn.poisson(7.0, goals.shape),
        "ST": level,
        "F": drawn.poisson(10.5, goals.shape),
        "C": drawn.poisson(5.1, goals.shape),
        "Y": drawn.poisson(1.8, goals.shape),
        "R": drawn.binomial(1, 0.05, goals.shape),
    }
    referees = invented_referees()
    return {
        "FTHG": goals[:, 0],
        "FTAG": goals[:, 1],
        "FTR": _letters(goals),
        "HTHG": first_half[:, 0],
        "HTAG": first_half[:, 1],
        "HTR": _letters(first_half),
        "Referee": [referees[number] for number in drawn.integers(0, len(referees), len(goals))],
        **{f"{side}{name}": count[:, place] for name, count in counts.items() for place, side in enumerate("HA")},
    }


def _letters(goals: npt.NDArray[np.int64]) -> list[str]:
    return [("D", "H", "A")[int(sign)] for sign in np.sign(goals[:, 0] - goals[:, 1])]


def _prices(games: SeasonGames, progress: FloatArray, *, closing: str) -> dict[str, object]:
    """Return every price column of one moment, `closing` being its letter or nothing."""
    market, before = law_of(games.belief.at(progress)), law_of(games.belief.at(progress * COLLECTED))
    handicap = -main_line(market.margin, SoccerLaw.margins, HANDICAPS)
    goal_line = np.full(len(handicap), GOAL_LINE)
    moment = 1 if closing else 0
    three_way = _quoted(games, (market.outcomes(), before.outcomes()), moment, slice(0, 3))
    goals, sides = (
        _quoted(games, pair, moment, own)
        for pair, own in (
            ([two_sided(law.total, law.totals, goal_line) for law in (market, before)], slice(3, 5)),
            ([two_sided(law.margin, law.margins, -handicap) for law in (market, before)], slice(5, 7)),
        )
    )
    columns: dict[str, object] = {"AHCh" if closing else "AHh": handicap}
    for book in _LISTED:
        columns |= {f"{book}{closing}{side}": three_way[book][:, place] for place, side in enumerate("HDA")}
    for book, name in _TWO_SIDED.items():
        columns |= {f"{name}{closing}{side}2.5": goals[book][:, place] for place, side in enumerate("><")}
        columns |= {f"{name}{closing}AH{side}": sides[book][:, place] for place, side in enumerate("HA")}
    return columns


def _quoted(
    games: SeasonGames, laws: tuple[FloatArray, FloatArray] | list[FloatArray], moment: int, own: slice
) -> dict[str, FloatArray]:
    """Return each book's prices, rounded down to the cent, and the best and the mean of all of them."""
    market, before = laws
    quoted = {
        book.key: np.maximum(np.floor(book.prices(market, before, games.own[:, place, moment, own]) * 100) / 100, 1.01)
        for place, book in enumerate(BOOKS)
    }
    every = np.stack(list(quoted.values()))
    return {**quoted, "Max": every.max(axis=0), "Avg": np.round(every.mean(axis=0), 2)}
