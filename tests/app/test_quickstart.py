"""Quickstart: from a mirror to a picture and its page, again without doing anything twice, and looking back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.jobs.quickstart import (
    DEMO_SEED,
    Picture,
    demo_settings,
    take_picture,
    write_demo_world,
)
from ai_pro_sports.app.reports.first_report import true_probability, truth_of, write_first_report
from ai_pro_sports.app.sandbox import is_simulation, read_truth, simulate
from ai_pro_sports.app.usecases.backfill import Outcome
from ai_pro_sports.core.clock import FixedClock
from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.core.market import Selection
from tests.app.homes import NewDatabase, settings_at, silent
from tests.app.mirrors import thin
from tests.app.reports.pages import Page

NOW = datetime(2025, 11, 21, 13, tzinfo=UTC)
AFTER_IT_ALL = datetime(2026, 7, 20, 12, tzinfo=UTC)
LEAGUES = (NFL, EPL)
TABLES = ("teams", "games", "odds", "closing_lines", "lake_manifests", "raw_api_responses", "ml_models", "quarantine")


@dataclass(frozen=True)
class Seen:
    """Three pictures of one home: the first, the second an hour later, the third when nothing is coming any more."""

    application: Application
    mirror: Path
    truth: pl.DataFrame
    steps: list[tuple[Any, ...]]
    first: Picture
    after_first: dict[str, list[str]]
    second: Picture
    after_second: dict[str, list[str]]
    third: Picture


def rows_at(url: str) -> dict[str, list[str]]:
    with psycopg.connect(url) as database:
        return {
            table: [row for (row,) in database.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1").fetchall()]
            for table in TABLES
        }


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("quickstart")
    mirror, clock = folder / "mirror", FixedClock(NOW)
    truth = simulate(mirror, now=NOW, seed=14, seasons=3).truth
    thin(mirror)
    steps: list[tuple[Any, ...]] = []
    with new_database() as url:
        settings = settings_at(folder / "home", mirror=mirror, url=url)
        with Application(settings, clock) as application:
            first = take_picture(application, LEAGUES, watch=lambda *step: steps.append(step))
            after_first = rows_at(url)
            clock.advance(timedelta(hours=1))
            second = take_picture(application, LEAGUES, watch=silent)
            after_second = rows_at(url)
            clock.advance(AFTER_IT_ALL - clock.now())
            third = take_picture(application, LEAGUES, watch=silent)
            yield Seen(application, mirror, truth, steps, first, after_first, second, after_second, third)


# The first picture


def test_a_first_picture_reads_every_file_and_prices_the_next_slate_of_each_league(seen: Seen) -> None:
    assert [report.league for report in seen.first.backfills] == ["NFL", "EPL"]
    assert all(report.ok for report in seen.first.backfills)
    imported = {item.item for report in seen.first.backfills for item in report.items if item.outcome == "imported"}
    files = {str(path.relative_to(seen.mirror)) for path in seen.mirror.rglob("*.csv*")}
    assert imported == files
    slates = {prediction.slate.league: prediction.slate for prediction in seen.first.predictions}
    assert set(slates) == {"NFL", "EPL"}
    for code, slate in slates.items():
        coming = seen.truth.filter(pl.col("league") == code, pl.col("starts_at") > NOW).sort("starts_at")
        until = coming["starts_at"][0] + timedelta(days=5)
        assert {game.external_id for game in slate.games} == set(
            coming.filter(pl.col("starts_at") < until)["external_id"]
        )
        assert (slate.asked_at, slate.at_cutoff) == (NOW, False)
        assert any(pick.price is not None for game in slate.games for pick in game.picks)
    assert (seen.first.looked_back, seen.first.empty) == ((), {})


def test_a_first_picture_trains_and_judges_a_model_of_each_league(seen: Seen) -> None:
    for prediction in seen.first.predictions:
        assert prediction.model.is_new
        assert prediction.model.comparison is not None
        assert prediction.model.comparison["n"] > 100


def test_a_picture_says_where_every_number_came_from(seen: Seen) -> None:
    told = {account.source: account for account in seen.first.sources}
    assert set(told) == {"nflverse", "nfelomarket", "football_data", "football_data_fixtures"}
    for report in seen.first.backfills:
        for account in (account for account in told.values() if account.league == report.league):
            items = [item for item in report.items if item.source == account.source and item.outcome == "imported"]
            assert account.files == len(items) == len(account.sha256)
            assert account.rows == sum(item.rows for item in items)
            assert account.games == sum(item.games for item in items)
            assert account.quotes == sum(item.quotes for item in items)
            assert account.origin.startswith(seen.mirror.as_uri())
            assert account.fetched_at == NOW


def test_every_step_is_told_while_it_goes_on(seen: Seen) -> None:
    whats = list(dict.fromkeys(step[0] for step in seen.steps))
    assert whats == ["Reading NFL", "Reading EPL", "Forecasting"]
    for what in whats:
        counts = [(done, total) for name, done, total, _ in seen.steps if name == what]
        assert counts == sorted(counts)
        assert counts[-1][0] == counts[-1][1] > 0


# Again


def test_the_second_picture_imports_nothing_and_trains_nothing(seen: Seen) -> None:
    outcomes = {item.outcome for report in seen.second.backfills for item in report.items}
    assert outcomes == {Outcome.UNCHANGED, Outcome.ABSENT}
    assert not any(prediction.model.is_new for prediction in seen.second.predictions)
    for table in TABLES:
        assert seen.after_second[table] == seen.after_first[table], table


def test_the_second_picture_shows_what_the_first_did(seen: Seen) -> None:
    for first, second in zip(seen.first.predictions, seen.second.predictions, strict=True):
        assert second.model.version == first.model.version
        assert [game.external_id for game in second.slate.games] == [game.external_id for game in first.slate.games]
        for before, after in zip(first.slate.games, second.slate.games, strict=True):
            # An hour more has passed, and ratings fade with time.
            probabilities = {pick.selection: pytest.approx(pick.probability, rel=1e-3) for pick in before.picks}
            assert {pick.selection: pick.probability for pick in after.picks} == probabilities
    assert seen.second.sources == seen.first.sources


# Looking back


def test_with_nothing_coming_the_last_full_slate_is_shown_as_it_stood(seen: Seen) -> None:
    assert seen.third.looked_back == ("NFL", "EPL")
    assert seen.third.empty == {}
    for prediction in seen.third.predictions:
        slate = prediction.slate
        assert slate.at_cutoff
        assert len(slate.games) >= 5
        assert prediction.model.trained_to is not None
        assert prediction.model.trained_to < slate.asked_at
        for game in slate.games:
            assert game.starts_at < AFTER_IT_ALL
            assert game.as_of == game.starts_at - timedelta(minutes=60)
            assert all(pick.price_known_at is None or pick.price_known_at <= game.as_of for pick in game.picks)


def test_a_league_without_any_file_is_named_and_the_others_are_shown(tmp_path: Path, new_database: NewDatabase) -> None:
    mirror = tmp_path / "mirror"
    simulate(mirror, now=NOW, seed=14, seasons=1, leagues=["EPL"])
    thin(mirror)
    with new_database() as url:
        settings = settings_at(tmp_path / "home", mirror=mirror, url=url)
        with Application(settings, FixedClock(NOW)) as application:
            picture = take_picture(application, LEAGUES, watch=silent)
    assert [prediction.slate.league for prediction in picture.predictions] == ["EPL"]
    assert picture.predictions[0].model.comparison is None, "one season and a bit leave nothing to judge by"
    assert set(picture.empty) == {"NFL"}
    assert "run: aips data backfill NFL" in picture.empty["NFL"]
    assert {account.league for account in picture.sources} == {"EPL"}


# The page


@pytest.fixture
def page(seen: Seen, tmp_path: Path) -> Page:
    truth = truth_of(seen.truth)
    path = write_first_report(
        tmp_path / "new folder" / "report.html", seen.first, simulated=True, generated_at=NOW, truth=truth
    )
    assert path == tmp_path / "new folder" / "report.html"
    assert [other.name for other in path.parent.iterdir()] == ["report.html"], "no half-written page is left"
    return Page(path.read_text(encoding="utf-8"))


def test_the_page_of_a_simulated_picture_says_so_first(page: Page) -> None:
    text = " ".join(" ".join(page.words).split())
    assert "SIMULATED Every club, result and price on this page is invented." in text
    assert [attributes for tag, attributes in page.tags if attributes.get("class") == "band"]
    assert text.index("SIMULATED Every club") < text.index("Premier League")


def test_the_page_shows_every_game_both_curves_and_every_source(seen: Seen, page: Page) -> None:
    text = " ".join(" ".join(page.words).split())
    for prediction in seen.first.predictions:
        assert prediction.slate.model in text
        for game in prediction.slate.games:
            assert game.home in text
            assert game.away in text
    for account in seen.first.sources:
        assert account.source in text
        assert account.sha256[0][:12] in text
    assert sum(tag == "svg" for tag, _ in page.tags) >= 2


def test_the_page_needs_nothing_from_elsewhere(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in {"script", "iframe", "link"}
        address = attributes.get("src") or attributes.get("href") or ""
        assert not address.startswith(("http:", "https:", "//"))


def test_the_page_of_a_look_back_says_that_it_is_one(seen: Seen, tmp_path: Path) -> None:
    path = write_first_report(tmp_path / "report.html", seen.third, simulated=True, generated_at=AFTER_IT_ALL)
    text = " ".join(" ".join(Page(path.read_text(encoding="utf-8")).words).split())
    for code in ("NFL", "EPL"):
        assert f"No {code} game is coming in the files at hand." in text


def test_the_page_of_real_history_has_no_band(seen: Seen, tmp_path: Path) -> None:
    path = write_first_report(tmp_path / "report.html", seen.first, simulated=False, generated_at=NOW)
    assert "SIMULATED" not in path.read_text(encoding="utf-8")


# The truth beside the forecast


def test_every_game_of_a_simulated_slate_has_its_truth(seen: Seen) -> None:
    truth = truth_of(seen.truth)
    for prediction in seen.first.predictions:
        for game in prediction.slate.games:
            row = truth[game.external_id]
            assert (row["league"], row["starts_at"]) == (prediction.slate.league, game.starts_at)
            assert row["home_probability"] + row["draw_probability"] + row["away_probability"] == pytest.approx(
                1, abs=3e-6
            )


def test_forecasts_of_a_simulated_league_lie_near_its_truth(seen: Seen) -> None:
    truth = truth_of(seen.truth)
    misses = []
    for prediction in seen.first.predictions:
        for game in prediction.slate.games:
            for pick in game.picks:
                true = true_probability(Selection.parse(pick.selection), truth[game.external_id])
                if true is not None:
                    misses.append(abs(pick.probability - true))
    assert len(misses) > 40
    assert sum(misses) / len(misses) < 0.12, "a forecaster that knew nothing would miss by more"


@given(
    home=st.floats(0.01, 1),
    draw=st.floats(0, 1),
    away=st.floats(0.01, 1),
)
def test_the_truth_of_two_sides_is_given_that_somebody_wins(home: float, draw: float, away: float) -> None:
    total = home + draw + away
    row = {
        "home_probability": home / total,
        "draw_probability": draw / total,
        "away_probability": away / total,
    }
    two = [true_probability(Selection.parse(f"moneyline:full::{side}"), row) for side in ("home", "away")]
    assert two[0] is not None and two[1] is not None
    assert two[0] + two[1] == pytest.approx(1)
    assert two[0] / two[1] == pytest.approx(home / away)
    three = [true_probability(Selection.parse(f"three_way:full::{side}"), row) for side in ("home", "draw", "away")]
    assert three == [row["home_probability"], row["draw_probability"], row["away_probability"]]


@pytest.mark.parametrize("selection", ["spread:full:-3.5:home", "total:full:44.5:over"])
def test_the_truth_of_a_line_is_not_claimed(selection: str) -> None:
    row = {"home_probability": 0.5, "draw_probability": 0.1, "away_probability": 0.4}
    assert true_probability(Selection.parse(selection), row) is None


# The demo's own world


def test_the_demo_lives_in_a_home_of_its_own_inside_the_home(tmp_path: Path) -> None:
    base = settings_at(tmp_path / "home", mirror="/real/history", url="postgresql://ann:pw@db/real")
    assert base.home == tmp_path / "home"
    demo, other = demo_settings(base), demo_settings(base, 7)
    assert demo.home == tmp_path / "home" / "demo" / f"world-{DEMO_SEED}"
    assert other.home == tmp_path / "home" / "demo" / "world-7"
    for settings in (demo, other):
        assert Path(settings.paths.mirror).is_relative_to(settings.home)
        assert settings.lake_root.is_relative_to(settings.home)
        assert settings.model_dir.is_relative_to(settings.home)
        assert settings.database_is_embedded, "the demo never touches the real store"


def test_a_later_demo_shows_more_of_the_same_world(tmp_path: Path) -> None:
    demo = demo_settings(settings_at(tmp_path))
    first = write_demo_world(demo, [EPL], now=NOW, seed=DEMO_SEED)
    root = Path(demo.paths.mirror)
    assert is_simulation(root)
    assert read_truth(root)["external_id"].to_list() == first["external_id"].to_list()
    later = write_demo_world(demo, [EPL], now=NOW + timedelta(days=14), seed=DEMO_SEED)
    assert later.height > first.height
    kept = first.join(later, on=first.columns, how="semi", nulls_equal=True)
    assert kept.height == first.height
