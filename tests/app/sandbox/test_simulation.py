from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from ai_pro_sports.app.sandbox import World, read_truth, simulate
from ai_pro_sports.app.sandbox.clubs import FOOTBALL_CLUBS, SOCCER_CLUBS
from ai_pro_sports.app.sandbox.streams import stream
from ai_pro_sports.core.errors import InvalidValue, UnknownName
from ai_pro_sports.core.leagues import league
from tests.app.sandbox.worlds import NOW, SEED, contents, read_csv

REAL_CODES = {
    *("ARI", "ARZ", "ATL", "BAL", "BLT", "BUF", "CAR", "CHI", "CIN", "CLE", "CLV", "DAL", "DEN", "DET", "GB", "HOU"),
    *("HST", "IND", "JAC", "JAX", "KC", "LA", "LAC", "LAR", "LV", "MIA", "MIN", "NE", "NO", "NYG", "NYJ", "OAK", "PHI"),
    *("PIT", "SD", "SEA", "SF", "SL", "STL", "TB", "TEN", "WAS", "WSH"),
}


def test_the_same_seed_and_time_write_the_same_bytes(world: World, tmp_path: Path) -> None:
    again = simulate(tmp_path / "again", now=NOW, seed=SEED)
    assert contents(again.root) == contents(world.root)


def test_another_seed_is_another_world(world: World, tmp_path: Path) -> None:
    other = simulate(tmp_path / "other", now=NOW, seed=SEED + 1, leagues=["EPL"], seasons=1)
    ours = world.truth.filter(pl.col("league") == "EPL")
    both = other.truth.join(ours, on="external_id")
    assert both.height > 50
    assert (both["home_probability"] - both["home_probability_right"]).abs().mean() > 0.05


def test_a_league_is_the_same_whichever_others_are_asked_for(world: World, tmp_path: Path) -> None:
    alone = simulate(tmp_path / "alone", now=NOW, seed=SEED, leagues=["epl"])
    assert alone.truth.equals(world.truth.filter(pl.col("league") == "EPL"))
    assert all("nfl" not in str(path.relative_to(alone.root)) for path in alone.files)


def test_fewer_seasons_are_the_last_of_the_same_seasons(world: World, tmp_path: Path) -> None:
    short = simulate(tmp_path / "short", now=NOW, seed=SEED, seasons=2)
    kept = world.truth.filter(pl.col("season") >= short.truth["season"].min())
    assert short.truth.equals(kept)
    for path in short.files:
        if path.name.startswith("E0_"):
            assert path.read_bytes() == (world.root / path.relative_to(short.root)).read_bytes()


def test_a_week_later_the_same_world_has_played_on(world: World, tmp_path: Path) -> None:
    later = simulate(tmp_path / "later", now=NOW + timedelta(days=7), seed=SEED)
    for name, key, score in (
        ("nfl/nflverse_games.csv.gz", ["game_id"], "home_score"),
        ("soccer/football-data/E0_2526.csv.gz", ["HomeTeam", "AwayTeam"], "FTHG"),
    ):
        before, after = read_csv(world.root / name), read_csv(later.root / name)
        known = before.filter(pl.col(score).is_not_null())
        assert after.filter(pl.col(score).is_not_null()).height > known.height
        # What had been played keeps every cell: dates, scores, prices, weather, counts.
        same = after.join(known.select(key), on=key, how="semi", maintain_order="left")
        assert same.cast(pl.String).equals(known.cast(pl.String))
    ids = world.truth.select("external_id").to_series()
    assert later.truth.filter(pl.col("external_id").is_in(ids.implode())).equals(
        world.truth.filter(pl.col("external_id").is_in(later.truth["external_id"].implode()))
    )


def test_the_truth_written_is_the_truth_returned_and_probabilities_add_up(world: World) -> None:
    assert read_truth(world.root).equals(world.truth)
    chances = world.truth.select("home_probability", "draw_probability", "away_probability")
    assert (chances.sum_horizontal() - 1).abs().max() < 3e-6
    assert (chances.min_horizontal() > 0).all()
    assert world.truth.select("league", "external_id").is_unique().all()


def test_the_folder_says_that_it_is_simulated(world: World) -> None:
    assert "SIMULATED" in (world.root / "SIMULATED.txt").read_text(encoding="utf-8")
    head = json.loads((world.root / "truth.json").read_text(encoding="utf-8"))
    assert head["simulated"] is True
    assert head["seed"] == SEED
    assert set(head["files"]) | {"truth.json", "SIMULATED.txt"} == set(contents(world.root))


def test_no_simulated_club_can_be_taken_for_a_real_one() -> None:
    codes = [club.code for club in FOOTBALL_CLUBS]
    assert len(set(codes)) == 32
    assert not REAL_CODES & set(codes)
    assert len(set(SOCCER_CLUBS)) == 28


