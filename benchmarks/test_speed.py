"""Speed, as ratios against a stated reference in the same run. Run: pytest benchmarks --benchmark-only -n0."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.optimize import brentq

from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
from ai_pro_sports.science.pricing.vig import devig

BOOKS = 10_000


@pytest.fixture
def prices() -> np.ndarray:
    fair = np.random.default_rng(7).dirichlet([6, 4, 4], BOOKS)
    return 1 / np.clip(fair * 1.05, 0.02, 0.98)


@pytest.mark.benchmark(group="power devig, 10,000 three-way books")
def test_power_in_one_batch(benchmark: BenchmarkFixture, prices: np.ndarray) -> None:
    benchmark(devig, prices, "power")


@pytest.mark.benchmark(group="power devig, 10,000 three-way books")
def test_power_book_by_book_with_brentq(benchmark: BenchmarkFixture, prices: np.ndarray) -> None:
    def one_by_one() -> list[float]:
        inverse = 1 / prices
        return [brentq(lambda k, row=row: (row**k).sum() - 1, 0.2, 5) for row in inverse]

    benchmark.pedantic(one_by_one, rounds=1)


@pytest.mark.benchmark(group="a slate of 1,000 soccer laws and their three-way prices")
def test_goal_grids_in_one_batch(benchmark: BenchmarkFixture) -> None:
    rates = np.random.default_rng(7).uniform(0.6, 2.6, (2, 1000))
    benchmark(lambda: goal_grid(rates[0], rates[1], rho=-0.05).three_way())


@pytest.mark.benchmark(group="a slate of 1,000 soccer laws and their three-way prices")
def test_goal_grids_game_by_game(benchmark: BenchmarkFixture) -> None:
    rates = np.random.default_rng(7).uniform(0.6, 2.6, (2, 1000))
    benchmark.pedantic(
        lambda: [goal_grid([h], [a], rho=-0.05).three_way() for h, a in zip(*rates, strict=True)], rounds=1
    )
