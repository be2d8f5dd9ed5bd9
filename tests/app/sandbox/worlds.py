"""The simulated worlds the tests share, and how their files are read back."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)
SEED = 11


def read_csv(path: Path) -> pl.DataFrame:
    body = path.read_bytes()
    text = gzip.decompress(body) if path.suffix == ".gz" else body
    return pl.read_csv(io.BytesIO(text), infer_schema_length=None)


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
