"""The handover officer gathers and opens a delivery; the receiver pulls it and answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.demo.accounts import Cast
from cli.demo.waiting import until
from cli.language import say
from cli.pull.pulling import PullReport, pull_all

RECEIVER = "national-archives"


async def preserved(cast: Cast, expected: int, told: Callable[[int], None]) -> list[dict[str, Any]]:
    """Wait until every accepted dossier lies in both stores."""
    async with cast.client("handover-officer") as officer:

        async def look() -> list[dict[str, Any]] | None:
            orders = [each async for each in officer.items("/ingest/scan-orders", state="preserved", limit=500)]
            waiting = [each async for each in officer.items("/handover/preserved", limit=500)]
            told(len(waiting))
            return orders if len(orders) == len(waiting) == expected else None

        return await until(say("niêm phong các hồ sơ đã nghiệm thu", "the sealing of every accepted dossier"), look)


async def deliver(cast: Cast, fonds_code: str) -> str:
    """Agree with the receiver, gather all preserved dossiers into a delivery and open it; gives its id."""
    async with cast.client("handover-officer") as officer:
        receivers = (await officer.get("/identity/receivers"))["items"]
        receiver = next(each for each in receivers if each["name"] == RECEIVER)
        agreement = await officer.post(
            "/handover/agreements",
            {
                "receiver_id": receiver["id"],
                "receiver_name": receiver["name"],
                "fonds_code": fonds_code,
                "agreed_on": datetime.now(UTC).date().isoformat(),
                "reference": "Thỏa thuận bàn giao (mẫu)",
            },
        )
        delivery = await officer.post("/handover/deliveries", {"agreement_id": agreement["id"]})

        async def look() -> bool | None:
            seen = await officer.get(f"/handover/deliveries/{delivery['id']}")
            return True if seen["state"] == "ready" else None

        await until(say("dựng các gói tin", "the building of every package"), look)
        await officer.post(f"/handover/deliveries/{delivery['id']}/opening")
    return str(delivery["id"])


async def receive(cast: Cast, to: Path) -> PullReport:
    """Pull everything as the receiving archive."""
    async with cast.client(RECEIVER) as receiver:
        return await pull_all(receiver, to)
