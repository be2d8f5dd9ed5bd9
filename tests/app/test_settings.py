"""Settings: what the defaults are, who wins, what is said about them, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.app.settings import EXAMPLE_SECRET, Described, Settings, load_settings
from ai_pro_sports.core.errors import InvalidValue, UnsafeSettings
from ai_pro_sports.core.money import Money

OWN_SECRET = "k" * 64
VARIABLES = [one.variable for one in load_settings().describe(environ={})]


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A working directory without .env and an environment without any of our variables."""
    monkeypatch.chdir(tmp_path)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def described(settings: Settings | None = None) -> dict[str, Described]:
    return {one.variable: one for one in (settings or load_settings()).describe()}


def write_dotenv(*lines: str) -> None:
    Path(".env").write_text("\n".join(lines) + "\n", encoding="utf-8")


# Defaults


@pytest.mark.parametrize(
    ("variable", "default"),
    [
        ("ENVIRONMENT", "development"),
        ("DATABASE_URL", ""),
        ("REDIS_URL", ""),
        ("AIPS_HOME", ""),
        ("AIPS_MIRROR", ""),
        ("AIPS_TEST_DATA", ""),
        ("LAKE_ROOT", ""),
        ("MODEL_DIR", ""),
        ("H2O_MAX_MEM_SIZE", "4g"),
        ("RAW_RETENTION_DAYS", "0"),
        ("HOST", "127.0.0.1"),
        ("PREDICTION_CUTOFF_MINUTES", "60"),
        ("KELLY_FRACTION", "0.25"),
        ("MAX_BET_PERCENT", "0.02"),
        ("MIN_EDGE_THRESHOLD", "0.03"),
        ("MAX_EXPOSURE_PERCENT", "0.15"),
        ("MIN_BET_AMOUNT", "10"),
    ],
)
def test_a_setting_nobody_touched_has_its_declared_default(variable: str, default: str) -> None:
    said = described()[variable]
    assert (said.default, said.origin) == (default, "default")
    assert said.shown == default


def test_every_default_is_the_value_that_is_loaded() -> None:
    assert all(one.shown == one.default for one in load_settings().describe())


def test_empty_paths_lie_under_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIPS_HOME", str(tmp_path / "my home"))
    settings = load_settings()
    assert settings.home == tmp_path / "my home"
    assert settings.lake_root == tmp_path / "my home" / "lake"
    assert settings.model_dir == tmp_path / "my home" / "models"
    assert settings.database_is_embedded


