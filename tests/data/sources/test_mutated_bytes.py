"""Damaged bytes: whatever is deleted, replaced or inserted, parsers answer with rows, rejects or our errors."""

import gzip
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pro_sports.core.contracts import STAGED_GAMES, STAGED_QUOTES
from ai_pro_sports.core.errors import AipsError
from ai_pro_sports.data.sources.source import Parsed
from tests.data.sources import rows

NFLVERSE = rows.nflverse_csv(rows.NFLVERSE_1999, rows.NFLVERSE_2015, rows.NFLVERSE_TIE, rows.NFLVERSE_COMING)
NFELO = rows.nfelo_csv(rows.NFELO_1999, rows.NFELO_2015)

FEEDS: dict[str, tuple[bytes, Callable[[bytes], Parsed]]] = {
    "nflverse": (NFLVERSE, rows.parse_nflverse),
    "nflverse gzipped": (gzip.compress(NFLVERSE, mtime=0), rows.parse_nflverse),
    "nfelomarket": (NFELO, rows.parse_nfelo),
    "division 1993": (rows.DIVISION_1993, lambda body: rows.parse_division(body, 1993)),
    "division 2003": (rows.DIVISION_2003, lambda body: rows.parse_division(body, 2003)),
    "division 2019": (rows.DIVISION_2019, lambda body: rows.parse_division(body, 2019)),
    "fixtures": (rows.FIXTURES, lambda body: rows.parse_fixtures(body, rows.LATER)),
}

CHANGE = st.tuples(
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(["delete", "replace", "insert"]),
    st.integers(1, 30),
    st.one_of(
        st.sampled_from([b'"', b",", b"\n", b"\r", b"-", b"9", b".", b"\x00", b"\xff"]),
        st.binary(min_size=1, max_size=3),
    ),
)


def damaged(body: bytes, changes: list[tuple[float, str, int, bytes]], *, after_header: bool) -> bytes:
    first = body.find(b"\n") + 1 if after_header else 0
    for where, what, length, with_bytes in changes:
        at = first + int(where * max(0, len(body) - first))
        if what == "insert":
            body = body[:at] + with_bytes + body[at:]
        else:
            gone = length if what == "delete" else len(with_bytes)
            body = body[:at] + (b"" if what == "delete" else with_bytes) + body[at + gone :]
    return body


@pytest.mark.parametrize("feed", FEEDS)
@settings(max_examples=60)
@given(changes=st.lists(CHANGE, min_size=1, max_size=6), after_header=st.booleans())
def test_damaged_bytes_never_raise_anything_but_our_errors(
    feed: str, changes: list[tuple[float, str, int, bytes]], after_header: bool
) -> None:
    body, parse = FEEDS[feed]
    try:
        parsed = parse(damaged(body, changes, after_header=after_header))
    except AipsError as error:
        assert error.hint
        return
    assert rows.accounted(parsed)
    assert STAGED_GAMES.check(parsed.games).rejected.is_empty()
    assert STAGED_QUOTES.check(parsed.quotes).rejected.is_empty()
    assert parsed.games["external_id"].is_unique().all()
    assert set(parsed.quotes["external_id"]) <= set(parsed.games["external_id"])


@pytest.mark.parametrize("feed", FEEDS)
def test_the_undamaged_bytes_are_read_whole(feed: str) -> None:
    body, parse = FEEDS[feed]
    parsed = parse(body)
    assert parsed.rejects.is_empty()
    assert parsed.games.height >= 1
