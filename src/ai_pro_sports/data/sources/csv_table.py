"""Bytes to a table of texts: compression, encodings, line ends, ragged rows and pages that are no data."""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from ai_pro_sports.core.errors import PayloadRejected, SchemaChanged

__all__ = ["MAX_TEXT_BYTES", "ROW", "Table", "read_table", "require_columns", "unpack"]

ROW = "__row"
"""The column with the 1-based number of the data row, blank ones counted, line-end debris not."""

MAX_TEXT_BYTES = 256 * 1024 * 1024
"""The most a payload may unpack to; a larger one is an attack or an accident."""

_GZIP_MAGIC = b"\x1f\x8b"
_PAGE = re.compile(rb"\s*(<!doctype|<html|<\?xml|<head)", re.IGNORECASE)
_LINE_END = re.compile(r"\r*\n|\r")
# C1 controls in a decoded text are Windows-1252 bytes somebody once read as Latin-1.
_C1_AS_CP1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


@dataclass(frozen=True, slots=True)
class Table:
    """A payload as texts, stripped, empty cells null, blank rows removed and counted.

    `frame` has `ROW` and one column per named header cell (a repeated name keeps its first column); `overhanging`
    counts rows with values beyond the header, which no column names.
    """

    frame: pl.DataFrame
    rows: int
    blank: int
    overhanging: int

    @property
    def columns(self) -> list[str]:
        """Return the header's names, in order, without `ROW`."""
        return self.frame.columns[1:]


def unpack(body: bytes, name: str) -> bytes:
    """Return `body` without its gzip layer, if it has one; raises PayloadRejected when cut short or damaged."""
    if not body.startswith(_GZIP_MAGIC):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            content = packed.read(MAX_TEXT_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise PayloadRejected(
            f"{name}: the gzip stream is cut short or damaged ({error})", hint="fetch the file again"
        ) from error
    if len(content) > MAX_TEXT_BYTES:
        raise PayloadRejected(f"{name} unpacks to more than {MAX_TEXT_BYTES} bytes", hint="look at the file by hand")
    return content


def read_table(body: bytes, name: str) -> Table:
    """Read a CSV payload, gzipped or not; `name` is for messages.

    UTF-8 with or without a byte-order mark, else Windows-1252; any line end, also the CR CR LF some archives hold;
    rows shorter or longer than the header. Raises PayloadRejected for an empty payload, a page of HTML, and quoting
    that swallows lines.

    >>> table = read_table(b"Div,Date,\\r\\r\\nE0, 19/08/00 ,\\r\\r\\n,,\\r\\r\\n", "E0_0001")
    >>> table.frame.rows(), table.rows, table.blank
    ([(1, 'E0', '19/08/00')], 2, 1)
    """
    content = unpack(body, name)
    if _PAGE.match(content.removeprefix(b"\xef\xbb\xbf")[:512]):
        raise PayloadRejected(f"{name} is a web page, not data", hint="the publisher has no file of that name")
    lines = [line for line in _LINE_END.split(_decode(content)) if line]
    if not lines:
        raise PayloadRejected(f"{name} is empty", hint="fetch the file again, or wait until it is published")
    header, cells = _header(lines[0], name), _cells(lines, name)
    named = {position: column for column, position in _first_positions(header).items()}
    stray = [column for position, column in enumerate(cells.columns) if position >= len(header)]
    filled = cells.select(pl.all().str.strip_chars().replace("", None)).with_row_index(ROW, offset=1)
    kept = filled.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    return Table(
        frame=kept.select(
            pl.col(ROW).cast(pl.Int64), *[pl.col(f"c{position}").alias(column) for position, column in named.items()]
        ),
        rows=filled.height,
        blank=filled.height - kept.height,
        overhanging=kept.filter(pl.any_horizontal(pl.col(stray).is_not_null())).height if stray else 0,
    )


def require_columns(columns: Iterable[str], required: Iterable[str], name: str) -> None:
    """Check that every required column is there; raises SchemaChanged naming each lost one and its nearest neighbour.

    >>> require_columns(["home_team", "spread"], ["home_team", "spread_line"], "games.csv")
    Traceback (most recent call last):
    ai_pro_sports.core.errors.SchemaChanged: games.csv lacks the column spread_line (nearest: spread). ...
    """
    have = list(columns)
    required = list(required)
    lost = [column for column in required if column not in have]
    if not lost:
        return
    free = [column for column in have if column not in required]
    said = ", ".join(_with_nearest(column, free) for column in lost)
    raise SchemaChanged(
        f"{name} lacks the column{'s' if len(lost) > 1 else ''} {said}",
        hint="if the publisher renamed it, teach the source the new name and raise its version",
    )


def _with_nearest(column: str, free: list[str]) -> str:
    by_fold = {other.casefold(): other for other in free}
    near = difflib.get_close_matches(column.casefold(), by_fold, n=1, cutoff=0.5)
    return f"{column} (nearest: {by_fold[near[0]]})" if near else f"{column} (nothing like it is there)"


def _decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.translate(_C1_AS_CP1252)


def _header(line: str, name: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], strict=True))]
    except (csv.Error, StopIteration) as error:
        raise PayloadRejected(
            f"{name}: the header cannot be read ({error})", hint="look at the file by hand"
        ) from error


def _first_positions(header: list[str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, column in enumerate(header):
        if column and column != ROW:
            positions.setdefault(column, position)
    return positions


def _cells(lines: list[str], name: str) -> pl.DataFrame:
    """Read every line after the header into columns c0, c1, ...: as many as the widest line can fill."""
    width = max(line.count(",") for line in lines) + 1
    columns = [f"c{position}" for position in range(width)]
    text = "\n".join([",".join(columns), *lines[1:]])
    if len(lines) == 1:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema_length=0)
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0][:200]
        raise PayloadRejected(f"{name} cannot be read as CSV ({first})", hint="look at the file by hand") from error
    if frame.height != len(lines) - 1:
        raise PayloadRejected(f"{name}: an unclosed quote swallows lines", hint="look at the file by hand")
    return frame
