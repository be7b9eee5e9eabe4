"""Write down what a revision will store before any of it is stored, as a sealing does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from services.ingest.context import Context
from services.ingest.domain.incoming_key import draft_key
from services.ingest.operations.freezing import draft, drafted, drafted_list
from services.ingest.operations.listing import listed, manifest_place, placed_from
from services.ingest.operations.packing import Placed, content_of, readings_of, revision_files
from services.ingest.operations.revision_reading import Revised
from services.ingest.operations.revision_story import revision_story
from services.ingest.revision_models import Revision
from shared.eark.manifest import Manifest, ManifestPackage
from shared.uow import Caller


@dataclass(frozen=True, slots=True)
class RevisedLayout:
    """Every file of a revision's AIP: those carried over, those drafted, and the manifest with its own place."""

    carried: Sequence[Placed]
    drafted: Sequence[Placed]
    manifest: Manifest
    manifest_place: Placed


async def frozen_revision(context: Context, revised: Revised) -> RevisedLayout:
    """Give the layout of a revision as it was written down, which happens now if it has not yet.

    Raises FixityLost when a draft is not what it was, RecordUnreadable, AcceptedPagesDiffer.
    """
    digest = revised.row.manifest_sha256 or await freeze(context, revised)
    body = await drafted_list(context, revised.sealed, digest)
    return await asyncio.to_thread(layout_of, revised, body)


async def freeze(context: Context, revised: Revised) -> str:
    """Draft everything that is made for the AIP, and write the manifest's digest down unless another was faster."""
    sealed = revised.sealed
    content = await asyncio.to_thread(content_of, sealed)
    story = await asyncio.to_thread(revision_story, revised, content)
    files = await asyncio.to_thread(revision_files, sealed, content, revised.before.aip.objid, story)
    made = await drafted(context, sealed, revised.row.aip_objid, files)
    aip = ManifestPackage(objid=revised.row.aip_objid, files=listed([*readings_of(sealed, content), *made]))
    body = await asyncio.to_thread(manifest_of(revised, aip).to_bytes)
    digest = sha256(body).hexdigest()
    await draft(context, draft_key(revised.row.dossier_id, digest), [body], len(body))
    async with context.database.writing(Caller("ingest")) as uow:
        row = await uow.session.get_one(Revision, revised.row.id, with_for_update=True)
        if row.manifest_sha256 is None:
            row.manifest_sha256 = digest
            uow.record("revision.frozen", row.dossier_id, version=row.version, manifest_sha256=digest)
        return row.manifest_sha256


def manifest_of(revised: Revised, aip: ManifestPackage) -> Manifest:
    """List every file of the new AIP, and of the masters as they were sealed."""
    return Manifest(
        dossier_id=revised.row.dossier_id,
        version=revised.row.version,
        predecessor=revised.before.aip.objid,
        masters=revised.before.masters,
        aip=aip,
    )


def layout_of(revised: Revised, body: bytes) -> RevisedLayout:
    """Read a layout back from its manifest. Raises RecordUnreadable, AcceptedPagesDiffer."""
    manifest = Manifest.from_bytes(body)
    files = placed_from(revised.sealed, manifest.aip)
    older = {file.key for file in revised.before.readings}
    carried = [each for each in files if each.source_key in older]
    made = [each for each in files if each.source_key not in older]
    return RevisedLayout(carried, made, manifest, manifest_place(revised.sealed, body))
