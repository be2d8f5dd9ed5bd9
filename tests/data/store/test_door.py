"""The store's door: every name behind it opens, and looking at it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ai_pro_sports.data import store


@pytest.mark.parametrize("name", store.__all__)
def test_every_public_name_opens(name: str) -> None:
    assert getattr(store, name).__name__ == name


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Datenbank'"):
        _ = store.Datenbank


def test_a_module_of_the_same_room_does_not_hide_a_public_name() -> None:
    code = (
        "import importlib, pkgutil, ai_pro_sports.data.store as s\n"
        "for m in pkgutil.iter_modules(s.__path__): importlib.import_module(f'{s.__name__}.{m.name}')\n"
        "assert not [n for n in s.__all__ if type(getattr(s, n)).__name__ == 'module']\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_importing_the_store_loads_no_heavy_library() -> None:
    code = (
        "import sys, ai_pro_sports.data.store\n"
        "heavy = {'sqlalchemy', 'polars', 'asyncpg', 'alembic', 'pandera'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
