from __future__ import annotations

import polars as pl
import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.science.features.board import BOARD
from ai_pro_sports.science.features.declared import Category, Entity, Feature, Reading, Row, Side, sided
from ai_pro_sports.science.features.sources import MEETINGS, TEAM_GAMES, TEAM_STARTS

MARGIN = pl.col("margin")


def declare(name: str = "form_home_margin_last1", **parts: object) -> Feature:
    given = {"definition": "Something.", "leagues": ("NFL",), "missing": "never"} | parts
    return Feature(name, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["team_home_elo_now", "form_x_last5", "rest_home_games_d14", "h2h_x_y5", "line_x_open", "situ_x_game"]
)
def test_names_keep_the_grammar_of_category_metric_window(name: str) -> None:
    assert declare(name).category == Category(name.split("_", maxsplit=1)[0])


@pytest.mark.parametrize(
    "name",
    ["elo", "team_elo", "team_now", "vibes_home_now", "team_Home_now", "form_x_last", "form_x_d", "form_x_last5_"],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="not a feature name"):
        declare(name)


def test_a_feature_says_what_it_is_where_and_what_when_missing() -> None:
    for part in ({"definition": " "}, {"missing": ""}, {"leagues": ()}):
        with pytest.raises(InvalidValue, match="is not declared"):
            declare(**part)


def test_a_team_log_is_read_from_a_side_and_no_other_log_is() -> None:
    with pytest.raises(InvalidValue, match="needs a side"):
        declare(readings={"margin": Reading(TEAM_GAMES, MARGIN)})
    with pytest.raises(InvalidValue, match="needs a side"):
        declare(readings={"margin": Reading(MEETINGS, MARGIN, Side.HOME)})
    with pytest.raises(InvalidValue, match="needs a side"):
        declare(readings={"margin": Reading(BOARD, MARGIN, Side.HOME)})


def test_a_feature_uses_no_name_twice() -> None:
    with pytest.raises(InvalidValue, match="uses a name twice: x"):
        declare(readings={"x": Reading(TEAM_GAMES, MARGIN, Side.HOME)}, of={"x": "team_home_elo_now"})


def test_what_a_feature_reads_and_when_that_is_known_follow_from_its_readings() -> None:
    result = declare(
        readings={"a": Reading(TEAM_GAMES, MARGIN, Side.HOME), "b": Reading(TEAM_STARTS, MARGIN, Side.AWAY)}
    )
    assert result.sources == ("team games", "team starts")
    assert result.known_at == f"{TEAM_GAMES.known_at}; {TEAM_STARTS.known_at}"
    assert not result.reads_market
    assert declare(readings={"line": Reading(BOARD, pl.col("spread_now"))}).reads_market
    assert declare(of={"a": "team_home_elo_now"}).known_at == "as the features it is made of"
    assert declare().known_at == "with the schedule"


def test_a_feature_applies_to_leagues_by_code_and_by_sport() -> None:
    assert declare(leagues=("NFL",)).applies_to(NFL) and not declare(leagues=("NFL",)).applies_to(EPL)
    assert declare(leagues=("soccer",)).applies_to(EPL) and not declare(leagues=("soccer",)).applies_to(NFL)


def test_a_sided_feature_is_two_each_reading_its_own_side() -> None:
    home, away = sided(
        "form_{side}_margin_last1",
        definition="Margin of the {side} side, not the {other} one.",
        leagues=("NFL",),
        missing="never",
        readings={"margin": Reading(TEAM_GAMES, MARGIN), "met": Reading(MEETINGS, MARGIN)},
        of={"theirs": "team_{other}_elo_now"},
        finish=lambda row: row["margin"],
    )
    assert (home.name, away.name) == ("form_home_margin_last1", "form_away_margin_last1")
    assert away.definition == "Margin of the away side, not the home one."
    assert (home.readings["margin"].side, away.readings["margin"].side) == (Side.HOME, Side.AWAY)
    assert home.readings["met"].side is None
    assert home.of == {"theirs": "team_away_elo_now"}
    assert away.side is Side.AWAY


def test_a_row_gives_readings_by_the_names_the_feature_uses() -> None:
    row = Row(NFL, 1999, None, {"elo": "_column"})
    frame = pl.DataFrame({"_column": [7]})
    assert frame.select(row["elo"]).item() == frame.select(row.only()).item() == 7
    with pytest.raises(KeyError):
        row["other"]


def test_the_keys_of_a_log_follow_from_whose_it_is() -> None:
    assert Entity.TEAM.keys == ("team",)
    assert Entity.PAIR.keys == ("pair_low", "pair_high")
    assert Entity.LEAGUE.keys == ()
    assert Side.HOME.other is Side.AWAY and Side.AWAY.other is Side.HOME
