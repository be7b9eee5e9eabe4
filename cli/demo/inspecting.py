"""The inspector: accepts what can be read, with a reservation where it falls short, and sends back what cannot."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cli.client import ApiClient, ApiProblem
from cli.demo.waiting import until
from cli.language import say
from cli.scan.agent import ScanAgent

AT_ONCE = 500


@dataclass
class Inspected:
    """What became of the dossiers and pages."""

    accepted: int = 0
    reserved: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)


async def inspect(inspector: ApiClient, dossier_id: str, agent: ScanAgent, told: Inspected) -> None:
    """Bring one closed dossier to its conclusion."""
    await checked(inspector, dossier_id)
    if await order_rescans(inspector, dossier_id):
        await rescanned(inspector, dossier_id, agent)
    await judge_until_concluded(inspector, dossier_id, told)


async def checked(inspector: ApiClient, dossier_id: str) -> dict[str, Any]:
    """Wait until the machine has looked at every page."""

    async def look() -> dict[str, Any] | None:
        try:
            seen = await inspector.get(f"/qc/dossiers/{dossier_id}")
        except ApiProblem as problem:
            if problem.status != 404:
                raise
            return None
        is_done = seen["scanned_count"] is not None and seen["compared_count"] == seen["scanned_count"]
        return seen if is_done and seen["open_rescans"] == 0 else None

    return await until(say(f"kiểm tra hồ sơ {dossier_id}", f"the checks of dossier {dossier_id}"), look)


async def pages(inspector: ApiClient, dossier_id: str) -> list[dict[str, Any]]:
    """Give every page of a dossier."""
    return [page async for page in inspector.items(f"/qc/dossiers/{dossier_id}/pages", limit=500)]


async def order_rescans(inspector: ApiClient, dossier_id: str) -> int:
    """Send back what cannot be read; gives how many pages."""
    unreadable = [page for page in await pages(inspector, dossier_id) if not page["is_readable"]]
    await give(inspector, [said(page, "rescan", "unreadable") for page in unreadable])
    return len(unreadable)


async def rescanned(inspector: ApiClient, dossier_id: str, agent: ScanAgent) -> None:
    """Have the station send the ordered pages once more, and wait for their checks."""

    async def look() -> bool | None:
        await agent.go_over(dossier_id=dossier_id, unchanged_too=True)
        seen = await inspector.get(f"/qc/dossiers/{dossier_id}")
        return True if seen["open_rescans"] == 0 else None

    await until(say(f"quét lại hồ sơ {dossier_id}", f"the rescans of dossier {dossier_id}"), look)
    await checked(inspector, dossier_id)


async def judge_until_concluded(inspector: ApiClient, dossier_id: str, told: Inspected) -> None:
    """Give every verdict that is asked for, and conclude."""
    await give(inspector, [verdict(page) for page in await pages(inspector, dossier_id) if page["awaits_person"]])
    try:
        await inspector.post(f"/qc/dossiers/{dossier_id}/acceptance", {})
    except ApiProblem as problem:
        if problem.code != "qc.nothing_accepted":
            raise
        explanation = "Không trang nào đọc được, kể cả sau khi quét lại."
        await inspector.post(f"/qc/dossiers/{dossier_id}/rejection", {"explanation": explanation})
        told.set_aside.append(dossier_id)
    for page in await pages(inspector, dossier_id):
        count(page, dossier_id, told)


def verdict(page: dict[str, Any]) -> dict[str, Any]:
    """Say what an inspector would: rejected, accepted, or accepted with the shortcomings written down."""
    if not page["is_readable"]:
        return said(page, "rejected", "unreadable", words(page))
    if page["judgement"] == "pass":
        return said(page, "accepted")
    return said(page, "accepted_with_reservation", "other", words(page))


def said(page: dict[str, Any], verdict: str, reason: str = "", note: str = "") -> dict[str, Any]:
    """Make a verdict on the image that was looked at, under a key of its own."""
    told = {"page_id": page["page_id"], "sha256": page["sha256"], "verdict": verdict, "reason": reason, "note": note}
    return {"key": str(uuid4()), **told}


async def give(inspector: ApiClient, verdicts: list[dict[str, Any]]) -> None:
    """Send verdicts. Raises RuntimeError when one of them is refused."""
    for begin in range(0, len(verdicts), AT_ONCE):
        told = await inspector.post("/qc/verdicts", {"verdicts": verdicts[begin : begin + AT_ONCE]})
        refused = [answer["refused"] for answer in told["answers"] if answer["refused"]]
        if refused:
            raise RuntimeError(f"{refused[0]['code']}: {refused[0]['title']}")


def words(page: dict[str, Any]) -> str:
    """Name the findings of a page."""
    return "; ".join(str(finding["text"]) for finding in page["findings"]) or "không đọc được"


def count(page: dict[str, Any], dossier_id: str, told: Inspected) -> None:
    """Add a page up."""
    if page["verdict"] == "rejected":
        told.rejected.append({"dossier_id": dossier_id, "page": page["number"], "why": page["note"]})
    else:
        told.accepted += 1
        told.reserved += page["verdict"] == "accepted_with_reservation"
