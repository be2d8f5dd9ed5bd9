from __future__ import annotations

from typing import Any

import pytest

from ai_pro_sports.science.ratings.compiled import compiled


def test_a_function_without_a_file_to_cache_beside_is_compiled_all_the_same() -> None:
    """Numba refuses to cache where it finds no place to write, as in a read-only installation without a home."""
    namespace: dict[str, Any] = {}
    exec("def twice(number):\n    return 2 * number\n", namespace)
    twice = compiled(namespace["twice"])
    assert twice(21) == 42
    assert twice(0.25) == 0.5


def test_compiled_arithmetic_is_not_reassociated() -> None:
    @compiled
    def left_to_right(a: float, b: float, c: float) -> float:
        return (a + b) + c

    assert left_to_right(1e16, 1.0, 1.0) == (1e16 + 1.0) + 1.0
    assert left_to_right(1e16, 1.0, 1.0) != pytest.approx(1e16 + 2.0, rel=1e-17, abs=0)
