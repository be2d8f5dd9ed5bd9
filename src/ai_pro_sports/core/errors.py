"""Errors, typed by what they ask of whoever catches them.

    AipsError
    ├── RetryLater        the world is busy or away: try again, after `retry_after` seconds if given
    │   ├── SourceUnavailable
    │   └── DatabaseUnavailable
    ├── SkipThis          this one item cannot be used: record the reason, go on with the rest
    │   ├── PayloadRejected
    │   └── RowRejected
    ├── CallAHuman        going on would do damage or hide a change: stop and tell the operator
    │   ├── SchemaChanged
    │   └── ArtefactDamaged
    └── YourMistake       the caller can put it right: say what is wrong and what to do
        ├── InvalidValue
        ├── UnknownName
        ├── NothingToDo
        └── UnsafeSettings

Every error carries a `hint`: the next step, in one sentence. Messages never hold secrets.
"""

from __future__ import annotations

__all__ = [
    "AipsError",
    "ArtefactDamaged",
    "CallAHuman",
    "DatabaseUnavailable",
    "InvalidValue",
    "NothingToDo",
    "PayloadRejected",
    "RetryLater",
    "RowRejected",
    "SchemaChanged",
    "SkipThis",
    "SourceUnavailable",
    "UnknownName",
    "UnsafeSettings",
    "YourMistake",
]


class AipsError(Exception):
    """The root: what went wrong (`message`) and what to do about it (`hint`).

    >>> str(AipsError("no games for NFL", hint="run: aips data backfill NFL"))
    'no games for NFL. run: aips data backfill NFL'
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.hint}" if self.hint else self.message


class RetryLater(AipsError):
    """The world is busy or away; the same call may go through later."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class SourceUnavailable(RetryLater):
    """A provider or mirror did not answer, or answered that it is overloaded."""


class DatabaseUnavailable(RetryLater):
    """PostgreSQL could not be started or reached in time."""


class SkipThis(AipsError):
    """This item cannot be used; record the reason and go on with the rest."""


class PayloadRejected(SkipThis):
    """A whole payload cannot be understood: truncated, a page instead of data, another league's file."""


class RowRejected(SkipThis):
    """One row of a payload breaks a contract."""


class CallAHuman(AipsError):
    """Going on would do damage or hide a change; stop and tell the operator."""


class SchemaChanged(CallAHuman):
    """A provider renamed or removed what we read."""


class ArtefactDamaged(CallAHuman):
    """A stored model or raw payload no longer matches its checksum."""


class YourMistake(AipsError):
    """The caller can put it right."""


class InvalidValue(YourMistake, ValueError):
    """A value outside its domain: odds of 1.0, a probability of 1.2, a naive time."""


class UnknownName(YourMistake, LookupError):
    """A league, market, book or model nobody here knows."""


class NothingToDo(YourMistake):
    """The request is fine but there is nothing it applies to."""


class UnsafeSettings(YourMistake):
    """Settings that must not run in this environment."""
