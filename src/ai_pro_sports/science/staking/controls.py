"""The ordered questions a bet must pass. Each says yes or no with its reason; the first no is why there is no bet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from ai_pro_sports.core.money import Money
from ai_pro_sports.core.odds import Odds
from ai_pro_sports.science.pricing.value import Tier, edge, expected_value, tier
from ai_pro_sports.science.staking.kelly import kelly_fraction
from ai_pro_sports.science.staking.rules import StakingRules

__all__ = ["CONTROLS", "Candidate", "Control", "Proposal", "Verdict"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bet under consideration: the probability of each grade by our law, and the best price with its age, if any.

    The probabilities sum to 1. `tier_counts` is False where the tier only informs (see `rules.tier_counts`).
    """

    win: float
    push: float
    loss: float
    half_win: float = 0.0
    half_loss: float = 0.0
    odds: Odds | None = None
    price_age: timedelta | None = None
    tier_counts: bool = True

    @property
    def won(self) -> float:
        """Return the share of the stake expected to win."""
        return self.win + self.half_win / 2

    @property
    def lost(self) -> float:
        """Return the share of the stake expected to be lost."""
        return self.loss + self.half_loss / 2

    @property
    def probability(self) -> float:
        """Return the probability of winning given a decision; 0 where nothing is ever decided."""
        return self.won / (self.won + self.lost) if self.won + self.lost > 0 else 0.0

    @property
    def price(self) -> float | None:
        """Return the decimal price as a float, None without one."""
        return None if self.odds is None else float(self.odds.exact)

    @property
    def tier(self) -> Tier:
        """Return the tier of the probability."""
        return tier(self.probability)

    @property
    def edge(self) -> float | None:
        """Return the edge at the price, None without one."""
        return None if self.price is None else float(edge(self.probability, self.price))

    @property
    def ev(self) -> float | None:
        """Return the expected profit of one unit, None without a price."""
        return None if self.price is None else float(expected_value(self.won, self.lost, self.price))

    @property
    def kelly(self) -> float | None:
        """Return the growth-optimal share of the bankroll, None without a price."""
        if self.price is None:
            return None
        share = kelly_fraction(self.win, self.loss, self.price, half_win=self.half_win, half_loss=self.half_loss)
        return float(share)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The stake as it stands while the controls go over it."""

    candidate: Candidate
    rules: StakingRules
    bankroll: Money
    share: Decimal

    @property
    def stake(self) -> Money:
        """Return the share of the bankroll in whole cents, rounded down."""
        return self.bankroll.share(self.share)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one control said: its name, whether the bet may go on, and why (or what it changed)."""

    control: str
    allowed: bool
    reason: str


Control = Callable[[Proposal], tuple[Verdict, Proposal]]


def _said(name: str, proposal: Proposal, allowed: bool, yes: str, no: str) -> tuple[Verdict, Proposal]:
    return Verdict(name, allowed, yes if allowed else no), proposal


def price_known(proposal: Proposal) -> tuple[Verdict, Proposal]:
    """Ask whether there is a price at all."""
    odds = proposal.candidate.odds
    return _said("price_known", proposal, odds is not None, f"priced at {odds}", "no price is known")


def price_fresh(proposal: Proposal) -> tuple[Verdict, Proposal]:
    """Ask whether the price is young enough to still be there; one of unknown age, or not yet known, is not."""
    age, limit = proposal.candidate.price_age, proposal.rules.max_price_age
    if age is None:
        return _said("price_fresh", proposal, limit is None, "prices of any age count", "the price has no time")
    if age < timedelta(0):
        return _said("price_fresh", proposal, False, "", "the price was not known yet")
    seen = f"the price is {_hours(age)} old"
    fresh = limit is None or age <= limit
    return _said("price_fresh", proposal, fresh, seen, "" if limit is None else f"{seen}, more than {_hours(limit)}")


def enough_edge(proposal: Proposal) -> tuple[Verdict, Proposal]:
    """Ask whether the edge reaches the least one wanted."""
    found, wanted = proposal.candidate.edge or 0.0, proposal.rules.min_edge
    return _said(
        "edge", proposal, found >= wanted, f"edge {found:+.1%}", f"edge {found:+.1%} is below the {wanted:.1%} wanted"
    )


def positive_value(proposal: Proposal) -> tuple[Verdict, Proposal]:
    """Ask whether the bet is expected to pay."""
    value = proposal.candidate.ev or 0.0
    return _said("expected_value", proposal, value > 0, f"EV {value:+.1%}", f"EV {value:+.1%} is not above zero")


def tier_allows(proposal: Proposal) -> tuple[Verdict, Proposal]:
    """Ask whether the forecast is confident enough, where the tier decides."""
    mine = proposal.candidate.tier
    if not proposal.candidate.tier_counts:
        return _said("tier", proposal, True, f"tier {mine}, for information in this market", "")
    return _said("tier", proposal, mine is not Tier.D, f"tier {mine}", "tier D: the side is too unlikely to win")


def within_cap(proposal: Proposal) -> tuple[Verdict, Proposal]:
    """Cut the stake to the cap; say no only where there is nothing to stake from."""
    cap, share = proposal.rules.cap, proposal.share
    cut = replace(proposal, share=min(share, cap))
    kept = f"{share:.2%} of the bankroll" if share <= cap else f"cut from {share:.2%} to {cap:.2%} of the bankroll"
    return _said("stake_cap", cut, proposal.bankroll.amount > 0, kept, "the bankroll is empty")


def above_minimum(proposal: Proposal) -> tuple[Verdict, Proposal]:
    """Ask whether the stake is worth placing."""
    stake, least = proposal.stake, proposal.rules.minimum
    return _said("minimum_stake", proposal, least <= stake, f"stake {stake}", f"stake {stake} is below {least}")


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.1f} h"


CONTROLS: tuple[Control, ...] = (
    price_known,
    price_fresh,
    enough_edge,
    positive_value,
    tier_allows,
    within_cap,
    above_minimum,
)
"""The controls in the order they are asked."""
