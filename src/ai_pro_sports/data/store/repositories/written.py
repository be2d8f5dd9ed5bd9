"""What became of a frame: rows added, changed, left as they were, and refused with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from ai_pro_sports.core.contracts import Contract
from ai_pro_sports.core.errors import SchemaChanged
from ai_pro_sports.data.store.copying import POSITION, Schema

__all__ = ["REFUSED", "Intake", "Written", "intake", "of_shape", "refusals"]

REFUSED: Schema = {POSITION: pl.Int64, "reason": pl.String}


def refusals(rows: Iterable[tuple[int, str]] = ()) -> pl.DataFrame:
    """Return refused rows as a frame: `position` (0-based, in the frame given) and `reason`."""
    return pl.DataFrame(list(rows), schema=REFUSED, orient="row")


@dataclass(frozen=True, slots=True)
class Written:
    """The account of one write. `inserted + updated + unchanged + refused.height` is the height of the frame given.

    `refused` has columns `position` (0-based, in the frame given) and `reason`. `retimed` counts quotes with nominal
    times that followed a game to its new start.
    """

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: pl.DataFrame = field(default_factory=refusals)
    retimed: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """A frame made ready to be staged: rows worth writing (with `position`), rows refused, exact repeats dropped."""

    rows: pl.DataFrame
    refused: pl.DataFrame
    repeats: int


def intake(contract: Contract, frame: pl.DataFrame, key: str | None = None) -> Intake:
    """Check `frame` against `contract` and, where `key` is given, that no key comes twice.

    A row that repeats an earlier one exactly is dropped and counted; one that repeats only its key is refused. Raises
    SchemaChanged for a missing or mistyped column.
    """
    broken = contract.check(frame).rejected
    rows = frame.select(list(contract.columns)).with_row_index(POSITION).with_columns(pl.col(POSITION).cast(pl.Int64))
    rows = rows.join(broken, on=POSITION, how="anti", maintain_order="left")
    height = rows.height
    rows = rows.unique(list(contract.columns), keep="first", maintain_order=True)
    repeats = height - rows.height
    if key is not None:
        first = pl.col(key).is_first_distinct()
        twice = rows.filter(~first).select(POSITION, pl.lit(f"the same {key} twice, and differently").alias("reason"))
        rows, broken = rows.filter(first), pl.concat([broken, twice])
    return Intake(rows, broken, repeats)


def of_shape(frame: pl.DataFrame, shape: Schema) -> pl.DataFrame:
    """Return the columns of `shape` in its order; raises SchemaChanged where one is missing or of another type."""
    odd = [name for name, kind in shape.items() if frame.schema.get(name) != kind]
    if odd:
        raise SchemaChanged(f"columns missing or of another type: {', '.join(odd)}", hint="build them as declared")
    return frame.select(list(shape))
