"""Fetch a package in byte ranges: what is here already is not fetched twice, and a lost line is taken up again."""

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from cli.client import ApiClient, ApiProblem
from cli.explaining import words_of
from cli.patience import Patience
from cli.problem import TRY_AGAIN
from cli.pull.alone import add, demand_held

PATIENCE = 300.0
MOST_FRUITLESS = 5
ZIP, TAR = "zip", "tar"
Told = Callable[[str, str], None]


async def as_tar(client: ApiClient, package: dict[str, Any]) -> dict[str, Any]:
    """Give a package as its TAR: its length and its tag, which only the server tells; of a frozen layout, for weeks."""
    told = await client.send("HEAD", content_of(package, TAR))
    return {**package, "form": TAR, "size": int(told.headers["content-length"]), "etag": told.headers["etag"]}


def content_of(package: dict[str, Any], form: str) -> str:
    """Say where a package is served in a form."""
    return f"/handover/packages/{package['id']}/content" + (f"?form={form}" if form != ZIP else "")


async def fetch(client: ApiClient, package: dict[str, Any], part: Path, told: Told, patience: float) -> None:
    """Fetch what is missing of a package, until there is as much as was announced, or more.

    `patience` is how long it may go without a further byte while nobody answers; one that is answered, but broken off
    again and again before a further byte, is given up sooner. Raises ApiProblem, httpx.TransportError, OSError.
    """
    waiting, before, fruitless = Patience(patience), -1, 0
    while (held := size_of(part)) < package["size"]:
        if held > before:
            waiting, before, fruitless = Patience(patience), held, 0
        try:
            await fetch_from(client, package, part, held)
            if size_of(part) <= held:
                raise httpx.RemoteProtocolError("no byte came")
        except (httpx.TransportError, ApiProblem) as lost:
            if isinstance(lost, ApiProblem) and lost.status < 500:
                raise
            fruitless += is_broken_off(lost) and size_of(part) <= held
            if fruitless == MOST_FRUITLESS:
                raise
            told(part.name, f"{size_of(part)}/{package['size']}: {words_of(lost)}")
            await waiting.wait(lost)


def is_broken_off(lost: httpx.TransportError | ApiProblem) -> bool:
    """Say whether somebody answered and could not go on; an outage passes, this mostly does not."""
    if isinstance(lost, ApiProblem):
        return lost.status not in TRY_AGAIN
    return not isinstance(lost, httpx.ConnectError | httpx.ConnectTimeout)


def size_of(part: Path) -> int:
    """Give how many bytes are here already."""
    return part.stat().st_size if part.exists() else 0


async def fetch_from(client: ApiClient, package: dict[str, Any], part: Path, held: int) -> None:
    """Append what the server gives from an offset; a package that changed meanwhile starts anew."""
    form, etag = package.get("form", ZIP), package.get("etag", f'"{package["sha256"]}"')
    headers = {"Range": f"bytes={held}-", "If-Range": etag} if held else {}
    async with client.streamed(content_of(package, form), headers) as answer:
        if form == ZIP:
            demand_digest(answer, package)
        elif answer.headers.get("etag") != etag:
            raise ApiProblem(409, {"code": "pull.package_changed", "title": "another ETag than a moment ago"})
        held = held if answer.status_code == 206 else 0
        with await asyncio.to_thread(part.open, "ab" if held else "wb") as file:
            async for chunk in answer.aiter_bytes():  # as they come: a larger portion would be lost with the line
                await asyncio.to_thread(add, file, part, chunk, held)
                held += len(chunk)
            await asyncio.to_thread(demand_held, file, part, held)


def demand_digest(answer: httpx.Response, package: dict[str, Any]) -> None:
    """Raise ApiProblem when the server itself names another digest than the delivery's list did."""
    expected = f"sha-256=:{base64.b64encode(bytes.fromhex(package['sha256'])).decode()}:"
    if answer.headers.get("repr-digest") != expected:
        raise ApiProblem(409, {"code": "pull.digest_differs", "title": "Repr-Digest is not that of the list"})
