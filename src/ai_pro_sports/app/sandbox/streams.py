"""Random streams with names, so that what one part of the world draws never shifts what another part draws."""

from __future__ import annotations

import numpy as np

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.ids import stable_id

__all__ = ["stream"]


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Return the generator that `seed` and `names` name: the same one on every machine and in every run.

    A season's games come from streams named by league and season, so they stay as they are however many seasons are
    asked for and however far the calendar has moved. Raises InvalidValue for a negative seed.

    >>> a, b = stream(7, "EPL", 2023, "scores"), stream(7, "EPL", 2023, "scores")
    >>> float(a.random()) == float(b.random())
    True
    """
    if seed < 0:
        raise InvalidValue(f"a seed is zero or above, not {seed}", hint="use any whole number from 0")
    return np.random.default_rng([seed, stable_id("sandbox stream", *names)])
