"""Values PostgreSQL's `jsonb` can hold.

JSON may carry what `jsonb` refuses, and that of a damaged file does: a NUL character, half of a surrogate pair, NaN.
"""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["storable", "storable_json"]


def storable(value: Any) -> Any:
    """Return `value` with what `jsonb` cannot hold replaced: such characters by U+FFFD, NaN and infinities by null.

    >>> storable({"a\\x00": [float("nan"), "b\\ud800"]})
    {'a\ufffd': [None, 'b\ufffd']}
    """
    if isinstance(value, str):
        return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {storable(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value


def storable_json(written: str | None) -> Any:
    """Read JSON into storable values; what is not JSON becomes `{"text": ...}`, and None stays None.

    >>> storable_json('{"a": 1}'), storable_json("HTL,2.1,"), storable_json(None)
    ({'a': 1}, {'text': 'HTL,2.1,'}, None)
    """
    if written is None:
        return None
    try:
        return storable(json.loads(written))
    except ValueError:
        return storable({"text": written})
