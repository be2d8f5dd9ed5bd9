"""The stored form of a fitted model: canonical JSON, so that equal models have equal bytes and no code is loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ai_pro_sports.core.errors import ArtefactDamaged
from ai_pro_sports.science.models.calibrated import CalibratedFitted
from ai_pro_sports.science.models.calibration import Calibrator
from ai_pro_sports.science.models.football import FittedFootball
from ai_pro_sports.science.models.forecaster import Fitted, Payload
from ai_pro_sports.science.models.goals import FittedGoals

__all__ = ["SCHEMA_VERSION", "from_json", "to_json"]

SCHEMA_VERSION = 1
"""Changes when a stored model of before can no longer be read."""


def to_json(fitted: Fitted) -> str:
    """Return the stored form: sorted keys, no spaces, numbers with every digit, so a round trip changes no forecast."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "kind": fitted.kind,
        "features": list(fitted.features),
        "learned": fitted.payload(),
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Fitted:
    """Return the model that `text` was made from.

    Raises ArtefactDamaged where it is not such a text, of another schema version or of a kind nobody here knows.
    """
    try:
        document = json.loads(text)
        version = document["schema_version"]
        if version != SCHEMA_VERSION:
            raise ArtefactDamaged(
                f"a model of schema version {version}, not {SCHEMA_VERSION}", hint="train it again: aips model train"
            )
        fitted = _restored(document)
        if list(fitted.features) != document["features"]:
            raise ArtefactDamaged("a model and its feature list disagree", hint="restore it from a backup")
    except (AttributeError, KeyError, TypeError, ValueError) as broken:
        raise ArtefactDamaged(f"not a stored model: {broken!r}", hint="restore it, or train it again") from broken
    return fitted


def _restored(document: Any) -> Fitted:
    return _RESTORE[document["kind"]](document["learned"])


def _calibrated(payload: Payload) -> Fitted:
    return CalibratedFitted(_restored(payload["base"]), Calibrator.of_payload(payload["calibrator"]))


_RESTORE: dict[str, Callable[[Payload], Fitted]] = {
    "football": FittedFootball.of_payload,
    "goals": FittedGoals.of_payload,
    "calibrated": _calibrated,
}
