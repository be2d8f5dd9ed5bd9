"""`aips serve`: the API."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Annotated

import typer

from ai_pro_sports.core.errors import RetryLater


def serve(
    host: Annotated[str | None, typer.Option(help="Address; HOST without it.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port, 0 for a free one; PORT without it.")] = None,
) -> None:
    """Serve the API until stopped."""
    import uvicorn

    from ai_pro_sports.app.bootstrap import Application
    from ai_pro_sports.surfaces.api.entry import create_api

    with Application() as application:
        server = application.settings.server
        with _listening(host or server.host, server.port if port is None else port) as listener:
            application.prepare()
            typer.echo(f"Serving {_address(listener)}/api/v1/health (Ctrl-C stops)", err=True)
            level = application.settings.application.log_level.lower()
            with suppress(KeyboardInterrupt):  # the ordinary way to stop it
                uvicorn.Server(uvicorn.Config(create_api(application), log_level=level)).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    # Before the database is started: a port in use is said at once.
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as refused:
        raise RetryLater(
            f"cannot listen on {host}:{port}: {str(refused.strerror).partition(' (')[0]}",
            hint="stop what uses it, or choose another: aips serve --port 0",
        ) from None


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
