"""Handover behind the server of the product, with one further route that streams the same files unchecked."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from cli.serving import listen
from services.embedded import embedded_service
from shared.app import compose
from shared.auth.tokens import TokenChecker
from shared.bus.memory import MemoryBus
from shared.storage.port import MIB

KEYS = "keys.json"


async def streamed(folder: Path) -> AsyncIterator[bytes]:
    """Give the bytes of all files below a folder, as a plain program would."""
    for path in sorted(folder.iterdir()):
        with path.open("rb", buffering=0) as file:
            while chunk := await asyncio.to_thread(file.read, MIB):
                yield chunk


def serve(data: Path, port: int) -> None:
    """Serve until told to stop."""
    service = replace(embedded_service("handover", data, handover_builders="0"), register=None)
    app = compose([service], TokenChecker((data / KEYS).as_uri()), MemoryBus())

    async def bare(request: Request) -> StreamingResponse:
        folder = data / "stores" / "archive" / request.path_params["folder"]
        size = sum(path.stat().st_size for path in folder.iterdir())
        return StreamingResponse(streamed(folder), headers={"Content-Length": str(size)})

    app.router.routes.insert(0, Route("/bare/{folder:path}", bare))
    listen(app, "127.0.0.1", port, None, None)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