def test_no_simulated_club_plays_in_real_history(test_data: Path) -> None:
    real = set()
    for path in (test_data / "data/soccer/football-data").glob("E*_*.csv.gz"):
        table = pl.read_csv(path, columns=["HomeTeam"], encoding="utf8-lossy", truncate_ragged_lines=True)
        real |= set(table["HomeTeam"])
    assert len(real) > 40
    assert not real & set(SOCCER_CLUBS)


@pytest.mark.parametrize("month", range(1, 13))
def test_on_any_day_of_the_year_there_is_a_priced_slate_within_days(month: int, tmp_path: Path) -> None:
    now = datetime(2024, month, 20, 9, 30, tzinfo=UTC)
    made = simulate(tmp_path / "mirror", now=now, seed=3, seasons=1)
    games = read_csv(made.root / "nfl/nflverse_games.csv.gz")
    truth = made.truth.filter(pl.col("league") == "NFL").join(games, left_on="external_id", right_on="game_id")
    coming = truth.filter(pl.col("starts_at") > now).sort("starts_at")
    assert coming["starts_at"][0] - now < timedelta(days=7)
    assert coming["spread_line"][0] is not None
    played = truth.filter(pl.col("home_score").is_not_null())
    assert now - played["starts_at"].max() < timedelta(days=14)
    fixtures = read_csv(made.root / "soccer/football-data/fixtures.csv")
    assert fixtures.height >= 5
    assert fixtures["PSH"].null_count() == 0
    soccer = made.truth.filter(pl.col("league") == "EPL")
    first = soccer.filter(pl.col("starts_at") > now)["starts_at"].min()
    last = soccer.filter(pl.col("starts_at") <= now)["starts_at"].max()
    assert first - now < timedelta(days=9)
    assert now - last < timedelta(days=14)
    assert soccer.filter(pl.col("starts_at") > now).height == fixtures.height


def test_a_folder_that_holds_real_files_is_never_touched(tmp_path: Path) -> None:
    real = tmp_path / "nfl" / "nflverse_games.csv.gz"
    real.parent.mkdir()
    real.write_bytes(b"precious")
    with pytest.raises(InvalidValue, match="not a simulation"):
        simulate(tmp_path, now=NOW, seed=1)
    assert contents(tmp_path) == {"nfl/nflverse_games.csv.gz": b"precious"}


def test_an_earlier_simulation_is_replaced_whole(tmp_path: Path) -> None:
    simulate(tmp_path, now=NOW, seed=1, leagues=["EPL"], seasons=3)
    simulate(tmp_path, now=NOW, seed=1, leagues=["EPL"], seasons=1)
    assert [path.name for path in sorted(tmp_path.rglob("E0_*"))] == ["E0_2425.csv.gz", "E0_2526.csv.gz"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"leagues": ["XFL"]}, UnknownName),
        ({"seasons": 0}, InvalidValue),
        ({"seasons": 99}, InvalidValue),
        ({"seed": -1}, InvalidValue),
        ({"now": datetime(2024, 1, 1)}, InvalidValue),  # noqa: DTZ001 - a time without a zone is what is refused
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_hint(
    asked: dict[str, object], error: type[InvalidValue | UnknownName], tmp_path: Path
) -> None:
    arguments = {"now": NOW, "seed": 1, "leagues": ["EPL"], "seasons": 1} | asked
    with pytest.raises(error) as refused:
        simulate(tmp_path / "mirror", **arguments)  # type: ignore[arg-type]
    assert refused.value.hint
    assert not (tmp_path / "mirror").exists() or not any((tmp_path / "mirror").iterdir())


def test_truth_of_a_folder_without_a_simulation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="no simulation"):
        read_truth(tmp_path)


def test_streams_with_different_names_are_different_and_with_the_same_name_the_same() -> None:
    assert stream(1, "a", 2020).random() == stream(1, "a", 2020).random()
    assert len({stream(1, "a", 2020).random(), stream(1, "a", 2021).random(), stream(2, "a", 2020).random()}) == 3


def test_seasons_end_before_the_next_one_of_their_league_begins(world: World) -> None:
    for code in ("NFL", "EPL"):
        games = world.truth.filter(pl.col("league") == code)
        start = pl.col("starts_at")
        ordered = games.group_by("season").agg(start.min().alias("first"), start.max().alias("last")).sort("season")
        assert (ordered["first"][1:] > ordered["last"][:-1]).all()
        days = games.select("season", pl.col("starts_at").dt.date().alias("day")).iter_rows()
        assert all(league(code).season_of(day) == season for season, day in days)
