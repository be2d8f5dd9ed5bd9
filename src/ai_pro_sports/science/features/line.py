"""Line movement: what the market says at the cut and how it got there. These features read the market."""

from __future__ import annotations

import polars as pl

from ai_pro_sports.core.leagues import Sport
from ai_pro_sports.science.features.board import BOARD
from ai_pro_sports.science.features.declared import Feature, Reading

__all__ = ["LINE"]

_SOCCER = (str(Sport.SOCCER),)
_NFL = ("NFL",)

_WORDS = {"spread": "handicap of the home side", "total": "total"}


def _line(kind: str, moment: str, leagues: tuple[str, ...], *, counted: bool = True) -> Feature:
    when = "when each book was first seen" if moment == "open" else "as last seen at the cut"
    return Feature(
        f"line_{kind}_{moment}",
        definition=f"Median {_WORDS[kind]} over books, {when}.",
        leagues=leagues,
        missing=f"null without a {kind} known at the cut",
        readings={"line": Reading(BOARD, pl.col(f"{kind}_{moment}"))},
        counted=counted,
    )


def _move(kind: str, leagues: tuple[str, ...]) -> Feature:
    return Feature(
        f"line_{kind}_move_open",
        definition=f"Median {_WORDS[kind]} at the cut minus when first seen.",
        leagues=leagues,
        missing=f"null without a {kind} known at the cut",
        of={"now": f"line_{kind}_now", "open": f"line_{kind}_open"},
        finish=lambda row: row["now"] - row["open"],
    )


def _prob(side: str, leagues: tuple[str, ...], *, counted: bool = True) -> Feature:
    outcome = "a draw" if side == "draw" else f"the {side} side"
    return Feature(
        f"line_{side}_prob_now",
        definition=f"Median over books of the fair probability of {outcome}, vig removed by the league's method.",
        leagues=leagues,
        missing="null without a whole market known at the cut",
        readings={"prob": Reading(BOARD, pl.col(f"{side}_prob_now"))},
        counted=counted,
    )


LINE: tuple[Feature, ...] = (
    _line("spread", "open", _NFL),
    _line("spread", "now", _NFL),
    _move("spread", _NFL),
    _line("total", "open", _NFL),
    _line("total", "now", _NFL),
    _move("total", _NFL),
    _line("spread", "now", _SOCCER, counted=False),
    _line("total", "now", _SOCCER, counted=False),
    _prob("home", (*_NFL, *_SOCCER)),
    _prob("draw", _SOCCER, counted=False),
    _prob("away", _SOCCER, counted=False),
    Feature(
        "line_home_prob_disp_now",
        definition="Standard deviation over books of the fair probability of the home side.",
        leagues=_SOCCER,
        missing="null for fewer than two books known at the cut",
        readings={"disp": Reading(BOARD, pl.col("home_prob_disp_now"))},
    ),
)
