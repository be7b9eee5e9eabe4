"""Send one page: hash the file, stream it, and keep the receipt; large files go in parts that can be resumed."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cli.client import ApiClient, ApiProblem
from cli.scan.folder import Seen
from shared.imaging.formats import sniff
from shared.storage.port import MIB

LARGE = 64 * MIB
PART = 16 * MIB


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as it was when it was hashed."""

    path: Path
    size: int
    modified_ns: int
    sha256: str
    media_type: str


class StillWritten(Exception):
    """The file changed while it was read, or since it was found complete; the next look will tell more."""


async def look_at(seen: Seen) -> PageFile:
    """Hash a file, in a thread. Raises StillWritten when it is not as it was seen, and OSError."""
    return await asyncio.to_thread(looked_at, seen)


def looked_at(seen: Seen) -> PageFile:
    """Hash a file and recognise its format by content."""
    with seen.path.open("rb") as file:
        media_type = sniff(file.read(64)) or "application/octet-stream"
        file.seek(0)
        digest = file_digest(file, "sha256").hexdigest()
        facts = os.fstat(file.fileno())
    if (facts.st_size, facts.st_mtime_ns) != (seen.size, seen.modified_ns):
        raise StillWritten(str(seen.path))
    return PageFile(seen.path, seen.size, seen.modified_ns, digest, media_type)


async def send_page(client: ApiClient, place: dict[str, str], file: PageFile, capture: str) -> Any:  # noqa: ANN401
    """Send a file to its place (`dossier_id` and `number`, or `rescan_order_id`); gives the receipt (JSON).

    `capture` says how it was scanned.
    """
    if file.size > LARGE:
        return await send_in_parts(client, place, file, capture)
    if "rescan_order_id" in place:
        path = f"/ingest/rescan-orders/{place['rescan_order_id']}/page"
    else:
        path = f"/ingest/dossiers/{place['dossier_id']}/pages/{place['number']}"
    headers = {
        "Content-Type": file.media_type,
        "Content-Length": str(file.size),
        "Content-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.path.name)}",
        "Saoluu-Capture": capture,
    }
    answer = await client.send("PUT", path, headers=headers, stream=lambda: read(file.path, 0, file.size))
    return answer.json()


async def send_in_parts(client: ApiClient, place: dict[str, str], file: PageFile, capture: str) -> Any:  # noqa: ANN401
    """Send a file in parts (tus 1.0): after a lost network it goes on where the service says it stands."""
    told = {**place, "sha256": file.sha256, "media_type": file.media_type, "file_name": file.path.name}
    told["capture"] = capture
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
    tus = {"Tus-Resumable": "1.0.0"}
    opened = await client.send(
        "POST",
        "/ingest/uploads",
        headers={**tus, "Upload-Length": str(file.size), "Upload-Metadata": metadata},
    )
    if opened.status_code == 200:
        return opened.json()
    location, held = opened.headers["location"], 0
    while True:
        size = min(PART, file.size - held)
        headers = {
            **tus,
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(size),
            "Upload-Offset": str(held),
        }
        start = held
        try:
            answer = await client.send(
                "PATCH",
                location,
                headers=headers,
                stream=lambda: read(file.path, start, size),  # noqa: B023 - used at once
            )
        except ApiProblem as problem:
            if problem.code != "ingest.upload_conflict":
                raise
            held = int((await client.send("HEAD", location, headers=tus)).headers["upload-offset"])
            continue
        if answer.status_code == 200:
            return answer.json()
        held = int(answer.headers["upload-offset"])


async def read(path: Path, start: int, size: int) -> AsyncIterator[bytes]:
    """Stream a stretch of a file in portions of 1 MiB, reading in threads."""
    with await asyncio.to_thread(path.open, "rb") as file:
        file.seek(start)
        while size > 0:
            chunk = await asyncio.to_thread(file.read, min(MIB, size))
            if not chunk:
                return
            size -= len(chunk)
            yield chunk
