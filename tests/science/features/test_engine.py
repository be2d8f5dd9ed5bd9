from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pro_sports.core.contracts import GAMES
from ai_pro_sports.core.errors import InvalidValue, NothingToDo, UnknownName
from ai_pro_sports.core.leagues import NFL
from ai_pro_sports.science.features import AsOfRule, Feature, History, build, features_of
from ai_pro_sports.science.features.declared import Entity, Reading, ResultLog, ScheduleLog, Side
from ai_pro_sports.science.features.sources import TEAM_GAMES, TEAM_STARTS
from tests.science.features.made_games import START, game, games, history, quotes
from tests.science.leagues_made import made_league

HOUR = timedelta(hours=1)
LAST_MARGIN = {"margin": Reading(TEAM_GAMES, pl.col("margin"), Side.HOME)}


def declare(name: str = "form_home_margin_last1", **parts: object) -> Feature:
    given = {"definition": "Something.", "leagues": ("NFL",), "missing": "never"} | parts
    return Feature(name, **given)  # type: ignore[arg-type]


MARGIN = declare(readings=LAST_MARGIN)


def margins(of: History, *rows: dict, rule: AsOfRule | None = None) -> list[float | None]:
    return build(of, games(*rows), rule, [MARGIN])["form_home_margin_last1"].to_list()


def test_a_result_counts_from_the_moment_it_is_known() -> None:
    first = game(0, score=(21, 17))
    known_at = first["result_known_at"]
    just_in_time = game(1, starts_at=known_at + HOUR)
    just_too_early = game(2, starts_at=known_at + HOUR - timedelta(microseconds=1))
    assert margins(history(first), just_in_time, just_too_early) == [4.0, None]


def test_no_game_knows_its_own_result_whatever_the_lead() -> None:
    played = game(0, score=(21, 17))
    assert margins(history(played), played, rule=AsOfRule(timedelta(0))) == [None]


def test_no_game_knows_its_own_result_even_when_that_is_stamped_too_early() -> None:
    played = game(0, score=(21, 17), result_known_at=START - timedelta(days=1))
    assert margins(history(played), played, game(1), rule=AsOfRule(timedelta(0))) == [None, 4.0]


def test_a_longer_lead_knows_less() -> None:
    of = history(game(0, score=(21, 17)), game(1, score=(3, 0)))
    assert margins(of, game(2)) == [3.0]
    assert margins(of, game(2), rule=AsOfRule(timedelta(days=7))) == [4.0]
    assert margins(of, game(2), rule=AsOfRule(timedelta(days=30))) == [None]


def test_a_slate_knows_nothing_after_the_moment_it_is_predicted() -> None:
    of = history(game(0, score=(21, 17)), game(1, score=(3, 0)))
    moment = START + timedelta(days=3)
    built = build(of, games(game(2), game(3)), AsOfRule(not_after=moment), [MARGIN])
    assert built["form_home_margin_last1"].to_list() == [4.0, 4.0]
    assert built["as_of"].to_list() == [moment, moment]
    late = build(of, games(game(2)), AsOfRule(not_after=START + timedelta(days=60)), [MARGIN])
    assert late["as_of"].item() == START + timedelta(days=14) - HOUR


def test_the_later_of_two_results_known_together_is_the_last() -> None:
    together = START + timedelta(days=2)
    first = game(0, score=(1, 0), result_known_at=together)
    second = game(1, score=(9, 0), starts_at=START + timedelta(days=1), result_known_at=together)
    assert margins(history(second, first), game(5)) == [9.0]


def test_games_of_one_day_do_not_feed_each_other_when_only_the_day_is_known() -> None:
    midnight = datetime(2020, 9, 6, 4, tzinfo=UTC)
    same_day = {"starts_at": midnight, "start_is_date_only": True, "result_known_at": midnight + timedelta(days=1)}
    of = history(game(0, score=(1, 0), **same_day))
    assert margins(of, game(1, **same_day | {"result_known_at": None})) == [None]
    assert margins(of, game(1, starts_at=midnight + timedelta(days=2))) == [1.0]


