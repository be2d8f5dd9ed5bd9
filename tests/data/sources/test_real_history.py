"""Real history: the counts an importer must reach, the signs that must be right, and nothing lost uncounted."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources import source_named
from ai_pro_sports.data.sources.source import Parsed
from tests.data.sources.rows import accounted

NOW = datetime(2025, 7, 1, tzinfo=UTC)


def parse_all(test_data: Path, source_key: str, code: str, seasons: range) -> list[Parsed]:
    source = source_named(source_key)
    found = [
        (item, test_data / "data" / item.mirror_path)
        for item in source.items(league(code), seasons)
        if (test_data / "data" / item.mirror_path).is_file()
    ]
    return [source.parse(item, path.read_bytes(), NOW) for item, path in found]


@pytest.fixture(scope="module")
def nflverse(test_data: Path) -> Parsed:
    [parsed] = parse_all(test_data, "nflverse", "NFL", range(1999, 2024))
    return parsed


@pytest.fixture(scope="module")
def nfelomarket(test_data: Path) -> Parsed:
    [parsed] = parse_all(test_data, "nfelomarket", "NFL", range(1999, 2024))
    return parsed


@pytest.fixture(scope="module")
def premier_league(test_data: Path) -> list[Parsed]:
    return parse_all(test_data, "football_data", "EPL", range(1993, 2025))


def whole_books(quotes: pl.DataFrame, market: str, moment: str, sides: int) -> pl.DataFrame:
    """Return one row per game and book that prices every side."""
    chosen = quotes.filter(pl.col("market") == market, pl.col("moment") == moment, pl.col("price").is_not_null())
    return (
        chosen.group_by("external_id", "book")
        .agg((1 / pl.col("price")).sum().alias("over_round"), pl.len())
        .filter(pl.col("len") == sides)
    )


def games_with(quotes: pl.DataFrame, market: str, moment: str) -> int:
    chosen = quotes.filter(pl.col("market") == market, pl.col("moment") == moment)
    return chosen["external_id"].n_unique()


def test_nflverse_reaches_its_counts(nflverse: Parsed) -> None:
    assert accounted(nflverse)
    assert nflverse.rejects.is_empty()
    assert nflverse.games.height == 6706
    assert (nflverse.games["status"] == "final").sum() == 6706
    moneylines = whole_books(nflverse.quotes, "moneyline", "close", 2)
    assert moneylines.height == 4725
    assert moneylines["over_round"].is_between(0.98, 1.25).all()
    assert games_with(nflverse.quotes, "spread", "close") == 6706
    assert games_with(nflverse.quotes, "total", "close") == 6706
    assert whole_books(nflverse.quotes, "spread", "close", 2).height == 4725
    assert whole_books(nflverse.quotes, "total", "close", 2).height == 4722
    assert nflverse.games.select(pl.concat_list("home_name", "away_name").explode())["home_name"].n_unique() == 35


def test_nflverse_has_its_ties_neutral_fields_and_days_without_times(nflverse: Parsed) -> None:
    games = nflverse.games
    assert (games["home_score"] == games["away_score"]).sum() == 14
    assert games["neutral"].sum() == 79
    assert games.filter("start_is_date_only")["season"].unique().to_list() == [1999]
    assert Counter(games["round"].to_list()) == {"REG": 6423, "WC": 108, "DIV": 100, "CON": 50, "SB": 25}


def signs(parsed: pl.DataFrame, quotes: pl.DataFrame) -> tuple[float, float, float]:
    """Return how often a home favourite wins, how often a home underdog does, and corr(-line, margin)."""
    lines = quotes.filter(pl.col("market") == "spread", pl.col("side") == "home").join(parsed, on="external_id")
    margin = pl.col("home_score") - pl.col("away_score")
    favourites, underdogs = lines.filter(pl.col("line") < 0), lines.filter(pl.col("line") > 0)
    correlation = lines.select(pl.corr(-pl.col("line"), margin)).item()
    return favourites.select((margin > 0).mean()).item(), underdogs.select((margin > 0).mean()).item(), correlation


def test_nflverse_lines_have_the_home_sides_sign(nflverse: Parsed) -> None:
    favourites, underdogs, correlation = signs(nflverse.games, nflverse.quotes)
    assert favourites > 0.6
    assert underdogs < 0.4
    assert correlation == pytest.approx(0.42, abs=0.01)


def test_nflverse_home_sides_cover_a_little_less_than_half_the_time(nflverse: Parsed) -> None:
    lines = nflverse.quotes.filter(pl.col("market") == "spread", pl.col("side") == "home").join(
        nflverse.games, on="external_id"
    )
    covered = lines.select((pl.col("home_score") - pl.col("away_score") + pl.col("line")).alias("by"))["by"]
    decided = covered.filter(covered != 0)
    assert (decided > 0).mean() == pytest.approx(0.489, abs=0.001)


def test_nfelomarket_reaches_its_counts_but_for_one_spread_of_the_wrong_sign(nfelomarket: Parsed) -> None:
    assert accounted(nfelomarket)
    assert nfelomarket.games.height == 6706
    assert whole_books(nfelomarket.quotes, "moneyline", "close", 2).height == 4725
    assert games_with(nfelomarket.quotes, "total", "close") == 6706
    [(_, reason, content)] = nfelomarket.rejects.rows()
    assert "close spread of nfelomarket: spread 7.5 but winner prices lean 0.44 to home" in reason
    assert json.loads(content)["external_id"] == "2020_01_ARI_SF"
    assert games_with(nfelomarket.quotes, "spread", "close") + 1 == 6706


def test_nfelomarket_openers_before_2007_are_counted_and_not_presented_as_openers(nfelomarket: Parsed) -> None:
    [copies] = nfelomarket.notes.values()
    assert games_with(nfelomarket.quotes, "spread", "open") + copies == 6706
    openers = nfelomarket.quotes.filter(pl.col("moment") == "open").join(nfelomarket.games, on="external_id")
    assert openers["season"].min() == 2007


def test_the_premier_league_reaches_its_counts(premier_league: list[Parsed]) -> None:
    assert len(premier_league) == 32
    assert all(accounted(parsed) for parsed in premier_league)
    assert sum(parsed.games.height for parsed in premier_league) == 12324
    assert sum(parsed.rejected_rows for parsed in premier_league) == 0
    with_close = [parsed for parsed in premier_league if games_with(parsed.quotes, "three_way", "close")]
    assert sum(parsed.games.height for parsed in with_close) == 4940
    assert sum(games_with(parsed.quotes, "three_way", "close") for parsed in with_close) == 4940
    for parsed in premier_league:
        assert STAGED_GAMES.check(parsed.games).rejected.is_empty()
        assert STAGED_QUOTES.check(parsed.quotes).rejected.is_empty()
        assert parsed.games["external_id"].is_unique().all()


def test_the_premier_leagues_column_eras_begin_when_they_did(premier_league: list[Parsed]) -> None:
    first: dict[str, int] = {}
    for parsed in premier_league:
        season = parsed.games["season"][0]
        for market, moment in parsed.quotes.select("market", "moment").unique().iter_rows():
            first.setdefault(f"{market} {moment}", season)
        if not parsed.games["start_is_date_only"].all():
            first.setdefault("time", season)
        for book in parsed.quotes["book"].unique():
            first.setdefault(book, season)
    assert first["three_way pre_close"] == 2000
    assert (first["bet365"], first["total pre_close"]) == (2002, 2002)
    assert first["spread pre_close"] == 2003
    assert first["market_average"] == 2005
    assert (first["pinnacle"], first["three_way close"]) == (2012, 2012)
    assert (first["time"], first["spread close"], first["total close"]) == (2019, 2019, 2019)
    assert (first["betfair_exchange"], first["onexbet"]) == (2024, 2024)


def test_every_handicap_of_the_premier_league_is_the_home_sides(premier_league: list[Parsed]) -> None:
    games = pl.concat(parsed.games for parsed in premier_league)
    quotes = pl.concat(parsed.quotes for parsed in premier_league)
    for (book, moment), of_book in quotes.filter(pl.col("market") == "spread").group_by("book", "moment"):
        favourites, underdogs, correlation = signs(games, of_book)
        assert favourites > underdogs + 0.2, (book, moment)
        assert correlation > 0.35, (book, moment)


def test_shorter_home_prices_win_more_often(premier_league: list[Parsed]) -> None:
    games = pl.concat(parsed.games for parsed in premier_league)
    quotes = pl.concat(parsed.quotes for parsed in premier_league)
    home = quotes.filter(pl.col("market") == "three_way", pl.col("side") == "home", pl.col("moment") == "pre_close")
    priced = home.join(games, on="external_id").with_columns((pl.col("home_score") > pl.col("away_score")).alias("won"))
    won = priced.select(
        pl.col("won").filter(pl.col("price") < 1.5).mean().alias("short"),
        pl.col("won").filter(pl.col("price") > 4).mean().alias("long"),
    ).row(0)
    assert won[0] > 0.7
    assert won[1] < 0.25


def test_what_is_set_aside_of_the_premier_league_is_little_and_has_its_reason(premier_league: list[Parsed]) -> None:
    reasons = [reason for parsed in premier_league for reason in parsed.rejects["reason"]]
    said = ("without a line", "quarter points", "swapped", "over-round", "not above 1")
    kinds = Counter(next(kind for kind in said if kind in text) for text in reasons)
    assert kinds == {"without a line": 9, "over-round": 8, "swapped": 5, "quarter points": 1, "not above 1": 1}
    sides = sum(parsed.quotes.height for parsed in premier_league)
    assert len(reasons) < sides / 10_000
    assert all(re.match(r"(pre_)?close (three_way|spread|total) of \w+: ", text) for text in reasons)


@pytest.mark.parametrize("source_key", ["nflverse", "nfelomarket"])
def test_reading_the_same_bytes_twice_gives_the_same_rows(test_data: Path, source_key: str) -> None:
    [once] = parse_all(test_data, source_key, "NFL", range(2020, 2021))
    [twice] = parse_all(test_data, source_key, "NFL", range(2020, 2021))
    assert once.games.equals(twice.games)
    assert once.quotes.equals(twice.quotes)
