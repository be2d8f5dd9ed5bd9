"""Money: exact amounts in a named currency. Floats are refused; mixing currencies is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, InvalidOperation

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.odds import Odds

__all__ = ["Money"]

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in hundredths of a currency; raises InvalidValue for floats, fractions of a cent and odd codes.

    >>> Money.of("10.50") + Money.of("0.25")
    Money(amount=Decimal('10.75'), currency='USD')
    """

    amount: Decimal
    currency: str = "USD"

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise InvalidValue(f"money is exact, not a {type(self.amount).__name__}", hint='use Money.of("10.50")')
        if not self.amount.is_finite() or self.amount != self.amount.quantize(_CENT):
            raise InvalidValue(f"money counts whole cents, not {self.amount}", hint="round it first")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise InvalidValue(f"not a currency code: {self.currency!r}", hint="use an ISO 4217 code such as USD")
        object.__setattr__(self, "amount", self.amount.quantize(_CENT))

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str = "USD") -> Money:
        """Read an amount from text, whole units or a Decimal; raises InvalidValue for a float."""
        if isinstance(amount, float):
            raise InvalidValue("money as a float is not exact", hint=f'write "{amount}" as text')
        try:
            return cls(Decimal(amount), currency)
        except InvalidOperation:
            raise InvalidValue(f"not an amount: {amount!r}", hint='write "10.50"') from None

    @classmethod
    def rounded_down(cls, amount: Decimal, currency: str = "USD") -> Money:
        """Drop fractions of a cent, as a book does with a payout and we do with a stake."""
        return cls(amount.quantize(_CENT, rounding=ROUND_DOWN), currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def share(self, fraction: Decimal) -> Money:
        """Return a fraction of this amount, rounded down to the cent.

        >>> Money.of("100").share(Decimal("0.0199999")).amount
        Decimal('1.99')
        """
        return Money.rounded_down(self.amount * fraction, self.currency)

    def payout(self, odds: Odds) -> Money:
        """Return what a winning stake of this size pays back at `odds`, stake included, rounded down.

        >>> Money.of("110").payout(Odds.from_american(-110)).amount
        Decimal('210.00')
        """
        exact = self.amount * odds.exact.numerator / odds.exact.denominator
        return Money.rounded_down(exact, self.currency)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Divide by whole weights without losing a cent: leftover cents go to the largest remainders, first wins.

        >>> [str(part.amount) for part in Money.of("1.00").split([1, 1, 1])]
        ['0.34', '0.33', '0.33']
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise InvalidValue(f"cannot divide by weights {list(weights)}", hint="give non-negative, not all zero")
        cents = int(self.amount / _CENT)
        shares = [cents * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: -(cents * weights[i] % total))
        for i in by_remainder[: cents - sum(shares)]:
            shares[i] += 1
        return tuple(Money(share * _CENT, self.currency) for share in shares)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise InvalidValue(f"cannot mix {self.currency} and {other.currency}", hint="convert one first")
        return other.amount

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"