def test_an_upcoming_game_need_not_be_in_the_history_and_its_scores_are_not_looked_at() -> None:
    made = made_league("NFL", seed=2)
    played = made.games.filter(pl.col("status") == "final").tail(6)
    without = History(made.games.join(played, on="game_id", how="anti"), made.quotes)
    bare = played.with_columns(
        pl.lit("scheduled").alias("status"),
        *(pl.lit(None, played.schema[name]).alias(name) for name in ("home_score", "away_score", "result_known_at")),
    )
    assert build(without, played).equals(build(without, bare))


def test_rows_come_back_in_the_order_they_were_asked_for() -> None:
    made = made_league("NFL", seed=2)
    asked = made.games.sample(fraction=1, shuffle=True, seed=4)
    assert build(made.history, asked)["game_id"].equals(asked["game_id"])


@settings(max_examples=20)
@given(st.sampled_from(["NFL", "EPL"]), st.integers(0, 2**16), st.integers(0, 2**16))
def test_the_row_order_of_the_history_changes_nothing_not_even_the_last_bit(code: str, seed: int, order: int) -> None:
    made = made_league(code, seed=seed % 5, seasons=2, teams=6, weeks=4)
    mixed = History(
        made.games.sample(fraction=1, shuffle=True, seed=order),
        made.quotes.sample(fraction=1, shuffle=True, seed=order),
    )
    assert build(mixed, made.games).equals(build(made.history, made.games))


@settings(max_examples=20)
@given(st.sampled_from(["NFL", "EPL"]), st.booleans(), st.integers(0, 2**16), st.data())
def test_a_slate_alone_equals_the_same_rows_of_everything(
    code: str, day_only: bool, seed: int, data: st.DataObject
) -> None:
    made = made_league(code, seed=seed % 5, seasons=2, teams=6, weeks=4, day_only=day_only)
    chosen = data.draw(st.sets(st.sampled_from(made.games["game_id"].to_list()), min_size=1))
    slate = made.games.filter(pl.col("game_id").is_in(list(chosen)))
    whole = build(made.history, made.games).filter(pl.col("game_id").is_in(list(chosen)))
    assert build(made.history, slate).equals(whole)


def test_asking_for_one_feature_gives_the_value_it_has_among_all() -> None:
    made = made_league("EPL", seed=2)
    whole = build(made.history, made.games)
    for feature in features_of(made.league):
        alone = build(made.history, made.games, features=[feature])
        assert alone.columns == ["game_id", "as_of", feature.name]
        assert alone[feature.name].equals(whole[feature.name])


def test_values_are_floats_and_what_is_not_a_number_is_unknown() -> None:
    made = made_league("NFL", seed=2)
    built = build(made.history, made.games)
    assert set(built.schema.values()) == {pl.Int64(), GAMES.columns["starts_at"], pl.Float64()}
    nan = declare(finish=lambda _: pl.lit(float("nan")))
    assert build(made.history, made.games, features=[nan])[nan.name].null_count() == made.games.height


def test_an_empty_history_still_prices_a_slate_and_an_empty_slate_has_its_columns() -> None:
    nothing = History(games(), quotes())
    first = build(nothing, games(game(0)))
    assert first["team_home_elo_now"].item() == 1500
    assert first["adv_home_expected_score_game"].item() == pytest.approx(23.1)
    none = build(history(game(0)), games())
    assert none.is_empty() and none.columns == first.columns
    with pytest.raises(NothingToDo):
        build(nothing, games())


def test_a_first_season_in_which_every_game_so_far_is_put_off_is_still_the_first() -> None:
    off = history(game(0, status="postponed"))
    assert build(off, off.games)["team_home_elo_now"].item() == 1500


def test_a_schedule_log_never_sees_a_score_and_stops_before_the_start() -> None:
    seen: list[str] = []

    def rows(schedule: object) -> pl.DataFrame:
        frame: pl.DataFrame = schedule.games  # type: ignore[attr-defined]
        seen.extend(frame.columns)
        return frame.select(pl.col("home_team").alias("team"), "starts_at", "game_id")

    log = ScheduleLog("starts", Entity.TEAM, rows)
    last = declare("rest_home_last_game", readings={"last": Reading(log, pl.col("game_id"), Side.HOME)})
    of = history(game(0, score=(1, 0)), game(1), game(2, starts_at=START + timedelta(days=7)))
    assert build(of, of.games, features=[last])[last.name].to_list() == [None, 0.0, 0.0]
    assert not {"home_score", "away_score", "status", "result_known_at"} & set(seen)


