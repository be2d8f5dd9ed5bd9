"""Every command: readable at every width, one JSON document for machines, help for all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import typer.main

from ai_pro_sports.surfaces.cli.entry import app
from tests.surfaces.command_line import CommandLine

READERS = [
    ("data", "status"),
    ("data", "quarantine"),
    ("model", "list"),
    ("system", "status"),
    ("config", "check"),
    ("db", "init"),
    ("db", "seed"),
    ("predict", "generate", "-s", "EPL"),
    ("predict", "generate", "-s", "NFL", "--all"),
    ("evaluate", "-s", "NFL", "--by-season"),
    ("data", "backfill", "NFL"),
]
RULE = "─"
WITHOUT_JSON = {"serve"}


def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        yield from _commands(child, (*path, name))


COMMANDS = dict(_commands(typer.main.get_command(app)))


def _tables(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each table, from its headings to its end."""
    rules = [place for place, line in enumerate(lines) if line.startswith(RULE)]
    for rule in rules:
        begins = max((place for place in range(rule) if not lines[place].strip()), default=-1) + 2
        ends = next((place for place in range(rule, len(lines)) if len(lines[place]) != len(lines[rule])), len(lines))
        yield lines[begins:ends]


@pytest.mark.parametrize("columns", [100, 120])
@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_tables_fit_and_show_whole_headings(aips: CommandLine, command: tuple[str, ...], columns: int) -> None:
    ran = aips(*command, columns=columns)
    assert ran.err == ""
    assert "…" not in ran.out
    for headings, *rows in _tables(ran.out.splitlines()):
        assert len(rows) > 1
        assert len(headings) <= columns
        assert len(rows[0]) <= columns


def test_what_a_slate_is_for_is_shown_at_a_hundred_columns(aips: CommandLine) -> None:
    for code in ("NFL", "EPL"):
        shown = aips("predict", "generate", "-s", code, columns=100).out
        for heading in ("fair p", "price", "book", "edge", "stake", "no bet because"):
            assert heading in shown
        full = aips("predict", "generate", "-s", code, columns=140).out
        assert "Too narrow" not in full


def test_a_narrow_score_table_keeps_the_log_loss_and_names_what_it_left_out(aips: CommandLine) -> None:
    shown = aips("evaluate", "-s", "EPL", columns=80).out
    assert "log loss" in shown
    assert re.search(r"Too narrow for: .*ECE", shown)


def _scalars(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _scalars(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item, path)
    else:
        yield path, value


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_json_is_one_document_in_its_own_types_that_marks_what_is_simulated(
    aips: CommandLine, command: tuple[str, ...]
) -> None:
    arguments = [argument for argument in command if argument not in {"--all", "--by-season"}]
    ran = aips(*arguments, "--json")
    assert ran.err == ""
    assert ran.out.endswith(("}\n", "]\n"))
    found = dict[str, list[Any]]()
    result = ran.result()
    if command not in {("config", "check"), ("db", "seed")}:
        assert all(one["simulated"] is True for one in (result if isinstance(result, list) else [result]))
    for path, value in _scalars(result):
        found.setdefault(path.rpartition(".")[2], []).append(value)
        assert not isinstance(value, int) or abs(value) <= 2**53, path
    for name, values in found.items():
        for value in values:
            if value is None:
                continue
            if name.endswith("_at") or name in {"as_of", "trained_to", "trained_from"}:
                assert datetime.fromisoformat(value).tzinfo is not None, name
            if name in {"stake", "bankroll"}:
                assert re.fullmatch(r"\d+(\.\d\d)?", value), name
            if name == "game_id":
                assert isinstance(value, str)


def test_the_width_of_the_reader_never_changes_the_json(aips: CommandLine) -> None:
    narrow, wide = (aips("data", "status", "--json", columns=columns).out for columns in (20, 500))
    assert narrow == wide


def test_json_stays_whole_text_where_names_are_not_ascii(aips: CommandLine) -> None:
    assert json.loads(aips("config", "check", "--json").out)["home"] == str(aips.home)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_and_json(nowhere: CommandLine, path: tuple[str, ...]) -> None:
    ran = nowhere(*path, "--help")
    assert ran.code == 0
    assert "Usage: aips " + " ".join(path) in ran.out
    assert ("--json" in ran.out) == (path[0] not in WITHOUT_JSON)
    assert COMMANDS[path].help
    assert all(getattr(parameter, "help", "") for parameter in COMMANDS[path].params)
    assert not nowhere.home.exists()


def test_the_commands_are_those_promised() -> None:
    promised = "db init, db migrate, db seed, db stop, db destroy, data backfill, data status, data quarantine, " + (
        "model train, model list, predict generate, evaluate, system status, config check, demo, quickstart, serve"
    )
    assert {" ".join(path) for path in COMMANDS} == set(promised.split(", "))


def test_system_status_says_where_everything_lies(aips: CommandLine) -> None:
    found = aips("system", "status", "--json").result()
    assert found["home"] == str(aips.home)
    assert found["mirror"] == aips.mirror
    assert found["database"] == "embedded"
    assert found["server"]["games"] > 0
    ran = aips("system", "status")
    assert f"{found['server']['games']:,} games" in ran.out
    assert "This home holds a SIMULATED league." in ran.out


def test_config_check_shows_what_is_set_from_where_and_hides_secrets(aips: CommandLine) -> None:
    secrets = {"SECRET_KEY": "x" * 70, "DATABASE_URL": "postgresql://me:s3cret@127.0.0.1/x"}
    ran = aips("config", "check", "--json", **secrets)
    found = {one["variable"]: one for one in ran.result()["settings"]}
    assert found["AIPS_HOME"]["origin"] == "environment"
    assert found["AIPS_HOME"]["shown"] == str(aips.home)
    assert found["PORT"]["origin"] == "default"
    shown = aips("config", "check", **secrets)
    for text in (ran.out, shown.out):
        assert "s3cret" not in text
        assert "x" * 20 not in text
        assert "70 characters" in text
    assert "Nothing unsafe." in shown.out


def test_config_check_reads_the_env_file_of_the_working_directory(nowhere: CommandLine) -> None:
    (nowhere.home.parent / ".env").write_text("PORT=9001\nSECRET_KEY=short\n")
    found = {one["variable"]: one for one in nowhere("config", "check", "--json").result()["settings"]}
    assert (found["PORT"]["shown"], found["PORT"]["origin"]) == ("9001", ".env file")
    assert "SECRET_KEY has 5 characters" in nowhere("config", "check").out
    found = {one["variable"]: one for one in nowhere("config", "check", "--json", PORT="9002").result()["settings"]}
    assert (found["PORT"]["shown"], found["PORT"]["origin"]) == ("9002", "environment")


def test_config_check_says_what_would_be_refused(nowhere: CommandLine) -> None:
    ran = nowhere("config", "check")
    assert ran.code == 0
    assert "allowed in development, refused in production" in ran.out
    assert "change-me" not in ran.out
    ran = nowhere("config", "check", "--json", ENVIRONMENT="production", HOST="0.0.0.0")
    assert ran.code == 1
    found = json.loads(ran.out)
    assert found["refused"]
    assert any("SECRET_KEY" in said for said in found["unsafe"])
    assert any("HOST" in said for said in found["unsafe"])
    assert nowhere("config", "check", ENVIRONMENT="production", SECRET_KEY="k" * 64).code == 0
