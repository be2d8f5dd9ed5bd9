"""The catalogue: every declared feature, listed, and the version that changes when any of them does."""

from __future__ import annotations

import hashlib

from ai_pro_sports.core.leagues import League
from ai_pro_sports.science.features.adv import ADV
from ai_pro_sports.science.features.declared import Feature
from ai_pro_sports.science.features.form import FORM
from ai_pro_sports.science.features.h2h import H2H
from ai_pro_sports.science.features.line import LINE
from ai_pro_sports.science.features.rest import REST
from ai_pro_sports.science.features.situ import SITU
from ai_pro_sports.science.features.team import TEAM

__all__ = ["CATALOGUE", "catalogue_version", "features_of", "market_free"]

CATALOGUE: tuple[Feature, ...] = (*TEAM, *FORM, *REST, *H2H, *SITU, *ADV, *LINE)
"""Every feature of the product. A name may be declared more than once, for leagues where it means something else."""


def features_of(league: League) -> tuple[Feature, ...]:
    """Return the features computed for a league, in catalogue order; names are unique among them.

    >>> from ai_pro_sports.core.leagues import league
    >>> [feature.name for feature in features_of(league("NFL"))][:2]
    ['team_home_elo_now', 'team_away_elo_now']
    """
    return tuple(feature for feature in CATALOGUE if feature.applies_to(league))


def catalogue_version(features: tuple[Feature, ...] = CATALOGUE) -> str:
    """Return twelve hexadecimal digits that change with any name, league, definition or revision, not with the order.

    A model remembers the version it was trained on; features of another version are not fed to it.
    """
    declared = sorted("\x1f".join((f.name, *f.leagues, f.definition, str(f.revision))) for f in features)
    return hashlib.blake2b("\x1e".join(declared).encode(), digest_size=6).hexdigest()


def market_free(league: League) -> tuple[Feature, ...]:
    """Return the league's features that read no price or line, neither themselves nor through what they are made of.

    >>> from ai_pro_sports.core.leagues import league
    >>> any("line_" in feature.name for feature in market_free(league("NFL")))
    False
    """
    features = features_of(league)
    by_name = {feature.name: feature for feature in features}

    def reads_market(feature: Feature) -> bool:
        return feature.reads_market or any(reads_market(by_name[name]) for name in feature.of.values())

    return tuple(feature for feature in features if not reads_market(feature))
