"""Write down what a sealing will store before any of it is stored, one package after the other.

Generated files are drafted in the incoming store, a list that names all files of the package with them, and its digest
goes into the database. From then on the sealing stores these very bytes, also when it was killed and a newer version
of the program, which would make other ones, goes on with it. The AIP is frozen when both copies of the masters have
been read back: it says so, and it must be true.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Literal

from sqlmodel import select

from services.ingest.context import Context
from services.ingest.domain.incoming_key import draft_key
from services.ingest.errors import CopiesIncomplete
from services.ingest.models import Copy, Sealing
from services.ingest.operations.listing import Layout, layout_of, manifest_of, masters_listing, placed_from
from services.ingest.operations.packing import (
    Placed,
    Sealed,
    aip_files,
    content_of,
    images_of,
    masters_files,
    placed,
    readings_of,
)
from services.ingest.operations.page_story import masters_story
from services.ingest.operations.story import aip_story
from shared.eark.manifest import ManifestPackage
from shared.eark.package import GeneratedFile
from shared.storage.port import AlreadyStored, FixityLost
from shared.uow import Caller


async def frozen_masters(context: Context, sealed: Sealed) -> Sequence[Placed]:
    """Give the masters package as it was written down, which happens now if it has not yet.

    Raises FixityLost when a draft is not what it was, RecordUnreadable, AcceptedPagesDiffer.
    """
    if sealed.sealing.manifest_sha256:
        return (await frozen_layout(context, sealed)).masters
    body = await drafted_list(context, sealed, sealed.sealing.masters_sha256 or await freeze_masters(context, sealed))
    listing = await asyncio.to_thread(ManifestPackage.from_bytes, body)
    return await asyncio.to_thread(placed_from, sealed, listing)


async def frozen_layout(context: Context, sealed: Sealed) -> Layout:
    """Give the layout of both packages as it was written down, which happens now if it has not yet.

    Raises FixityLost when the manifest's draft is not what it was, RecordUnreadable, AcceptedPagesDiffer.
    """
    body = await drafted_list(context, sealed, sealed.sealing.manifest_sha256 or await freeze(context, sealed))
    return await asyncio.to_thread(layout_of, sealed, body)


async def drafted_list(context: Context, sealed: Sealed, digest: str) -> bytes:
    """Read the draft of a list of files. Raises FixityLost."""
    key = draft_key(sealed.order.dossier_id, digest)
    body = b"".join([chunk async for chunk in context.incoming.read(key)])
    if sha256(body).hexdigest() != digest:
        raise FixityLost(f"{context.incoming.name}: {key}")
    return body


async def freeze_masters(context: Context, sealed: Sealed) -> str:
    """Draft what describes the masters and write the digest of their list down; gives it.

    Made in threads, because a dossier of 100,000 pages is described in 100 MB. Of two that freeze at once the first
    one counts.
    """
    content = await asyncio.to_thread(content_of, sealed)
    story = await asyncio.to_thread(masters_story, sealed, content)
    files = await asyncio.to_thread(masters_files, sealed, content, story)
    made = await drafted(context, sealed, sealed.sealing.masters_objid, files)
    body = await asyncio.to_thread(lambda: masters_listing(sealed, [*images_of(sealed, content), *made]).to_bytes())
    return await settled(
        context, sealed, "masters_sha256", body, a4_equivalents=sealed.past.a4_equivalents_of(sealed.pages)
    )


async def freeze(context: Context, sealed: Sealed) -> str:
    """Draft the AIP, now that the masters lie in both stores, and write the manifest's digest down; gives it."""
    async with context.database.reading() as session:
        objid = sealed.sealing.masters_objid
        masters_sha256 = (await session.get_one(Sealing, sealed.order.dossier_id)).masters_sha256 or ""
        copies = (await session.exec(select(Copy).where(Copy.objid == objid))).all()
    if len(copies) < 2:
        raise CopiesIncomplete(objid)
    masters = await asyncio.to_thread(ManifestPackage.from_bytes, await drafted_list(context, sealed, masters_sha256))
    content = await asyncio.to_thread(content_of, sealed)
    story = await asyncio.to_thread(aip_story, sealed, content, copies)
    files = await asyncio.to_thread(aip_files, sealed, content, copies, story)
    made = await drafted(context, sealed, sealed.sealing.aip_objid, files)
    body = await asyncio.to_thread(
        lambda: manifest_of(sealed, masters, [*readings_of(sealed, content), *made]).to_bytes()
    )
    return await settled(context, sealed, "manifest_sha256", body)


async def settled(
    context: Context,
    sealed: Sealed,
    column: Literal["masters_sha256", "manifest_sha256"],
    body: bytes,
    **further: int | None,
) -> str:
    """Draft a list and enter its digest, and what was counted with it, unless another was faster.

    Gives the digest that counts.
    """
    digest = sha256(body).hexdigest()
    await draft(context, draft_key(sealed.order.dossier_id, digest), [body], len(body))
    async with context.database.writing(Caller("ingest")) as uow:
        row = await uow.session.get_one(Sealing, sealed.order.dossier_id, with_for_update=True)
        if getattr(row, column) is None:
            for name, value in {column: digest, **further}.items():
                setattr(row, name, value)
            uow.record("sealing.frozen", row.dossier_id, **{column: digest})
        return str(getattr(row, column))


async def drafted(context: Context, sealed: Sealed, objid: str, files: Sequence[GeneratedFile]) -> list[Placed]:
    """Draft the generated files of one package; only their places stay in memory."""
    places = placed(sealed, objid, files)
    for place, made in zip(places, files, strict=True):
        await draft(context, place.source_key, made.chunks(), made.file.size)
    return places


async def draft(context: Context, key: str, chunks: Iterable[bytes], size: int) -> None:
    """Put a generated file into the incoming store; its key holds its digest: what lies there already is the same."""

    async def flowing() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    with suppress(AlreadyStored):
        await context.incoming.put_new(key, flowing(), size=size, sha256=key.rpartition("/")[2])
