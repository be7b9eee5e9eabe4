"""A running embedded system for measuring, with everybody hired."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cli.client import ApiClient
from cli.demo import STARTERS, Mode
from cli.demo.accounts import Cast, hire
from cli.demo.waiting import until

FONDS = {"code": "P01", "title": "Phông đo", "kind": "fonds", "archive_code": "H49"}


class BenchSystem:
    """A running system in processes of its own; `environments` holds the settings of each service in the full mode."""

    def __init__(self, data: Path, mode: Mode = Mode.EMBEDDED) -> None:
        self._data = data
        self._mode = mode
        self._ending = ExitStack()
        self.cast: Cast | None = None
        self.fonds_id = ""

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._start)  # migrations run loops of their own
        return self

    def _start(self) -> None:
        self._data.mkdir(parents=True, mode=0o711)
        self._system = self._ending.enter_context(STARTERS[self._mode](self._data))
        self.url, self.environments = self._system.url, self._system.environments

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._ending.close)

    async def hired(self) -> Cast:
        """Give everybody, hired at the first asking."""
        if self.cast is None:
            self.cast = await hire(self.url, self._system.setup_token, self._data / "credentials")
        return self.cast

    async def token(self, name: str) -> str:
        """Give an access token of somebody."""
        credential = (await self.hired()).credentials[name]
        said = {"account_id": str(credential.account_id), "secret": credential.secret.get_secret_value()}
        async with ApiClient(credential) as client:
            answer: dict[str, Any] = await client.post("/identity/tokens", said)
        return str(answer["access_token"])


async def approve_one(system: BenchSystem, *, pages: int, code: str) -> str:
    """Describe, list and approve one dossier; gives its id once it may be scanned."""
    cast = await system.hired()
    async with cast.client("archivist") as archivist, cast.client("approver") as approver:
        if not system.fonds_id:
            system.fonds_id = (await archivist.post("/catalog/fonds", FONDS))["id"]
        dossier = {"fonds_id": system.fonds_id, "file_code": code, "title": code, "page_count": pages}
        arranged = {"is_arranged": True, "arrangement_number": "1/BB", "arrangement_on": "2024", "secrecy_by": "đo"}
        made = await archivist.post("/catalog/dossiers", {**dossier, **arranged})
        marks = {"criteria": [{"criterion": "at_risk", "evidence": "đo"}]}
        await archivist.put(f"/catalog/dossiers/{made['id']}/criteria", marks, version=made["version"])
        told = {"fonds_id": system.fonds_id, "name": code, "year": 2026}
        selection = await archivist.post("/catalog/lists", told)
        place = f"/catalog/lists/{selection['id']}"
        await archivist.put(f"{place}/dossiers", {"dossier_ids": [made["id"]]})
        submitted = await archivist.post(f"{place}/submission", seen=selection["tag"])
        await approver.post(f"{place}/approval", seen=submitted["tag"])

        async def look() -> bool | None:
            orders = [each async for each in archivist.items("/ingest/scan-orders", limit=500)]
            return True if any(order["dossier_id"] == made["id"] for order in orders) else None

        await until("the scan order", look)
    return str(made["id"])
