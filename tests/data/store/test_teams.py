"""Teams and their aliases."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ai_pro_sports.core.errors import InvalidValue, SchemaChanged
from ai_pro_sports.core.leagues import EPL, NFL
from ai_pro_sports.data.store import Database, UnitOfWork
from ai_pro_sports.data.store.repositories.teams import ALIASES, NEW_TEAMS
from tests.data.store.rows import team_id, teams

pytestmark = pytest.mark.anyio

POOL = NFL.team_pool


def aliases(*rows: tuple[str, str | None, str, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(ALIASES), orient="row")


def new_teams(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(NEW_TEAMS), orient="row")


async def test_teams_come_back_by_name_and_by_pool(work: UnitOfWork) -> None:
    assert (await work.teams.add(teams(NFL))).inserted == 4
    assert (await work.teams.add(teams(EPL))).inserted == 4
    back = await work.teams.frame(POOL)
    assert_frame_equal(back.drop("active"), teams(NFL))
    assert back["active"].all()


async def test_known_teams_are_left_as_they_are(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    renamed = teams().with_columns(pl.lit("someone else").alias("source"))
    written = await work.teams.add(renamed)
    assert (written.inserted, written.unchanged) == (0, 4)
    assert (await work.teams.frame(POOL))["source"].unique().to_list() == ["schedule"]


async def test_a_name_under_two_ids_is_refused(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    written = await work.teams.add(new_teams((9, POOL, "Quay", None, "feed"), (8, POOL, "Hill", "HIL", "feed")))
    assert (written.inserted, written.unchanged) == (1, 0)
    assert written.refused.rows() == [(1, "Hill is kept under another id")]


async def test_the_same_name_in_another_pool_is_another_team(work: UnitOfWork) -> None:
    both = new_teams((1, "soccer/ENG", "Rangers", None, "a"), (2, "soccer/SCO", "Rangers", None, "a"))
    assert (await work.teams.add(both)).inserted == 2


async def test_the_directory_has_teams_and_their_other_names(work: UnitOfWork) -> None:
    await work.teams.add(teams(NFL))
    await work.teams.add(teams(EPL))
    named = aliases(
        (POOL, None, "The Hill", team_id("Hill")),
        (POOL, "feed", "HIL", team_id("Hill")),
        (POOL, "other", "HIL", team_id("Harbour")),
        (EPL.team_pool, None, "The Abbey", team_id("Abbey", EPL)),
    )
    assert (await work.teams.add_aliases(named)).inserted == 4
    directory = await work.teams.directory(POOL)
    assert directory.teams.height == 4
    assert_frame_equal(directory.aliases, named.head(3), check_row_order=False)


async def test_aliases_given_twice_are_kept_once_with_or_without_a_source(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    named = aliases((POOL, None, "The Hill", team_id("Hill")), (POOL, "feed", "HIL", team_id("Hill")))
    await work.teams.add_aliases(named)
    again = await work.teams.add_aliases(named)
    assert (again.inserted, again.unchanged, again.refused.height) == (0, 2, 0)
    assert (await work.teams.directory(POOL)).aliases.height == 2


async def test_an_alias_never_means_two_teams_nor_a_team_nobody_keeps(work: UnitOfWork) -> None:
    await work.teams.add(teams())
    await work.teams.add_aliases(aliases((POOL, None, "Hillmen", team_id("Hill"))))
    written = await work.teams.add_aliases(
        aliases(
            (POOL, None, "Nobody", 404),
            (POOL, None, "Hillmen", team_id("Lake")),
            (POOL, "feed", "Lakers", team_id("Lake")),
            (POOL, "feed", "Lakers", team_id("Mill")),
        )
    )
    assert written.inserted == 1
    assert written.refused.rows() == [
        (0, "Nobody names a team that is not kept"),
        (1, "Hillmen already names another team"),
        (3, "Lakers already names another team"),
    ]


async def test_a_frame_of_another_shape_is_refused_by_column(work: UnitOfWork) -> None:
    with pytest.raises(SchemaChanged, match="abbreviation, source"):
        await work.teams.add(teams().drop("abbreviation", "source"))
    with pytest.raises(SchemaChanged, match="team_id"):
        await work.teams.add(teams().with_columns(pl.col("team_id").cast(pl.String)))


async def test_the_database_itself_refuses_two_teams_of_one_name(database: Database) -> None:
    with pytest.raises(InvalidValue, match="uq_teams_pool_name"):
        async with database.unit_of_work() as work:
            await work.teams.add(teams())
            await work._connection.exec_driver_sql("UPDATE teams SET name = 'Hill'")
