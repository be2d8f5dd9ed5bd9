"""The embedded PostgreSQL: a real server from a wheel, started on demand under the product's home.

`EmbeddedPostgres(home).ensure()` answers with a `ServerAddress` that works. Several processes share one server; the
last one to leave stops it. Nothing here speaks SQL beyond making sure that the product's database exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ai_pro_sports.data.store.embedded.records import ServerAddress, ServerStatus
    from ai_pro_sports.data.store.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "ServerAddress", "ServerStatus"]


def __getattr__(name: str) -> object:
    """Load the public names when first asked for: `import` of this package stays light."""
    if name == "EmbeddedPostgres":
        from ai_pro_sports.data.store.embedded.server import EmbeddedPostgres

        return EmbeddedPostgres
    if name in {"ServerAddress", "ServerStatus"}:
        from ai_pro_sports.data.store.embedded import records

        return getattr(records, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
