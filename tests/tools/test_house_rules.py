"""Each house rule catches what it is for, and lets the named room through."""

from pathlib import Path

import pytest
from tools.house_rules import PACKAGE, breaches, python_files

ROOM = PACKAGE / "science/pricing/vig.py"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("from datetime import datetime\nx = datetime.now()\n", "datetime.now reads the wall clock"),
        ("import datetime\nx = datetime.datetime.utcnow()\n", "datetime.utcnow reads the wall clock"),
        ("import time\nx = time.time()\n", "time.time reads the wall clock"),
        ("from time import time\n", "time.time reads the wall clock"),
        ("from datetime import date\nx = date.today()\n", "date.today reads the wall clock"),
        ("import os\nx = os.environ['HOME']\n", "os.environ reads the environment"),
        ("from os import getenv\n", "os.getenv reads the environment"),
        ("session.commit()\n", "commit outside the unit of work"),
        ("def f():\n" + "    x = 1\n" * 81, "f has 82 lines"),
        ("x = 1\n" * 601, "601 lines"),
    ],
)
def test_a_breach_is_found_and_named(source: str, said: str) -> None:
    assert [str(breach) for breach in breaches(ROOM, source) if said in breach.said]


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("core/clock.py", "from datetime import datetime\nx = datetime.now()\n"),
        ("app/settings.py", "import os\nx = os.environ\n"),
        ("data/store/unit_of_work.py", "session.commit()\n"),
    ],
)
def test_the_one_room_that_may_is_let_through(room: str, source: str) -> None:
    assert list(breaches(PACKAGE / room, source)) == []
    assert list(breaches(ROOM, source)) != []


def test_monotonic_time_is_not_the_wall_clock() -> None:
    assert list(breaches(ROOM, "import time\nx = time.perf_counter() - time.monotonic()\n")) == []


def test_a_module_name_that_says_nothing_is_refused() -> None:
    assert list(breaches(PACKAGE / "data/utils.py", ""))


def test_the_rules_look_at_the_whole_repository() -> None:
    paths = list(python_files())
    assert Path("tools/house_rules.py") in paths
    assert PACKAGE / "core/odds.py" in paths
