"""Write down what a sealing will store before any of it is stored.

Generated files are drafted in the incoming store, the manifest that names them all with them, and its digest goes into
the database. From then on the sealing stores these very bytes, also when it was killed and a newer version of the
program, which would make other ones, goes on with it.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from services.ingest.context import Context
from services.ingest.domain.incoming_key import draft_key
from services.ingest.models import Sealing
from services.ingest.operations.listing import Layout, layout_of, manifest_of
from services.ingest.operations.packing import (
    Placed,
    Sealed,
    aip_files,
    content_of,
    images_of,
    masters_files,
    placed,
)
from shared.eark.package import GeneratedFile
from shared.storage.digest import streamed
from shared.storage.port import AlreadyStored, FixityLost
from shared.uow import Caller


async def frozen_layout(context: Context, sealed: Sealed) -> Layout:
    """Give the layout of a sealing as it was written down, which happens now if it has not yet.

    Raises FixityLost when the manifest's draft is not what it was, RecordUnreadable, AcceptedPagesDiffer.
    """
    manifest_sha256 = sealed.sealing.manifest_sha256 or await freeze(context, sealed)
    key = draft_key(sealed.order.dossier_id, manifest_sha256)
    body = b"".join([chunk async for chunk in context.incoming.read(key)])
    if sha256(body).hexdigest() != manifest_sha256:
        raise FixityLost(f"{context.incoming.name}: {key}")
    return await asyncio.to_thread(layout_of, sealed, body)


async def freeze(context: Context, sealed: Sealed) -> str:
    """Draft every generated file and write the manifest's digest down; gives it.

    Made in threads, because a dossier of 100,000 pages is described in 100 MB. Of two that freeze at once the first
    one counts.
    """
    content = await asyncio.to_thread(content_of, sealed)
    masters = await drafted(
        context, sealed, sealed.sealing.masters_objid, await asyncio.to_thread(masters_files, sealed, content)
    )
    aip = await drafted(context, sealed, sealed.sealing.aip_objid, await asyncio.to_thread(aip_files, sealed, content))
    manifest = manifest_of(sealed, [*images_of(sealed, content), *masters], aip)
    body = await asyncio.to_thread(manifest.to_bytes)
    digest = sha256(body).hexdigest()
    await draft(context, draft_key(sealed.order.dossier_id, digest), body)
    async with context.database.writing(Caller("ingest")) as uow:
        row = await uow.session.get_one(Sealing, sealed.order.dossier_id, with_for_update=True)
        if row.manifest_sha256 is None:
            row.manifest_sha256 = digest
            uow.record("sealing.frozen", row.dossier_id, manifest_sha256=digest)
        return row.manifest_sha256


async def drafted(context: Context, sealed: Sealed, objid: str, files: Sequence[GeneratedFile]) -> list[Placed]:
    """Draft the generated files of one package; only their places stay in memory."""
    places = placed(sealed, objid, files)
    for place, made in zip(places, files, strict=True):
        await draft(context, place.source_key, made.body)
    return places


async def draft(context: Context, key: str, body: bytes) -> None:
    """Put a generated file into the incoming store; its key holds its digest: what lies there already is the same."""
    with suppress(AlreadyStored):
        await context.incoming.put_new(key, streamed(body), size=len(body), sha256=key.rpartition("/")[2])
