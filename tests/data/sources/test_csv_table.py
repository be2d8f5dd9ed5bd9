"""Bytes to texts: every encoding, line end and ragged row of the archives, and what must be refused as a whole."""

import gzip

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import PayloadRejected, SchemaChanged
from ai_pro_sports.data.sources import csv_table
from ai_pro_sports.data.sources.csv_table import ROW, read_table, require_columns, unpack

PLAIN = b"Div,Date,Home\nE0,1/1/20,Leeds\nE0,2/1/20,Hull\n"


@pytest.mark.parametrize(
    "body",
    [
        PLAIN,
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.rstrip(b"\n"),
        gzip.compress(PLAIN, mtime=0),
    ],
    ids=["lf", "crlf", "crcrlf", "cr", "bom", "no last line end", "gzip"],
)
def test_a_table_reads_the_same_in_every_wrapping(body: bytes) -> None:
    table = read_table(body, "E0")
    assert table.frame.rows() == [(1, "E0", "1/1/20", "Leeds"), (2, "E0", "2/1/20", "Hull")]
    assert (table.rows, table.blank, table.overhanging) == (2, 0, 0)


def test_all_comma_rows_are_counted_as_blank_and_keep_their_number() -> None:
    table = read_table(b"a,b\n,\n1,2\n , \n3,4\n", "x")
    assert table.frame.rows() == [(2, "1", "2"), (4, "3", "4")]
    assert (table.rows, table.blank) == (4, 2)


def test_short_rows_are_filled_and_long_rows_are_counted_as_overhanging() -> None:
    table = read_table(b"a,b,c\n1\n1,2,3,,\n1,2,3,4\n", "x")
    assert table.frame.rows() == [(1, "1", None, None), (2, "1", "2", "3"), (3, "1", "2", "3")]
    assert table.overhanging == 1


def test_empty_header_cells_have_no_column_and_a_repeated_name_keeps_its_first() -> None:
    table = read_table(b"a,,LB,LB,\n1,2,3,4,5\n", "x")
    assert table.columns == ["a", "LB"]
    assert table.frame.rows() == [(1, "1", "3")]


def test_cells_are_stripped_of_every_kind_of_space() -> None:
    table = read_table("a,b\n Ajax ,\u00a0-1\n".encode(), "x")
    assert table.frame.rows() == [(1, "Ajax", "-1")]


def test_windows_1252_and_its_remains_inside_utf_8_read_alike() -> None:
    in_1252 = read_table("a\nKing’s Lynn\nMünchen\n".encode("cp1252"), "x").frame["a"].to_list()
    mixed = read_table("a\nKing\u0092s Lynn\nMünchen\n".encode(), "x").frame["a"].to_list()
    assert in_1252 == mixed == ["King’s Lynn", "München"]


def test_a_quoted_comma_stays_in_its_cell() -> None:
    assert read_table(b'a,b\n"Wiley, A. G.",2\n', "x").frame.rows() == [(1, "Wiley, A. G.", "2")]


def test_a_header_without_rows_is_an_empty_table() -> None:
    table = read_table(b"a,b\n", "x")
    assert table.frame.is_empty()
    assert table.columns == ["a", "b"]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\r\r\n", gzip.compress(b"", mtime=0)])
def test_an_empty_payload_is_rejected(body: bytes) -> None:
    with pytest.raises(PayloadRejected, match="x is empty"):
        read_table(body, "x")


@pytest.mark.parametrize(
    "page",
    [
        b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>300 Multiple Choices</head></html>',
        b"\n  <HTML><body>not here</body></HTML>",
        b"\xef\xbb\xbf<!doctype html>",
        b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>",
        gzip.compress(b"<html>", mtime=0),
    ],
)
def test_a_page_instead_of_data_is_rejected(page: bytes) -> None:
    with pytest.raises(PayloadRejected, match=r"AUS is a web page, not data.*publisher has no file of that name"):
        read_table(page, "AUS")


@pytest.mark.parametrize("cut", [1, 5, 9, 20])
def test_a_truncated_gzip_is_rejected_with_what_to_do(cut: int) -> None:
    body = gzip.compress(PLAIN * 50, mtime=0)
    with pytest.raises(PayloadRejected, match=r"E0: the gzip stream is cut short or damaged.*fetch the file again"):
        read_table(body[:-cut], "E0")


def test_a_damaged_gzip_is_rejected() -> None:
    body = bytearray(gzip.compress(PLAIN * 50, mtime=0))
    body[20] ^= 0xFF
    with pytest.raises(PayloadRejected, match="damaged"):
        read_table(bytes(body), "E0")


def test_a_gzip_bomb_is_rejected_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MAX_TEXT_BYTES", 1000)
    with pytest.raises(PayloadRejected, match="unpacks to more than 1000 bytes"):
        unpack(gzip.compress(b"a" * 1001, mtime=0), "x")
    assert len(unpack(gzip.compress(b"a" * 1000, mtime=0), "x")) == 1000


@pytest.mark.parametrize("body", [b'a,b\n1,"2\n3,4\n', b'a,b\n"1"",2\n3,4\n5,"6\n', b'a,"b\n1,2\n'])
def test_quoting_that_swallows_lines_rejects_the_payload(body: bytes) -> None:
    with pytest.raises(PayloadRejected):
        read_table(body, "x")


def test_a_lost_column_names_itself_and_its_nearest_neighbour() -> None:
    with pytest.raises(SchemaChanged, match=r"lacks the column HomeTeam \(nearest: Home_Team\)"):
        require_columns(["Div", "Home_Team"], ["Div", "HomeTeam"], "E0")


def test_several_lost_columns_are_all_named_even_without_a_neighbour() -> None:
    with pytest.raises(
        SchemaChanged, match=r"columns FTHG \(nothing like it is there\), AwayTeam \(nearest: awayteam\)"
    ):
        require_columns(["Div", "awayteam"], ["FTHG", "AwayTeam"], "E0")


def test_a_column_that_is_required_itself_is_never_offered_as_the_nearest() -> None:
    with pytest.raises(SchemaChanged, match=r"home_score \(nothing like it"):
        require_columns(["away_score"], ["away_score", "home_score"], "x")


CELL = st.text(st.characters(codec="utf-8", exclude_characters='",\r\n', exclude_categories=("Cc", "Cs")), max_size=6)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8), st.booleans())
def test_every_written_cell_comes_back_stripped_with_its_row_number(rows: list[list[str]], packed: bool) -> None:
    body = "\n".join(["a,b,c", *[",".join(row) for row in rows]]).encode()
    table = read_table(gzip.compress(body, mtime=0) if packed else body, "x")
    stripped = [[cell.strip() or None for cell in row] for row in rows]
    wanted = [(number, *row) for number, row in enumerate(stripped, 1) if any(row)]
    assert table.frame.rows() == wanted
    assert table.frame.schema[ROW] == pl.Int64
    assert table.rows == len(rows) == table.blank + len(wanted)
