"""The station agent: finds dossier folders, sends what is not sent yet, answers rescan orders, tells what is safe."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.client import ApiClient, ApiProblem
from cli.scan.folder import LeftOut, ScannedFolder, is_complete, scanned_folders
from cli.scan.journal import Journal, Sent
from cli.scan.sending import look_at, send_page

AT_ONCE = 4


@dataclass
class Round:
    """What one round over the folder did."""

    sent: int = 0
    known: int = 0
    waiting: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    unknown_folders: list[Path] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    preserved_twice: list[str] = field(default_factory=list)


Told = Callable[[str, int, int], None]


class ScanAgent:
    """Sends one station's folder; source files are only ever read."""

    def __init__(self, client: ApiClient, folder: Path, journal: Journal, told: Told = lambda *_: None) -> None:
        self._client = client
        self._folder = folder
        self._journal = journal
        self._told = told
        self._hands = asyncio.Semaphore(AT_ONCE)

    async def run_once(self, *, wait_for_scanner: bool = False) -> Round:
        """Go over the folder once; with `wait_for_scanner` files that changed a moment ago wait for the next round."""
        done = Round()
        orders = {order["folder_name"]: order async for order in self._client.items("/ingest/scan-orders", limit=500)}
        for folder in scanned_folders(self._folder):
            done.left_out += folder.left_out
            order = orders.get(folder.path.name)
            if order is None:
                done.unknown_folders.append(folder.path)
            elif order["state"] == "open":
                await self._send_dossier(order, folder, done, wait_for_scanner=wait_for_scanner)
            elif order["verified_copies"] >= 2:
                done.preserved_twice.append(order["file_code"])
        return done

    async def _send_dossier(
        self, order: dict[str, Any], folder: ScannedFolder, done: Round, *, wait_for_scanner: bool
    ) -> None:
        ready = [file for file in folder.images if not wait_for_scanner or is_complete(file)]
        done.waiting += len(folder.images) - len(ready)
        numbered = [(self._journal.number_of(order["dossier_id"], file.name), file) for file in ready]
        async with asyncio.TaskGroup() as group:
            for number, file in numbered:
                await self._hands.acquire()
                group.create_task(self._send_file(order, number, file, done))
        self._told(order["file_code"], len(ready), len(folder.images))

    async def _send_file(self, order: dict[str, Any], number: int, file: Path, done: Round) -> None:
        try:
            before = self._journal.newest(order["dossier_id"], number)
            if before is not None:
                done.known += 1
                return
            page = await look_at(file)
            place = {"dossier_id": order["dossier_id"], "number": str(number)}
            receipt = await send_page(self._client, place, page)
            self._journal.add(entry(receipt, file.name, page.modified_ns))
            done.sent += 1
        except ApiProblem as problem:
            done.refused.append((file, f"{problem.code}: {problem.title}"))
        finally:
            self._hands.release()

    async def answer_rescans(self, *, unchanged_too: bool = False) -> int:
        """Send the pages that inspectors ordered anew; gives how many were sent.

        A file that has not changed since it was sent waits for the operator to scan it again, unless
        `unchanged_too`.
        """
        sent = 0
        names = {order["dossier_id"]: order async for order in self._client.items("/ingest/scan-orders", limit=500)}
        async for rescan in self._client.items("/ingest/rescan-orders", limit=500):
            order = names.get(rescan["dossier_id"])
            name = self._journal.file_of(rescan["dossier_id"], rescan["page_number"])
            if order is None or name is None:
                continue
            page = await look_at(self._folder / order["folder_name"] / name)
            before = self._journal.newest(rescan["dossier_id"], rescan["page_number"])
            if before is not None and before.sha256 == page.sha256 and not unchanged_too:
                continue
            receipt = await send_page(self._client, {"rescan_order_id": rescan["id"]}, page)
            self._journal.add(entry(receipt, name, page.modified_ns))
            sent += 1
        return sent


def entry(receipt: dict[str, Any], file: str, modified_ns: int) -> Sent:
    """Make the journal's entry of a receipt."""
    return Sent(
        dossier_id=receipt["dossier_id"],
        number=receipt["number"],
        version=receipt["version"],
        file=file,
        size=receipt["size"],
        modified_ns=modified_ns,
        sha256=receipt["sha256"],
        page_id=receipt["page_id"],
        receipt=receipt["receipt"],
    )
