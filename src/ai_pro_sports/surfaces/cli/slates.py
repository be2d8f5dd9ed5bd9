"""The slate, as people read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from ai_pro_sports.app.usecases.slate import Slate, SlateGame, SlatePick
from ai_pro_sports.core.market import MarketKind, Selection, Side
from ai_pro_sports.surfaces.cli.present import Column, mark, number, percent, say, table

__all__ = ["show_slate", "spoken"]


def show_slate(
    slate: Slate,
    *,
    every: bool = False,
    simulated: bool = False,
    truth: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Print a slate; `truth` maps a game's external id to lines on what is true of it, for simulated leagues."""
    columns = [Column("game (UTC)", style="bold", wraps=True, at_least=15), Column("selection", wraps=True)]
    columns += [Column("fair p", right=True), Column("price", right=True), Column("book", spare=1)]
    columns += [Column("edge", right=True), Column("EV", right=True, spare=3), Column("tier", spare=2)]
    columns += [Column("stake", right=True), Column("no bet because", wraps=True)]
    if truth is not None:
        columns.append(Column("truth", wraps=True, at_least=20))
    rows: list[tuple[str, ...] | None] = []
    for game in slate.games:
        picks = [_pick_cells(game, pick) for pick in (game.picks if every else game.best_by_market())]
        told = () if truth is None else truth.get(game.external_id, ())
        for head, cells, said in zip_longest(_game_lines(game), picks, told):
            row = (head or "", *(cells or _NO_PICK))
            rows.append(row if truth is None else (*row, said or ""))
        rows.append(None)
    seen = "each game as of its own cut" if slate.at_cutoff else f"as of {slate.asked_at:%Y-%m-%d %H:%M} UTC"
    table(f"{mark(simulated)}{slate.league}: {len(slate.games)} games, {seen}", columns, rows)
    trained = f", trained on games to {slate.trained_to:%Y-%m-%d}" if slate.trained_to else ""
    say(f"Model {slate.model}{trained}. {slate.bets} bets from a bankroll of {slate.bankroll:,.2f} {slate.currency}.")
    if slate.caution:
        say(slate.caution)
    if not every:
        say("Shown: the selection worth most in each market; --all shows every one.")


def spoken(selection: str, home: str, away: str) -> str:
    """Return a selection in words: `spread:full:-3.5:away` of A and B is `B +3.5`.

    >>> spoken("spread:full:-3.5:away", "A", "B"), spoken("total:full:44.5:over", "A", "B")
    ('B +3.5', 'over 44.5')
    """
    chosen = Selection.parse(selection)
    team = {Side.HOME: home, Side.AWAY: away}.get(chosen.side, str(chosen.side))
    if chosen.market.kind is MarketKind.SPREAD and chosen.handicap is not None:
        return f"{team} {chosen.handicap:+g}"
    if chosen.market.line is not None:
        return f"{chosen.side} {chosen.market.line:g}"
    return f"{team} wins" if chosen.side in {Side.HOME, Side.AWAY} else team


def _game_lines(game: SlateGame) -> tuple[str, str, str]:
    start = f"{game.starts_at:%a %Y-%m-%d}" if game.start_is_date_only else f"{game.starts_at:%a %m-%d %H:%M}"
    return start, game.away, f"at {game.home}"


_NO_PICK = ("",) * 9


def _pick_cells(game: SlateGame, pick: SlatePick) -> tuple[str, ...]:
    return (
        spoken(pick.selection, game.home, game.away),
        number(pick.probability),
        number(pick.price, 2),
        pick.book or "",
        percent(pick.edge),
        percent(pick.ev),
        pick.tier,
        f"{pick.stake:,.2f}" if pick.reason is None else "",
        "" if pick.reason is None else _brief(pick.reason),
    )


def _brief(reason: str) -> str:
    """Return a reason without what other columns already show.

    >>> _brief("edge -0.5% is below the 3.0% wanted"), _brief("tier D: the side is too unlikely to win")
    ('edge below 3.0%', 'tier D')
    """
    return re.sub(r"^(edge|EV) \S+ is (.*?)(?: the (\S+) wanted)?$", _without_value, reason.partition(":")[0])


def _without_value(found: re.Match[str]) -> str:
    return " ".join(part for part in found.groups() if part)
