"""The embedded PostgreSQL: a real server from a wheel, started on demand under the product's home.

`EmbeddedPostgres(home).ensure()` answers with a `ServerAddress` that works. Several processes share one server; the
last one to leave stops it. Nothing here speaks SQL beyond making sure that the product's database exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_pro_sports.core.lazy import lazy_exports

if TYPE_CHECKING:
    from ai_pro_sports.data.store.embedded.records import ServerAddress, ServerStatus
    from ai_pro_sports.data.store.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "ServerAddress", "ServerStatus"]

__getattr__ = lazy_exports(
    __name__,
    {
        "EmbeddedPostgres": "server",
        "ServerAddress": "records",
        "ServerStatus": "records",
    },
)
