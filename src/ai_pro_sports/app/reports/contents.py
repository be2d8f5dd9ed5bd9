"""What the slate report shows, as values: nothing here is formatted, rounded or translated yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ai_pro_sports.core.clock import ensure_utc
from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import Selection
from ai_pro_sports.core.money import Money

__all__ = [
    "EvaluationTable",
    "Interval",
    "Provenance",
    "ReliabilityCurve",
    "SlateGame",
    "SlateRow",
    "SlateTable",
]


_FIGURE = re.compile(r"[+−-]?\d[\d.,]*\s?%?")


@dataclass(frozen=True, slots=True)
class SlateRow:
    """One selection of a game: what we say, what the best book says, and the stake or the reason there is none.

    `probability` and `truth` are chances of winning given a decision (stakes returned left out), `push` the chance that
    the stake is returned; `truth` only where the world is simulated. `fair_price` and `price` are decimal odds; `edge`
    and `ev` are fractions of the stake. Exactly the rows without `reason` are bets.
    """

    selection: Selection
    probability: float
    fair_price: float | None = None
    price: float | None = None
    book: str | None = None
    price_known_at: datetime | None = None
    edge: float | None = None
    ev: float | None = None
    tier: str | None = None
    stake: Decimal = Decimal(0)
    reason: str | None = None
    push: float = 0.0
    truth: float | None = None

    def __post_init__(self) -> None:
        for name in ("probability", "push", "truth"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise InvalidValue(f"{name} of {self.selection} lies between 0 and 1, not {value}")

    @property
    def is_bet(self) -> bool:
        """Return whether money is recommended on it."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class SlateGame:
    """One game and its selections; the true means (home margin, total) only where the world is simulated."""

    home: str
    away: str
    starts_at: datetime
    rows: tuple[SlateRow, ...]
    start_is_date_only: bool = False
    as_of: datetime | None = None
    true_margin: float | None = None
    true_total: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", ensure_utc(self.starts_at))


@dataclass(frozen=True, slots=True)
class SlateTable:
    """The slate of one league: who priced it, from what knowledge, against what bankroll.

    `timezone` is the one local starts are shown in. `note` is said above the table, for instance why it is empty.
    """

    league: str
    league_name: str
    timezone: str
    asked_at: datetime
    model: str
    bankroll: Money
    games: tuple[SlateGame, ...]
    trained_to: datetime | None = None
    note: str | None = None

    @property
    def bets(self) -> list[tuple[SlateGame, SlateRow]]:
        """Return the recommended bets in the order of the table."""
        return [(game, row) for game in self.games for row in game.rows if row.is_bet]

    @property
    def staked(self) -> Money:
        """Return the sum of all stakes."""
        return Money(sum((row.stake for _, row in self.bets), Decimal(0)), self.bankroll.currency)

    @property
    def priced(self) -> int:
        """Return how many selections have a price."""
        return sum(row.price is not None for game in self.games for row in game.rows)

    @property
    def has_truth(self) -> bool:
        """Return whether the truth of any selection is known."""
        return any(row.truth is not None for game in self.games for row in game.rows)

    @property
    def refusals(self) -> list[tuple[str, int]]:
        """Return why there is no bet, and how often, commonest first.

        Reasons that differ in their figures only are counted as one: "edge … is below the … wanted".
        """
        said = Counter(_without_figures(row.reason) for game in self.games for row in game.rows if row.reason)
        return said.most_common()


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval and the number of games behind it; NaN where there is none."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class ReliabilityCurve:
    """How often what was called came: one entry per bin of called probability, with a 95 % interval and the count."""

    forecaster: str
    called: Sequence[float]
    seen: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    count: Sequence[int]

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name)) for name in ("called", "seen", "low", "high", "count")}
        if len(lengths) > 1:
            raise InvalidValue(f"the reliability curve of {self.forecaster} has columns of different lengths")


@dataclass(frozen=True, slots=True)
class EvaluationTable:
    """One league's walk-forward scores on identical games.

    `scores[forecaster][metric]` are the scores; `differences["first - second"][metric]` the paired differences.
    Forecasters are `model`, `close`, `base_rate` (others are shown under their own name); metrics are `log_loss`,
    `brier`, `rps`, `accuracy`, `ece`. `excluded` counts games left out, by reason; `error_if_calibrated` is the
    calibration error a perfect forecaster would show by chance (95th percentile).
    """

    league: str
    league_name: str
    market: str
    n: int
    scores: Mapping[str, Mapping[str, Interval]]
    differences: Mapping[str, Mapping[str, Interval]]
    seasons: tuple[int, int] | None = None
    curves: tuple[ReliabilityCurve, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    error_if_calibrated: float | None = None
    alarm: str | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers of one source came from: how many files and rows, from where, when, and their checksums.

    `origin` is a mirror's folder or URL, a public host, or the seed of a simulation; `sha256` are full hex digests, one
    per file.
    """

    league: str
    source: str
    origin: str
    files: int
    rows: int
    fetched_at: datetime
    sha256: tuple[str, ...] = ()
    games: int | None = None
    quotes: int | None = None
    rejected: int = 0


def _without_figures(reason: str) -> str:
    return _FIGURE.sub("…", reason)
