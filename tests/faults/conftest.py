"""A system of its own process that can be killed and started again, and a station that keeps a journal."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageDraw

from cli.demo.accounts import Cast, hire
from cli.demo.choosing import choose
from cli.demo.dossiers import FONDS
from cli.demo.found import describe
from cli.demo.material import find_material
from cli.demo.staging import Staged, link
from cli.demo.system import free_port, setup_token, wait_for
from cli.demo.workbook import write_workbook


@dataclass
class Killable:
    """The embedded system as a process that dies without warning and comes back on the same port and data."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / "system.log"

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).parent / "saoluu"), "up", "--data", str(self.data), "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(f"{self.url}/identity/livez", self.log)

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Killable]:
    system = Killable(tmp_path / "system")
    system.start()
    yield system
    system.stop()


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


async def approved_dossiers(url: str, log: Path, folder: Path, pages: Path) -> tuple[Cast, Path]:
    """Have everybody hired and every dossier approved; gives the cast and the station's folder."""
    cast = await hire(url, setup_token(log), folder / "credentials")
    material = find_material(pages)
    dossiers = describe(material.dossiers)
    staged = Staged(FONDS, folder / "inventory.xlsx", folder / "station", {})
    for dossier, found in zip(dossiers, material.dossiers, strict=True):
        link(found, staged.station / dossier.folder)
    write_workbook(staged.workbook, dossiers)
    await choose(cast, staged)
    return cast, staged.station


async def until_true(look: object, patience: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + patience
    while not await look():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.2)


async def answers(url: str) -> bool:
    """Say whether an address answers."""
    async with httpx.AsyncClient(timeout=2) as client:
        try:
            return (await client.get(url)).is_success
        except httpx.TransportError:
            return False
