"""The whole schema: importing this module registers every table on `SCHEMA`."""

from __future__ import annotations

from ai_pro_sports.data.store.tables import models, odds, sports, system
from ai_pro_sports.data.store.tables.metadata import metadata

__all__ = ["SCHEMA", "models", "odds", "sports", "system"]

SCHEMA = metadata
"""Every table of the product in the `public` schema."""
