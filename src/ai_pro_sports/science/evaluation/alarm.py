"""The plausibility alarm: whoever beats the closing line over a thousand games has more likely seen the future."""

from __future__ import annotations

from ai_pro_sports.science.scoring.bootstrap import Estimate

__all__ = ["ENOUGH_GAMES", "plausibility_alarm"]

ENOUGH_GAMES = 1000


def plausibility_alarm(model_minus_close: Estimate) -> str | None:
    """Return what to say about a log loss below the close by more than chance on enough games, else None.

    >>> plausibility_alarm(Estimate(0.012, 0.008, 0.016, 5000)) is None
    True
    >>> plausibility_alarm(Estimate(-0.02, -0.03, -0.01, 5000)).split(":")[0]
    'beats the closing line by 0.0200 nats [0.0100, 0.0300] on 5,000 games'
    """
    if model_minus_close.n < ENOUGH_GAMES or not model_minus_close.high < 0:
        return None
    best, least, most = -model_minus_close.value, -model_minus_close.high, -model_minus_close.low
    return (
        f"beats the closing line by {best:.4f} nats [{least:.4f}, {most:.4f}] on {model_minus_close.n:,} games: "
        "a leak is far likelier than a discovery; run the leak auditor on the features before believing it"
    )
