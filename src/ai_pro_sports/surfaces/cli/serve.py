"""`aips serve`: the API."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    host: Annotated[str | None, typer.Option(help="Address; HOST without it.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port, 0 for a free one; PORT without it.")] = None,
) -> None:
    """Serve the API until stopped."""
    import uvicorn

    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.surfaces.api.entry import create_api

    with Application() as application:
        application.prepare()
        server = application.settings.server
        uvicorn.run(
            create_api(application),
            host=host or server.host,
            port=server.port if port is None else port,
            log_level=application.settings.application.log_level.lower(),
        )
