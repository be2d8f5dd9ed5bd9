"""Our law beside a price: what each offered selection is worth to us."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.market import MarketKind, Period, Side
from ai_pro_sports.science.pricing.score_distribution.distribution import ScoreDistribution
from ai_pro_sports.science.pricing.score_distribution.grades import GradeProbabilities
from ai_pro_sports.science.pricing.value import edge, expected_value, tiers

__all__ = ["appraise"]

_GRADES = ("win", "half_win", "push", "half_loss", "loss")


def appraise(law: ScoreDistribution, game_ids: npt.ArrayLike, offers: pl.DataFrame) -> pl.DataFrame:
    """Return the offers, order kept, with what our law says about each.

    `law` holds one game per entry of `game_ids` (games,). `offers` has `game_id`, `market`, `period`, `line`, `side`
    and `price`. Added: the probability of each grade (`win`, `half_win`, `push`, `half_loss`, `loss`), `probability`
    (of winning, given a decision), `fair_price`, `edge`, `ev` and `tier`. Offers on games or periods we have no law of
    are left out. Raises InvalidValue where ids and laws do not pair.
    """
    ids = np.asarray(game_ids, dtype=np.int64)
    if ids.shape != (len(law),):
        raise InvalidValue(f"{ids.size} game ids for {len(law)} laws", hint="hand over one id per law")
    places = pl.DataFrame({"game_id": ids, "_place": np.arange(ids.size)})
    ours = (
        offers.filter(pl.col("period") == str(Period.FULL))
        .with_row_index("_order")
        .join(places, on="game_id", how="inner")
        .sort("_order")
        .drop("_order")
    )
    found = _grades(law, ours)
    shares = found.shares()
    probability, price = shares.decided, ours["price"].to_numpy()
    return ours.drop("_place").with_columns(
        *(pl.Series(name, getattr(found, name)) for name in _GRADES),
        pl.Series("probability", probability),
        pl.Series("fair_price", 1 / np.where(probability > 0, probability, np.nan)),
        pl.Series("edge", edge(probability, price)),
        pl.Series("ev", expected_value(shares.win, shares.loss, price)),
        pl.Series("tier", tiers(probability).astype(str), dtype=pl.String),
    )


def _grades(law: ScoreDistribution, offers: pl.DataFrame) -> GradeProbabilities:
    """Price the offers kind by kind and side by side, each at its own line."""
    table = np.empty((offers.height, len(_GRADES)))
    rows = offers.select("market", "side", "line", "_place").with_row_index("_row")
    for (kind, side), some in rows.group_by("market", "side"):
        line = some["line"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        priced = law.take(some["_place"].to_numpy()).grades(MarketKind(str(kind)), Side(str(side)), line)
        table[some["_row"].to_numpy()] = np.column_stack([getattr(priced, name) for name in _GRADES])
    return GradeProbabilities(*table.T)
