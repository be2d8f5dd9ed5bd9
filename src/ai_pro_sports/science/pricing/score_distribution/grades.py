"""What a law says about one bet: the probability of each grade, and its summary as win, push and loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["GradeProbabilities", "WinPushLoss"]

FloatArray = npt.NDArray[np.float64]


class WinPushLoss(NamedTuple):
    """Shares of the stake expected to win, to come back and to be lost, (games,) each, summing to 1.

    Half results count half each way, which is the mean of the two halves of a quarter line.
    """

    win: FloatArray
    push: FloatArray
    loss: FloatArray

    @property
    def decided(self) -> FloatArray:
        """Return the probability of winning given that the bet is decided, (games,): what a fair price is made of.

        NaN where nothing is ever decided.

        >>> WinPushLoss(np.array([0.45]), np.array([0.1]), np.array([0.45])).decided.tolist()
        [0.5]
        """
        with np.errstate(invalid="ignore"):
            share: FloatArray = self.win / (self.win + self.loss)
        return share


@dataclass(frozen=True, slots=True)
class GradeProbabilities:
    """The probability of each grade of one bet, (games,) each, summing to 1. A law knows no void."""

    win: FloatArray
    half_win: FloatArray
    push: FloatArray
    half_loss: FloatArray
    loss: FloatArray

    def shares(self) -> WinPushLoss:
        """Return the shares of the stake that win, come back and are lost.

        >>> one, none = np.array([1.0]), np.array([0.0])
        >>> [share.tolist() for share in GradeProbabilities(none, one, none, none, none).shares()]
        [[0.5], [0.5], [0.0]]
        """
        win, loss = self.win + self.half_win / 2, self.loss + self.half_loss / 2
        return WinPushLoss(win, self.push + (self.half_win + self.half_loss) / 2, loss)
