"""Ten thousand dossiers approved at once: how long until the others know them all, and what answers take meanwhile."""

import asyncio
import time
from pathlib import Path

from bench.system import FONDS, BenchSystem
from cli.client import ApiClient, ApiProblem
from cli.demo.waiting import until
from cli.importing import send_to

DOSSIERS = 10_000
AT_ONCE = 1000  # on a list by one request
PROBES = ("/catalog/lists", "/ingest/scan-orders", "/qc/dossiers", "/reporting/ledger")


async def measure_approving(folder: Path) -> list[str]:
    """Give the figures of this measurement, of the embedded mode."""
    async with BenchSystem(folder / "data") as system:
        cast = await system.hired()
        async with cast.client("archivist") as archivist, cast.client("approver") as approver:
            list_id, last = await listed(archivist, folder)
            waits: list[float] = []
            probing = asyncio.create_task(probe(archivist, waits))
            draft = await archivist.get(f"/catalog/lists/{list_id}")
            began = time.monotonic()
            frozen = await archivist.post(f"/catalog/lists/{list_id}/submission", seen=draft["tag"])
            submitted = time.monotonic() - began
            began = time.monotonic()
            await approver.post(f"/catalog/lists/{list_id}/approval", seen=frozen["tag"])
            approved = time.monotonic() - began
            await until("the last dossier", lambda: known(archivist, last))
            reached = time.monotonic() - began
            probing.cancel()
            count = (await archivist.get("/reporting/ledger/totals"))["dossiers"]
    waits.sort()
    return [
        f"{DOSSIERS} dossiers: submitted in {submitted:.1f} s, approved in {approved:.1f} s, known to ingest, qc and "
        f"reporting ({count}) {reached:.1f} s after the approval was asked (wanted 60)",
        f"answers meanwhile: median {waits[len(waits) // 2] * 1000:.0f} ms, 95 % under "
        f"{waits[len(waits) * 95 // 100] * 1000:.0f} ms, slowest {waits[-1] * 1000:.0f} ms (wanted 500)",
    ]


async def listed(archivist: ApiClient, folder: Path) -> tuple[str, str]:
    """Import an inventory and put all of it on a list; gives the list and the dossier that is told of last."""
    fonds_id = (await archivist.post("/catalog/fonds", FONDS))["id"]
    inventory = folder / "inventory.csv"
    await asyncio.to_thread(inventory.write_text, inventory_of(DOSSIERS), "utf-8")
    await send_to(archivist, inventory, fonds_id)
    ids = [each["id"] async for each in archivist.items("/catalog/dossiers", fonds_id=fonds_id, limit=500)]
    made = await archivist.post("/catalog/lists", {"fonds_id": fonds_id, "name": "Danh mục", "year": 2026})
    for begin in range(0, len(ids), AT_ONCE):
        told = {"dossier_ids": ids[begin : begin + AT_ONCE]}
        await archivist.put(f"/catalog/lists/{made['id']}/dossiers", told)
    return made["id"], ids[-1]


def inventory_of(count: int) -> str:
    """Write an inventory, as CSV, of dossiers that may be listed."""
    head = "fileCode,title,numberOfPage,criteria,evidence,arranged,arrangementNumber,arrangementDate,secrecyCheckedBy"
    proofs = "permanent,Mục lục số 1,x,1/BB,2024,đo"
    return "\n".join([head, *(f"H49.{number:05},Hồ sơ số {number},12,{proofs}" for number in range(count))])


async def known(reader: ApiClient, dossier_id: str) -> bool | None:
    """Say whether everybody knows a dossier; None as long as somebody does not."""
    try:
        for service in ("ingest", "qc"):
            await reader.get(f"/{service}/dossiers/{dossier_id}")
    except ApiProblem as problem:
        if problem.code != "not_found":
            raise
        return None
    return True if (await reader.get("/reporting/ledger/totals"))["dossiers"] == DOSSIERS else None


async def probe(reader: ApiClient, waits: list[float]) -> None:
    """Ask every service something small, one after the other."""
    while True:
        for path in PROBES:
            began = time.monotonic()
            await reader.get(path, limit=1)
            waits.append(time.monotonic() - began)
        await asyncio.sleep(0.02)
