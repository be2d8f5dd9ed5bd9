"""`aips quickstart` and `aips demo`: from nothing to a priced slate and a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

import typer

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.surfaces.cli.present import AsJson, Column, progress, say, show_json, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.jobs.quickstart import Picture
    from ai_pro_sports.core.leagues import League

_LEAGUES = ("NFL", "EPL")
LeagueCodes = Annotated[list[str] | None, typer.Option("--league", "-s", help="League code; NFL and EPL without it.")]


def quickstart(league_codes: LeagueCodes = None, as_json: AsJson = False) -> None:
    """Collect, train, forecast and report: on the mirror or the public files, else on a simulated league."""
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.settings import load_settings
    from ai_pro_sports.data.fetch import public_hosts_answer

    settings = load_settings()
    origin = settings.paths.mirror or ("the public hosts" if public_hosts_answer() else None)
    stored = settings.lake_root.exists()
    if origin is None and not stored:
        if not as_json:
            say("No AIPS_MIRROR is set and the public hosts do not answer: showing a simulated league.")
        _demo(league_codes, seed=None, report=settings.home / "report.html", as_json=as_json)
        return
    with Application(settings) as application:
        if origin is None and not as_json:
            say("No AIPS_MIRROR is set and the public hosts do not answer: nothing new is read, the store is used.")
        elif not as_json:
            say(f"History from {origin}.")
        with application.fetcher():
            pass  # a mirror that cannot be opened is said before a run is on record
        picture = _take(application, league_codes, read=origin is not None, quiet=as_json)
        path = _report(application, picture, settings.home / "report.html", None)
    _show(picture, path, simulated=application.is_simulated, truth=None, as_json=as_json)
    if not all(report.ok for report in picture.backfills) or picture.empty:
        raise typer.Exit(1)


def demo(
    league_codes: LeagueCodes = None,
    seed: Annotated[int | None, typer.Option(help="Another seed is another world; it starts afresh.")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a league and show the slate with the truth beside it. Never mixes with real history."""
    _demo(league_codes, seed=seed, report=None, as_json=as_json)


def _demo(league_codes: list[str] | None, *, seed: int | None, report: Path | None, as_json: bool) -> None:
    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.app.jobs.quickstart import DEMO_SEED, demo_settings, write_demo_world
    from ai_pro_sports.app.reports.first_report import truth_of
    from ai_pro_sports.app.settings import load_settings

    base = load_settings()
    settings = demo_settings(base, seed)
    with Application(settings) as application:
        leagues = _chosen(league_codes)
        truth = truth_of(
            write_demo_world(settings, leagues, now=application.clock.now(), seed=DEMO_SEED if seed is None else seed)
        )
        picture = _take(application, league_codes, quiet=as_json)
        path = _report(application, picture, report or settings.home / "report.html", truth)
    _show(picture, path, simulated=True, truth=truth, as_json=as_json, home=settings.home)


def _take(application: Application, league_codes: list[str] | None, *, read: bool = True, quiet: bool) -> Picture:
    from ai_pro_sports.app.jobs.quickstart import take_picture

    with progress("", quiet=quiet, phases=True) as step:
        return take_picture(
            application,
            _chosen(league_codes),
            read=read,
            watch=lambda what, done, total, doing: step(done, total, f"{what} {doing}"),
        )


def _chosen(league_codes: list[str] | None) -> list[League]:
    from ai_pro_sports.core.leagues import league

    chosen = [league(code) for code in league_codes or _LEAGUES]
    if len({declared.code for declared in chosen}) < len(chosen):
        raise InvalidValue("a league is named twice", hint="name each once")
    return chosen


def _report(
    application: Application, picture: Picture, path: Path, truth: Mapping[str, Mapping[str, Any]] | None
) -> Path:
    from ai_pro_sports.app.reports.first_report import write_first_report

    return write_first_report(
        path, picture, simulated=application.is_simulated, generated_at=application.clock.now(), truth=truth
    )


def _show(
    picture: Picture,
    report: Path,
    *,
    simulated: bool,
    truth: Mapping[str, Mapping[str, Any]] | None,
    as_json: bool,
    home: Path | None = None,
) -> None:
    from ai_pro_sports.surfaces.cli.accounts import show_backfill
    from ai_pro_sports.surfaces.cli.evaluation import show_scores
    from ai_pro_sports.surfaces.cli.slates import show_slate

    if as_json:
        slates = [prediction.slate for prediction in picture.predictions]
        show_json({"simulated": simulated, "slates": slates, "sources": picture.sources, "report": report})
        return
    for backfill in picture.backfills:
        show_backfill(backfill, simulated=simulated, home=home)
    for prediction in picture.predictions:
        code = prediction.slate.league
        if prediction.model.comparison:
            show_scores(code, prediction.model.comparison, simulated=simulated)
        if code in picture.looked_back:
            say("", f"No {code} game is coming in the files at hand; this is the last full slate they hold.")
        told = None if truth is None else {key: _told(row) for key, row in truth.items()}
        show_slate(prediction.slate, simulated=simulated, truth=told)
    for code, said in picture.empty.items():
        say(f"{code}: {said}", style="yellow")
    _show_sources(picture)
    _show_next(report, simulated=simulated)


def _told(row: Mapping[str, Any]) -> tuple[str, str, str]:
    chances = [("home", row["home_probability"]), ("draw", row["draw_probability"]), ("away", row["away_probability"])]
    shown = ", ".join(f"{side} {chance:.2f}" for side, chance in chances if side != "draw" or row["league"] == "EPL")
    return shown, f"margin {row['expected_margin']:+.1f}", f"total {row['expected_total']:.1f}"


def _show_sources(picture: Picture) -> None:
    columns = [Column("league", style="bold"), Column("source"), Column("from", wraps=True, at_least=30)]
    columns += [Column(name, right=True) for name in ("files", "rows", "games", "quotes", "set aside")]
    columns += [Column("fetched (UTC)", spare=1)]
    rows = [
        (
            s.league,
            s.source,
            _place(s.origin),
            s.files,
            s.rows,
            s.games,
            s.quotes,
            s.rejected,
            f"{s.fetched_at:%Y-%m-%d %H:%M}",
        )
        for s in picture.sources
    ]
    table("Where every number came from", columns, rows)


def _place(origin: str) -> str:
    return unquote(origin.removeprefix("file://")) if origin.startswith("file://") else origin


def _show_next(report: Path, *, simulated: bool) -> None:
    say(f"Report: {report}", style="bold")
    if simulated:
        say("Everything above is SIMULATED: clubs, results, prices. The truth column is what the simulator knows.")
        say("Next: real history. Set AIPS_MIRROR to a folder of season files, or go online, and: make run")
    else:
        say(
            "Next: aips predict generate -s NFL --as-of 2023-12-01   (look back: nothing later is seen)",
            "      aips evaluate -s EPL --by-season                  (how good, season by season)",
            "      aips data status; aips data quarantine            (what is there, what was set aside)",
        )
