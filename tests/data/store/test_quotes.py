"""Quotes: appended once, never changed, and read only as they could be known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ai_pro_sports.core.contracts import QUOTES
from ai_pro_sports.core.errors import InvalidValue, SchemaChanged
from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.core.quote import NOMINAL_LEAD
from ai_pro_sports.data.store import Database, UnitOfWork, Written
from tests.data.store.rows import HOURS, KICKOFF, LONG_AFTER, RECORDED, game, games, kept_game, quote, quotes

pytestmark = pytest.mark.anyio


def account(written: Written) -> tuple[int, int, int, int]:
    return written.inserted, written.updated, written.unchanged, written.refused.height


SLATE = quotes(
    quote(side="home", price=1.909090909090909, price_american=-110),
    quote(side="away", price=1.909090909090909, price_american=-110),
    quote(market="spread", line=-3.5, side="home", price=1.95),
    quote(market="spread", line=-3.5, side="home", price=1.9, known_at=KICKOFF - 2 * HOURS),
    quote(market="total", line=44.25, side="over", book="bet365", moment="close"),
    quote(market="three_way", side="draw", book="market_average", moment="open", price=1000.5),
)


async def test_quotes_come_back_as_they_went(work: UnitOfWork) -> None:
    await kept_game(work)
    assert account(await work.quotes.write(NFL, SLATE)) == (6, 0, 0, 0)
    back = await work.quotes.frame("NFL", LONG_AFTER)
    assert_frame_equal(back, SLATE, check_row_order=False)
    assert QUOTES.check(back).rejected.is_empty()
    assert back["known_at"].is_sorted()


async def test_importing_the_same_quotes_twice_changes_nothing(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, SLATE)
    closing = await work.closing.frame("NFL", LONG_AFTER)
    assert account(await work.quotes.write(NFL, SLATE)) == (0, 0, 6, 0)
    assert_frame_equal(await work.quotes.frame("NFL", LONG_AFTER), SLATE, check_row_order=False)
    assert_frame_equal(await work.closing.frame("NFL", LONG_AFTER), closing)


async def test_a_market_without_a_line_is_kept_once_too(work: UnitOfWork) -> None:
    await kept_game(work)
    twice = quotes(quote(line=None), quote(line=None))
    assert account(await work.quotes.write(NFL, twice)) == (1, 0, 1, 0)
    assert account(await work.quotes.write(NFL, twice)) == (0, 0, 2, 0)


async def test_the_database_itself_knows_two_missing_lines_for_one(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, quotes(quote()))
    again = "INSERT INTO odds SELECT * FROM odds ON CONFLICT DO NOTHING"
    assert (await work._connection.exec_driver_sql(again)).rowcount == 0


async def test_another_price_at_the_same_moment_is_refused_and_the_first_stays(work: UnitOfWork) -> None:
    await kept_game(work)
    both = quotes(quote(price=1.91), quote(price=2.05), quote(price=2.1, known_at=KICKOFF - HOURS))
    written = await work.quotes.write(NFL, both)
    assert account(written) == (2, 0, 0, 1)
    assert written.refused.rows() == [
        (1, "the price kept for this book, selection and time is 1.91, not 2.05"),
    ]
    later = await work.quotes.write(NFL, quotes(quote(price=1.5)))
    assert account(later) == (0, 0, 0, 1)
    assert sorted((await work.quotes.frame("NFL", LONG_AFTER))["price"]) == [1.91, 2.1]


async def test_quotes_are_seen_only_from_the_moment_they_could_be_known(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, SLATE)
    times = sorted(set(SLATE["known_at"]))
    for as_of in [*times, *(at - timedelta(microseconds=1) for at in times)]:
        seen = await work.quotes.frame("NFL", as_of)
        assert_frame_equal(seen, SLATE.filter(pl.col("known_at") <= as_of), check_row_order=False)


async def test_a_close_cannot_be_seen_an_hour_before_the_start(work: UnitOfWork) -> None:
    await kept_game(work)
    rows = quotes(*(quote(moment=str(moment)) for moment in NOMINAL_LEAD))
    await work.quotes.write(NFL, rows)
    seen = await work.quotes.frame("NFL", KICKOFF - HOURS)
    assert seen["moment"].to_list() == ["open", "pre_close"]


async def test_quotes_of_chosen_books_alone(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, SLATE)
    assert (await work.quotes.frame("NFL", LONG_AFTER, books=["bet365", "nobody"]))["book"].to_list() == ["bet365"]
    assert (await work.quotes.frame("NFL", LONG_AFTER, books=[])).is_empty()


async def test_quotes_of_games_nobody_keeps_or_of_another_league_are_refused(work: UnitOfWork) -> None:
    await kept_game(work, "g1")
    await kept_game(work, "e1", EPL)
    written = await work.quotes.write(NFL, quotes(quote("nowhere"), quote("g1"), quote("e1")))
    assert account(written) == (1, 0, 0, 2)
    assert written.refused["position"].to_list() == [0, 2]
    assert "of NFL is not kept" in written.refused["reason"][0]
    assert (await work.quotes.frame("EPL", LONG_AFTER)).is_empty()


async def test_quotes_that_break_the_contract_are_refused_in_place(work: UnitOfWork) -> None:
    await kept_game(work)
    frame = quotes(
        quote(price=1.0),
        quote(market="spread", line=None),
        quote(side="over"),
        quote(),
        quote(market="total", line=44.1, side="over"),
        quote(price=1001.01, side="away"),
    )
    written = await work.quotes.write(NFL, frame)
    assert account(written) == (1, 0, 0, 5)
    assert written.refused["position"].to_list() == [0, 1, 2, 4, 5]
    with pytest.raises(SchemaChanged, match="price"):
        await work.quotes.write(NFL, frame.with_columns(pl.col("price").cast(pl.String)))


async def test_a_line_published_without_its_price_is_kept_and_a_price_for_it_later_is_refused(work: UnitOfWork) -> None:
    await kept_game(work)
    bare = quotes(
        quote(market="spread", line=-3.5, price=None), quote(market="total", side="over", line=44, price=None)
    )
    assert account(await work.quotes.write(NFL, bare)) == (2, 0, 0, 0)
    assert account(await work.quotes.write(NFL, bare)) == (0, 0, 2, 0)
    priced = await work.quotes.write(NFL, quotes(quote(market="spread", line=-3.5, price=1.9)))
    assert priced.refused["reason"].to_list() == ["the price kept for this book, selection and time is none, not 1.9"]
    assert_frame_equal(await work.quotes.frame("NFL", LONG_AFTER), bare, check_row_order=False)
    assert (await work.closing.frame("NFL", LONG_AFTER))["price"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("price = 1", "ck_odds_price_range"),
        ("price = 1001.0001", "ck_odds_price_range"),
        ("price = 'NaN'", "ck_odds_price_range"),
        ("line = 3.1", "ck_odds_line_in_quarters"),
        ("price_american = 99", "ck_odds_american_range"),
        ("side = 'nobody'", "ck_odds_side_known"),
        ("market = 'who_scores'", "ck_odds_market_known"),
        ("period = 'overtime'", "ck_odds_period_known"),
        ("moment = 'later'", "ck_odds_moment_known"),
        ("book = 'unheard_of'", "fk_odds_book"),
        ("game_id = 1", "fk_odds_game_id"),
        ("price = NULL", "ck_odds_price_or_line"),
        ("known_at = NULL", "known_at"),
    ],
)
async def test_the_database_refuses_impossible_quotes_whoever_writes_them(
    database: Database, change: str, rule: str
) -> None:
    with pytest.raises(InvalidValue, match=rule):
        async with database.unit_of_work() as work:
            await kept_game(work)
            await work.quotes.write(NFL, quotes(quote()))
            await work._connection.exec_driver_sql(f"UPDATE odds SET {change}")


async def test_nominal_times_are_those_of_the_game_as_kept(work: UnitOfWork) -> None:
    await kept_game(work, starts_at=KICKOFF + 6 * HOURS)
    # a file that still has the old start
    written = await work.quotes.write(NFL, quotes(quote(moment="open"), quote(moment="close", book="bet365")))
    assert written.inserted == 2
    times = dict((await work.quotes.frame("NFL", LONG_AFTER)).select("moment", "known_at").iter_rows())
    assert times == {"open": KICKOFF - 18 * HOURS, "close": KICKOFF + 6 * HOURS}


async def test_nominal_quotes_follow_a_game_that_is_moved_and_stamped_ones_stay(work: UnitOfWork) -> None:
    await kept_game(work)
    rows = [quote(moment=str(moment)) for moment in NOMINAL_LEAD] + [quote(book="bet365")]
    await work.quotes.write(NFL, quotes(*rows))
    moved_to = KICKOFF + 30 * HOURS
    written = await work.games.write(NFL, games(game(starts_at=moved_to)), RECORDED)
    assert account(written) == (0, 1, 0, 0)
    assert written.retimed == 3
    times = dict((await work.quotes.frame("NFL", LONG_AFTER)).select("moment", "known_at").iter_rows())
    assert times == {
        "open": moved_to - 24 * HOURS,
        "pre_close": moved_to - 2 * HOURS,
        "close": moved_to,
        "stamped": KICKOFF - 3 * HOURS,
    }
    # the same file of prices again: still nothing new
    assert account(await work.quotes.write(NFL, quotes(*rows))) == (0, 0, 4, 0)


@pytest.mark.parametrize("hours", [24, -24, 22, 2])
async def test_a_quote_may_move_onto_the_time_another_leaves(work: UnitOfWork, hours: int) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, quotes(*(quote(moment=str(moment)) for moment in NOMINAL_LEAD)))
    written = await work.games.write(NFL, games(game(starts_at=KICKOFF + hours * HOURS)), RECORDED)
    assert written.retimed == 3
    assert (await work.quotes.frame("NFL", LONG_AFTER)).height == 3


async def test_a_stamped_price_is_kept_before_a_nominal_one_that_moves_onto_it(work: UnitOfWork) -> None:
    await kept_game(work)
    stamped = quote(known_at=KICKOFF + HOURS, price=1.8)
    await work.quotes.write(NFL, quotes(stamped, quote(moment="close", price=1.9)))
    written = await work.games.write(NFL, games(game(starts_at=KICKOFF + HOURS)), RECORDED)
    assert written.retimed == 0
    left = await work.quotes.frame("NFL", LONG_AFTER)
    assert left.select("moment", "price").rows() == [("stamped", 1.8)]


async def test_backfilled_quotes_are_marked(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, quotes(quote()), is_backfill=True)
    await work.quotes.write(NFL, quotes(quote(side="away")))
    marked = await work._connection.exec_driver_sql("SELECT side, is_backfill FROM odds ORDER BY side")
    assert marked.all() == [("away", False), ("home", True)]


async def test_books_nobody_listed_are_kept_under_their_key(work: UnitOfWork) -> None:
    await kept_game(work)
    await work.quotes.write(NFL, quotes(quote(book="corner_shop"), quote(book="market_best"), quote()))
    known = {row["book"]: row for row in (await work.books.frame()).iter_rows(named=True)}
    assert known["corner_shop"]["is_bettable"]
    assert not known["market_best"]["is_bettable"]
    assert known["pinnacle"]["is_sharp"]


async def test_a_naive_time_to_read_at_is_refused(work: UnitOfWork) -> None:
    with pytest.raises(InvalidValue, match="without a zone"):
        await work.quotes.frame("NFL", datetime(2023, 9, 10))  # noqa: DTZ001


@pytest.mark.slow
async def test_two_hundred_thousand_quotes_go_in_and_come_out(
    work: UnitOfWork, record_property: pytest.RecordProperty
) -> None:
    from time import perf_counter

    starts = [datetime(2020, 9, 1, tzinfo=UTC) + hour * HOURS for hour in range(1_000)]
    await kept_game(work, "g0", starts_at=starts[0])
    await work.games.write(NFL, games(*(game(f"g{n}", starts_at=at) for n, at in enumerate(starts))), RECORDED)
    per_game = pl.DataFrame(
        [(book, hour, side) for book in "abcde" for hour in range(20) for side in ("home", "away")],
        schema={"book": pl.String, "hour": pl.Int64, "side": pl.String},
        orient="row",
    )
    known = (await work.games.frame("NFL", LONG_AFTER)).select("game_id", "starts_at")
    many = known.join(per_game, how="cross").select(
        "game_id",
        "book",
        pl.lit("moneyline").alias("market"),
        pl.lit("full").alias("period"),
        pl.lit(None, pl.Float64).alias("line"),
        "side",
        (1.5 + pl.col("hour") / 70).alias("price"),
        pl.lit(None, pl.Int32).alias("price_american"),
        pl.lit("stamped").alias("moment"),
        (pl.col("starts_at") - pl.duration(hours="hour")).alias("known_at"),
    )
    assert many.height == 200_000
    begun = perf_counter()
    written = await work.quotes.write(NFL, many)
    record_property("seconds to write 200k quotes", round(perf_counter() - begun, 2))
    assert account(written) == (200_000, 0, 0, 0)
    begun = perf_counter()
    back = await work.quotes.frame("NFL", LONG_AFTER)
    record_property("seconds to read 200k quotes", round(perf_counter() - begun, 2))
    assert_frame_equal(back, many, check_row_order=False)
    assert (await work.closing.frame("NFL", LONG_AFTER)).height == 1_000 * 5 * 2
