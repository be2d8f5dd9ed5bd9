"""What is offered: books, every quote ever known, and the closing lines drawn from them.

`odds` and `closing_lines` have no surrogate key: a quote is named by game, book, selection and time, and nothing refers
to it by number.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from ai_pro_sports.core.market import MarketKind, Period, Side
from ai_pro_sports.core.odds import MAX_DECIMAL
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.store.tables.metadata import LINE, UTC, metadata, one_of, row_times

__all__ = ["closing_lines", "odds", "sportsbooks"]

sportsbooks = Table(
    "sportsbooks",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("region", Text),
    Column("is_sharp", Boolean, nullable=False, server_default=false()),
    Column("is_bettable", Boolean, nullable=False, server_default=true(), comment="false: an average or maximum"),
    *row_times(),
)

_SELECTION = ("market", "period", "line", "side")


def _selection_columns() -> list[Column[object]]:
    return [
        Column("game_id", BigInteger, ForeignKey("games.id"), nullable=False),
        Column("book", Text, ForeignKey("sportsbooks.key"), nullable=False),
        Column("market", Text, nullable=False),
        Column("period", Text, nullable=False),
        Column("line", LINE, comment="from the home side"),
        Column("side", Text, nullable=False),
        Column("price", Numeric, comment="decimal odds, exactly as read; null: a line published without its price"),
        Column("price_american", Integer),
        Column("moment", Text, nullable=False),
    ]


def _selection_rules() -> list[CheckConstraint]:
    return [
        one_of("market", MarketKind),
        one_of("period", Period),
        one_of("side", Side),
        one_of("moment", Moment),
        CheckConstraint("line * 4 = floor(line * 4)", name="line_in_quarters"),
        CheckConstraint(f"price > 1 AND price <= {MAX_DECIMAL}", name="price_range"),
        CheckConstraint("price IS NOT NULL OR line IS NOT NULL", name="price_or_line"),
        CheckConstraint("abs(price_american) >= 100", name="american_range"),
    ]


odds = Table(
    "odds",
    metadata,
    *_selection_columns(),
    Column("known_at", UTC, nullable=False, comment="stamped: recorded; else starts_at less the lead of the moment"),
    Column("is_backfill", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("game_id", "book", *_SELECTION, "known_at", postgresql_nulls_not_distinct=True),
    *_selection_rules(),
    Index("ix_odds_game_id_market_known_at", "game_id", "market", text("known_at DESC")),
)

closing_lines = Table(
    "closing_lines",
    metadata,
    *_selection_columns(),
    Column("p_novig", Numeric(9, 6), comment="fair probability, where the vig has been removed"),
    Column("captured_at", UTC, nullable=False, comment="known_at of the quote"),
    Column("is_pinnacle", Boolean, nullable=False),
    UniqueConstraint("game_id", "book", *_SELECTION, postgresql_nulls_not_distinct=True),
    *_selection_rules(),
    CheckConstraint("p_novig >= 0 AND p_novig <= 1", name="p_novig_range"),
)
