"""Open exposure: what is at stake together never passes the share, and the most worthwhile bets come first."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.money import Money
from ai_pro_sports.science.staking.exposure import fitting_bets

BANKROLL = Money.of(1000)
SHARE = Decimal("0.15")
bets = st.lists(st.tuples(st.integers(0, 20_000), st.floats(0, 1)), max_size=12)


def chosen(pairs: list[tuple[int, float]]) -> tuple[list[Money], list[bool]]:
    stakes = [Money(Decimal(cents) / 100) for cents, _ in pairs]
    return stakes, fitting_bets(stakes, [worth for _, worth in pairs], BANKROLL, SHARE)


@given(bets)
def test_what_fits_never_passes_the_share(pairs: list[tuple[int, float]]) -> None:
    stakes, fits = chosen(pairs)
    assert sum((s.amount for s, fit in zip(stakes, fits, strict=True) if fit), Decimal(0)) <= Decimal(150)


@given(bets)
def test_a_bet_is_only_left_out_when_better_ones_fill_its_room(pairs: list[tuple[int, float]]) -> None:
    stakes, fits = chosen(pairs)
    order = sorted(range(len(pairs)), key=lambda at: -pairs[at][1])
    room = Decimal(150)
    for place in order:
        assert fits[place] == (stakes[place].amount <= room)
        room -= stakes[place].amount if fits[place] else 0


def test_empty_stakes_always_fit() -> None:
    assert fitting_bets([Money.of(0), Money.of(150), Money.of(0)], [0.0, 0.5, 0.1], BANKROLL, SHARE) == [True] * 3


def test_lists_that_do_not_pair_are_refused() -> None:
    with pytest.raises(InvalidValue, match="worths"):
        fitting_bets([Money.of(1)], [], BANKROLL, SHARE)
