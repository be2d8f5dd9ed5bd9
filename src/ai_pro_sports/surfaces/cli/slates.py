"""The slate, as people read it."""

from __future__ import annotations

from collections.abc import Mapping

from ai_pro_sports.app.usecases.slate import Slate, SlateGame, SlatePick
from ai_pro_sports.core.market import MarketKind, Selection, Side
from ai_pro_sports.surfaces.cli.present import Column, console, number, percent, table

__all__ = ["show_slate", "spoken"]


def show_slate(
    slate: Slate, *, every: bool = False, simulated: bool = False, truth: Mapping[str, str] | None = None
) -> None:
    """Print a slate; `truth` maps a game's external id to what is true of it, for simulated leagues."""
    columns = [Column("start (UTC)"), Column("game", style="bold", wraps=True), Column("selection", wraps=True)]
    columns += [Column(name, right=True) for name in ("fair p", "price")]
    columns += [Column("book")]
    columns += [Column(name, right=True) for name in ("edge", "EV")]
    columns += [Column("tier"), Column("stake", right=True), Column("no bet because", wraps=True)]
    if truth is not None:
        columns.append(Column("truth", wraps=True))
    rows = []
    for game in slate.games:
        for place, pick in enumerate(game.picks if every else game.best_by_market()):
            row = (*_game_cells(game, first=place == 0), *_pick_cells(game, pick))
            rows.append(row if truth is None else (*row, truth.get(game.external_id, "") if place == 0 else ""))
    mark = "SIMULATED " if simulated else ""
    seen = "each game as of its own cut" if slate.at_cutoff else f"as of {slate.asked_at:%Y-%m-%d %H:%M} UTC"
    table(f"{mark}{slate.league}: {len(slate.games)} games, {seen}", columns, rows)
    out = console()
    trained = f", trained on games to {slate.trained_to:%Y-%m-%d}" if slate.trained_to else ""
    out.print(
        f"Model {slate.model}{trained}. {slate.bets} bets from a bankroll of {slate.bankroll:,.2f}.", markup=False
    )
    if not every:
        out.print("Shown: the selection worth most in each market; --all shows every one.")


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


def _game_cells(game: SlateGame, *, first: bool) -> tuple[str, str]:
    if not first:
        return "", ""
    start = f"{game.starts_at:%a %Y-%m-%d}" if game.start_is_date_only else f"{game.starts_at:%a %m-%d %H:%M}"
    return start, f"{game.away} at {game.home}"


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
        pick.reason or "",
    )
