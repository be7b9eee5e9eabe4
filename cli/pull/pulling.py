"""Pull packages: in byte ranges that can be resumed, verified before they get their name, answered for at last."""

import asyncio
import base64
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

import httpx

from cli.client import ApiClient, ApiProblem
from shared.eark.verify import verify_package

PATIENCE = 300.0
Told = Callable[[str, str], None]


@dataclass
class PullReport:
    """What was pulled: verified packages, and failed ones with the reasons."""

    verified: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, list[str]]] = field(default_factory=list)


async def pull_all(client: ApiClient, to: Path, told: Told = lambda *_: None) -> PullReport:
    """Pull every package of the receiver's open deliveries that has not been answered for."""
    report = PullReport()
    async for delivery in client.items("/handover/deliveries", state="open", limit=500):
        folder = to / f"{delivery['fonds_code']}-{delivery['number']:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        async for package in client.items(f"/handover/deliveries/{delivery['id']}/packages", limit=500):
            if package["state"] == "offered":
                await pull_one(client, package, folder, report, told)
    return report


async def pull_one(client: ApiClient, package: dict[str, Any], folder: Path, report: PullReport, told: Told) -> None:
    """Pull one package, verify it, and post the receipt."""
    place = folder / f"{package['part']:04d}-{package['objid']}.zip"
    if not place.exists():
        await fetch(client, package, place.with_suffix(".part"), told)
        faults = await asyncio.to_thread(faults_of, place.with_suffix(".part"), package)
        if not faults:
            await asyncio.to_thread(settle, place.with_suffix(".part"), place)
    else:
        faults = await asyncio.to_thread(faults_of, place, package)
    answer = {"answer": "rejected" if faults else "accepted", "sha256": package["sha256"], "reasons": faults[:1000]}
    await client.put(f"/handover/packages/{package['id']}/receipt", answer)
    if faults:
        place.with_suffix(".part").unlink(missing_ok=True)
        report.failed.append((place, faults))
    else:
        report.verified.append(place)
    told(place.name, "rejected" if faults else "accepted")


async def fetch(client: ApiClient, package: dict[str, Any], part: Path, told: Told) -> None:
    """Fetch what is missing of a package, again and again until it is whole or patience ends."""
    deadline, pause = time.monotonic() + PATIENCE, 0.5
    while (held := part.stat().st_size if part.exists() else 0) != package["size"]:
        if held > package["size"]:
            part.unlink()
            continue
        try:
            await fetch_from(client, package, part, held)
        except (httpx.TransportError, ApiProblem) as lost:
            if time.monotonic() > deadline or (isinstance(lost, ApiProblem) and lost.status < 500):
                raise
            told(part.name, f"{held}/{package['size']}: {lost!r}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)


async def fetch_from(client: ApiClient, package: dict[str, Any], part: Path, held: int) -> None:
    """Append what the server gives from an offset; a package that changed meanwhile starts anew."""
    headers = {"Range": f"bytes={held}-", "If-Range": f'"{package["sha256"]}"'} if held else {}
    async with client.streamed(f"/handover/packages/{package['id']}/content", headers) as answer:
        demand_digest(answer, package)
        with await asyncio.to_thread(part.open, "ab" if answer.status_code == 206 else "wb") as file:
            async for chunk in answer.aiter_bytes(1 << 20):
                await asyncio.to_thread(file.write, chunk)


def demand_digest(answer: httpx.Response, package: dict[str, Any]) -> None:
    """Raise ApiProblem when the server itself names another digest than the delivery's list did."""
    expected = f"sha-256=:{base64.b64encode(bytes.fromhex(package['sha256'])).decode()}:"
    if answer.headers.get("repr-digest") != expected:
        raise ApiProblem(409, {"code": "pull.digest_differs", "title": "Repr-Digest is not that of the list"})


def faults_of(path: Path, package: dict[str, Any]) -> list[str]:
    """Give everything that is wrong with a fetched package; blocks."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    if digest != package["sha256"]:
        return [f"sha256: {digest} instead of {package['sha256']}"]
    return [f"{fault.code}: {fault.path} {fault.detail}".strip() for fault in verify_package(path)]


def settle(part: Path, place: Path) -> None:
    """Give a verified package its name, durably; blocks."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
