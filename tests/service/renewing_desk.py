"""What tests of renewed reading forms share: real forms, read by a real reader, and a look into those in an AIP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pikepdf
from lxml import etree
from sqlmodel import col, select

from services.ingest.revision_models import RenewedForm
from shared.eark.layout import PRESERVED_DOCUMENTS
from shared.eark.manifest import Manifest
from tests.service.reading_room import reading_desk, said, words_in, written
from tests.service.revising_desk import RevisingDesk, bodies_of


class RenewingDesk(RevisingDesk):
    """Corrects dossiers whose forms are real PDF/A."""

    async def kept(self, bodies: Sequence[bytes], *documents: tuple[str, int, int]) -> UUID:
        """Preserve a dossier of such pages and documents."""
        dossier, _ = await self.scanned(bodies)
        if documents:
            await self.close(dossier, documents)
        await self.accepted(dossier, {number: (1, body) for number, body in enumerate(bodies, 1)})
        await self.seal(dossier)
        return dossier

    def forms(self, manifest: Manifest) -> dict[int, Path]:
        """Write down the forms of an AIP as files, by document."""
        lying = self.lying("archive")
        folder = self.data / "forms"
        folder.mkdir(exist_ok=True)
        return {
            file.document_number or 0: written(folder / f"{file.sha256}.pdf", lying[file.key])
            for file in manifest.readings
        }

    def story(self, manifest: Manifest) -> bytes:
        """Give what an AIP tells of its documents."""
        return bodies_of(self, manifest)[f"{PRESERVED_DOCUMENTS}/PREMIS_rep1.xml"]

    async def renewed(self) -> Sequence[RenewedForm]:
        """Give the rows of forms that were made anew."""
        async with self.context.database.reading() as session:
            asked = select(RenewedForm).order_by(col(RenewedForm.made_at))
            return (await session.exec(asked)).all()


@asynccontextmanager
async def renewing_desk(data: Path, url: str, **further: str) -> AsyncIterator[RenewingDesk]:
    """Set ingest to work with a real reader."""
    async with reading_desk(data, url, **further) as desk:
        yield RenewingDesk(desk.system, desk.data)


def metadata(path: Path) -> dict[str, str]:
    """Give what a form says of itself in XMP."""
    with pikepdf.open(path) as pdf:
        root = etree.fromstring(pdf.Root.Metadata.read_bytes())
    names = ("title", "creator", "identifier", "source")
    found = {name: root.find(f".//{{http://purl.org/dc/elements/1.1/}}{name}") for name in names}
    return {name: "".join(map(str, each.itertext())).strip() for name, each in found.items() if each is not None}


def shown_title(path: Path) -> str:
    """Give the title as poppler tells it from the older document information."""
    line = next(each for each in said("pdfinfo", path).splitlines() if each.startswith("Title:"))
    return line.removeprefix("Title:").strip()


def text_of(path: Path, page: int = 1) -> str:
    """Give the words of a page on one line."""
    return " ".join(words_in(path, page).split())


def images_of(path: Path) -> list[bytes]:
    """Give the data of the images of a form, page by page, as they lie in it."""
    with pikepdf.open(path) as pdf:
        return [page.Resources.XObject.Im0.read_raw_bytes() for page in pdf.pages]


def acts(story: bytes) -> list[str]:
    """Give the kinds of acts that a PREMIS tells, in order."""
    return [str(each.text) for each in etree.fromstring(story).iter("{http://www.loc.gov/premis/v3}eventType")]
