"""nfelo's market lines: openers that are none, prices that are missing, one sign to trust."""

import polars as pl
import pytest

from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from ai_pro_sports.core.errors import SchemaChanged
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources.nfelomarket_lines import NfelomarketLines
from ai_pro_sports.data.sources.source import Parsed
from tests.data.sources.rows import NFELO_1999, NFELO_2015, NFELO_HEADER, accounted, nfelo_csv, parse_nfelo


def spreads(parsed: Parsed, moment: str) -> list[tuple[str, float, float | None]]:
    rows = parsed.quotes.filter((pl.col("market") == "spread") & (pl.col("moment") == moment))
    return [
        (side, line, price if price is None else round(price, 4))
        for side, line, price in rows.select("side", "line", "price").iter_rows()
    ]


def test_one_file_is_asked_for_and_only_when_a_season_is() -> None:
    source = NfelomarketLines()
    assert source.items(league("NFL"), []) == []
    [item] = source.items(league("NFL"), [2020])
    assert item.url.startswith("https://raw.githubusercontent.com/greerreNFL/nfelomarket_data/")
    assert item.mirror_path == "nfl/nfelomarket_lines.csv.gz"


def test_games_are_staged_without_a_start_and_keep_the_contracts() -> None:
    parsed = parse_nfelo(nfelo_csv(NFELO_1999, NFELO_2015))
    assert accounted(parsed)
    assert parsed.games["starts_at"].null_count() == parsed.games.height == 2
    assert parsed.games.select("season", "week", "home_name", "away_name").rows()[1] == (2015, 4, "LAC", "OAK")
    assert STAGED_GAMES.check(parsed.games).rejected.is_empty()
    assert STAGED_QUOTES.check(parsed.quotes).rejected.is_empty()


def test_a_negative_line_means_home_favoured_already() -> None:
    parsed = parse_nfelo(nfelo_csv(NFELO_2015))
    assert spreads(parsed, "open") == [("home", -6.0, 1.9091), ("away", -6.0, 1.9091)]
    assert spreads(parsed, "close") == [("home", -4.5, 1.8929), ("away", -4.5, 1.9259)]


def test_an_opener_that_copies_the_last_line_is_not_presented_as_one_but_counted() -> None:
    parsed = parse_nfelo(nfelo_csv(NFELO_1999))
    assert spreads(parsed, "open") == []
    assert spreads(parsed, "close") == [("home", -3.5, None), ("away", -3.5, None)]
    assert parsed.notes == {"opening spreads before 2007, copies of the last line": 1}


def test_a_last_spread_with_the_wrong_sign_is_set_aside_and_the_moneyline_kept() -> None:
    parsed = parse_nfelo(nfelo_csv(NFELO_2015.replace(",-4.5,-112.0", ",4.5,-112.0")))
    assert spreads(parsed, "close") == []
    assert parsed.quotes.filter(pl.col("market") == "moneyline").height == 2
    assert "spread 4.5 but winner prices lean 0.32 to home: sides swapped" in parsed.rejects["reason"][0]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (",2015_04_OAK_LAC,", ",,", "no game_id"),
        ("2015_04_OAK_LAC", "1999_03_NE_MIA", "the same game_id again"),
        (",LAC,OAK,", ",LAC,LAC,", "a team against itself"),
        (",LAC,OAK,", ",LAC,,", "no teams"),
        (",2015,4,", ",2015,x,", "the week cannot be read"),
        (",2015,4,", ",,4,", "the season cannot be read"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside(old: str, new: str, reason: str) -> None:
    parsed = parse_nfelo(nfelo_csv(NFELO_1999, NFELO_2015.replace(old, new)))
    assert accounted(parsed)
    assert parsed.rejects["row"].to_list() == [2]
    assert reason in parsed.rejects["reason"][0]


def test_a_renamed_column_stops_the_import() -> None:
    with pytest.raises(SchemaChanged, match=r"home_spread_last \(nearest: home_spread_close\)"):
        parse_nfelo(nfelo_csv(NFELO_2015, header=NFELO_HEADER.replace("home_spread_last,", "home_spread_close,")))
