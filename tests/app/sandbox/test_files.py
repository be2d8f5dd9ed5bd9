"""The files are the providers' own: columns, signs, notations and what is left empty."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from ai_pro_sports.app.sandbox import World
from ai_pro_sports.app.sandbox.football_data_files import FIXTURES_COLUMNS, SEASON_COLUMNS
from ai_pro_sports.app.sandbox.nflverse_files import GAMES_COLUMNS, LINES_COLUMNS
from ai_pro_sports.core.odds import decimal_from_american
from tests.app.sandbox.worlds import NOW, read_csv

AMERICAN = [
    *("away_moneyline", "home_moneyline", "away_spread_odds", "home_spread_odds", "under_odds", "over_odds"),
]


@pytest.fixture(scope="module")
def games(world: World) -> pl.DataFrame:
    return read_csv(world.root / "nfl/nflverse_games.csv.gz")


@pytest.fixture(scope="module")
def lines(world: World) -> pl.DataFrame:
    return read_csv(world.root / "nfl/nfelomarket_lines.csv.gz")


@pytest.fixture(scope="module")
def season(world: World) -> pl.DataFrame:
    return read_csv(world.root / "soccer/football-data/E0_2425.csv.gz")


@pytest.fixture(scope="module")
def fixtures(world: World) -> pl.DataFrame:
    return read_csv(world.root / "soccer/football-data/fixtures.csv")


def test_headers_are_those_of_the_recorded_files(test_data: Path) -> None:
    data = test_data / "data"
    assert tuple(read_csv(data / "nfl/nflverse_games.csv.gz").columns) == GAMES_COLUMNS
    assert tuple(read_csv(data / "nfl/nfelomarket_lines.csv.gz").columns) == LINES_COLUMNS
    assert tuple(read_csv(data / "soccer/football-data/E0_2324.csv.gz").columns) == SEASON_COLUMNS


def test_the_files_have_the_columns_in_order(
    games: pl.DataFrame, lines: pl.DataFrame, season: pl.DataFrame, fixtures: pl.DataFrame
) -> None:
    assert len(GAMES_COLUMNS) == 46
    assert tuple(games.columns) == GAMES_COLUMNS
    assert tuple(lines.columns) == LINES_COLUMNS
    assert tuple(season.columns) == SEASON_COLUMNS
    assert tuple(fixtures.columns) == FIXTURES_COLUMNS


def test_football_games_without_a_result_have_no_score_and_those_with_one_agree_with_themselves(
    games: pl.DataFrame,
) -> None:
    played = games.filter(pl.col("home_score").is_not_null())
    assert played.filter(pl.col("result") != pl.col("home_score") - pl.col("away_score")).is_empty()
    assert played.filter(pl.col("total") != pl.col("home_score") + pl.col("away_score")).is_empty()
    coming = games.filter(pl.col("home_score").is_null())
    assert coming.height > 50
    for column in ("away_score", "result", "total", "overtime", "temp", "wind"):
        assert coming[column].null_count() == coming.height
    eastern = NOW.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)
    starts = [datetime.fromisoformat(f"{day} {time}") for day, time in coming.select("gameday", "gametime").iter_rows()]
    assert min(starts) > eastern - timedelta(hours=4)


def test_the_coming_football_week_is_priced_and_no_later_one(games: pl.DataFrame) -> None:
    coming = games.filter(pl.col("home_score").is_null())
    priced = coming.filter(pl.col("spread_line").is_not_null())
    assert 10 <= priced.height <= 20
    assert priced.select(AMERICAN).null_count().sum_horizontal().item() == 0
    last = datetime.fromisoformat(str(priced["gameday"].max()))
    assert last < NOW.replace(tzinfo=None) + timedelta(days=7)


def test_spread_line_is_positive_where_the_home_side_is_favoured(games: pl.DataFrame, lines: pl.DataFrame) -> None:
    priced = games.filter(pl.col("spread_line").abs() > 3)
    favoured = pl.col("home_moneyline") < pl.col("away_moneyline")
    assert priced.filter((pl.col("spread_line") > 0) != favoured).is_empty()
    both = games.join(lines, on="game_id").filter(pl.col("spread_line").abs() > 3)
    assert both.filter(pl.col("spread_line").sign() != -pl.col("home_spread_last").sign()).is_empty()
    played = games.filter(pl.col("result").is_not_null() & pl.col("spread_line").is_not_null())
    assert played.select(pl.corr("spread_line", "result")).item() > 0.3


def test_american_prices_never_lie_between_minus_and_plus_one_hundred(games: pl.DataFrame, lines: pl.DataFrame) -> None:
    columns = [name for name in lines.columns if "price" in name or name.endswith(("ml_open", "ml_last"))]
    for table, names in ((games, AMERICAN), (lines, columns)):
        prices = table.select(names).cast(pl.Float64).to_numpy().ravel()
        prices = prices[~np.isnan(prices)]
        assert len(prices) > 10_000
        assert np.abs(prices).min() >= 100


def test_football_books_keep_a_margin_between_two_and_six_percent(games: pl.DataFrame, lines: pl.DataFrame) -> None:
    pairs = [
        *((games, one, two) for one, two in zip(AMERICAN[::2], AMERICAN[1::2], strict=True)),
        *((lines, f"home_ml_{at}", f"away_ml_{at}") for at in ("open", "last")),
        *((lines, f"home_spread_{at}_price", f"away_spread_{at}_price") for at in ("open", "last")),
        *((lines, f"over_price_{at}", f"under_price_{at}") for at in ("open", "last")),
    ]
    for table, one, other in pairs:
        prices = decimal_from_american(table.select(one, other).drop_nulls().to_numpy())
        overround = (1 / prices).sum(axis=1) - 1
        assert overround.min() > 0.02, one
        assert overround.max() < 0.06, one


def test_opening_lines_were_taken_before_the_last_ones_and_none_in_the_future(lines: pl.DataFrame) -> None:
    for market in ("home_spread", "ml", "total_line"):
        opened, last = (
            lines[f"{market}_{moment}_timestamp"].str.to_datetime("%Y-%m-%d %H:%M:%S%.6f%z", time_zone="UTC")
            for moment in ("open", "last")
        )
        assert (opened <= last).all()
        assert last.max() < NOW
    moved = (lines["home_spread_open"] != lines["home_spread_last"]).mean()
    assert 0.3 < moved < 0.95


def test_every_soccer_season_is_whole_and_its_results_agree_with_themselves(season: pl.DataFrame) -> None:
    assert season.height == 380
    letters = pl.when(pl.col("FTHG") > pl.col("FTAG")).then(pl.lit("H")).when(pl.col("FTHG") < pl.col("FTAG"))
    assert season.filter(pl.col("FTR") != letters.then(pl.lit("A")).otherwise(pl.lit("D"))).is_empty()
    for half, full, shots, on_target in (("HTHG", "FTHG", "HS", "HST"), ("HTAG", "FTAG", "AS", "AST")):
        assert season.filter(pl.col(half) > pl.col(full)).is_empty()
        assert season.filter((pl.col(full) > pl.col(on_target)) | (pl.col(on_target) > pl.col(shots))).is_empty()
    assert season["Div"].unique().to_list() == ["E0"]
    assert season["Date"].str.to_date("%d/%m/%Y").is_sorted()


@pytest.mark.parametrize("moment", ["", "C"])
def test_soccer_books_keep_a_margin_between_two_and_seven_percent(season: pl.DataFrame, moment: str) -> None:
    groups = {book: [f"{book}{moment}{side}" for side in "HDA"] for book in ("B365", "BW", "IW", "PS", "WH", "VC")}
    groups |= {f"{book} goals": [f"{book}{moment}{side}2.5" for side in "><"] for book in ("B365", "P")}
    groups |= {f"{book} handicap": [f"{book}{moment}AH{side}" for side in "HA"] for book in ("B365", "P")}
    for book, columns in groups.items():
        prices = season.select(columns).to_numpy()
        overround = (1 / prices).sum(axis=1) - 1
        # Rounding down to the cent adds a little, most where the favourite is short.
        assert overround.min() > 0.019, book
        assert overround.max() < 0.085, book
        assert 0.02 < overround.mean() < 0.07, book
    best = season.select([f"Max{moment}{side}" for side in "HDA"]).to_numpy()
    for book in ("B365", "BW", "IW", "PS", "WH", "VC"):
        assert (best >= season.select(groups[book]).to_numpy()).all()
    assert ((1 / best).sum(axis=1) < (1 / season.select(groups["PS"]).to_numpy()).sum(axis=1) + 1e-9).all()


def test_the_handicap_is_negative_where_the_home_side_is_favoured_and_priced_near_even(season: pl.DataFrame) -> None:
    clear = season.filter(pl.col("AHCh").abs() >= 0.5)
    assert clear.filter((pl.col("AHCh") < 0) != (pl.col("PSCH") < pl.col("PSCA"))).is_empty()
    assert ((season["AHCh"] * 4) % 1 == 0).all()
    assert season["PCAHH"].is_between(1.7, 2.2).all()


def test_coming_fixtures_have_prices_known_now_and_no_results(world: World, fixtures: pl.DataFrame) -> None:
    assert not {"FTHG", "PSCH"} & set(fixtures.columns)
    prices = fixtures.select(FIXTURES_COLUMNS[6:])
    assert prices.null_count().sum_horizontal().item() == 0
    london = ZoneInfo("Europe/London")
    for day, time in fixtures.select("Date", "Time").iter_rows():
        start = datetime.strptime(f"{day} {time}", "%d/%m/%Y %H:%M").replace(tzinfo=london)
        assert NOW < start < NOW + timedelta(days=9)
    played = read_csv(world.root / "soccer/football-data/E0_2526.csv.gz")
    pairs = ["HomeTeam", "AwayTeam"]
    assert fixtures.join(played, on=pairs, how="semi").is_empty()


def test_every_game_of_every_file_has_its_truth_and_every_truth_its_game(
    world: World, games: pl.DataFrame, fixtures: pl.DataFrame
) -> None:
    truth = {code: set(world.truth.filter(pl.col("league") == code)["external_id"]) for code in ("NFL", "EPL")}
    assert set(games["game_id"]) == truth["NFL"]
    listed = {f"E0:2025:{home}:{away}" for home, away in fixtures.select("HomeTeam", "AwayTeam").iter_rows()}
    for path in (world.root / "soccer/football-data").glob("E0_*.csv.gz"):
        season = 2000 + int(path.name[3:5])
        listed |= {f"E0:{season}:{h}:{a}" for h, a in read_csv(path).select("HomeTeam", "AwayTeam").iter_rows()}
    assert listed == truth["EPL"]
