"""What tests of reading forms share: pages with words on them, the forms as files, what other programs say of them."""

import json
import subprocess
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import col, select

from cli.demo.dossiers import invent_dossiers
from cli.demo.sheets import sheet_of
from cli.demo.typesetting import set_sheet
from services.ingest.models import Reading, plumbing
from services.ingest.operations.reading import READ
from shared.auth.roles import Role
from tests.service.sealing_desk import SealingDesk, sealing_desk


def page(number: int = 1, *, kind: str = "JPEG", dpi: int = 200, **how: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    """Make a page with Vietnamese words on it, without any wear."""
    image = set_sheet(sheet_of(invent_dossiers(1, pages=4)[0], number), dpi=dpi)
    return encoded(image, kind=kind, dpi=dpi, **how)


def encoded(image: Image.Image, *, kind: str = "JPEG", dpi: int | None = 200, **how: Any) -> bytes:  # noqa: ANN401
    """Write an image down as a file's bytes."""
    file = BytesIO()
    if dpi:
        how["dpi"] = (dpi, dpi)
    image.save(file, kind, **how)
    return file.getvalue()


def reading_desk(data: Path, url: str, **further: str) -> AbstractAsyncContextManager[SealingDesk]:
    """Set ingest to work with a real reader."""
    return sealing_desk(data, url, **{"ingest_reader": "tesseract", **further})


async def accepted(desk: SealingDesk, bodies: Sequence[bytes]) -> UUID:
    """Bring a dossier of one document as far as its acceptance."""
    dossier, _ = await desk.scanned(bodies)
    await desk.accepted(dossier, {number: (1, body) for number, body in enumerate(bodies, 1)})
    return dossier


async def rows(desk: SealingDesk, dossier: UUID) -> Sequence[Reading]:
    """Give the rows of a dossier's forms."""
    async with desk.context.database.reading() as session:
        asked = select(Reading).where(Reading.dossier_id == dossier).order_by(col(Reading.document))
        return (await session.exec(asked)).all()


async def form(desk: SealingDesk, dossier: UUID, to: Path) -> Path:
    """Give the first form of a dossier as a file."""
    (row, *_) = await rows(desk, dossier)
    assert row.key is not None
    return written(to, desk.lying("incoming")[row.key])


def written(to: Path, body: bytes) -> Path:
    """Write a file."""
    to.write_bytes(body)
    return to


async def unread(desk: SealingDesk, dossier: UUID) -> list[tuple[int, str]]:
    """Give the pages without text and why."""
    return [
        (each["page"], each["reason"]) for row in await rows(desk, dossier) for each in json.loads(row.unread_pages)
    ]


async def told(desk: SealingDesk, dossier: UUID) -> dict[str, Any]:
    """Give what the API tells of a dossier."""
    answer: dict[str, Any] = (await desk.system.caller(Role.AUDITOR).get(f"/ingest/dossiers/{dossier}")).json()
    return answer


async def page_jobs(desk: SealingDesk) -> list[str]:
    """Give the states of the jobs that read pages."""
    job = plumbing.job
    async with desk.context.database.reading() as session:
        return list((await session.exec(select(job.state).where(job.kind == READ))).all())


def said(*words: str | Path) -> str:
    """Give what a program says. Raises CalledProcessError."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def words_in(path: Path, page_number: int = 1) -> str:
    """Give the text of a page as poppler copies it."""
    return said("pdftotext", "-f", str(page_number), "-l", str(page_number), path, "-")


def drawn(path: Path, page_number: int = 1, dpi: int = 50) -> Image.Image:
    """Give a page as poppler draws it."""
    pages = ["-f", str(page_number), "-l", str(page_number), "-r", str(dpi)]
    done = subprocess.run(["/usr/bin/pdftoppm", *pages, "-png", path], capture_output=True, timeout=60, check=True)
    return Image.open(BytesIO(done.stdout)).convert("RGB")
