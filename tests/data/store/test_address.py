"""Database URLs."""

from __future__ import annotations

import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.store.address import for_asyncpg, for_psycopg, shown


@pytest.mark.parametrize("spelling", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"])
def test_both_drivers_are_reached_from_every_spelling(spelling: str) -> None:
    url = f"{spelling}://ann:p%40ss@db:5433/sports"
    for address, driver in ((for_asyncpg(url), "postgresql+asyncpg"), (for_psycopg(url), "postgresql+psycopg")):
        assert address.drivername == driver
        assert (address.username, address.password, address.host, address.port) == ("ann", "p@ss", "db", 5433)
        assert address.database == "sports"


@pytest.mark.parametrize("mode", ["disable", "require", "verify-full"])
def test_sslmode_means_the_same_to_both_drivers(mode: str) -> None:
    url = f"postgresql://db/sports?sslmode={mode}"
    assert for_asyncpg(url).query == {"ssl": mode}
    assert for_psycopg(url).query == {"sslmode": mode}


@pytest.mark.parametrize("url", ["", "sports", "postgresql//ann:s3cret@db", "postgresql://ann:s3cret@db:port/sports"])
def test_what_is_no_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidValue, match="cannot be read") as refused:
        for_asyncpg(url)
    assert "s3cret" not in str(refused.value)
    assert "postgresql://user:password@host" in refused.value.hint


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://ann:s3cret@db/sports"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="not a PostgreSQL URL") as refused:
        for_psycopg(url)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://ann:s3cret@db:5433/sports?sslmode=require", "db:5433/sports"),
        ("postgresql://db/sports", "db:5432/sports"),
        ("postgresql://", "localhost:5432/"),
    ],
)
def test_a_place_is_shown_without_who_and_how(url: str, place: str) -> None:
    assert shown(url) == place
