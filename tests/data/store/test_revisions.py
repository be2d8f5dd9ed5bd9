"""The schema's history: up, down, up again, and never out of step with the tables the code describes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from ai_pro_sports.core.errors import DatabaseUnavailable, InvalidValue
from ai_pro_sports.data.store import current_revision, downgrade, is_current, migrate
from ai_pro_sports.data.store.address import for_psycopg
from ai_pro_sports.data.store.embedded import ServerAddress
from ai_pro_sports.data.store.revisions import head_revision
from ai_pro_sports.data.store.tables.schema import SCHEMA

WHAT_THERE_IS = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, numeric_precision, numeric_scale,
               identity_generation
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'
    """,
    "indexes": """
        SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE 'alembic%'
    """,
    "comments": """
        SELECT objoid::regclass::text, objsubid, description FROM pg_description
        WHERE classoid = 'pg_class'::regclass AND objoid::regclass::text = ANY(%s)
    """,
}


def what_is_there(url: str) -> dict[str, list[Any]]:
    """Every column, constraint, index and comment of the schema, as PostgreSQL itself describes it."""
    tables = [sorted(SCHEMA.tables)]
    with psycopg.connect(url) as connection:
        return {
            what: sorted(connection.execute(query, tables if "%s" in query else None).fetchall(), key=repr)
            for what, query in WHAT_THERE_IS.items()
        }


def tables_of(url: str) -> set[str]:
    return {row[0] for row in what_is_there(url)["columns"]}


def test_a_database_goes_up_to_head_down_to_nothing_and_up_again(empty_database_url: str) -> None:
    assert current_revision(empty_database_url) is None
    assert not is_current(empty_database_url)

    migrate(empty_database_url)
    first = what_is_there(empty_database_url)
    assert tables_of(empty_database_url) == set(SCHEMA.tables)
    assert current_revision(empty_database_url) == head_revision()
    assert is_current(empty_database_url)

    downgrade(empty_database_url)
    assert tables_of(empty_database_url) == set()
    assert current_revision(empty_database_url) is None

    migrate(empty_database_url)
    assert what_is_there(empty_database_url) == first


def test_the_migrated_schema_is_the_one_the_code_describes(fresh_database_url: str, empty_database_url: str) -> None:
    described = create_engine(for_psycopg(empty_database_url))
    SCHEMA.create_all(described)
    described.dispose()

    assert what_is_there(fresh_database_url) == what_is_there(empty_database_url)


def test_alembic_finds_nothing_left_to_migrate(fresh_database_url: str) -> None:
    engine = create_engine(for_psycopg(fresh_database_url))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SCHEMA) == []
    engine.dispose()


def test_a_changed_table_would_be_noticed(fresh_database_url: str) -> None:
    with psycopg.connect(fresh_database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE odds DROP CONSTRAINT ck_odds_price_range")
        connection.execute("ALTER TABLE teams DROP COLUMN active")
    engine = create_engine(for_psycopg(fresh_database_url))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SCHEMA) != []
    engine.dispose()
    names = {row[1] for row in what_is_there(fresh_database_url)["constraints"]}
    assert "ck_odds_price_range" not in names
    assert "ck_odds_side_known" in names


def test_migrating_a_current_database_changes_nothing(fresh_database_url: str) -> None:
    with psycopg.connect(fresh_database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO sportsbooks (key, name) VALUES ('pinnacle', 'Pinnacle')")
    before = what_is_there(fresh_database_url)

    migrate(fresh_database_url)

    assert what_is_there(fresh_database_url) == before
    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("SELECT count(*) FROM sportsbooks").fetchall() == [(1,)]


def test_threads_that_migrate_at_once_wait_for_each_other(empty_database_url: str) -> None:
    with ThreadPoolExecutor(3) as several:
        list(several.map(migrate, [empty_database_url] * 3))
    assert is_current(empty_database_url)


def test_processes_that_migrate_at_once_wait_for_each_other(empty_database_url: str) -> None:
    code = "import sys; from ai_pro_sports.data.store import migrate; migrate(sys.argv[1])"
    both = [subprocess.Popen([sys.executable, "-c", code, empty_database_url]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert is_current(empty_database_url)


def test_a_database_from_the_future_is_refused_and_says_what_to_do(fresh_database_url: str) -> None:
    with psycopg.connect(fresh_database_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert not is_current(fresh_database_url)
    with pytest.raises(InvalidValue, match="9999") as refused:
        migrate(fresh_database_url)
    assert "version of the product" in refused.value.hint


def test_a_server_that_is_away_is_reported_without_the_password() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/none") as away:
        migrate("postgresql://ann:s3cret-word@127.0.0.1:1/none")
    assert "s3cret-word" not in str(away.value)


@pytest.mark.parametrize(
    ("login", "database", "said"),
    [("aips:wrong-s3cret", "postgres", "password is wrong"), (None, "no_such_database", "does not exist")],
)
def test_what_trying_again_cannot_help_is_told_apart(
    postgres: ServerAddress, login: str | None, database: str, said: str
) -> None:
    url = postgres.url("postgresql", database=database)
    if login:
        url = f"postgresql://{login}@{postgres.host}:{postgres.port}/{database}"
    with pytest.raises(InvalidValue, match=said) as refused:
        migrate(url)
    assert "s3cret" not in str(refused.value)
    assert postgres.password not in str(refused.value)


def test_a_failing_revision_leaves_nothing_behind(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE lake_manifests (its_owner text)")
    with pytest.raises(InvalidValue, match="there already"):
        migrate(empty_database_url)
    assert tables_of(empty_database_url) == {"lake_manifests"}
    assert current_revision(empty_database_url) is None
