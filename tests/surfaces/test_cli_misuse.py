"""Misuse and failure: one message, the next step, the right exit code, and never a traceback."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.surfaces.command_line import CommandLine, Ran

SLATE = ("predict", "generate", "-s", "EPL")

OURS = {
    "unknown league": (("data", "backfill", "XFL"), "no league is called 'XFL'", "NFL, EPL"),
    "unknown league of a slate": (("predict", "generate", "-s", "XFL"), "no league is called 'XFL'", "NFL, EPL"),
    "unknown league of an evaluation": (("evaluate", "-s", "XFL"), "no league is called 'XFL'", "NFL, EPL"),
    "unknown league of a training": (("model", "train", "-s", "XFL"), "no league is called 'XFL'", "NFL, EPL"),
    "unknown league of the shelf": (("model", "list", "-s", "XFL"), "no league is called 'XFL'", "NFL, EPL"),
    "unknown league of quarantine": (("data", "quarantine", "-s", "XFL"), "no league is called 'XFL'", "NFL, EPL"),
    "unknown league of the demo": (("demo", "-s", "XFL"), "no league is called 'XFL'", "NFL, EPL"),
    "a league twice": (("demo", "-s", "NFL", "-s", "nfl"), "a league is named twice", "once"),
    "no league": (("data", "backfill"), "name leagues, or --all", "aips data backfill NFL EPL"),
    "all and names": (("data", "backfill", "NFL", "--all"), "name leagues, or --all", "aips data backfill NFL EPL"),
    "seasons before the first": (("data", "backfill", "EPL", "--seasons", "1950"), "EPL has no seasons 1950", "1993"),
    "seasons backwards": (("data", "backfill", "EPL", "--seasons", "2020-2010"), "no seasons 2020-2010", "1993"),
    "seasons in words": (("data", "backfill", "EPL", "--seasons", "last"), "not a span of seasons", "2010-2023"),
    "no such mirror": (("data", "backfill", "EPL", "--mirror", "/no/where"), "/no/where is not a directory", "URL"),
    "a day in words": ((*SLATE, "--as-of", "yesterday"), "not a date or time: 'yesterday'", "2023-12-01"),
    "a day that never was": ((*SLATE, "--as-of", "2023-02-30"), "not a date or time", "2023-12-01"),
    "a time without a zone": ((*SLATE, "--as-of", "2023-12-01T10:00"), "time without a zone", "Z for UTC"),
    "training to no day": (("model", "train", "-s", "EPL", "--as-of", "?"), "not a date or time", "2023-12-01"),
    "evaluating to no day": (("evaluate", "-s", "EPL", "--as-of", "?"), "not a date or time", "2023-12-01"),
    "a bankroll in words": ((*SLATE, "--bankroll", "much"), "not an amount: 'much'", "10.50"),
    "a bankroll of nothing": ((*SLATE, "--bankroll", "0"), "nothing can be staked from 0", "2500"),
    "a bankroll below nothing": ((*SLATE, "--bankroll", "-5"), "nothing can be staked from -5", "2500"),
    "a fraction of a cent": ((*SLATE, "--bankroll", "9.999"), "whole cents", "round"),
}

TYPERS = {
    "no such command": (("nope",), "No such command 'nope'"),
    "no such subcommand": (("data", "nope"), "No such command 'nope'"),
    "no such option": ((*SLATE, "--nope"), "No such option: --nope"),
    "a missing option": (("predict", "generate"), "Missing option '--league'"),
    "negative days": ((*SLATE, "--days", "-3"), "--days"),
    "days in words": ((*SLATE, "--days", "few"), "--days"),
    "too many days": ((*SLATE, "--days", "400"), "--days"),
    "no rows": (("data", "quarantine", "--limit", "0"), "--limit"),
    "a seed in words": (("demo", "--seed", "x"), "--seed"),
    "a port out of range": (("serve", "--port", "70000"), "--port"),
}


def _one_message(ran: Ran, home: CommandLine) -> None:
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert not home.home.exists(), "a refused command must not begin anything"


@pytest.mark.parametrize(("arguments", "message", "hint"), OURS.values(), ids=OURS)
def test_misuse_is_told_with_the_next_step_and_exits_2(
    nowhere: CommandLine, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    ran = nowhere(*arguments)
    assert ran.code == 2
    said, following = ran.err.splitlines()
    assert message in said
    assert following.startswith("Next: ")
    assert hint in following
    _one_message(ran, nowhere)


@pytest.mark.parametrize(("arguments", "message", "hint"), OURS.values(), ids=OURS)
def test_misuse_is_json_where_json_is_wanted(
    nowhere: CommandLine, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    ran = nowhere(*arguments, "--json")
    assert ran.code == 2
    error = ran.error()
    assert message in error["message"]
    assert hint in error["hint"]
    assert error["kind"] in {"InvalidValue", "UnknownName"}


@pytest.mark.parametrize(("arguments", "message"), TYPERS.values(), ids=TYPERS)
def test_what_the_command_line_does_not_know_exits_2_and_points_to_its_help(
    nowhere: CommandLine, arguments: tuple[str, ...], message: str
) -> None:
    ran = nowhere(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert "Try 'aips" in ran.err
    _one_message(ran, nowhere)
    ran = nowhere(*arguments, "--json")
    if arguments[0] not in {"nope", "serve"}:
        assert ran.code == 2
        error = ran.error()
        assert message in error["message"]
        assert error["hint"].endswith("--help")


def test_a_group_without_a_command_shows_its_help(nowhere: CommandLine) -> None:
    for group in ((), ("data",), ("predict",)):
        ran = nowhere(*group)
        assert ran.code == 2
        assert "Usage: aips" in ran.out + ran.err


@pytest.mark.parametrize("setting", [("PORT", "abc"), ("KELLY_FRACTION", "2"), ("ENVIRONMENT", "moon")])
def test_a_setting_that_cannot_be_read_is_named(nowhere: CommandLine, setting: tuple[str, str]) -> None:
    ran = nowhere("system", "status", **dict([setting]))
    assert ran.code == 2
    assert ran.err.startswith(f"{setting[0]}: ")
    assert "Next: " in ran.err
    _one_message(ran, nowhere)
    assert setting[0] in nowhere("config", "check", "--json", **dict([setting])).error()["message"]


@pytest.mark.parametrize("command", [("system", "status"), ("data", "status"), ("db", "init"), ("serve",)])
def test_production_with_example_secrets_is_refused(nowhere: CommandLine, command: tuple[str, ...]) -> None:
    ran = nowhere(*command, ENVIRONMENT="production")
    assert ran.code == 1
    assert "refusing to run as production: SECRET_KEY" in ran.err
    assert ran.err.rstrip().endswith("Next: aips config check")
    _one_message(ran, nowhere)


def test_the_version_is_said(nowhere: CommandLine) -> None:
    ran = nowhere("--version")
    assert (ran.code, ran.out) == (0, f"aips {version('ai-pro-sports')}\n")


def test_the_installed_script_exits_as_the_entry_does(nowhere: CommandLine) -> None:
    ran = nowhere.alone("predict", "generate", "-s", "XFL")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == ["no league is called 'XFL'", "Next: use one of: NFL, EPL"]
