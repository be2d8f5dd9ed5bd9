"""`aips model`, `aips predict`, `aips evaluate`: from history to a priced slate and an honest score."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ai_pro_sports.core.leagues.epl import EPL
from tests.surfaces.command_line import CommandLine
from tests.surfaces.conftest import SimulatedHome


@pytest.fixture(scope="module")
def looking_back(simulated: SimulatedHome) -> datetime:
    """A morning in the middle of the last whole season."""
    season = simulated.world.truth.filter(league="EPL").filter(season=simulated.world.truth["season"].max() - 1)  # type: ignore[operator]
    moment = season["starts_at"].median()
    assert isinstance(moment, datetime)
    return moment.replace(hour=4, minute=0, second=0, microsecond=0)


def _picks(slate: dict[str, Any]) -> list[dict[str, Any]]:
    return [pick for game in slate["games"] for pick in game["picks"]]


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return at


def test_a_trained_model_is_on_the_shelf_with_the_checksum_of_its_file(aips: CommandLine) -> None:
    trained = aips("model", "train", "-s", "NFL", "--json").result()
    assert trained["league"] == "NFL"
    assert trained["simulated"]
    assert trained["metrics"]["games"] > 500
    (shelved,) = (one for one in aips("model", "list", "--json").result() if one["version"] == trained["version"])
    artefact = aips.home / "models" / shelved["artefact_path"]
    assert hashlib.sha256(artefact.read_bytes()).hexdigest() == shelved["artefact_sha256"]
    assert shelved["log_loss"] == trained["metrics"]["comparison"]["scores"]["model"]["log_loss"]["value"]


def test_training_tells_people_how_good_it_was_and_what_to_do_next(aips: CommandLine) -> None:
    ran = aips("model", "train", "-s", "EPL")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Trained v")
    assert "SIMULATED EPL: " in ran.out
    assert "closing line" in ran.out
    assert ran.out.rstrip().endswith("Next: aips predict generate -s EPL")


def test_a_model_learns_nothing_later_than_it_is_told(aips: CommandLine, looking_back: datetime) -> None:
    trained = aips("model", "train", "-s", "EPL", "--as-of", looking_back.isoformat(), "--json").result()
    assert _time(trained["trained_to"]) < looking_back


def test_the_shelf_for_people_lists_each_version_once(aips: CommandLine) -> None:
    aips("model", "train", "-s", "EPL")
    models = aips("model", "list", "-s", "EPL", "--json").result()
    assert models
    assert {model["league"] for model in models} == {"EPL"}
    ran = aips("model", "list")
    assert "SIMULATED Models, newest first" in ran.out
    for model in models:
        assert ran.out.count(model["version"]) == 1
        assert model["artefact_sha256"][:12] in ran.out


def test_a_slate_prices_the_coming_games_by_the_rules(aips: CommandLine, simulated: SimulatedHome) -> None:
    slate = aips("predict", "generate", "-s", "EPL", "--bankroll", "2500", "--json").result()
    assert slate["simulated"]
    assert slate["bankroll"] == "2500.00"
    truth = simulated.world.truth.filter(league="EPL")["external_id"].to_list()
    assert slate["games"]
    assert {game["external_id"] for game in slate["games"]} <= set(truth)
    for game in slate["games"]:
        assert _time(game["as_of"]) <= _time(slate["asked_at"]) < _time(game["starts_at"])
        result = [pick for pick in game["picks"] if pick["selection"].startswith("three_way")]
        assert sum(pick["probability"] for pick in result) == pytest.approx(1)
    staked = Decimal(0)
    for pick in _picks(slate):
        if pick["price"] is not None:
            assert pick["edge"] == pytest.approx(pick["probability"] - 1 / pick["price"], abs=1e-9)
            assert _time(pick["price_known_at"]) <= _time(slate["asked_at"])
        stake = Decimal(pick["stake"])
        assert (pick["reason"] is None) == (stake > 0)
        if stake:
            assert pick["edge"] >= 0.03
            assert pick["ev"] > 0
            assert Decimal(10) <= stake <= Decimal(50)
        staked += stake
    assert staked <= Decimal(375)


def test_the_slate_for_people_shows_the_best_of_each_market_or_all(aips: CommandLine) -> None:
    slate = aips("predict", "generate", "-s", "EPL", "--json").result()
    best, every = aips("predict", "generate", "-s", "EPL"), aips("predict", "generate", "-s", "EPL", "--all")
    assert best.err == every.err == ""
    assert f"SIMULATED EPL: {len(slate['games'])} games, as of " in best.out
    for heading in ("fair p", "price", "book", "edge", "EV", "tier", "stake", "no bet because"):
        assert heading in best.out
    bets = sum(pick["reason"] is None for pick in _picks(slate))
    assert f" {bets} bets from a bankroll of 10,000.00 USD." in best.out
    assert best.out.count("\n") < every.out.count("\n")
    for game in slate["games"]:
        assert game["away"] in best.out
        assert f"at {game['home']}" in best.out


def test_a_slate_of_the_past_sees_nothing_later(aips: CommandLine, looking_back: datetime) -> None:
    asked = ("predict", "generate", "-s", "EPL", "--as-of", looking_back.isoformat(), "--json")
    slate = aips(*asked).result()
    assert _time(slate["asked_at"]) == looking_back
    assert _time(slate["trained_to"]) < looking_back
    assert _time(slate["last_result_at"]) <= looking_back
    assert all(_time(pick["price_known_at"]) <= looking_back for pick in _picks(slate) if pick["price"])
    assert aips(*asked).result() == slate


def test_at_its_own_cut_each_game_sees_the_prices_of_an_hour_before(aips: CommandLine, looking_back: datetime) -> None:
    asked = ("predict", "generate", "-s", "EPL", "--as-of", looking_back.isoformat(), "--at-cutoff")
    slate = aips(*asked, "--json").result()
    assert slate["at_cutoff"]
    for game in slate["games"]:
        cut = _time(game["starts_at"]) - timedelta(hours=1)
        assert _time(game["as_of"]) == cut
        assert all(_time(pick["price_known_at"]) <= cut for pick in game["picks"] if pick["price"])
    assert "each game as of its own cut" in aips(*asked).out


def test_the_length_of_the_slate_is_as_asked(aips: CommandLine, looking_back: datetime) -> None:
    asked = ("predict", "generate", "-s", "EPL", "--as-of", looking_back.isoformat(), "--json", "--days")
    short, long = (aips(*asked, days).result()["games"] for days in (1, 30))
    assert 0 < len(short) < len(long)
    first = _time(short[0]["starts_at"])
    assert all(_time(game["starts_at"]) < first + timedelta(days=1) for game in short)
    assert {game["game_id"] for game in short} < {game["game_id"] for game in long}


def test_where_nothing_is_scheduled_it_says_what_to_do_instead(aips: CommandLine) -> None:
    ran = aips("predict", "generate", "-s", "EPL", "--as-of", "2090-01-01")
    assert (ran.code, ran.out) == (1, "")
    message, following = ran.err.splitlines()
    assert message.startswith("no EPL game is scheduled after 2090-01-01")
    suggested = following.partition("look back: aips ")[2].split()
    assert aips(*suggested, "--json").code == 0


def test_an_evaluation_puts_the_model_beside_the_close_and_the_base_rate(aips: CommandLine) -> None:
    found = aips("evaluate", "-s", "EPL", "--json").result()
    assert found["simulated"]
    assert found["league"] == "EPL"
    assert set(found["scores"]) >= {"model", "close", "base_rate"}
    for scores in found["scores"].values():
        assert scores["log_loss"]["n"] == found["n"]
        for estimate in (scores["log_loss"], scores["brier"], scores["accuracy"]):
            assert estimate["low"] <= estimate["value"] <= estimate["high"]
    difference = found["scores"]["model"]["log_loss"]["value"] - found["scores"]["close"]["log_loss"]["value"]
    assert found["differences"]["model - close"]["log_loss"]["value"] == pytest.approx(difference)


def test_an_evaluation_for_people_can_go_season_by_season(aips: CommandLine) -> None:
    found = aips("evaluate", "-s", "EPL", "--json").result()
    ran = aips("evaluate", "-s", "EPL", "--by-season")
    assert f"SIMULATED EPL: {found['n']:,} games, walk-forward, 95 % intervals" in ran.out
    for name in ("model", "closing line", "base rate", "model minus close"):
        assert any(line.startswith(name) for line in ran.out.splitlines())
    for season in found["seasons"]:
        assert EPL.season_label(int(season)) in ran.out
    assert "Log loss by season" not in aips("evaluate", "-s", "EPL").out


def test_an_evaluation_as_of_an_earlier_day_knows_fewer_games(aips: CommandLine, looking_back: datetime) -> None:
    now, then = (
        aips("evaluate", "-s", "EPL", "--json", *more).result()["n"]
        for more in ((), ("--as-of", looking_back.isoformat()))
    )
    assert 0 < then < now


def test_a_damaged_model_is_refused_and_can_be_trained_again(aips: CommandLine) -> None:
    version = aips("predict", "generate", "-s", "NFL", "--json").result()["model"]
    (shelved,) = (one for one in aips("model", "list", "--json").result() if one["version"] == version)
    artefact: Path = aips.home / "models" / shelved["artefact_path"]
    whole = artefact.read_text(encoding="utf-8")
    artefact.write_text(whole.replace("1", "2", 1), encoding="utf-8")
    try:
        ran = aips("predict", "generate", "-s", "NFL")
        assert (ran.code, ran.out) == (1, "")
        assert f"the artefact of {version} was changed" in ran.err
        assert "Next: " in ran.err
    finally:
        artefact.write_text(whole, encoding="utf-8")
