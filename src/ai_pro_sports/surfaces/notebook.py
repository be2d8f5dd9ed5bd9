"""The notebook door: history as Polars frames, only as known at a time you name.

>>> import ai_pro_sports
>>> home = ai_pro_sports.open("/path/to/home")           # doctest: +SKIP
>>> history = home.history("NFL", as_of="2023-12-01")    # doctest: +SKIP
>>> history.games().select("season", "home_score")       # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.settings import load_settings
from ai_pro_sports.core.clock import ensure_utc, parse_time
from ai_pro_sports.core.leagues import League, league

if TYPE_CHECKING:
    import polars as pl

    from ai_pro_sports.data.store.database import Database

__all__ = ["Home", "LeagueHistory", "open"]


@dataclass(frozen=True, slots=True, repr=False)
class LeagueHistory:
    """One league as known at `as_of` (UTC): later results, scores and quotes are not in it."""

    application: Application
    league: League
    as_of: datetime

    def __repr__(self) -> str:
        return f"LeagueHistory({self.league.code}, as_of={self.as_of:%Y-%m-%d %H:%M} UTC)"

    def games(self) -> pl.DataFrame:
        """Return one row per game: ids, season, UTC start, status, scores where known, and both team names."""
        from ai_pro_sports.app.usecases.history import games_with_names

        return self._run(lambda database: games_with_names(database, self.league, self.as_of))

    def quotes(self) -> pl.DataFrame:
        """Return one row per quote known by then: game, book, market, home-side line, side, decimal price, times."""
        from ai_pro_sports.app.usecases.history import quotes

        return self._run(lambda database: quotes(database, self.league, self.as_of))

    def features(self) -> pl.DataFrame:
        """Return one row per game with every feature of the catalogue, each as of its own cut before the start."""
        from ai_pro_sports.app.usecases.history import feature_frame

        minutes = self.application.settings.forecasting.cutoff_minutes
        return self._run(lambda database: feature_frame(database, self.league, self.as_of, minutes))

    def _run(self, work: Callable[[Database], Awaitable[pl.DataFrame]]) -> pl.DataFrame:
        # A notebook's own event loop already runs in its thread, and a second one cannot start there.
        with ThreadPoolExecutor(max_workers=1) as elsewhere:
            return elsewhere.submit(self.application.run, work).result()


@dataclass(frozen=True, slots=True, repr=False)
class Home:
    """One installation's data. A context manager, though closing is only a courtesy to the embedded server."""

    application: Application

    def __repr__(self) -> str:
        return f"Home({str(self.application.home)!r})"

    def history(self, code: str, *, as_of: str | datetime) -> LeagueHistory:
        """Return a league as known at `as_of`: a date (00:00 UTC) or a time with its zone. There is no default.

        Raises UnknownName for a league nobody declared and InvalidValue for a time without a zone.
        """
        at = parse_time(as_of) if isinstance(as_of, str) else ensure_utc(as_of)
        return LeagueHistory(self.application, league(code), at)

    def close(self) -> None:
        """Let go of the database."""
        self.application.close()

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open(home: str | Path | None = None) -> Home:
    """Open the data of a home; without one, the home of `AIPS_HOME` or the default."""
    settings = load_settings()
    return Home(Application(settings if home is None else settings.at_home(Path(home))))
