"""A page's whole story, told over HTTP and found again in the package of the masters: scanned, checked, judged."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.auth.roles import Role
from shared.eark.manifest import Manifest
from tests.eark_schemas import demand_premis
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.premis_story import Story
from tests.service.qc_desk import told
from tests.service.test_ingest_pages import digest, put
from tests.service.test_qc_journey import until

PAGES, WORST = 4, 3
NO_READER = {"ingest_reader": "none"}
CAPTURE = (
    "scanned_at=2026-11-20T08:30:00%2B07:00&make=PFU&model=fi-8170&serial=A41&software=PaperStream+Capture+3"
    "&operator=L%C3%AA+Th%E1%BB%8B+B%E1%BA%A3y"
)


async def test_the_package_of_the_masters_tells_what_happened_to_every_page(
    at_work: Set, ground: Ground, made_pages: list[Path]
) -> None:
    async with at_work("catalog", "ingest", "qc", "handover", "reporting", **NO_READER) as system:
        await Journey(system, ground, made_pages[0].read_bytes()).run()


class Journey:
    """A station, two inspectors, and the dossier between them."""

    def __init__(self, system: Bench, ground: Ground, image: bytes) -> None:
        self.system, self.ground, self.image = system, ground, image
        self.station = system.caller(Role.STATION, name="station-1")
        self.lan, self.minh = (system.caller(Role.INSPECTOR, name=name, account_id=uuid4()) for name in ("lan", "minh"))
        self.dossier = UUID(int=0)

    async def run(self) -> None:
        """Go through it from end to end, and read the story."""
        await self.scan()
        await self.judge()
        masters, aip = await self.sealed()
        for body in (masters, aip):
            demand_premis(body)
        self.read(Story(masters))
        officer = self.system.caller(Role.HANDOVER_OFFICER)
        (told_of,) = await until(lambda: preserved_of(officer), "the dossier at handover")
        assert told_of["a4_equivalents"] == PAGES
        package = [each for each in Story(aip).events if each.kind in ("transfer", "quality review")]
        assert [(each.kind, each.note) for each in package] == [("transfer", ""), ("quality review", "hồ sơ đủ")]
        assert {"station-1", "PFU fi-8170 A41", "Lê Thị Bảy"} <= set(package[0].agents)

    async def scan(self) -> None:
        """The station says with what it scans; one page is cut in half; page 4 comes without a word."""
        event = approved(pages=PAGES)
        self.dossier = event.dossier_id
        for service in ("ingest", "qc"):
            await self.system.tell(service, [event])
        for number in range(1, PAGES + 1):
            whole = self.image + bytes([number])
            body = whole[: len(whole) // 2] if number == WORST else whole
            said = {"Saoluu-Capture": CAPTURE} if number != PAGES else {}
            assert (await put(self.station, self.dossier, number, body, **said)).status_code == 201
        closing = await self.station.post(f"/ingest/dossiers/{self.dossier}/closing", json={"scanned_count": PAGES})
        assert closing.status_code == 200
        await until(self.compared, "the checks")

    async def judge(self) -> None:
        """Page 1 is accepted, taken back, accepted with reservation; page 3 scanned again; all the rest accepted."""
        pages = await self.pages()
        first = await self.say(self.lan, told(pages[0]))
        assert (await self.lan.put(f"/qc/verdicts/{uuid4()}", json={"undoes": first})).status_code == 200
        await self.say(self.lan, told(pages[0], "accepted_with_reservation", reason="other", note="góc mờ"))
        await self.say(self.lan, told(pages[WORST - 1], "rescan", reason="cut", note="nửa trang"))
        (order,) = await until(self.orders, "the order at the station")
        headers = {"Content-Type": "image/jpeg", "Content-Digest": digest(self.image), "Saoluu-Capture": CAPTURE}
        sent = await self.station.put(f"/ingest/rescan-orders/{order['id']}/page", content=self.image, headers=headers)
        assert sent.status_code == 201
        await until(self.compared_anew, "the check of the new image")
        for page in await self.pages():
            if page["verdict"] is None:
                await self.say(self.minh, told(page, note="rõ" if page["judgement"] == "fail" else ""))
        done = await self.minh.post(f"/qc/dossiers/{self.dossier}/acceptance", json={"note": "hồ sơ đủ"})
        assert (done.status_code, done.json()["state"]) == (200, "accepted")

    async def sealed(self) -> tuple[bytes, bytes]:
        """Wait until it is preserved; gives both stories."""

        async def preserved() -> bool:
            order = (await self.station.get(f"/ingest/dossiers/{self.dossier}")).json()
            return bool(order["state"] == "preserved")

        await until(preserved, "the sealing")
        store = self.ground.store("archive")
        (key,) = [key for key in await store.keys() if key.endswith(".manifest.json")]
        manifest = Manifest.from_bytes(await store.take(key))
        told_at = "metadata/preservation/PREMIS.xml"
        keys = [
            next(file.key for file in each.files if file.path == told_at) for each in (manifest.masters, manifest.aip)
        ]
        return await store.take(keys[0]), await store.take(keys[1])

    def read(self, story: Story) -> None:
        """Find everything that happened, and nothing that did not."""
        paths = [f"representations/rep1/data/{number:04}.jpg" for number in range(1, PAGES + 1)]
        assert story.objects[1:] == [paths[0], paths[1], "3.1", paths[2], paths[3]]
        first = story.of(paths[0])
        assert [each.kind for each in first] == [
            "transfer", "ingestion", "validation", "quality review", "quality review", "quality review",
        ]  # fmt: skip
        assert first[0].at == "2026-11-20T08:30:00.000+07:00"
        assert first[0].agents == ("station-1", "PFU fi-8170 A41", "PaperStream Capture 3", "Lê Thị Bảy")
        assert first[2].detail.startswith("profile tt05-2025/")
        assert "integrity" in first[2].note
        assert [(each.outcome, each.detail) for each in first[3:]] == [
            ("success", "accepted"),
            ("success", "verdict taken back: accepted"),
            ("partial", "accepted_with_reservation, reason other"),
        ]
        assert first[5].note.endswith("góc mờ")
        assert {each.agents for each in first[3:]} == {("lan",)}
        old, new = story.of("3.1"), story.of(paths[2])
        assert [each.kind for each in old] == ["transfer", "ingestion", "validation", "quality review", "replacement"]
        assert (old[2].outcome, old[2].note) == ("fail", "fail: integrity; found: integrity.truncated")
        assert (old[3].outcome, old[3].detail) == ("fail", "rescan, reason cut")
        assert old[3].note.endswith("nửa trang")
        assert [each.kind for each in new] == ["transfer", "ingestion", "replacement", "validation", "quality review"]
        assert "nửa trang" in new[2].note
        assert new[4].agents == ("minh",)
        assert [each.kind for each in story.of(paths[3])] == ["ingestion", "validation", "quality review"]
        kinds = {name: story.agents[name] for name in ("station-1", "PFU fi-8170 A41", "Lê Thị Bảy", "lan", "minh")}
        assert list(kinds.values()) == ["hardware", "hardware", "person", "person", "person"]
        (whole,) = [each for each in story.events if "4 pages accepted, 1 with reservation" in each.detail]
        assert (whole.agents, whole.note) == (("minh",), "hồ sơ đủ")

    async def compared(self) -> bool:
        seen = (await self.lan.get(f"/qc/dossiers/{self.dossier}")).json()
        return bool(seen.get("compared_count") == PAGES and seen["state"] == "scanned")

    async def compared_anew(self) -> bool:
        return (await self.pages())[WORST - 1]["version"] == 2 and await self.compared()

    async def pages(self) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = (await self.lan.get(f"/qc/dossiers/{self.dossier}/pages")).json()["items"]
        return pages

    async def orders(self) -> list[dict[str, Any]]:
        answer = await self.station.get("/ingest/rescan-orders", params={"dossier_id": str(self.dossier)})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def say(self, who: httpx.AsyncClient, verdict: dict[str, Any]) -> str:
        key = str(uuid4())
        answer = await who.put(f"/qc/verdicts/{key}", json=verdict)
        assert answer.status_code == 200, answer.text
        return key


async def preserved_of(officer: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Give the dossiers that can be delivered."""
    items: list[dict[str, Any]] = (await officer.get("/handover/preserved")).json()["items"]
    return items
