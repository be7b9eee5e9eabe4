"""Both sides agree, another person approves; the officer opens a delivery, the receiver pulls it and answers."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from cli.credential import write_whole
from cli.demo.accounts import Cast
from cli.demo.waiting import until
from cli.language import say
from cli.pull.proof import Proof
from cli.pull.pulling import PullReport, pull_all
from shared.clock import day_in_vietnam, now

RECEIVER = "national-archives"
CIRCULAR = "tt05-2025"


async def preserved(cast: Cast, expected: int, told: Callable[[int], None]) -> list[dict[str, Any]]:
    """Wait until every accepted dossier lies in both stores."""
    async with cast.client("handover-officer") as officer:

        async def look() -> list[dict[str, Any]] | None:
            orders = [each async for each in officer.items("/ingest/scan-orders", state="preserved", limit=500)]
            waiting = [each async for each in officer.items("/handover/preserved", limit=500)]
            told(len(waiting))
            return orders if len(orders) == len(waiting) == expected else None

        return await until(say("niêm phong các hồ sơ đã nghiệm thu", "the sealing of every accepted dossier"), look)


DOCUMENT = """THỎA THUẬN BÀN GIAO (MẪU)
Bên giao giao cho bên nhận các hồ sơ đã số hóa của phông {fonds_code}, mỗi hồ sơ một gói tin, nhận qua mạng.
Bên nhận kiểm tra từng gói và ký xác nhận bằng khóa đã đăng ký.
"""


async def agree(cast: Cast, fonds_code: str, receipt_key: str, profile: str) -> str:
    """Write down what was agreed with the receiver, attach its document, have it approved; gives its id.

    The circular's packages hold the reading forms; in any other form the demo's receiver asks for the images.
    """
    async with cast.client("handover-officer") as officer, cast.client("approver") as approver:
        receivers = (await officer.get("/identity/receivers"))["items"]
        receiver = next(each for each in receivers if each["name"] == RECEIVER)
        agreement = await officer.post(
            "/handover/agreements",
            {
                "receiver_id": receiver["id"],
                "receiver_name": receiver["name"],
                "fonds_code": fonds_code,
                "agreed_on": day_in_vietnam(now()).isoformat(),
                "reference": "Thỏa thuận bàn giao (mẫu)",
                "receipt_key": receipt_key,
                "profile": profile,
                "with_masters": profile != CIRCULAR,
            },
        )
        place = f"/handover/agreements/{agreement['id']}"

        async def document() -> AsyncIterator[bytes]:
            yield DOCUMENT.format(fonds_code=fonds_code).encode()

        await officer.send("PUT", f"{place}/document", stream=document, params={"name": "thoa-thuan.txt"})
        await approver.post(f"{place}/approval")
    return str(agreement["id"])


async def deliver(cast: Cast, agreement_id: str) -> str:
    """Gather all preserved dossiers into a delivery and open it; gives its id."""
    async with cast.client("handover-officer") as officer:
        delivery = await officer.post("/handover/deliveries", {"agreement_id": agreement_id})

        async def look() -> bool | None:
            seen = await officer.get(f"/handover/deliveries/{delivery['id']}")
            return True if seen["state"] == "ready" else None

        await until(say("dựng các gói tin", "the building of every package"), look)
        await officer.post(f"/handover/deliveries/{delivery['id']}/opening")
    return str(delivery["id"])


async def receive(cast: Cast, to: Path, key: str) -> PullReport:
    """Pull everything as the receiving archive, and sign its receipts."""
    async with cast.client(RECEIVER) as receiver:
        return await pull_all(receiver, to, proof=Proof(receipt_key=key))


def receipt_keys(folder: Path) -> tuple[str, str]:
    """Make the receiver's key for receipts, kept in a file of its own; gives both halves as PEM."""
    made = OKPKey.generate_key("Ed25519")
    private, public = (made.as_pem(private=is_private).decode() for is_private in (True, False))
    write_whole(folder / "receipt-key.pem", private, overwrite=True)
    return private, public
