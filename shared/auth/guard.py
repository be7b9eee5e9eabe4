"""The guard at every route: token, account, role, size and pace of the body, before a byte of it is parsed."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from shared.auth.disabled import DisabledAccounts
from shared.auth.policy import roles_for
from shared.auth.query import demand_known, known_to
from shared.auth.tokens import TokenChecker
from shared.bodies import BodyCutShort, TooSlow
from shared.errors import ArchiveError, Forbidden, TooLarge, Unauthenticated
from shared.serving import SERVING
from shared.uow import Caller

LARGEST_BODY = 1 << 20
SLOWEST_SECONDS = 30.0
STREAMS = {"x-streams": True}


class AccountShutOut(Unauthenticated):
    """The account is disabled."""

    code = "account_disabled"


class RouteWithoutPermission(Exception):
    """A route is missing in the table of permissions; the service does not start."""


class Gate:
    """Decides who may pass, by the one table."""

    def __init__(self, service: str, tokens: TokenChecker, disabled: DisabledAccounts) -> None:
        self._service = service
        self._tokens = tokens
        self._disabled = disabled

    async def admit(self, request: Request, route: str) -> Caller:
        """Give the caller of a route. Raises Unauthenticated or Forbidden."""
        correlation = request.scope.get("request_id", "")
        roles = roles_for(self._service, route)
        if roles is None:
            return Caller("anyone", correlation_id=correlation)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        caller = await self._tokens.check(token.strip())
        if caller.account_id is None or await self._disabled.hold(caller.account_id):
            raise AccountShutOut
        if not roles & caller.roles:
            raise Forbidden
        return replace(caller, correlation_id=correlation)


class GuardedRoute(APIRoute):
    """A route that lets nobody in before the gate has. Mark a route that streams its body with STREAMS."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the gate and the limits before FastAPI's own handling."""
        handle = super().get_route_handler()
        known = known_to(self.dependant)
        streams = bool((self.openapi_extra or {}).get("x-streams"))

        async def guarded(request: Request) -> Response:
            gate: Gate = request.app.state.gate
            request.state.caller = await gate.admit(request, self.name)
            demand_known(request.query_params, known)
            SERVING.set(getattr(request.app.state, "context", None))
            if streams:
                return await handle(request)
            try:
                return await handle(Request(request.scope, limited(request.receive)))
            except HTTPException as wrapped:  # FastAPI's, around whatever goes wrong while it reads a body
                if isinstance(wrapped.__cause__, ArchiveError):
                    raise wrapped.__cause__ from wrapped
                raise

        return guarded


def guarded_router(*parts: APIRouter) -> APIRouter:
    """Make a router whose every route is guarded, holding the routes of its parts."""
    router = APIRouter(route_class=GuardedRoute)
    for part in parts:
        router.routes.extend(part.routes)
    return router


def demand_permissions(service: str, router: APIRouter) -> None:
    """Refuse to go on if a route is not guarded or not in the table. Raises RouteWithoutPermission."""
    for route in router.routes:
        name = getattr(route, "name", str(route))
        if not isinstance(route, GuardedRoute):
            raise RouteWithoutPermission(f"{service}.{name} has no guard")
        try:
            roles_for(service, name)
        except KeyError as missing:
            raise RouteWithoutPermission(f"{service}.{name} is not in the table of permissions") from missing


def limited(receive: Receive) -> Receive:
    """Count a body while it comes: at most LARGEST_BODY bytes within SLOWEST_SECONDS, and all of it."""
    is_whole = False
    left = LARGEST_BODY
    deadline = asyncio.get_running_loop().time() + SLOWEST_SECONDS

    async def counted() -> Message:
        nonlocal is_whole, left
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as slow:
            raise TooSlow from slow
        if message["type"] == "http.disconnect" and not is_whole:
            raise BodyCutShort
        is_whole = not message.get("more_body", False)
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge(f"at most {LARGEST_BODY} bytes")
        return message

    return counted
