"""Compilation of recursions: machine code where Python loops would dominate, cached on disk where disk allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit

__all__ = ["compiled"]

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` at its first call, without fast-math: equal inputs give bit-equal outputs.

    The machine code is kept beside the source or in the user's cache directory; where neither can be written (a
    read-only installation without a home) Numba refuses to cache at all, and each process compiles for itself.
    """
    try:
        made: Any = njit(cache=True)(function)
    except RuntimeError:
        made = njit(function)
    return cast("Callable[P, R]", made)
