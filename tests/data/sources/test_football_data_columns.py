"""The price columns of football-data.co.uk by their grammar: every era, new books, and renamed columns."""

import pytest

from ai_pro_sports.core.errors import SchemaChanged
from ai_pro_sports.core.market import MarketKind
from ai_pro_sports.core.quote import Moment
from ai_pro_sports.data.sources.books import BOOKS
from ai_pro_sports.data.sources.football_data_columns import BOOK_OF, offers_in


def read(header: str) -> set[tuple[str, str, str, str | None]]:
    return {
        (offer.book, str(offer.market), str(offer.moment), offer.line_column)
        for offer in offers_in(header.split(","), "E0")
    }


@pytest.mark.parametrize(
    ("header", "offers"),
    [
        ("Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HS,AS,HST,AST,HC,AC,HF,AF,HHW,AHW,HO,AO,HY,AY,HR,AR,HBP,ABP", set()),
        ("GBH,GBD,GBA", {("gamebookers", "three_way", "pre_close", None)}),
        ("VCH,VCD,VCA", {("betvictor", "three_way", "pre_close", None)}),
        ("VCCH,VCCD,VCCA", {("betvictor", "three_way", "close", None)}),
        ("B365>2.5,B365<2.5", {("bet365", "total", "pre_close", None)}),
        ("PC>2.5,PC<2.5", {("pinnacle", "total", "close", None)}),
        ("LBAHH,LBAHA,LBAH", {("ladbrokes", "spread", "pre_close", "LBAH")}),
        ("Bb1X2,BbOU,BbAH,BbAHh,BbAvAHH,BbAvAHA", {("market_average", "spread", "pre_close", "BbAHh")}),
        ("AHh,PAHH,PAHA", {("pinnacle", "spread", "pre_close", "AHh")}),
        ("AHh,AHCh,MaxCAHH,MaxCAHA", {("market_best", "spread", "close", "AHCh")}),
        ("BFH,BFD,BFA,BFEH,BFED,BFEA,BFDH,BFDD,BFDA",
         {(book, "three_way", "pre_close", None) for book in ("betfair", "betfair_exchange", "betfred")}),
        ("1XBCH,1XBCD,1XBCA", {("onexbet", "three_way", "close", None)}),
    ],
)  # fmt: skip
def test_each_era_names_its_columns_its_own_way(header: str, offers: set[tuple[str, str, str, str | None]]) -> None:
    assert read(header) == offers


def test_a_book_nobody_here_knows_is_taken_under_its_own_prefix_with_its_close() -> None:
    assert read("NEWH,NEWD,NEWA,NEWCH,NEWCD,NEWCA") == {
        ("new", "three_way", "pre_close", None),
        ("new", "three_way", "close", None),
    }


def test_an_unknown_prefix_that_ends_in_c_is_no_close_of_nobody() -> None:
    assert read("ABCH,ABCD,ABCA") == {("abc", "three_way", "pre_close", None)}


def test_two_prefixes_of_one_book_make_one_offer_the_first() -> None:
    [offer] = offers_in(["BVH", "BVD", "BVA", "VCH", "VCD", "VCA"], "E0")
    assert [column for _, column in offer.prices] == ["BVH", "BVD", "BVA"]


def test_goals_have_the_line_they_are_named_for() -> None:
    [offer] = offers_in(["P>2.5", "P<2.5"], "E0")
    assert (offer.market, offer.fixed_line, offer.moment) == (MarketKind.TOTAL, 2.5, Moment.PRE_CLOSE)


@pytest.mark.parametrize(
    ("header", "lost"),
    [
        ("B365H,B365X,B365A", r"lacks the column B365D \(nearest: B365X\)"),
        ("Bet365H,PSD,PSA", r"lacks the column PSH"),
        ("AvgC>2.5,AvgC<25", r"lacks the column AvgC<2.5 \(nearest: AvgC<25\)"),
        ("AHh,PAHH,PAHa", r"lacks the column PAHA \(nearest: PAHa\)"),
    ],
)
def test_a_known_book_that_lost_a_side_is_a_changed_schema(header: str, lost: str) -> None:
    with pytest.raises(SchemaChanged, match=lost):
        offers_in(header.split(","), "E0")


@pytest.mark.parametrize(
    ("header", "wanted"),
    [("PAHH,PAHA,AHH1", "PAH or AHh or BbAHh"), ("AHh,PCAHH,PCAHA", "AHCh"), ("AHh,BbMxAHH,BbMxAHA", "BbAHh")],
)
def test_handicap_prices_without_their_line_column_are_a_changed_schema(header: str, wanted: str) -> None:
    with pytest.raises(SchemaChanged, match=f"no line column {wanted}"):
        offers_in(header.split(","), "E0")


def test_every_prefix_leads_to_a_declared_book() -> None:
    assert set(BOOK_OF.values()) <= {book.key for book in BOOKS}


def test_averages_and_maxima_are_not_bettable() -> None:
    assert {book.key for book in BOOKS if not book.is_bettable} == {"market_average", "market_best"}
    assert len({book.key for book in BOOKS}) == len(BOOKS)
