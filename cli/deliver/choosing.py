"""Which delivery is written: one that is open, under an agreement about media."""

from typing import Any

from cli.client import ApiClient
from cli.copies.faults import CopyRefused
from cli.pull.beside import DeliveryRefused
from cli.pull.pulling import folder_of

CARRIED = frozenset({"open", "closed"})  # a disk may be lost after it was answered for
MEDIA = "media"


async def chosen(client: ApiClient, asked: str) -> dict[str, Any]:
    """Give the delivery that is meant by its name (`P01-001`) or its id. Raises CopyRefused, ApiProblem."""
    found: dict[str, Any] | None = None
    async for delivery in client.items("/handover/deliveries", limit=500):
        if asked in names_of(delivery):
            found = delivery
            break
    if found is None:
        raise CopyRefused("deliver.delivery_unknown", f"không có đợt bàn giao {asked}", f"there is no delivery {asked}")
    if found["state"] not in CARRIED:
        raise CopyRefused(
            "deliver.delivery_not_open",
            f"đợt bàn giao {asked} đang ở trạng thái {found['state']}, chưa mở hoặc không còn được phục vụ",
            f"delivery {asked} is {found['state']}, not open",
        )
    agreement = await client.get(f"/handover/agreements/{found['agreement_id']}")
    if agreement["medium"] != MEDIA:
        raise CopyRefused(
            "deliver.medium_not_agreed",
            f"thỏa thuận {agreement['reference']} là tải qua mạng, không phải giao bằng vật mang tin",
            f"agreement {agreement['reference']} is about pulling, not about media",
        )
    return found


def names_of(delivery: dict[str, Any]) -> tuple[str, str, str]:
    """Give what a delivery may be asked for by: its id, its folder, its fonds and number. Raises CopyRefused."""
    try:
        return delivery["id"], folder_of(delivery), f"{delivery['fonds_code']}-{delivery['number']:03d}"
    except DeliveryRefused as refused:
        raise CopyRefused(
            "deliver.delivery_malformed",
            "hệ thống không cho biết mã phông hoặc số của một đợt bàn giao",
            "the system does not tell the fonds code or the number of a delivery",
        ) from refused
