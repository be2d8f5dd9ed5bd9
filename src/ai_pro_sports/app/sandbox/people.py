"""Invented quarterbacks, coaches and referees, so that the columns that name people are filled and name nobody."""

from __future__ import annotations

import numpy as np

__all__ = ["invented_names", "invented_referees"]

FIRST = (
    *("Abran", "Bexley", "Corvin", "Dashel", "Elric", "Fenno", "Garrick", "Hollis", "Ibran", "Jorah", "Kestor"),
    *("Lorcan", "Maddox", "Nyle", "Orrin", "Pascoe", "Quade", "Roscoe", "Stellan", "Tavish", "Ulric", "Vance"),
)
LAST = (
    *("Ashgrove", "Birkwell", "Copperdale", "Dunleaf", "Emberley", "Foxmoor", "Gladewin", "Harrowby", "Inkwell"),
    *("Jessamy", "Kettlemark", "Longmere", "Mossgate", "Netherby", "Oxlade", "Plumridge", "Quillfeather", "Ravenshaw"),
    *("Stonecroft", "Thistlewick", "Underhay", "Vellacott", "Wintermoor", "Yarnold"),
)


def invented_names(count: int, generator: np.random.Generator) -> list[str]:
    """Return `count` different invented full names (up to 528).

    >>> len(set(invented_names(64, np.random.default_rng(0))))
    64
    """
    chosen = generator.permutation(len(FIRST) * len(LAST))[:count]
    return [f"{FIRST[number // len(LAST)]} {LAST[number % len(LAST)]}" for number in chosen]


def invented_referees() -> list[str]:
    """Return invented referees as an initial and a surname.

    >>> invented_referees()[0]
    'A Ashgrove'
    """
    return [f"{FIRST[number % len(FIRST)][0]} {last}" for number, last in enumerate(LAST)]
