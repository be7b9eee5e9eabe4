"""A station that sends pages while faults come upon the system, and keeps a journal of what was confirmed."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from PIL import Image, ImageDraw

from cli.client import ApiClient
from cli.demo.accounts import Cast, hire
from cli.demo.choosing import choose
from cli.demo.dossiers import FONDS
from cli.demo.found import describe
from cli.demo.material import find_material
from cli.demo.staging import Staged, link
from cli.demo.system import setup_token
from cli.demo.workbook import write_workbook
from cli.scan.agent import ScanAgent
from cli.scan.journal import Journal, Sent
from cli.scan.round import Round

PATIENCE = 300.0


class System(Protocol):
    """A running system as its users see it; the log holds the setup link."""

    @property
    def url(self) -> str: ...
    @property
    def log(self) -> Path: ...


class Station:
    """Sends every page of its folder once; the pages lie beside it until they are scanned."""

    def __init__(self, client: ApiClient, folder: Path, journal: Journal, paper: Path) -> None:
        self._agent = ScanAgent(client, folder, journal)
        self._folder = folder
        self._journal = journal
        self._paper = paper
        self._round: asyncio.Task[Round] | None = None

    def begin(self, count: int | None = None) -> None:
        """Scan so many pages, or all that are left, and set to work."""
        for page in sorted(self._paper.rglob("*.jpg"))[:count]:
            place = self._folder / page.relative_to(self._paper)
            place.parent.mkdir(parents=True, exist_ok=True)
            page.rename(place)
        self._round = asyncio.create_task(self._agent.run_once())

    def leave(self) -> None:
        """Stop working, done or not."""
        if self._round is not None:
            self._round.cancel()

    @property
    def sent(self) -> list[Sent]:
        """Give what was confirmed so far."""
        return self._journal.sent()

    async def has_sent(self, count: int) -> None:
        """Wait until so many pages are confirmed, while there is still something to send."""
        while len(self.sent) < count:
            assert self._round is not None
            assert not self._round.done(), self._round
            await asyncio.sleep(0.01)

    async def is_done(self) -> list[Sent]:
        """Wait until all is sent and nothing was refused; gives all that was confirmed."""
        assert self._round is not None
        done = await self._round
        assert done.refused == []
        return self.sent

    async def moments(self, chance: random.Random, count: int, pages: int) -> AsyncIterator[None]:
        """Come round so many times, each time in the middle of a portion of the pages that goes in."""
        portion = pages // (count + 1)
        for _ in range(count):
            already = len(self.sent)
            self.begin(portion)
            await self.has_sent(already + chance.randint(0, portion // 2))
            await asyncio.sleep(chance.uniform(0, 0.05))
            yield
            await self.is_done()
        self.begin()


@asynccontextmanager
async def station_at(system: System, folder: Path, dossiers: int, pages: int) -> AsyncIterator[Station]:
    """Have dossiers with pages approved for scanning, and set a station to work."""
    small_pages(folder / "pages", dossiers, pages)
    cast, paper = await approved_dossiers(system, folder, folder / "pages")
    (folder / "station").mkdir()
    with Journal(folder / "journal.db") as journal:
        async with ApiClient(cast.credentials["station-1"], patience=PATIENCE) as client:

            async def all_may_be_scanned() -> bool:
                return len([order async for order in client.items("/ingest/scan-orders")]) == dossiers

            await until_true(all_may_be_scanned)
            set_up = Station(client, folder / "station", journal, paper)
            try:
                yield set_up
            finally:
                set_up.leave()


def small_pages(folder: Path, dossiers: int, pages: int) -> None:
    """Make many different small page images, quickly."""
    for dossier in range(dossiers):
        place = folder / f"{dossier + 1:02d}"
        place.mkdir(parents=True)
        for page in range(pages):
            image = Image.new("RGB", (700, 990), "#f4efe0")
            pen = ImageDraw.Draw(image)
            for line in range(30):
                pen.text((60, 60 + line * 28), f"Trang {dossier}-{page} dong {line} " * 4, fill="#202020")
            image.save(place / f"{page + 1:04d}.jpg", "JPEG", quality=80, dpi=(200, 200))


async def approved_dossiers(system: System, folder: Path, pages: Path) -> tuple[Cast, Path]:
    """Have everybody hired and every dossier approved; gives the cast and a folder with the pages."""
    cast = await hire(system.url, setup_token(system.log), folder / "credentials")
    material = find_material(pages)
    dossiers = describe(material.dossiers)
    staged = Staged(FONDS, folder / "inventory.xlsx", folder / "paper", {})
    for dossier, found in zip(dossiers, material.dossiers, strict=True):
        link(found, staged.station / dossier.folder)
    write_workbook(staged.workbook, dossiers)
    await choose(cast, staged)
    return cast, staged.station


async def until_true(look: Callable[[], Awaitable[bool]], patience: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + patience
    while not await look():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.2)
