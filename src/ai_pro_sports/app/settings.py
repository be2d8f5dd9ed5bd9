"""Settings: one typed tree, and the only reader of the environment.

Every setting is one environment variable; the names stand in `.env.example` and `docs/reference/settings.md`, both
generated from this file. A value comes from the environment, else from a `.env` file in the working directory, else
from its default; `aips config check` shows which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from ai_pro_sports.core.errors import InvalidValue, UnsafeSettings

__all__ = ["EXAMPLE_SECRET", "Described", "Settings", "load_settings"]

EXAMPLE_SECRET = "change-me-before-production-change-me-before-production-change-me"
"""The value every secret has until somebody sets it; refused in staging and production."""


class _Group(BaseSettings):
    """A group of settings; each field's alias is its environment variable, and only that.

    Populating by field name stays off: a field called `home` would otherwise read HOME. Case counts: `host` of some
    shell is not HOST.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, case_sensitive=True)


class Application(_Group):
    """What runs, and how it talks."""

    environment: Literal["development", "test", "staging", "production"] = Field(
        "development", alias="ENVIRONMENT", description="development, test, staging or production"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", alias="LOG_LEVEL", description="least severe log line that is written"
    )
    secret_key: SecretStr = Field(
        SecretStr(EXAMPLE_SECRET),
        alias="SECRET_KEY",
        description="secret that other keys are derived from; 64 characters or more outside development",
    )


class Server(_Group):
    """Where the API listens."""

    host: str = Field("127.0.0.1", alias="HOST", description="address the API binds to")
    port: int = Field(8000, alias="PORT", ge=0, le=65535, description="port the API binds to; 0 picks a free one")


class Store(_Group):
    """The database."""

    url: SecretStr = Field(
        SecretStr(""),
        alias="DATABASE_URL",
        description="PostgreSQL 15+ as postgresql+asyncpg://user:password@host:5432/name; empty: the embedded server",
    )
    pool_size: int = Field(20, alias="DATABASE_POOL_SIZE", ge=1, description="connections kept open")
    max_overflow: int = Field(10, alias="DATABASE_MAX_OVERFLOW", ge=0, description="connections beyond the pool")
    pool_timeout: float = Field(30, alias="DATABASE_POOL_TIMEOUT", gt=0, description="seconds to wait for one")


class Fetching(_Group):
    """How the outside world is asked."""

    timeout: float = Field(15, alias="HTTP_TIMEOUT_SECONDS", gt=0, description="seconds before a request is given up")
    retries: int = Field(3, alias="HTTP_MAX_RETRIES", ge=0, le=10, description="further tries after a passing failure")
    backoff: float = Field(1, alias="HTTP_BACKOFF_BASE_SECONDS", ge=0, description="first pause; doubles, with jitter")


class Paths(_Group):
    """Where things are kept. Everything the product writes lies under the home unless set otherwise."""

    home: Path | None = Field(
        None,
        alias="AIPS_HOME",
        description="home of everything written; empty: var/ in a checkout, else the user data directory",
    )
    mirror: str = Field(
        "", alias="AIPS_MIRROR", description="directory or URL that replaces the public hosts of season files"
    )
    test_data: Path | None = Field(
        None, alias="AIPS_TEST_DATA", description="folder with data/ and payloads/ for tests on real history"
    )
    lake_root: Path | None = Field(None, alias="LAKE_ROOT", description="the lake's folder; empty: lake/ in the home")
    model_dir: Path | None = Field(None, alias="MODEL_DIR", description="model artefacts; empty: models/ in the home")

    @field_validator("home", "test_data", "lake_root", "model_dir", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: Any) -> Any:
        return None if value == "" else value


class Forecasting(_Group):
    """When a forecast is made."""

    cutoff_minutes: int = Field(
        60, alias="PREDICTION_CUTOFF_MINUTES", ge=0, description="minutes before the start at which a game is forecast"
    )


class Betting(_Group):
    """What may be recommended, and how much of it."""

    kelly_fraction: Decimal = Field(
        Decimal("0.25"), alias="KELLY_FRACTION", gt=0, le=1, description="share of full Kelly"
    )
    max_bet_percent: Decimal = Field(
        Decimal("0.02"),
        alias="MAX_BET_PERCENT",
        gt=0,
        le=Decimal("0.05"),
        description="largest stake, share of bankroll",
    )
    min_edge: Decimal = Field(
        Decimal("0.03"), alias="MIN_EDGE_THRESHOLD", ge=0, lt=1, description="least edge, p - 1/decimal"
    )
    max_exposure: Decimal = Field(
        Decimal("0.15"),
        alias="MAX_EXPOSURE_PERCENT",
        gt=0,
        le=1,
        description="largest sum of open stakes, share of bankroll",
    )
    min_bet: Decimal = Field(Decimal("10"), alias="MIN_BET_AMOUNT", ge=0, description="smallest stake, dollars")
    bankroll: Decimal = Field(
        Decimal("10000"), alias="BACKTEST_INITIAL_BANKROLL", gt=0, description="bankroll where none is given, dollars"
    )


