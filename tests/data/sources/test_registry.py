"""The registry: who carries what, in which order, and that a lazy package stays light."""

import subprocess
import sys

import pytest

from ai_pro_sports.core.errors import UnknownName
from ai_pro_sports.core.leagues import LEAGUES, league
from ai_pro_sports.data import sources


def test_the_record_source_of_a_league_comes_first_and_is_the_only_one() -> None:
    for known in LEAGUES:
        carried = sources.sources_for(known.code)
        assert [source.is_record for source in carried] == [True, *[False] * (len(carried) - 1)]


def test_a_league_nobody_carries_has_no_sources() -> None:
    assert sources.sources_for("XYZ") == []


def test_sources_are_found_by_key_and_their_keys_are_unique() -> None:
    keys = [source.key for source in sources.SOURCES]
    assert len(set(keys)) == len(keys)
    assert sources.source_named("nflverse") is sources.SOURCES[0]
    with pytest.raises(UnknownName, match="use one of: nflverse"):
        sources.source_named("nobody")


def test_a_source_announces_only_for_a_record_source_of_its_leagues() -> None:
    for source in sources.SOURCES:
        if source.announces_for is not None:
            record = sources.source_named(source.announces_for)
            assert record.is_record
            assert set(source.leagues) <= set(record.leagues)


def test_every_item_of_every_source_has_an_address_and_a_relative_mirror_path() -> None:
    for source in sources.SOURCES:
        for code in source.leagues:
            for item in source.items(league(code), range(1993, 2026)):
                assert item.source == source.key
                assert item.league == code
                assert item.url.startswith("https://")
                assert not item.mirror_path.startswith("/")


def test_importing_the_package_does_not_import_polars() -> None:
    code = "import sys, ai_pro_sports.data.sources, ai_pro_sports.data.fetch, ai_pro_sports.data.identity, "
    code += "ai_pro_sports.data.lake; sys.exit('polars' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("package", ["sources", "fetch", "lake", "identity"])
def test_every_public_name_can_be_had_from_its_package_and_no_other(package: str) -> None:
    import importlib

    module = importlib.import_module(f"ai_pro_sports.data.{package}")
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = module.nonsense
