"""A simulated world behind the providers' own file formats: leagues whose truth is known.

`simulate` writes a mirror directory that the ordinary way of the data reads unchanged, plus `truth.json` with the true
probabilities of every game in it. All clubs and people are invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_pro_sports.app.sandbox.simulation import World, invented_teams, is_simulation, read_truth, simulate

__all__ = ["World", "invented_teams", "is_simulation", "read_truth", "simulate"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from ai_pro_sports.app.sandbox import simulation

        return getattr(simulation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
