"""The app factory: every service is put behind HTTP the same way, alone or together with others."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from shared.auth.disabled import DisabledAccounts
from shared.auth.guard import Gate, demand_permissions
from shared.auth.policy import roles_for
from shared.auth.tokens import TokenChecker
from shared.bus.port import Bus
from shared.ids import new_id
from shared.metrics import Meter
from shared.problems import Problems
from shared.service import Service
from shared.standing import router as standing
from shared.texts import SHARED, Texts


def create_app(service: Service, tokens: TokenChecker) -> FastAPI:
    """Put one service behind HTTP. Raises RouteWithoutPermission when a route is not in the table."""
    app = closed_app(f"Saoluu {service.name}")
    app.state.service = service
    app.state.context = service.context
    app.state.gate = Gate(service.name, tokens, DisabledAccounts(service.context.database))
    for router in (service.router, standing):
        demand_permissions(service.name, router)
        for route in router.routes:
            note_roles(service.name, route)
        app.router.routes.extend(router.routes)
    Problems(Texts.of_service(service.folder), service.worded).install(app)
    app.add_middleware(Observed, meter=service.meter)
    return app


def closed_app(title: str, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Make an app that answers at no address but those it is given, and leads nobody from one to another."""
    return FastAPI(
        title=title, lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )


def note_roles(service: str, route: object) -> None:
    """Tell in the description of a route who may call it."""
    roles = roles_for(service, str(getattr(route, "name", "")))
    extra = dict(getattr(route, "openapi_extra", None) or {})
    extra["x-roles"] = ["anyone"] if roles is None else sorted(roles)
    route.openapi_extra = extra  # type: ignore[attr-defined]


def compose(services: Sequence[Service], tokens: TokenChecker, bus: Bus) -> FastAPI:
    """Serve services under their own prefixes in one process, and set them to work; one service is composed alone."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for service in services:
                await stack.enter_async_context(service.at_work(bus))
            stack.push_async_callback(bus.close)
            yield

    whole = closed_app("Saoluu", lifespan)
    for service in services:
        whole.mount(f"/{service.name}", create_app(service, tokens))
    Problems(Texts([SHARED])).install(whole)
    return whole


class Observed:
    """Gives each request an id, and counts and times the answers; pure ASGI, so that bodies still stream."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and look at its answer."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope["request_id"] = str(new_id())
        started = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", scope["request_id"].encode()))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            handler = getattr(scope.get("route"), "name", "none")
            self._meter.requests.labels(handler, str(status)).inc()
            self._meter.request_seconds.labels(handler).observe(time.perf_counter() - started)
        return None