class Reserved(_Group):
    """Named now so that deployments can set them; the parts that read them are not built yet."""

    redis_url: SecretStr = Field(
        SecretStr(""), alias="REDIS_URL", description="shared cache for more than one API process; empty: in memory"
    )
    h2o_memory: str = Field("4g", alias="H2O_MAX_MEM_SIZE", description="memory of the H2O JVM")
    raw_retention_days: int = Field(
        0, alias="RAW_RETENTION_DAYS", ge=0, description="days raw payloads stay in the lake; 0 keeps them for ever"
    )


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as `config check` and the reference show it; `shown` never holds a secret."""

    variable: str
    group: str
    default: str
    shown: str
    origin: Literal["environment", ".env file", "default"]
    description: str
    is_secret: bool


class Settings(BaseModel):
    """The tree. Frozen: a running process never changes its settings."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    application: Application
    server: Server
    store: Store
    fetching: Fetching
    paths: Paths
    forecasting: Forecasting
    betting: Betting
    reserved: Reserved

    # Not cached: a copy with other paths would carry the cache along and keep the old home.
    @property
    def home(self) -> Path:
        """Return the folder everything is written under, absolute."""
        return _absolute(self.paths.home or _default_home())

    @property
    def lake_root(self) -> Path:
        """Return the lake's folder, absolute."""
        return _absolute(self.paths.lake_root or self.home / "lake")

    @property
    def model_dir(self) -> Path:
        """Return the folder of model artefacts, absolute."""
        return _absolute(self.paths.model_dir or self.home / "models")

    @property
    def database_is_embedded(self) -> bool:
        """Return whether the product starts its own PostgreSQL."""
        return not self.store.url.get_secret_value()

    def at_home(self, home: Path) -> Settings:
        """Return these settings for another home, with its own embedded database, lake and models."""
        paths = self.paths.model_copy(update={"home": home, "lake_root": None, "model_dir": None})
        store = self.store.model_copy(update={"url": SecretStr("")})
        return self.model_copy(update={"paths": paths, "store": store})

    def with_mirror(self, mirror: str) -> Settings:
        """Return these settings with season files read from `mirror`."""
        return self.model_copy(update={"paths": self.paths.model_copy(update={"mirror": mirror})})

    def unsafe(self) -> list[str]:
        """Return what must not run outside development, one sentence each."""
        secret = self.application.secret_key.get_secret_value()
        said = []
        if secret == EXAMPLE_SECRET:
            said.append("SECRET_KEY still has its example value: set a random one of 64 characters or more")
        elif len(secret) < 64:
            said.append(f"SECRET_KEY has {len(secret)} characters: use 64 or more")
        if self.server.host not in {"127.0.0.1", "::1", "localhost"} and secret == EXAMPLE_SECRET:
            said.append(f"HOST {self.server.host} is reachable from other machines while secrets are examples")
        return said

    def refuse_unsafe(self) -> None:
        """Raise UnsafeSettings in staging and production when anything is unsafe."""
        if self.application.environment in {"staging", "production"} and (said := self.unsafe()):
            raise UnsafeSettings(
                f"refusing to run as {self.application.environment}: {'; '.join(said)}", hint="run: aips config check"
            )

    def describe(self, environ: Mapping[str, str] | None = None) -> Iterator[Described]:
        """Yield every setting with its value, where that came from and what it means."""
        present = _environment() if environ is None else environ
        in_file = _dotenv()
        for group_name in type(self).model_fields:
            group: _Group = getattr(self, group_name)
            for name, field in type(group).model_fields.items():
                variable = str(field.alias)
                origin = "environment" if variable in present else ".env file" if variable in in_file else "default"
                value = getattr(group, name)
                yield Described(
                    variable=variable,
                    group=group_name,
                    default=_text(field.default),
                    shown=_shown(value, origin),
                    origin=origin,  # type: ignore[arg-type]
                    description=field.description or "",
                    is_secret=_is_secret(field),
                )


def load_settings() -> Settings:
    """Read the environment and `.env`; raises InvalidValue naming each variable that cannot be read."""
    groups: dict[str, _Group] = {}
    wrong: list[str] = []
    for name, field in Settings.model_fields.items():
        group_type: type[_Group] = field.annotation  # type: ignore[assignment]
        try:
            groups[name] = group_type()
        except ValidationError as refused:
            wrong += [f"{error['loc'][0]}: {error['msg']}" for error in refused.errors(include_input=False)]
    if wrong:
        raise InvalidValue("; ".join(wrong), hint="see docs/reference/settings.md")
    return Settings(**groups)  # type: ignore[arg-type]


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _default_home() -> Path:
    """Return var/ of the checkout this code runs from, else the user's data directory."""
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").is_file() and (checkout / "src" / "ai_pro_sports").is_dir():
        return checkout / "var"
    import platformdirs

    return Path(platformdirs.user_data_dir("ai-pro-sports", appauthor=False))


def _environment() -> Mapping[str, str]:
    import os

    return os.environ


def _dotenv() -> Mapping[str, str | None]:
    from dotenv import dotenv_values

    return dotenv_values(".env")


def _is_secret(field: FieldInfo) -> bool:
    return field.annotation is SecretStr


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _shown(value: Any, origin: str) -> str:
    if not isinstance(value, SecretStr) or origin == "default":
        return _text(value)
    secret = value.get_secret_value()
    # A fingerprint lets two machines be compared without showing what is compared.
    return f"set ({len(secret)} characters, sha256 {hashlib.sha256(secret.encode()).hexdigest()[:8]})" if secret else ""