@pytest.mark.parametrize("variable", ["AIPS_HOME", "LAKE_ROOT", "MODEL_DIR", "AIPS_TEST_DATA", "DATABASE_URL"])
def test_an_empty_value_means_unset(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without = load_settings()
    monkeypatch.setenv(variable, "")
    with_empty = load_settings()
    assert (with_empty.home, with_empty.lake_root, with_empty.model_dir) == (
        without.home,
        without.lake_root,
        without.model_dir,
    )
    assert with_empty.paths.test_data is None
    assert with_empty.database_is_embedded


def test_a_checkout_keeps_its_home_in_its_own_folder() -> None:
    checkout = Path(__file__).resolve().parents[2]
    assert load_settings().home == checkout / "var"


def test_no_variable_of_parts_that_are_not_used_is_declared() -> None:
    assert not [name for name in VARIABLES if re.search(r"CELERY|NEXT|FLOWER|AIRFLOW|MONGO", name)]


def test_variables_are_named_once_in_capitals_and_explained() -> None:
    assert len(set(VARIABLES)) == len(VARIABLES)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", name) for name in VARIABLES)
    assert all(one.description for one in load_settings().describe())


# Who wins


def test_the_environment_beats_the_file_which_beats_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    write_dotenv("PORT=8100", "HTTP_MAX_RETRIES=7")
    monkeypatch.setenv("PORT", "8200")
    said = described()
    assert (said["PORT"].shown, said["PORT"].origin) == ("8200", "environment")
    assert (said["HTTP_MAX_RETRIES"].shown, said["HTTP_MAX_RETRIES"].origin) == ("7", ".env file")
    assert (said["LOG_LEVEL"].shown, said["LOG_LEVEL"].origin) == ("INFO", "default")


def test_a_variable_that_is_not_ours_does_no_harm() -> None:
    write_dotenv("SOMEBODY_ELSES=1", "PORT=8100")
    assert load_settings().server.port == 8100


def test_the_home_of_the_user_is_not_the_home_of_the_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_settings().home
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    assert load_settings().home == before


@pytest.mark.parametrize("name", ["environment", "host", "Port", "log_level", "url", "home", "mirror", "bankroll"])
def test_only_the_exact_name_of_a_variable_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_settings()
    monkeypatch.setenv(name, "staging")
    assert load_settings() == before


def test_a_home_may_be_written_with_a_tilde_or_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AIPS_HOME", "~/sports")
    assert load_settings().home == tmp_path / "sports"
    monkeypatch.setenv("AIPS_HOME", "sports")
    assert load_settings().home == Path.cwd() / "sports"


@pytest.mark.parametrize("variable", ["LAKE_ROOT", "MODEL_DIR"])
def test_other_paths_too_may_be_written_with_a_tilde(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(variable, "~/big disk")
    settings = load_settings()
    chosen = {"LAKE_ROOT": settings.lake_root, "MODEL_DIR": settings.model_dir}[variable]
    assert chosen == tmp_path / "big disk"


# Homes and mirrors


def test_two_homes_share_nothing(tmp_path: Path) -> None:
    base = load_settings()
    one, other = base.at_home(tmp_path / "one"), base.at_home(tmp_path / "other")
    places = [{settings.home, settings.lake_root, settings.model_dir} for settings in (one, other)]
    assert not places[0] & places[1]
    assert all(path.is_relative_to(tmp_path / "one") for path in places[0])


def test_another_home_is_another_home_also_after_the_first_was_looked_at(tmp_path: Path) -> None:
    base = load_settings()
    looked_at = base.home, base.lake_root, base.model_dir
    moved = base.at_home(tmp_path)
    assert (moved.home, moved.lake_root, moved.model_dir) == (tmp_path, tmp_path / "lake", tmp_path / "models")
    assert (base.home, base.lake_root, base.model_dir) == looked_at


def test_another_home_has_its_own_database_lake_and_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:pw@db/sports")
    monkeypatch.setenv("LAKE_ROOT", str(tmp_path / "shared lake"))
    monkeypatch.setenv("MODEL_DIR", str(tmp_path / "shared models"))
    moved = load_settings().at_home(tmp_path / "home")
    assert moved.database_is_embedded
    assert moved.lake_root == tmp_path / "home" / "lake"
    assert moved.model_dir == tmp_path / "home" / "models"


def test_a_mirror_can_be_given_without_touching_anything_else(tmp_path: Path) -> None:
    base = load_settings().at_home(tmp_path)
    mirrored = base.with_mirror("/some/mirror")
    assert mirrored.paths.mirror == "/some/mirror"
    assert mirrored.with_mirror("") == base
    assert base.paths.mirror == ""


def test_settings_do_not_change_while_a_process_runs() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.server.port = 1
    with pytest.raises(ValidationError):
        settings.server = settings.server


# Secrets


@given(secret=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=16, max_size=80))
def test_what_is_said_about_settings_never_holds_a_secret(secret: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_KEY", secret)
        patch.setenv("DATABASE_URL", f"postgresql://ann:{secret}@db/sports")
        patch.setenv("REDIS_URL", f"redis://:{secret}@cache")
        settings = load_settings()
        said = [str(one) for one in settings.describe()] + [repr(settings), str(settings), *settings.unsafe()]
    assert not [text for text in said if secret in text]


def test_a_secret_that_is_set_is_shown_by_length_and_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", OWN_SECRET)
    first = described()["SECRET_KEY"]
    assert first.is_secret
    assert re.fullmatch(r"set \(64 characters, sha256 [0-9a-f]{8}\)", first.shown)
    monkeypatch.setenv("SECRET_KEY", "j" * 64)
    assert described()["SECRET_KEY"].shown != first.shown


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_example_secrets_are_refused_where_it_matters(environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    settings = load_settings()
    with pytest.raises(UnsafeSettings, match="SECRET_KEY still has its example value") as refused:
        settings.refuse_unsafe()
    assert environment in refused.value.message
    assert refused.value.hint == "run: aips config check"
    assert EXAMPLE_SECRET not in str(refused.value)
    with pytest.raises(UnsafeSettings):
        Application(settings)


@pytest.mark.parametrize("environment", ["development", "test"])
def test_example_secrets_are_allowed_at_home(environment: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    settings = load_settings().at_home(tmp_path)
    settings.refuse_unsafe()
    assert settings.unsafe()
    with Application(settings) as application:
        assert application.home == tmp_path


@pytest.mark.parametrize("length", [0, 1, 63])
def test_short_secrets_are_refused_like_examples(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "k" * length)
    with pytest.raises(UnsafeSettings, match=f"SECRET_KEY has {length} characters"):
        load_settings().refuse_unsafe()


def test_production_starts_with_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", OWN_SECRET)
    monkeypatch.setenv("HOST", "0.0.0.0")
    settings = load_settings()
    settings.refuse_unsafe()
    assert settings.unsafe() == []


@pytest.mark.parametrize(("host", "reachable"), [("0.0.0.0", True), ("10.0.0.7", True), ("::1", False)])
def test_an_open_door_with_example_secrets_is_called_unsafe(
    host: str, reachable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", host)
    assert any(f"HOST {host} is reachable" in said for said in load_settings().unsafe()) is reachable


# Values that cannot be


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ENVIRONMENT", "prod"),
        ("LOG_LEVEL", "loud"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", ""),
        ("DATABASE_POOL_SIZE", "0"),
        ("HTTP_TIMEOUT_SECONDS", "0"),
        ("HTTP_MAX_RETRIES", "11"),
        ("KELLY_FRACTION", "1.5"),
        ("KELLY_FRACTION", "a quarter"),
        ("MAX_BET_PERCENT", "0.06"),
        ("MAX_EXPOSURE_PERCENT", "0"),
        ("MIN_EDGE_THRESHOLD", "-0.01"),
        ("PREDICTION_CUTOFF_MINUTES", "-1"),
        ("BACKTEST_INITIAL_BANKROLL", "0"),
        ("RAW_RETENTION_DAYS", "-1"),
    ],
)
def test_a_value_that_cannot_be_names_its_variable(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidValue, match=f"^{variable}: ") as refused:
        load_settings()
    assert refused.value.hint
    assert "\n" not in str(refused.value)


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    write_dotenv("KELLY_FRACTION=7")
    with pytest.raises(InvalidValue) as refused:
        load_settings()
    assert all(name in refused.value.message for name in ("PORT", "LOG_LEVEL", "KELLY_FRACTION"))


@pytest.mark.parametrize("url", ["garbage", "mysql://ann:hidden@db/sports", "postgresql://ann:hidden@db:port/sports"])
def test_an_address_that_is_no_postgresql_is_refused_without_repeating_it(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("AIPS_HOME", str(tmp_path))
    with Application() as application, pytest.raises(InvalidValue, match="URL") as refused:
        application.database_url()
    assert "hidden" not in str(refused.value)
    assert "postgresql://user:password@host:5432/database" in refused.value.hint


# What settings do


def test_staking_and_cut_settings_reach_the_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable, value in {
        "KELLY_FRACTION": "0.5",
        "MAX_BET_PERCENT": "0.01",
        "MIN_EDGE_THRESHOLD": "0.05",
        "MAX_EXPOSURE_PERCENT": "0.08",
        "MIN_BET_AMOUNT": "25",
        "BACKTEST_INITIAL_BANKROLL": "500",
        "PREDICTION_CUTOFF_MINUTES": "90",
        "AIPS_HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(variable, value)
    with Application() as application:
        request = application.slate_request(application.clock.now())
        assert application.shelf().cutoff_minutes == 90
    assert request.rules is not None
    assert (request.rules.kelly_multiple, request.rules.cap) == (Decimal("0.5"), Decimal("0.01"))
    assert (request.rules.min_edge, request.rules.minimum) == (0.05, Money.of(25))
    assert (request.exposure, request.bankroll, request.cutoff_minutes) == (Decimal("0.08"), Money.of(500), 90)
