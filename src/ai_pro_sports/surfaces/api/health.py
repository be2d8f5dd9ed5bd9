"""`GET /health`: is the product up, and can it reach its database."""

from __future__ import annotations

import time
from datetime import datetime
from importlib.metadata import version

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from ai_pro_sports.core.errors import AipsError

__all__ = ["router"]

router = APIRouter(tags=["health"])


class Component(BaseModel):
    """One part and how it is."""

    status: str = Field(description="ok or down")
    detail: str = ""
    milliseconds: float | None = None


class Health(BaseModel):
    """The whole and its parts; `simulated` marks a home whose league is made up."""

    status: str = Field(description="ok or down")
    version: str
    at: datetime
    simulated: bool
    components: dict[str, Component]


class Envelope(BaseModel):
    """Every answer's outer shape."""

    data: Health


@router.get("/health", responses={503: {"model": Envelope, "description": "A part is down."}})
async def health(request: Request, response: Response) -> Envelope:
    """Say how every part is: 200 when all are up, 503 when one is down."""
    state = request.app.state
    began = time.perf_counter()
    try:
        answer = await state.database.server_version()
        database = Component(status="ok", detail=f"PostgreSQL {answer}", milliseconds=_since(began))
    except AipsError as down:
        database = Component(status="down", detail=down.message, milliseconds=_since(began))
    if database.status != "ok":
        response.status_code = 503
    return Envelope(
        data=Health(
            status=database.status,
            version=version("ai-pro-sports"),
            at=state.application.clock.now(),
            simulated=state.application.is_simulated,
            components={"database": database},
        )
    )


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
