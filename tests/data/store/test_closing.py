"""Closing lines, against a reference slow and plain enough to believe."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ai_pro_sports.core.leagues import NFL
from ai_pro_sports.data.store import Database, UnitOfWork
from tests.data.store.rows import HOURS, KICKOFF, LONG_AFTER, RECORDED, game, game_id, games, kept_game, quote, quotes

pytestmark = pytest.mark.anyio

STARTS = {"g1": KICKOFF, "g2": KICKOFF + 3 * HOURS}

offers = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from(sorted(STARTS)),
        "book": st.sampled_from(["pinnacle", "bet365"]),
        "market": st.sampled_from(["moneyline", "spread"]),
        "side": st.sampled_from(["home", "away"]),
        "price": st.sampled_from([1.5, 1.909090909090909, 2.1, 3.75]),
        "line": st.sampled_from([-3.5, -3.0, 0.0, 2.25]),
        "minutes": st.sampled_from([-1500, -180, -60, -1, 0, 1, 60, 180]),
        "moment": st.sampled_from(["stamped", "stamped", "open", "pre_close", "close"]),
    }
)


def offered(offer: dict[str, Any]) -> dict[str, Any]:
    start = STARTS[offer["external_id"]]
    facts = {name: offer[name] for name in ("book", "market", "side", "price", "moment")}
    facts["line"] = offer["line"] if offer["market"] == "spread" else None
    if offer["moment"] == "stamped":
        facts["known_at"] = start + timedelta(minutes=offer["minutes"])
    return quote(offer["external_id"], start, **facts)


def reference(kept: list[dict[str, Any]], starts: dict[int, datetime]) -> set[tuple[Any, ...]]:
    """Closing lines one quote at a time: keep it if no later quote of its book, market and side precedes the start."""
    closing = set()
    for one in kept:
        start = starts[one["game_id"]]
        if one["known_at"] > start:
            continue
        rivals = [
            other["known_at"]
            for other in kept
            if all(other[name] == one[name] for name in ("game_id", "book", "market", "period", "side"))
            and other["known_at"] <= start
        ]
        if one["known_at"] == max(rivals):
            closing.add(tuple(one[name] for name in KEYS))
    return closing


KEYS = ("game_id", "book", "market", "period", "line", "side", "price", "price_american", "moment", "known_at")


async def drawn(work: UnitOfWork) -> set[tuple[Any, ...]]:
    frame = (await work.closing.frame("NFL", LONG_AFTER)).rename({"captured_at": "known_at"})
    return set(frame.select(KEYS).iter_rows())


@given(st.lists(offers, max_size=40), st.integers(0, 40), st.sampled_from([-24, -2, 0, 1, 24]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_closing_lines_are_those_of_the_plain_reference(
    database: Database, some: list[dict[str, Any]], cut: int, moved: int
) -> None:
    rows = [offered(offer) for offer in some]
    async with database.unit_of_work() as work:
        for name, start in STARTS.items():
            await kept_game(work, name, starts_at=start)
        await work.quotes.write(NFL, quotes(*rows[:cut]))
        await work.quotes.write(NFL, quotes(*rows[cut:]))
        starts = {game_id(name): start for name, start in STARTS.items()}
        kept = (await work.quotes.frame("NFL", LONG_AFTER)).to_dicts()
        assert await drawn(work) == reference(kept, starts)

        starts[game_id("g1")] += moved * HOURS
        await work.games.write(NFL, games(game("g1", starts_at=starts[game_id("g1")])), RECORDED)
        kept = (await work.quotes.frame("NFL", LONG_AFTER)).to_dicts()
        assert await drawn(work) == reference(kept, starts)


async def test_the_last_line_before_the_start_closes_and_the_one_it_replaced_does_not(work: UnitOfWork) -> None:
    await kept_game(work)
    moves = [(-3.0, 48), (-3.5, 2), (-4.0, -1)]
    rows = [
        quote(market="spread", line=line, side=side, known_at=KICKOFF - hours * HOURS)
        for line, hours in moves
        for side in ("home", "away")
    ]
    await work.quotes.write(NFL, quotes(*rows))
    closing = await work.closing.frame("NFL", LONG_AFTER)
    assert closing.select("side", "line", "captured_at", "is_pinnacle").rows() == [
        ("away", -3.5, KICKOFF - 2 * HOURS, True),
        ("home", -3.5, KICKOFF - 2 * HOURS, True),
    ]


async def test_a_quote_at_the_very_start_still_counts_and_one_after_it_does_not(work: UnitOfWork) -> None:
    await kept_game(work)
    after = KICKOFF + timedelta(microseconds=1)
    await work.quotes.write(NFL, quotes(quote(known_at=KICKOFF, price=1.8), quote(known_at=after, price=1.2)))
    assert (await work.closing.frame("NFL", LONG_AFTER))["price"].to_list() == [1.8]


async def test_a_book_that_ends_with_several_lines_closes_with_all_of_them(work: UnitOfWork) -> None:
    await kept_game(work)
    rows = [quote(market="total", side="over", line=line, moment="close") for line in (43.5, 44.5)]
    await work.quotes.write(NFL, quotes(*rows))
    assert (await work.closing.frame("NFL", LONG_AFTER))["line"].to_list() == [43.5, 44.5]


async def test_nothing_is_closed_before_the_game_starts(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, quotes(quote()))
    assert (await work.closing.frame("NFL", KICKOFF - timedelta(microseconds=1))).is_empty()
    assert (await work.closing.books("NFL", KICKOFF - HOURS)).is_empty()
    assert (await work.closing.frame("NFL", KICKOFF)).height == 1


async def test_each_book_says_what_it_closed(work: UnitOfWork) -> None:
    await kept_game(work, "g1")
    await kept_game(work, "g2", starts_at=KICKOFF + 3 * HOURS)
    rows = [quote("g1"), quote("g1", side="away"), quote("g2"), quote("g1", book="bet365")]
    await work.quotes.write(NFL, quotes(*rows))
    assert (await work.closing.books("NFL", LONG_AFTER)).rows() == [("bet365", 1, 1), ("pinnacle", 2, 3)]
    assert (await work.closing.books("NFL", KICKOFF)).rows() == [("bet365", 1, 1), ("pinnacle", 1, 2)]


async def test_a_line_that_is_still_right_keeps_its_fair_probability(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, quotes(quote(), quote(side="away")))
    await work._connection.exec_driver_sql("UPDATE closing_lines SET p_novig = 0.5")
    await work.quotes.write(NFL, quotes(quote(known_at=KICKOFF - HOURS, price=1.95)))
    shown = await work.closing.frame("NFL", LONG_AFTER)
    assert shown.select("side", "price", "p_novig").rows() == [("away", 1.91, 0.5), ("home", 1.95, None)]
    assert shown.schema["p_novig"] == pl.Float64
