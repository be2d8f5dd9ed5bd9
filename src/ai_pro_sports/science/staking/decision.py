"""From a candidate to a stake in whole cents, or to the first reason against it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.money import Money
from ai_pro_sports.science.staking.controls import CONTROLS, Candidate, Control, Proposal, Verdict
from ai_pro_sports.science.staking.rules import StakingRules

__all__ = ["Decision", "decide"]


@dataclass(frozen=True, slots=True)
class Decision:
    """The stake (zero without a bet), why there is none (`reason`, None with a bet), the growth-optimal share before
    any cut (`kelly`, None without a price), and what every control asked said.
    """

    stake: Money
    reason: str | None
    kelly: float | None
    verdicts: tuple[Verdict, ...]

    @property
    def refused_by(self) -> str | None:
        """Return the name of the control that said no, None with a bet."""
        return next((verdict.control for verdict in self.verdicts if not verdict.allowed), None)


def decide(
    candidate: Candidate,
    bankroll: Money,
    rules: StakingRules | None = None,
    *,
    controls: tuple[Control, ...] = CONTROLS,
) -> Decision:
    """Ask the controls in order and stop at the first no.

    Raises InvalidValue where bankroll and minimum stake are in different currencies.

    >>> from ai_pro_sports.core.odds import Odds
    >>> from datetime import timedelta
    >>> bet = Candidate(0.58, 0.0, 0.42, odds=Odds.from_american(-110), price_age=timedelta(hours=1))
    >>> decide(bet, Money.of("1000")).stake.amount
    Decimal('20.00')
    >>> decide(bet, Money.of("100")).reason
    'stake 2.00 USD is below 10.00 USD'
    """
    rules = rules or StakingRules()
    if rules.minimum.currency != bankroll.currency:
        raise InvalidValue(
            f"a bankroll in {bankroll.currency} and a minimum stake in {rules.minimum.currency}",
            hint="state both in one currency",
        )
    kelly = candidate.kelly
    proposal = Proposal(candidate, rules, bankroll, rules.kelly_multiple * Decimal(kelly or 0.0))
    verdicts: list[Verdict] = []
    for control in controls:
        verdict, proposal = control(proposal)
        verdicts.append(verdict)
        if not verdict.allowed:
            return Decision(Money.of(0, bankroll.currency), verdict.reason, kelly, tuple(verdicts))
    return Decision(proposal.stake, None, kelly, tuple(verdicts))
