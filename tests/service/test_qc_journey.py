"""A dossier from the station through two inspectors' hands to its acceptance, all over HTTP, as its users do it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.auth.roles import Role
from tests.facts import approved
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.qc_desk import code_of, told
from tests.service.test_ingest_pages import digest, put

PAGES = 8
WORST = 3  # is sent cut in half first


async def until(look: Callable[[], Awaitable[Any]], what: str) -> Any:  # noqa: ANN401 - whatever was looked for
    """Wait until something is there."""
    for _ in range(600):
        found = await look()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"never came: {what}")


async def test_two_inspectors_bring_a_dossier_to_its_acceptance(at_work: Set, made_pages: list[Path]) -> None:
    async with at_work("ingest", "qc", "reporting") as system:
        await Journey(system, made_pages[0].read_bytes()).run()


class Journey:
    """A station and two inspectors, and the dossier between them."""

    def __init__(self, system: Bench, image: bytes) -> None:
        self.system, self.image = system, image
        self.station = system.caller(Role.STATION, name="station-1")
        self.lan, self.minh = (system.caller(Role.INSPECTOR, name=name, account_id=uuid4()) for name in ("lan", "minh"))
        self.dossier = UUID(int=0)

    async def run(self) -> None:
        """Go through it from end to end."""
        await self.scan()
        first = await self.judge_the_flagged()
        await self.bring_the_new_image(first)
        await self.judge_the_new_image(first)
        await self.accept()

    async def scan(self) -> None:
        """The station sends every page, one of them cut in half, and closes the dossier."""
        event = approved(pages=PAGES)
        self.dossier = event.dossier_id
        for service in ("ingest", "qc"):
            await self.system.tell(service, [event])
        for number in range(1, PAGES + 1):
            whole = self.image + bytes([number])  # a byte behind the end: each page its own digest
            body = whole[: len(whole) // 2] if number == WORST else whole
            assert (await put(self.station, self.dossier, number, body)).status_code == 201
        closing = await self.station.post(f"/ingest/dossiers/{self.dossier}/closing", json={"scanned_count": PAGES})
        assert closing.status_code == 200
        await until(self.compared, "the checks")

    async def judge_the_flagged(self) -> dict[str, Any]:
        """Both take pages, look at them, and send their queues; gives the page that is to be scanned again."""
        taken = await asyncio.gather(*(self.take(who, 3) for who in (self.lan, self.minh)))
        ours, theirs = taken
        assert not {page["page_id"] for page in ours} & {page["page_id"] for page in theirs}
        queues = [[self.judged(page) for page in pages] for pages in taken]
        for who, pages in zip((self.lan, self.minh), taken, strict=True):
            for page in pages:
                if page["pictures"]:
                    shown = await who.get(page["pictures"]["reading_copy"])
                    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        for who, queue in zip((self.lan, self.minh), queues, strict=True):
            if queue:
                answers = await self.send(who, queue)
                assert await self.send(who, queue) == answers, "the network was lost, and the queue is sent again"
        for who in (self.lan, self.minh):
            for page in await self.take(who, 100):
                await self.send(who, [self.judged(page)])
        worst = (await self.pages())[WORST - 1]
        assert (worst["number"], worst["verdict"]) == (WORST, "rescan")
        early = await self.lan.post(f"/qc/dossiers/{self.dossier}/acceptance", json={})
        assert code_of(early) == (409, "qc.rescan_open")
        return worst

    async def bring_the_new_image(self, page: dict[str, Any]) -> None:
        """An order is given, undone, given again; the station scans for the one that stands."""
        undone = await self.lan.put(f"/qc/verdicts/{uuid4()}", json={"undoes": page["verdict_id"]})
        assert undone.status_code == 200

        async def let_go() -> bool:
            return not await self.open_orders(self.lan, "qc")

        await until(let_go, "ingest letting go of the order")
        assert await self.open_orders(self.station, "ingest") == []
        again = await self.lan.put(f"/qc/verdicts/{uuid4()}", json=told(page, "rescan", reason="cut", note="nửa trang"))
        assert again.status_code == 200
        (order,) = await until(lambda: self.open_orders(self.station, "ingest"), "the order at the station")
        assert order["reason"].startswith("Mất chữ ở mép trang: nửa trang (máy kiểm tra: ")
        (aged,) = await self.open_orders(self.station, "qc")
        assert (aged["id"], aged["page_number"], aged["ordered_by"]) == (order["id"], WORST, "lan")
        assert 0 <= aged["age_seconds"] < 600
        assert code_of(await self.station.get(aged["old_image"])) == (404, "not_found"), "nothing could be decoded"
        headers = {"Content-Type": "image/jpeg", "Content-Digest": digest(self.image)}
        sent = await self.station.put(f"/ingest/rescan-orders/{order['id']}/page", content=self.image, headers=headers)
        assert sent.status_code == 201

    async def judge_the_new_image(self, old: dict[str, Any]) -> None:
        """The new image is a must-see whatever the machine says; a verdict on the old one is refused."""

        async def back() -> list[dict[str, Any]]:
            return await self.take(self.minh, 5)

        (page,) = await until(back, "the new image")
        assert (page["number"], page["version"], "rescanned" in page["must_see"]) == (WORST, 2, True)
        stale = await self.minh.put(f"/qc/verdicts/{uuid4()}", json=told(old))
        assert code_of(stale) == (409, "qc.image_stale")
        await self.send(self.minh, [self.judged(page)])
        history = (await self.lan.get(f"/qc/pages/{page['page_id']}/history")).json()
        assert [each["version"] for each in history["versions"]] == [1, 2]
        assert [each["verdict"] for each in history["verdicts"]][:3] == ["rescan", "undone", "rescan"]
        assert [(each["withdrawn_at"] is None, each["fulfilled_version"]) for each in history["rescans"]] == [
            (False, None),
            (True, 2),
        ]

    async def accept(self) -> None:
        """Everything must-see is seen; the rest is accepted together, and the dossier as a whole."""
        while await self.take(self.lan, 100, unflagged_too=True):
            many = await self.lan.post(f"/qc/scopes/{self.dossier}/acceptances", json={"key": str(uuid4())})
            assert many.status_code == 200
            await self.send(self.lan, [self.judged(page) for page in await self.take(self.lan, 100)])
        await until(self.compared, "the comparison of the new image with the others")
        progress = (await self.lan.get(f"/qc/scopes/{self.dossier}/progress")).json()
        assert (progress["judged_count"], progress["left_count"], progress["must_see_left"]) == (PAGES, 0, 0)
        accepted = await self.minh.post(f"/qc/dossiers/{self.dossier}/acceptance", json={})
        assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")

        async def sealing() -> bool:
            order = (await self.station.get(f"/ingest/dossiers/{self.dossier}")).json()
            return order["state"] in ("accepted", "preserved")

        await until(sealing, "the sealing: ingest holds what was accepted")

    async def compared(self) -> bool:
        """Say whether the machine is at the end of its work, newest versions included."""
        seen = (await self.lan.get(f"/qc/dossiers/{self.dossier}")).json()
        return bool(seen.get("compared_count") == PAGES and seen["state"] == "scanned")

    async def take(self, who: httpx.AsyncClient, count: int, **further: object) -> list[dict[str, Any]]:
        answer = await who.post(f"/qc/scopes/{self.dossier}/holds", json={"count": count, **further})
        assert answer.status_code == 200, answer.text
        return [each["page"] for each in answer.json()["pages"]]

    async def send(self, who: httpx.AsyncClient, queue: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not queue:
            return []
        answers: list[dict[str, Any]] = (await who.post("/qc/verdicts", json={"verdicts": queue})).json()["answers"]
        assert [each["refused"] for each in answers] == [None] * len(queue)
        return answers

    async def pages(self) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = (await self.lan.get(f"/qc/dossiers/{self.dossier}/pages")).json()["items"]
        return pages

    async def open_orders(self, who: httpx.AsyncClient, service: str) -> list[dict[str, Any]]:
        answer = await who.get(f"/{service}/rescan-orders", params={"dossier_id": str(self.dossier)})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def judged(self, page: dict[str, Any]) -> dict[str, Any]:
        """Say what an inspector would of a page."""
        if not page["is_readable"]:
            return {"key": str(uuid4()), **told(page, "rescan", reason="cut")}
        if page["judgement"] == "pass":
            return {"key": str(uuid4()), **told(page)}
        return {"key": str(uuid4()), **told(page, "accepted_with_reservation", reason="other", note="đọc được")}
