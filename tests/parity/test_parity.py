"""Parity: whatever a use case can be asked, people can ask, or it is listed as hidden with the reason.

The API serves health only so far; when it serves use cases, each line below names its route too.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.jobs import quickstart
from ai_pro_sports.app.jobs.backfill import run_backfill
from ai_pro_sports.app.jobs.engine import engine
from ai_pro_sports.app.settings import load_settings
from ai_pro_sports.app.usecases import history
from ai_pro_sports.app.usecases.backfill import seasons_between
from ai_pro_sports.app.usecases.evaluating import evaluate_league
from ai_pro_sports.app.usecases.predict import predict
from ai_pro_sports.app.usecases.seed import seed
from ai_pro_sports.app.usecases.slate import SlateRequest
from ai_pro_sports.app.usecases.status import (
    data_status,
    database_status,
    quarantined,
    shelved_models,
    system_status,
)
from ai_pro_sports.app.usecases.training import ModelShelf
from ai_pro_sports.surfaces.notebook import Home
from tests.surfaces.test_cli_output import COMMANDS

SURFACES = Path(__file__).resolve().parents[2] / "src/ai_pro_sports/surfaces"


class Option(NamedTuple):
    """Asked on the command line."""

    command: str
    name: str


class Setting(NamedTuple):
    """Asked by a setting, because it holds for every run."""

    variable: str


class Notebook(NamedTuple):
    """Asked in a notebook, by a parameter of `Home.history`."""

    parameter: str


class Hidden(NamedTuple):
    """Not asked of people, and why."""

    reason: str


Way = Option | Setting | Notebook | Hidden

COLLABORATOR = Hidden("a collaborator, wired in bootstrap")
NOW = Hidden("the clock's, not a choice")
LEAGUE = "--league"
CUTOFF = Setting("PREDICTION_CUTOFF_MINUTES")

REACHED: dict[Callable[..., Any], dict[str, Way]] = {
    run_backfill: {
        "code": Option("data backfill", "leagues"),
        "seasons": Option("data backfill", "--seasons"),
        "is_backfill": Option("data backfill", "--is-backfill"),
        "watch": Hidden("shows progress"),
    },
    seasons_between: {
        "declared": Option("data backfill", "leagues"),
        "text": Option("data backfill", "--seasons"),
        "clock": COLLABORATOR,
    },
    data_status: {"database": COLLABORATOR},
    quarantined: {
        "database": COLLABORATOR,
        "league_code": Option("data quarantine", LEAGUE),
        "limit": Option("data quarantine", "--limit"),
    },
    shelved_models: {"database": COLLABORATOR, "league_code": Option("model list", LEAGUE)},
    ModelShelf: {
        "folder": Setting("MODEL_DIR"),
        "clock": COLLABORATOR,
        "cutoff_minutes": CUTOFF,
    },
    ModelShelf.train: {
        "self": COLLABORATOR,
        "database": COLLABORATOR,
        "declared": Option("model train", LEAGUE),
        "as_of": Option("model train", "--as-of"),
    },
    predict: {
        "database": COLLABORATOR,
        "declared": Option("predict generate", LEAGUE),
        "shelf": COLLABORATOR,
        "request": Hidden("its fields are asked one by one, see SlateRequest"),
    },
    SlateRequest: {
        "asked_at": Option("predict generate", "--as-of"),
        "days": Option("predict generate", "--days"),
        "at_cutoff": Option("predict generate", "--at-cutoff"),
        "bankroll": Option("predict generate", "--bankroll"),
        "cutoff_minutes": CUTOFF,
        "exposure": Setting("MAX_EXPOSURE_PERCENT"),
        "rules": Setting("KELLY_FRACTION"),
    },
    Application.slate_request: {
        "self": COLLABORATOR,
        "asked_at": Option("predict generate", "--as-of"),
        "days": Option("predict generate", "--days"),
        "at_cutoff": Option("predict generate", "--at-cutoff"),
        "bankroll": Option("predict generate", "--bankroll"),
    },
    evaluate_league: {
        "database": COLLABORATOR,
        "declared": Option("evaluate", LEAGUE),
        "as_of": Option("evaluate", "--as-of"),
        "cutoff_minutes": CUTOFF,
    },
    database_status: {"database": COLLABORATOR},
    system_status: {
        "database": COLLABORATOR,
        "settings": COLLABORATOR,
        "simulated": Hidden("a fact of the home"),
    },
    seed: {"database": COLLABORATOR, "today": NOW, "invented_teams": COLLABORATOR},
    engine: {"application": COLLABORATOR},
    history.games_with_names: {
        "database": COLLABORATOR,
        "declared": Notebook("code"),
        "as_of": Notebook("as_of"),
    },
    history.quotes: {"database": COLLABORATOR, "declared": Notebook("code"), "as_of": Notebook("as_of")},
    history.feature_frame: {
        "database": COLLABORATOR,
        "declared": Notebook("code"),
        "as_of": Notebook("as_of"),
        "cutoff_minutes": CUTOFF,
    },
    quickstart.demo_settings: {"settings": COLLABORATOR, "seed": Option("demo", "--seed")},
    quickstart.write_demo_world: {
        "settings": COLLABORATOR,
        "leagues": Option("demo", LEAGUE),
        "now": NOW,
        "seed": Option("demo", "--seed"),
    },
    quickstart.take_picture: {
        "application": COLLABORATOR,
        "leagues": Option("quickstart", LEAGUE),
        "read": Hidden("false where neither a mirror nor the public hosts answer and the store holds history"),
        "watch": Hidden("shows progress"),
    },
}


def _name(asked: Callable[..., Any]) -> str:
    return asked.__qualname__


@pytest.mark.parametrize("asked", REACHED, ids=_name)
def test_every_parameter_can_be_asked_or_is_hidden_with_a_reason(asked: Callable[..., Any]) -> None:
    assert list(inspect.signature(asked).parameters) == sorted(
        REACHED[asked], key=list(inspect.signature(asked).parameters).index
    )


@pytest.mark.parametrize(
    ("asked", "parameter", "way"),
    [(asked, parameter, way) for asked, ways in REACHED.items() for parameter, way in ways.items()],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__qualname__", ""),
)
def test_every_way_to_ask_exists(asked: Callable[..., Any], parameter: str, way: Way) -> None:
    match way:
        case Option(command, name):
            known = [one for found in COMMANDS[tuple(command.split())].params for one in (*found.opts, found.name)]
            assert name in known
        case Setting(variable):
            assert variable in {one.variable for one in load_settings().describe({})}
        case Notebook(given):
            assert given in inspect.signature(Home.history).parameters
        case Hidden(reason):
            assert reason, f"{_name(asked)}({parameter}) is hidden without a reason"


def _asked_by_the_surfaces() -> set[Any]:
    """Return every function that a surface takes from the use cases and jobs."""
    found = set()
    for path in SURFACES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("ai_pro_sports.app.usecases.", "ai_pro_sports.app.jobs.")
            ):
                module = importlib.import_module(str(node.module))
                found |= {getattr(module, name.name) for name in node.names if name.name.islower()}
    return {one for one in found if callable(one)}


def test_no_use_case_that_a_surface_calls_is_forgotten() -> None:
    asked = _asked_by_the_surfaces()
    assert len(asked) > 10
    assert {_name(one) for one in asked} <= {_name(one) for one in REACHED}


def test_every_staking_rule_of_a_slate_is_a_setting() -> None:
    settings = load_settings()
    usual = Application(settings).slate_request(Application(settings).clock.now())
    betting = settings.betting.model_copy(
        update={"kelly_fraction": usual.rules.kelly_multiple / 2, "max_bet_percent": usual.rules.cap / 2}  # type: ignore[union-attr]
    )
    other = Application(settings.model_copy(update={"betting": betting}))
    changed = other.slate_request(other.clock.now()).rules
    assert changed is not None
    assert usual.rules is not None
    assert (changed.kelly_multiple, changed.cap) == (usual.rules.kelly_multiple / 2, usual.rules.cap / 2)
    assert is_dataclass(changed)
    assert {field.name for field in fields(changed)} >= {"kelly_multiple", "cap", "minimum", "min_edge"}


NOT_READ_YET = {
    "secret_key": "checked for safety; tokens and encryption are not built yet",
    "test_data": "read by the tests",
}


def test_a_setting_is_read_by_the_product_or_listed_with_the_reason() -> None:
    package = SURFACES.parent
    code = (
        "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py") if path.name != "settings.py")
        + (package / "app/settings.py").read_text(encoding="utf-8").partition("class Settings(")[2]
    )
    read = {
        name
        for group, declared in type(load_settings()).model_fields.items()
        for name in declared.annotation.model_fields  # type: ignore[union-attr]
        if group == "reserved" or (f".{name}" in code and name not in NOT_READ_YET)
    }
    named = {name for group in type(load_settings()).model_fields.values() for name in group.annotation.model_fields}  # type: ignore[union-attr]
    assert named - read == set(NOT_READ_YET)
