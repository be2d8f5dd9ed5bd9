"""What fetchers hand over, and paths that must stay inside the mirror."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.fetch.payload import Payload, mirror_paths
from tests.data.fetch.items import item


def test_a_payload_knows_its_checksum_and_its_time_in_utc() -> None:
    local = datetime(2025, 9, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    payload = Payload.of(item(), b"abc", fetched_at=local, origin="here")
    assert payload.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert payload.fetched_at == datetime(2025, 9, 1, 12, tzinfo=UTC)
    assert "abc" not in repr(payload).replace(payload.sha256, "")


@pytest.mark.parametrize(
    ("path", "both"),
    [
        ("a/b.csv.gz", ("a/b.csv.gz", "a/b.csv")),
        ("a/b.csv", ("a/b.csv", "a/b.csv.gz")),
        ("./a//b.csv", ("a/b.csv", "a/b.csv.gz")),
    ],
)
def test_a_mirror_may_hold_the_packed_or_the_plain_file(path: str, both: tuple[str, str]) -> None:
    assert mirror_paths(item(path)) == both


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/etc/passwd", "", ".", "a\\..\\x", "a\nb", "a\x00b", "c:/x", "http://host/x"]
)
def test_a_path_that_leaves_the_mirror_is_refused(path: str) -> None:
    with pytest.raises(InvalidValue, match="leaves the mirror"):
        mirror_paths(item(path))


@given(st.text(max_size=40))
def test_no_text_makes_a_path_that_climbs_out(path: str) -> None:
    try:
        candidates = mirror_paths(item(path))
    except InvalidValue:
        return
    for candidate in candidates:
        assert not candidate.startswith("/")
        assert ".." not in candidate.split("/")
