"""A simulated world behind the providers' own file formats: leagues whose truth is known.

`simulate` writes a mirror directory that the ordinary way of the data reads unchanged, plus `truth.json` with the true
probabilities of every game in it. All clubs and people are invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

if TYPE_CHECKING:
    from ai_pro_sports.app.sandbox.simulation import World, invented_teams, is_simulation, read_truth, simulate

__all__ = ["World", "invented_teams", "is_simulation", "read_truth", "simulate"]

__getattr__ = lazy_exports(
    __name__,
    {
        "World": "simulation",
        "invented_teams": "simulation",
        "is_simulation": "simulation",
        "read_truth": "simulation",
        "simulate": "simulation",
    },
)
