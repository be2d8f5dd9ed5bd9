"""Contracts: the shapes of the frames that cross rooms, and what becomes of rows that break them."""

from ai_pro_sports.core.contracts.contract import UTC_TIME, Checked, Contract
from ai_pro_sports.core.contracts.frames import GAMES, QUOTES, STAGED_GAMES, STAGED_QUOTES

__all__ = ["GAMES", "QUOTES", "STAGED_GAMES", "STAGED_QUOTES", "UTC_TIME", "Checked", "Contract"]
