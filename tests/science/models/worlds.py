"""Invented leagues whose truth is known: seasons of games with features, expectations and scores drawn from a law."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from ai_pro_sports.science.pricing.score_distribution.goal_grid import goal_grid
from ai_pro_sports.science.pricing.score_distribution.key_number_grid import KeyNumbers, key_number_grid

FEATURES = ("strength_home", "strength_away", "noise")
KEYS = KeyNumbers(margin=(0.05, 0.7, 0.7, 2.5, 0.9, 0.7, 1.1, 1.8))
RHO = -0.1


def frame_of(generator, seasons, games_per_season):
    """Games without scores, one a day, three standard normal features."""
    games = seasons * games_per_season
    season = np.repeat(np.arange(2000, 2000 + seasons), games_per_season)
    day = np.tile(np.arange(games_per_season), seasons) * 0.9
    starts = [
        datetime(int(year), 1, 7, 17, 0, tzinfo=UTC) + timedelta(days=float(days))
        for year, days in zip(season, day, strict=True)
    ]
    features = {name: generator.normal(size=games) for name in FEATURES}
    return pl.DataFrame(
        {"game_id": np.arange(games) + 1, "season": season, "starts_at": starts, **features},
        schema_overrides={"starts_at": pl.Datetime("us", "UTC")},
    )


def drawn(generator, law):
    """One final score per game, from its law."""
    flat = law.mass.reshape(len(law), -1).cumsum(axis=1)
    cell = np.minimum((generator.random((len(law), 1)) >= flat).sum(axis=1), flat.shape[1] - 1)
    home, away = np.unravel_index(cell, law.mass.shape[1:])
    return home.astype(np.int32), away.astype(np.int32)


def with_scores(generator, frame, law):
    home, away = drawn(generator, law)
    return frame.with_columns(pl.Series("home_score", home), pl.Series("away_score", away))


def football_law(frame):
    home, away = (frame[name].to_numpy() for name in FEATURES[:2])
    return key_number_grid(2.0 + 5.0 * (home - away), 12.0, 44.0 + 2.0 * (home + away), 12.0, KEYS)


def soccer_rates(frame):
    home, away = (frame[name].to_numpy() for name in FEATURES[:2])
    return np.exp(0.35 + 0.25 * home - 0.15 * away), np.exp(0.1 - 0.15 * home + 0.25 * away)


def soccer_law(frame):
    return goal_grid(*soccer_rates(frame), RHO)


def football_world(*, seed=1, seasons=6, games=120):
    generator = np.random.default_rng(seed)
    frame = frame_of(generator, seasons, games)
    return with_scores(generator, frame, football_law(frame))


def soccer_world(*, seed=1, seasons=6, games=150):
    generator = np.random.default_rng(seed)
    frame = frame_of(generator, seasons, games)
    return with_scores(generator, frame, soccer_law(frame))
