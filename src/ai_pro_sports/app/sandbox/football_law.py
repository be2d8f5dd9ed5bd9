"""The true law of a football game: drives that end in seven, three or nothing, a late score, and overtime.

Each side has `DRIVES` drives; each ends in a touchdown, a field goal or no points, so a side's score before the ending
is a sum of independent drives and its law is a power of one characteristic function. A close game then has an ending:
the side that is behind may score once more, a tied game is decided by a late field goal or goes to overtime. Three is
by far the commonest margin, then seven, as on real fields.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["ENDINGS", "Ending", "FootballLaw"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

DRIVES = 11
TOUCHDOWN_SHARE = 0.77
TOUCHDOWN_POINTS = {6: 0.05, 7: 0.92, 8: 0.03}
FIELD_GOAL = 3
SIZE = 256
"""Length of the transforms: above twice the most points eleven drives can bring, so nothing wraps around."""
POINTS = DRIVES * max(TOUCHDOWN_POINTS) + 1

LATE_SCORES = {1: (3, 0.45), 2: (3, 0.45), 3: (3, 0.25), 4: (7, 0.2), 5: (7, 0.15), 6: (7, 0.15), 7: (7, 0.12)}
"""By how much a side is behind: what it still scores, and how often."""
LATE_WINNER = 0.5
"""How often a tied game is won by a field goal before overtime."""
OVERTIME = {3: 0.57, 6: 0.38, 0: 0.05}
"""What decides overtime: a field goal, a touchdown, or nothing."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Points both sides add after the drives, how likely that is, and whether overtime was played."""

    home: int
    away: int
    chance: float
    overtime: bool


def _from_level(points: int, chance: float) -> list[Ending]:
    """Return the endings of a game the home side has just levelled by `points`, which happens with `chance`."""
    late = [Ending(3, 0, LATE_WINNER / 2, False), Ending(0, 3, LATE_WINNER / 2, False)]
    rest = 1 - LATE_WINNER
    over = [Ending(won, 0, rest * share / 2, True) for won, share in OVERTIME.items()]
    over += [Ending(0, won, rest * share / 2, True) for won, share in OVERTIME.items()]
    return [Ending(e.home + points, e.away, e.chance * chance, e.overtime) for e in (*late, *over)]


def _endings(margin: int) -> tuple[Ending, ...]:
    if margin == 0:
        return tuple(_from_level(0, 1.0))
    points, chance = LATE_SCORES[abs(margin)]
    stays = Ending(0, 0, 1 - chance, False)
    # Written for the home side behind; mirrored where it is the other.
    levels = points == abs(margin)
    scored = _from_level(points, chance) if levels else [Ending(points, 0, chance, False)]
    if margin > 0:
        scored = [Ending(e.away, e.home, e.chance, e.overtime) for e in scored]
    return (stays, *scored)


ENDINGS: dict[int, tuple[Ending, ...]] = {margin: _endings(margin) for margin in range(-7, 8)}
"""Every way a game within seven points can end, by the home margin after the drives."""


class FootballLaw:
    """The joint law of both scores for a batch of games.

    `home_points` and `away_points` (n,) are expected points over the drives; the ending adds about one. `margin` and
    `total` are probabilities (n, SIZE) over `margins` and `totals`.

    >>> law = FootballLaw(np.array([24.0]), np.array([20.0]))
    >>> bool(law.outcomes()[0, 0] > 0.6), float(law.margin.sum().round(9))
    (True, 1.0)
    """

    margins: IntArray = np.arange(SIZE) - SIZE // 2
    totals: IntArray = np.arange(SIZE)

    def __init__(self, home_points: FloatArray, away_points: FloatArray) -> None:
        home, away = _drive_transform(home_points), _drive_transform(away_points)
        self._home, self._away = _law_of(home)[:, :POINTS], _law_of(away)[:, :POINTS]
        self.margin = np.roll(_law_of(home * away.conj()), SIZE // 2, axis=1)
        self.total = _law_of(home * away)
        self._end_close_games()

    def _end_close_games(self) -> None:
        level = SIZE // 2
        for margin, endings in ENDINGS.items():
            behind = abs(margin)
            if margin >= 0:
                joint = self._home[:, behind:] * self._away[:, : POINTS - behind]
            else:
                joint = self._home[:, : POINTS - behind] * self._away[:, behind:]
            self._move(level + margin, behind, joint, -1.0)
            for ending in endings:
                added = ending.home + ending.away
                self._move(level + margin + ending.home - ending.away, behind + added, joint, ending.chance)

    def _move(self, margin: int, first_total: int, joint: FloatArray, chance: float) -> None:
        """Add `chance` of the games in `joint`, whose totals run in steps of two from `first_total`."""
        self.margin[:, margin] += chance * joint.sum(axis=1)
        self.total[:, first_total : first_total + 2 * joint.shape[1] : 2] += chance * joint

    def outcomes(self) -> FloatArray:
        """Return the probabilities of home win, tie and away win, shape (n, 3)."""
        level = SIZE // 2
        home = self.margin[:, level + 1 :].sum(axis=1)
        away = self.margin[:, :level].sum(axis=1)
        return np.stack([home, 1 - home - away, away], axis=1)

    def expected_margin(self) -> FloatArray:
        """Return the mean of home minus away points, shape (n,)."""
        return self.margin @ self.margins.astype(np.float64)

    def expected_total(self) -> FloatArray:
        """Return the mean of all points scored, shape (n,)."""
        return self.total @ self.totals.astype(np.float64)

    def draw(self, generator: np.random.Generator) -> tuple[IntArray, IntArray, npt.NDArray[np.bool_]]:
        """Play the games once: home points, away points and whether overtime was played, each of shape (n,)."""
        chances = generator.random((3, self._home.shape[0]))
        home = (np.cumsum(self._home, axis=1) < chances[0][:, None]).sum(axis=1)
        away = (np.cumsum(self._away, axis=1) < chances[1][:, None]).sum(axis=1)
        added = np.zeros((3, home.size), dtype=np.int64)
        for margin, endings in ENDINGS.items():
            here = np.flatnonzero(home - away == margin)
            steps = np.cumsum([ending.chance for ending in endings])[:-1]
            drawn = np.searchsorted(steps, chances[2][here], side="right")
            added[:, here] = np.array([(e.home, e.away, e.overtime) for e in endings], dtype=np.int64)[drawn].T
        return home + added[0], away + added[1], added[2].astype(np.bool_)


def _drive_transform(points: FloatArray) -> npt.NDArray[np.complex128]:
    turn = np.exp(-2j * np.pi * np.arange(SIZE) / SIZE)
    touchdown_mean = sum(value * share for value, share in TOUCHDOWN_POINTS.items())
    touchdown_turn = sum(share * turn**value for value, share in TOUCHDOWN_POINTS.items())
    a_drive = points[:, None] / DRIVES
    touchdown = TOUCHDOWN_SHARE * a_drive / touchdown_mean
    field_goal = (1 - TOUCHDOWN_SHARE) * a_drive / FIELD_GOAL
    law: npt.NDArray[np.complex128] = (
        1 - touchdown - field_goal + touchdown * touchdown_turn + field_goal * turn**FIELD_GOAL
    ) ** DRIVES
    return law


def _law_of(transform: npt.NDArray[np.complex128]) -> FloatArray:
    return np.clip(np.fft.ifft(transform, axis=1).real, 0.0, None)
