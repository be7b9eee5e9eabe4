"""What tests of revisions share: a preserved dossier, its description approved anew, and the AIP that comes of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from services.ingest.models import plumbing
from services.ingest.operations.revising import revise_dossier
from services.ingest.operations.revision_orders import REVISE
from services.ingest.revision_models import Revision
from shared.eark.manifest import Manifest
from shared.events.catalog import DocumentDescription, DossierApproved
from shared.jobs import Progress
from tests.facts import approved
from tests.service.reading_forms import read_as
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.test_ingest_pages import JPEG, OTHER

FIRST = [("Tờ trình", 1, 1), ("Quyết định", 2, 2)]


def again(dossier: UUID, version: int, *documents: str, pages: int = 2, **told: object) -> DossierApproved:
    """Approve a dossier in a newer version, with other fields and other titles of its documents."""
    event = approved(dossier, pages=pages)
    description = event.description.model_copy(update=told)
    listed = tuple(DocumentDescription(number=number, title=title) for number, title in enumerate(documents, start=1))
    return event.model_copy(update={"version": version, "description": description, "documents": listed})


def divided(dossier: UUID, version: int, *documents: tuple[str, int, int], **told: object) -> DossierApproved:
    """Approve a dossier in a newer version, with documents of such titles, first and last pages."""
    listed = tuple(
        DocumentDescription(number=number, title=title, first_page=first, last_page=last)
        for number, (title, first, last) in enumerate(documents, start=1)
    )
    event = again(dossier, version, pages=documents[-1][2], **told)
    return event.model_copy(update={"documents": listed})


class RevisingDesk(SealingDesk):
    """Corrects what is sealed, and makes the AIPs that follow when a test chooses to."""

    async def itemised(self, monkeypatch: pytest.MonkeyPatch, read: Sequence[int] = (1, 1)) -> UUID:
        """Preserve a dossier of two pages in two documents, each with a reading form of so many pages."""
        dossier, _ = await self.scanned([JPEG, OTHER])
        await self.close(dossier, FIRST)
        await self.accepted(dossier, {1: (1, JPEG), 2: (1, OTHER)})
        with monkeypatch.context() as forms:
            await read_as(self.context, forms, dossier, read)
            await self.seal(dossier)
        return dossier

    async def revise(self, dossier: UUID) -> None:
        """Do the jobs of a dossier's revisions, as a worker would."""
        job = plumbing.job
        async with self.context.database.reading() as session:
            of_dossier = select(Revision.id).where(Revision.dossier_id == dossier)
            asked = select(job).where(job.kind == REVISE, col(job.subject_id).in_(of_dossier)).order_by(col(job.id))
            rows = (await session.exec(asked)).all()
        for row in rows:
            await revise_dossier(self.context, row, Progress(self.context.database, row))

    async def revisions(self, dossier: UUID) -> list[dict[str, Any]]:
        """Give the revisions of a dossier as the API tells them."""
        found: list[dict[str, Any]] = (await self.seen(dossier))["revisions"]
        return found

    async def seen(self, dossier: UUID) -> dict[str, Any]:
        told: dict[str, Any] = (await self.station.get(f"/ingest/dossiers/{dossier}")).json()
        return told

    async def states(self, dossier: UUID) -> list[tuple[int, str, str]]:
        return [(each["version"], each["state"], each["refusal"]) for each in await self.revisions(dossier)]

    async def told(self, name: str) -> list[str]:
        """Give the bodies of events of a name, in the order in which they left."""
        async with self.context.database.reading() as session:
            asked = select(plumbing.outbox.body).where(plumbing.outbox.name == name)
            return list((await session.exec(asked.order_by(col(plumbing.outbox.id)))).all())

    def manifests(self, store: str = "archive") -> list[Manifest]:
        """Give the manifests of the one dossier, each after the one it replaces."""
        bodies = [body for key, body in self.lying(store).items() if key.endswith(".manifest.json")]
        by_predecessor = {made.predecessor: made for made in map(Manifest.from_bytes, bodies)}
        chain: list[Manifest] = []
        while found := by_predecessor.pop(chain[-1].aip.objid if chain else None, None):
            chain.append(found)
        assert not by_predecessor, "manifests that follow on none"
        return chain


def bodies_of(desk: RevisingDesk, manifest: Manifest) -> dict[str, bytes]:
    """Give the files of a manifest's AIP by path."""
    lying = desk.lying("archive")
    return {file.path: lying[file.key] for file in manifest.aip.files}


@asynccontextmanager
async def revising_desk(data: Path, database_url: str) -> AsyncIterator[RevisingDesk]:
    """Set ingest to work on a database of either kind."""
    async with sealing_desk(data, database_url) as desk:
        yield RevisingDesk(desk.system, desk.data)