def test_a_finishing_expression_cannot_reach_a_score() -> None:
    cheat = declare(finish=lambda _: pl.col("home_score"))
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        build(history(game(0, score=(1, 0))), games(game(0, score=(1, 0))), features=[cheat])


def test_a_reading_may_stand_some_time_before_the_cut() -> None:
    before = {"margin": Reading(TEAM_GAMES, pl.col("margin"), Side.HOME, before=timedelta(days=7))}
    of = history(game(0, score=(21, 17)), game(1, score=(3, 0)))
    built = build(of, games(game(2)), features=[declare("form_home_before_last1", readings=before), MARGIN])
    assert built.row(0)[2:] == (4.0, 3.0)


def test_a_source_is_computed_once_however_many_features_read_it() -> None:
    calls: list[int] = []

    def rows(record: object) -> pl.DataFrame:
        calls.append(1)
        return record.results.select(pl.col("home_team").alias("team"), "known_at", "home_score")  # type: ignore[attr-defined]

    log = ResultLog("counted", Entity.TEAM, rows)
    made = [
        declare(f"form_home_n{n}_last1", readings={"x": Reading(log, pl.col("home_score") + n, side)})
        for n in range(5)
        for side in [Side.HOME if n % 2 else Side.AWAY]
    ]
    of = history(game(0, score=(7, 0)), game(1))
    assert build(of, of.games, features=made).height == 2
    assert len(calls) == 1


def test_features_are_made_of_others_at_any_depth_and_only_what_is_asked_comes_back() -> None:
    one = declare("form_home_one_now", finish=lambda _: pl.lit(1))
    two = declare("form_home_two_now", of={"x": "form_home_one_now"}, finish=lambda row: row["x"] + 1)
    three = declare("form_home_three_now", of={"x": "form_home_two_now", "y": "form_home_one_now"})
    three = declare("form_home_three_now", of=dict(three.of), finish=lambda row: row["x"] + row["y"])
    built = build(history(game(0)), games(game(0)), features=[three, two, one])
    assert built.row(0)[2:] == (3.0, 2.0, 1.0)
    prob = next(feature for feature in features_of(NFL) if feature.name == "team_elo_win_prob_now")
    assert build(history(game(0)), games(game(0)), features=[prob]).width == 3


def test_features_made_of_nothing_known_or_of_themselves_are_refused() -> None:
    of, slate = history(game(0)), games(game(0))
    with pytest.raises(UnknownName, match="form_home_a_now is made of form_home_b_now, which NFL does not have"):
        build(of, slate, features=[declare("form_home_a_now", of={"x": "form_home_b_now"})])
    circle = [
        declare("form_home_a_now", of={"x": "form_home_b_now"}),
        declare("form_home_b_now", of={"x": "form_home_a_now"}),
    ]
    with pytest.raises(InvalidValue, match="made of each other"):
        build(of, slate, features=circle)
    with pytest.raises(InvalidValue, match="asked for twice"):
        build(of, slate, features=[MARGIN, MARGIN])


def test_targets_that_do_not_fit_are_refused() -> None:
    of = history(game(0))
    with pytest.raises(InvalidValue, match="targets lack starts_at, neutral"):
        build(of, games(game(0)).drop("starts_at", "neutral"))
    with pytest.raises(InvalidValue, match="asked for twice"):
        build(of, games(game(0), game(0)))
    with pytest.raises(InvalidValue, match="knows nothing of EPL"):
        build(of, games(game(0, league="EPL")))


def test_a_rule_after_the_start_or_at_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidValue, match="know the game"):
        AsOfRule(timedelta(minutes=-1))
    with pytest.raises(InvalidValue, match="without a zone"):
        AsOfRule(not_after=datetime(2020, 1, 1))  # noqa: DTZ001


def test_a_postponed_game_asked_for_does_not_change_the_rest_of_others() -> None:
    of = history(game(0, score=(1, 0)), game(1, status="postponed"), game(2))
    rest = [feature for feature in features_of(NFL) if feature.name == "rest_home_days_now"]
    both = build(of, games(game(1, status="postponed"), game(2)), features=rest)
    assert both["rest_home_days_now"].to_list() == [7.0, 14.0]
    assert TEAM_STARTS in {reading.source for feature in rest for reading in feature.readings.values()}
