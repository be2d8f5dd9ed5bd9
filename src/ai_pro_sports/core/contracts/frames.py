"""The frames that cross rooms.

`staged_*` frames come out of a source: teams and games still have the source's own names. `games` and `quotes` have
been through identity: ids are ours. All times are UTC with microseconds; lines are from the home side; prices are
decimal. A price may be missing for spreads and totals only: there a published line says something without its price.
A staged game may lack its start, where the feed names only season and week: it can be matched, never created.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from ai_pro_sports.core.contracts.contract import UTC_TIME, Contract
from ai_pro_sports.core.game import GameStatus
from ai_pro_sports.core.market import EXHAUSTIVE_SIDES, MarketKind, Period, Side
from ai_pro_sports.core.odds import MAX_DECIMAL
from ai_pro_sports.core.quote import Moment

__all__ = ["GAMES", "QUOTES", "STAGED_GAMES", "STAGED_QUOTES"]


def _words(words: type[GameStatus] | type[MarketKind] | type[Period] | type[Side] | type[Moment]) -> pa.Check:
    return pa.Check.isin([str(word) for word in words], error="not a word of ours")


def _rule(broken: pl.Expr, reason: str) -> pa.Check:
    """Return a row check that fails where `broken` is true."""
    return pa.Check(lambda data: data.lazyframe.select(~broken.fill_null(value=False)), error=reason)


_SCORE = pa.Column(pl.Int32, pa.Check.ge(0, error="below zero"), nullable=True)

_GAME_FACTS = {
    "season": pa.Column(pl.Int32),
    "starts_at": pa.Column(UTC_TIME),
    "start_is_date_only": pa.Column(pl.Boolean),
    "status": pa.Column(pl.String, _words(GameStatus)),
    "home_score": _SCORE,
    "away_score": _SCORE,
    "neutral": pa.Column(pl.Boolean),
    "round": pa.Column(pl.String, nullable=True),
    "week": pa.Column(pl.Int32, nullable=True),
}

_SCORE_RULES = [
    _rule(pl.col("home_score").is_null() != pl.col("away_score").is_null(), "one score only"),
    _rule((pl.col("status") == "final") & pl.col("home_score").is_null(), "final without a score"),
]

_QUOTE_FACTS = {
    "book": pa.Column(pl.String, pa.Check.str_length(1, 40, error="book name length")),
    "market": pa.Column(pl.String, _words(MarketKind)),
    "period": pa.Column(pl.String, _words(Period)),
    "line": pa.Column(pl.Float64, nullable=True),
    "side": pa.Column(pl.String, _words(Side)),
    "price": pa.Column(
        pl.Float64,
        [
            pa.Check.gt(1, error="decimal price not above 1"),
            pa.Check.le(MAX_DECIMAL, error=f"decimal price above {MAX_DECIMAL}"),
        ],
        nullable=True,
    ),
    "price_american": pa.Column(pl.Int32, nullable=True),
    "moment": pa.Column(pl.String, _words(Moment)),
}

_LINED = [str(kind) for kind in MarketKind if kind.value.endswith(("spread", "total", "total_sets"))]
_LINE_ALONE = [str(MarketKind.SPREAD), str(MarketKind.TOTAL)]
_PAIRS = [f"{kind}:{side}" for kind, sides in EXHAUSTIVE_SIDES.items() for side in sides]

_QUOTE_RULES = [
    _rule(pl.col("market").is_in(_LINED) != pl.col("line").is_not_null(), "line missing or out of place"),
    _rule((pl.col("line") * 4) % 1 != 0, "line not in quarter points"),
    _rule(~pl.concat_str("market", pl.lit(":"), "side").is_in(_PAIRS), "side not of this market"),
    _rule(pl.col("price").is_null() & ~pl.col("market").is_in(_LINE_ALONE), "price missing"),
]

STAGED_GAMES = Contract(
    "staged games",
    pa.DataFrameSchema(
        {
            "external_id": pa.Column(pl.String),
            "home_name": pa.Column(pl.String),
            "away_name": pa.Column(pl.String),
            **_GAME_FACTS,
            "starts_at": pa.Column(UTC_TIME, nullable=True),
        },
        checks=[
            _rule(pl.col("home_name") == pl.col("away_name"), "a team against itself"),
            _rule((pl.col("status") == "final") & pl.col("starts_at").is_null(), "starts_at is missing"),
            *_SCORE_RULES,
        ],
    ),
)

STAGED_QUOTES = Contract(
    "staged quotes",
    pa.DataFrameSchema(
        {
            "external_id": pa.Column(pl.String),
            **_QUOTE_FACTS,
            "known_at": pa.Column(UTC_TIME, nullable=True),
        },
        checks=[
            *_QUOTE_RULES,
            _rule((pl.col("moment") == "stamped") != pl.col("known_at").is_not_null(), "time and moment disagree"),
        ],
    ),
)

GAMES = Contract(
    "games",
    pa.DataFrameSchema(
        {
            "game_id": pa.Column(pl.Int64),
            "league": pa.Column(pl.String),
            "source": pa.Column(pl.String),
            "external_id": pa.Column(pl.String),
            "home_team": pa.Column(pl.Int64),
            "away_team": pa.Column(pl.Int64),
            **_GAME_FACTS,
            "result_known_at": pa.Column(UTC_TIME, nullable=True),
        },
        checks=[_rule(pl.col("home_team") == pl.col("away_team"), "a team against itself"), *_SCORE_RULES],
    ),
)

QUOTES = Contract(
    "quotes",
    pa.DataFrameSchema(
        {"game_id": pa.Column(pl.Int64), **_QUOTE_FACTS, "known_at": pa.Column(UTC_TIME)},
        checks=_QUOTE_RULES,
    ),
)
