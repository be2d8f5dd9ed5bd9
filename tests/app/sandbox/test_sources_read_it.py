"""The sources that read the real feeds read the simulated ones, and set nothing aside."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from ai_pro_sports.app.sandbox import World, simulate
from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from ai_pro_sports.core.leagues import league
from ai_pro_sports.data.sources import sources_for
from ai_pro_sports.data.sources.source import Parsed
from tests.app.sandbox.worlds import NOW


def parsed(root: Path, code: str, now: datetime) -> dict[str, list[Parsed]]:
    """Every file of the mirror as its source reads it, by source."""
    competition = league(code)
    found: dict[str, list[Parsed]] = {}
    for source in sources_for(code):
        for item in source.items(competition, competition.seasons(now.date())):
            path = root / item.mirror_path
            if path.is_file():
                body = path.read_bytes()
                body = gzip.decompress(body) if path.suffix == ".gz" else body
                found.setdefault(source.key, []).append(source.parse(item, body, now))
    return found


@pytest.mark.parametrize("code", ["NFL", "EPL"])
def test_every_file_is_read_and_no_row_or_price_is_set_aside(world: World, code: str) -> None:
    read = parsed(world.root, code, NOW)
    assert set(read) == {source.key for source in sources_for(code)}
    for files in read.values():
        for one in files:
            assert one.rejects.is_empty(), one.rejects.head(3)
            assert one.games.height == one.rows
            assert STAGED_GAMES.check(one.games).rejected.is_empty()
            assert STAGED_QUOTES.check(one.quotes).rejected.is_empty()


@pytest.mark.parametrize("code", ["NFL", "EPL"])
def test_games_carry_the_ids_and_the_starts_of_the_truth(world: World, code: str) -> None:
    truth = world.truth.filter(pl.col("league") == code).select("external_id", "starts_at")
    read = parsed(world.root, code, NOW)
    dated = [one.games for key, files in read.items() if key != "nfelomarket" for one in files]
    games = pl.concat(dated).select("external_id", "starts_at")
    assert games.sort("external_id").equals(truth.sort("external_id"))


@pytest.mark.parametrize("code", ["NFL", "EPL"])
def test_the_coming_slate_has_prices_stamped_with_the_time_of_the_fetch(world: World, code: str) -> None:
    quotes = pl.concat([one.quotes for files in parsed(world.root, code, NOW).values() for one in files])
    stamped = quotes.filter(pl.col("moment") == "stamped")
    coming = world.truth.filter((pl.col("league") == code) & (pl.col("starts_at") > NOW)).sort("starts_at").head(8)
    assert set(coming["external_id"]) <= set(stamped["external_id"])
    assert stamped["known_at"].unique().to_list() == [NOW]
    assert set(stamped["market"]) == set(map(str, league(code).markets))


def test_every_played_soccer_game_has_both_moments_of_every_market(world: World) -> None:
    files = parsed(world.root, "EPL", NOW)["football_data"]
    quotes = pl.concat([one.quotes for one in files])
    games = sum(one.games.height for one in files)
    sharp = quotes.filter(pl.col("book") == "pinnacle")
    kinds = sharp.group_by("moment", "market").agg(pl.col("external_id").n_unique().alias("games"))
    assert kinds["games"].to_list() == [games] * 6


@pytest.mark.parametrize("day", [(1, 24), (3, 2), (5, 24), (5, 30), (6, 2), (6, 29), (7, 3), (9, 6)])
def test_nothing_is_set_aside_at_the_turn_of_a_league_year_either(day: tuple[int, int], tmp_path: Path) -> None:
    now = datetime(2025, *day, 18, 0, tzinfo=UTC)
    made = simulate(tmp_path / "mirror", now=now, seed=2, seasons=1)
    for code in ("NFL", "EPL"):
        for files in parsed(made.root, code, now).values():
            assert all(one.rejects.is_empty() for one in files)
        coming = made.truth.filter((pl.col("league") == code) & (pl.col("starts_at") > now))
        assert not coming.is_empty()
