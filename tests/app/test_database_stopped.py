"""A backfill whose database is stopped under it starts it again or ends with one message, and can be repeated."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from ai_pro_sports.app.sandbox import simulate
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from tests.app.mirrors import thin
from tests.app.test_backfill_killed import PATIENCE, TWO_BOOKS, command, destroy, manifests, until

BACKFILL = ("data", "backfill", "EPL", "--seasons", "2012-2023", "--json")


def test_a_backfill_whose_database_is_stopped_ends_and_can_be_repeated(tmp_path: Path) -> None:
    mirror, home = tmp_path / "mirror", tmp_path / "home"
    simulate(mirror, now=datetime(2024, 7, 1, tzinfo=UTC), seed=6, leagues=["EPL"], seasons=12)
    thin(mirror, TWO_BOOKS)
    with ExitStack() as cleaning:
        cleaning.callback(destroy, home, mirror)
        with command(home, mirror, *BACKFILL, to=tmp_path / "first") as process:
            server = EmbeddedPostgres(home)
            until(lambda: server.status().running, "the server")
            url = server.ensure().url("postgresql")
            cleaning.callback(server.release)

            def some_done() -> bool:
                with psycopg.connect(url) as database:
                    known = database.execute("SELECT to_regclass('lake_manifests')").fetchone()
                    return known is not None and known[0] is not None and len(manifests(database)) >= 2

            until(some_done, "two files done")
            assert server.stop()
            code = process.wait(PATIENCE)
        said = (tmp_path / "first.err").read_text()
        assert "Traceback" not in said
        assert (code, len(said.splitlines())) in {(0, 0), (1, 1)}, said
        with command(home, mirror, *BACKFILL, to=tmp_path / "second") as process:
            assert process.wait(PATIENCE) == 0, (tmp_path / "second.err").read_text()
