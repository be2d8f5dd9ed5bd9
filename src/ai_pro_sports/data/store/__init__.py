"""PostgreSQL: tables by area, migrations, repositories in a unit of work, bulk copy; the embedded server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

if TYPE_CHECKING:
    from ai_pro_sports.data.store.database import Database
    from ai_pro_sports.data.store.repositories.holdings import Holdings
    from ai_pro_sports.data.store.repositories.manifests import Manifest
    from ai_pro_sports.data.store.repositories.models import ModelStatus, TrainedModel
    from ai_pro_sports.data.store.repositories.payloads import StoredPayload
    from ai_pro_sports.data.store.repositories.runs import Run, RunStatus
    from ai_pro_sports.data.store.repositories.teams import Directory
    from ai_pro_sports.data.store.repositories.written import Written
    from ai_pro_sports.data.store.revisions import current_revision, downgrade, is_current, migrate
    from ai_pro_sports.data.store.unit_of_work import UnitOfWork

__all__ = [
    "Database",
    "Directory",
    "Holdings",
    "Manifest",
    "ModelStatus",
    "Run",
    "RunStatus",
    "StoredPayload",
    "TrainedModel",
    "UnitOfWork",
    "Written",
    "current_revision",
    "downgrade",
    "is_current",
    "migrate",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "Database": "database",
        "Directory": "repositories.teams",
        "Holdings": "repositories.holdings",
        "Manifest": "repositories.manifests",
        "ModelStatus": "repositories.models",
        "Run": "repositories.runs",
        "RunStatus": "repositories.runs",
        "StoredPayload": "repositories.payloads",
        "TrainedModel": "repositories.models",
        "UnitOfWork": "unit_of_work",
        "Written": "repositories.written",
        "current_revision": "revisions",
        "downgrade": "revisions",
        "is_current": "revisions",
        "migrate": "revisions",
    },
)
