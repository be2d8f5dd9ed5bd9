"""The API's composition: one application, one database pool, one router per resource."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from ai_pro_sports.app.bootstrap import Application
from ai_pro_sports.surfaces.api import health

__all__ = ["create_api"]


def create_api(application: Application) -> FastAPI:
    """Return the API of `application`, whose schema is already prepared."""

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        database = application.database()
        await database.connect()
        api.state.application, api.state.database = application, database
        try:
            yield
        finally:
            await database.close()

    api = FastAPI(
        title="AI PRO SPORTS",
        summary="Sports forecasts that can be checked.",
        lifespan=lifespan,
        docs_url="/docs",
        openapi_url="/api/v1/openapi.json",
    )
    api.include_router(health.router, prefix="/api/v1")

    @api.get("/health", include_in_schema=False)
    async def bare_health() -> RedirectResponse:
        return RedirectResponse("/api/v1/health", status_code=308)

    return api
