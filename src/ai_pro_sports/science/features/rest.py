"""Rest: how long since the last game and how many lately, from the schedule alone."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.science.features.declared import Feature, Reading, Row, sided
from ai_pro_sports.science.features.sources import TEAM_STARTS, local_day

__all__ = ["REST"]

_SOCCER = (str(Sport.SOCCER),)
_NFL = ("NFL",)

REST_CAP_DAYS = 14
SHORT_WEEK_DAYS = 6
BYE_DAYS = 12

_LAST_GAME = {"last": Reading(TEAM_STARTS, pl.struct("day", "season"))}


def _days_off(row: Row) -> pl.Expr:
    """Return the local days since the last game of this season, null before the first."""
    field = row["last"].struct.field
    days = (local_day(pl.col("starts_at"), row.league) - field("day")).dt.total_days()
    return pl.when(field("season") == pl.col("season")).then(days)


REST: tuple[Feature, ...] = (
    *sided(
        "rest_{side}_days_now",
        definition=f"Days between the {{side}} side's last game and this one, by local date, at most {REST_CAP_DAYS}; "
        "the season opener counts as that.",
        leagues=(*_NFL, *_SOCCER),
        missing="never",
        readings=_LAST_GAME,
        finish=lambda row: _days_off(row).clip(upper_bound=REST_CAP_DAYS).fill_null(REST_CAP_DAYS),
    ),
    *sided(
        "rest_{side}_short_week_game",
        definition=f"1 if the {{side}} side's last game was fewer than {SHORT_WEEK_DAYS} days ago, else 0.",
        leagues=_NFL,
        missing="never",
        readings=_LAST_GAME,
        finish=lambda row: (_days_off(row) < SHORT_WEEK_DAYS).fill_null(value=False),
    ),
    *sided(
        "rest_{side}_off_bye_game",
        definition=f"1 if the {{side}} side's last game of this season was {BYE_DAYS} days ago or more, else 0.",
        leagues=_NFL,
        missing="never",
        readings=_LAST_GAME,
        finish=lambda row: (_days_off(row) >= BYE_DAYS).fill_null(value=False),
    ),
    *sided(
        "rest_{side}_games_d14",
        definition="Games the {side} side started in the 14 days before this start.",
        leagues=(*_NFL, *_SOCCER),
        missing="never",
        readings={
            "now": Reading(TEAM_STARTS, pl.int_range(1, pl.len() + 1).over("team")),
            "then": Reading(TEAM_STARTS, pl.int_range(1, pl.len() + 1).over("team"), before=timedelta(days=14)),
        },
        finish=lambda row: row["now"].fill_null(0) - row["then"].fill_null(0),
        counted=False,
    ),
)
