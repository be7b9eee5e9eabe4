"""The archivist imports the inventory and chooses; another person approves."""

from cli.client import ApiClient
from cli.demo.accounts import Cast
from cli.demo.staging import Staged
from cli.importing import send_to
from cli.language import say

YEAR = 2026


class InventoryRejected(Exception):
    """The catalog does not take the inventory; the text lists the first wrong cells."""


async def choose(cast: Cast, staged: Staged) -> int:
    """Import the workbook into a new fonds, list every dossier, submit, approve; gives the number of dossiers."""
    async with cast.client("archivist") as archivist:
        made = await archivist.post("/catalog/fonds", staged.fonds)
        for code, title in staged.series.items():
            await archivist.post(f"/catalog/fonds/{made['id']}/series", {"code": code, "title": title})
        told = await send_to(archivist, staged.workbook, made["id"])
        if told["rejected"]:
            wrong = [
                f"{each['row']} {each['column']}: {each['code']} ({each['value']})" for each in told["errors"][:10]
            ]
            raise InventoryRejected(say("mục lục bị từ chối: ", "the inventory is rejected: ") + "; ".join(wrong))
        dossiers = [each["id"] async for each in archivist.items("/catalog/dossiers", fonds_id=made["id"], limit=500)]
        list_id = await submitted(archivist, made["id"], dossiers)
    async with cast.client("approver") as approver:
        place = f"/catalog/lists/{list_id}"
        await approver.post(f"{place}/approval", seen=(await approver.get(place))["tag"])
    return len(dossiers)


async def submitted(archivist: ApiClient, fonds_id: str, dossiers: list[str]) -> str:
    """Put dossiers on a list and submit it; gives the list's id."""
    told = {"fonds_id": fonds_id, "name": f"Danh mục hồ sơ lựa chọn {YEAR}", "year": YEAR}
    selection = await archivist.post("/catalog/lists", told)
    for begin in range(0, len(dossiers), 1000):
        chosen = {"dossier_ids": dossiers[begin : begin + 1000]}
        await archivist.put(f"/catalog/lists/{selection['id']}/dossiers", chosen)
    await archivist.post(f"/catalog/lists/{selection['id']}/submission", seen=selection["tag"])
    return str(selection["id"])
