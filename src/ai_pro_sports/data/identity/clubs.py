"""Clubs and the names they go by: the written-down part of identity."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.core.ids import TeamId, stable_id

__all__ = ["Club", "ClubTable", "fold", "nearest"]

SUGGEST_FROM = 0.6
"""Names less alike than this (difflib ratio of their folded forms) are not even suggested."""

_APOSTROPHES = re.compile("['’‘`´\u0092]")
_BETWEEN_WORDS = re.compile(r"[^\w&]+|_")


def fold(name: str) -> str:
    """Return the name without case, accents, punctuation and spare spaces: what two spellings of one name share.

    >>> fold("Nott'm  Forest"), fold("King’s Lynn"), fold("Preußen Münster")
    ('nottm forest', 'kings lynn', 'preussen munster')
    """
    # Unicode's compatibility caseless match (D146): folding case can undo a decomposition and the reverse.
    plain = unicodedata.normalize("NFD", name)
    for _ in range(2):
        plain = unicodedata.normalize("NFKD", plain.casefold())
    letters = "".join(letter for letter in _APOSTROPHES.sub("", plain) if not unicodedata.combining(letter))
    return " ".join(_BETWEEN_WORDS.sub(" ", letters).split())


def nearest(name: str, known: Mapping[str, str], cutoff: float = SUGGEST_FROM) -> str | None:
    """Return the display name (a value of `known`) whose folded key is most like `name`, or None.

    >>> nearest("Manchester Untied", {"manchester united": "Manchester United", "arsenal": "Arsenal"})
    'Manchester United'
    """
    near = difflib.get_close_matches(fold(name), known, n=1, cutoff=cutoff)
    return known[near[0]] if near else None


@dataclass(frozen=True, slots=True)
class Club:
    """One club: the key its id is computed from (folded; never to change), its name, abbreviation and other names."""

    key: str
    name: str
    abbreviation: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClubTable:
    """The clubs of a pool. A closed pool has no others: a new name there is a mistake, even in a record source.

    Raises InvalidValue when one name is given to two clubs.
    """

    pool: str
    clubs: tuple[Club, ...] = ()
    closed: bool = False
    _by_name: dict[str, Club] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for club in self.clubs:
            for name in (club.key, club.name, *club.aliases, *filter(None, [club.abbreviation])):
                other = self._by_name.setdefault(fold(name), club)
                if other is not club:
                    raise InvalidValue(f"{name!r} names both {other.name} and {club.name} in {self.pool}")

    def find(self, name: str) -> Club | None:
        """Return the club that goes by `name`, in any spelling `fold` makes equal, or None."""
        return self._by_name.get(fold(name))

    def team_id(self, club: Club) -> TeamId:
        """Return the id of a club of this pool."""
        return TeamId(stable_id("team", self.pool, fold(club.key)))

    @property
    def names(self) -> dict[str, str]:
        """Return every folded name and the display name of its club."""
        return {folded: club.name for folded, club in self._by_name.items()}
