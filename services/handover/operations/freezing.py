"""Freeze the manifest of a delivery: number its parts, list every package, sign the list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import groupby
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.context import Context
from services.handover.domain.parts import parts_of
from services.handover.domain.state import DeliveryState, PackageState, Seal, advance
from services.handover.errors import CertificateUnusable, TimestampRefused
from services.handover.models import (
    Agreement,
    Delivery,
    DeliveryPart,
    ManifestPortion,
    Package,
)
from shared.clock import now
from shared.delivery.manifest import AgreedTerms, ManifestEntry, ManifestHead, lines
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller, UnitOfWork

PORTION = 1 << 20
AT_ONCE = 500
FROZEN = frozenset({DeliveryState.BUILDING, DeliveryState.READY, DeliveryState.OPEN})


@dataclass(frozen=True, slots=True)
class Draft:
    """A manifest that is written but not yet signed; `portions` are its bytes."""

    delivery_id: UUID
    entries: Sequence[ManifestEntry]
    portions: Sequence[bytes]
    sha256: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What was put under a manifest; nothing where no certificate is set."""

    seal: Seal = Seal.UNSIGNED
    signer: str = ""
    cms: bytes | None = None


class ManifestOutdated(Exception):
    """A package was withdrawn while the manifest was signed."""


async def freeze_delivery(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `freeze_delivery`; doing it again comes to the same, and what changed meanwhile is heeded."""
    while not progress.is_concluded:
        async with context.database.reading() as session:
            delivery = await session.get_one(Delivery, job.subject_id)
            if delivery.state not in FROZEN or delivery.manifest_sha256:
                return
            draft = await drafted(session, delivery)
        signature = await signed(context, draft.sha256)
        try:
            async with progress.concluding(Caller("handover"), {"sha256": draft.sha256, "seal": signature.seal}) as uow:
                await write_down(uow, draft, signature)
        except ManifestOutdated:
            continue


async def drafted(session: AsyncSession, delivery: Delivery) -> Draft:
    """Write the manifest of a delivery as it is now."""
    agreement = await session.get_one(Agreement, delivery.agreement_id)
    entries = await entries_of(session, delivery.id, agreement.part_size)
    head = ManifestHead(
        delivery_id=delivery.id,
        fonds_code=delivery.fonds_code,
        number=delivery.number,
        receiver_id=delivery.receiver_id,
        receiver=agreement.receiver_name,
        agreement=AgreedTerms(
            id=agreement.id,
            reference=agreement.reference,
            agreed_on=agreement.agreed_on.isoformat(),
            profile=agreement.profile,
            with_masters=agreement.with_masters,
            document_sha256=agreement.document_sha256,
        ),
        frozen_at=now(),
        package_count=len(entries),
        page_count=sum(entry.dossier_pages for entry in entries),
        byte_count=sum(entry.size for entry in entries),
        part_count=max((entry.part for entry in entries), default=0),
        part_size=agreement.part_size,
    )
    portions = list(portions_of(head, entries))
    digest = sha256()
    for portion in portions:
        digest.update(portion)
    return Draft(delivery.id, entries, portions, digest.hexdigest())


async def entries_of(session: AsyncSession, delivery_id: UUID, part_size: int) -> list[ManifestEntry]:
    """Give the packages of a delivery by number, each in its part, without those that were withdrawn."""
    asked = (
        select(  # no whole rows: the layout of a package has a line for every page
            *(col(Package.id), col(Package.number), col(Package.objid), col(Package.file_code)),
            *(col(Package.size), col(Package.sha256), col(Package.page_count), col(Package.document_count)),
            *(col(Package.predecessor), col(Package.file_name), col(Package.a4_equivalents)),
            *(col(Package.holds), col(Package.sibling_of)),
        )
        .where(col(Package.delivery_id) == delivery_id, col(Package.state) != PackageState.WITHDRAWN)
        .where(col(Package.sha256).is_not(None))
        .order_by(col(Package.number))
    )
    rows = (await (await session.connection()).execute(asked)).all()
    objids = {row.id: row.objid for row in rows}
    return [
        ManifestEntry(
            number=row.number,
            part=part,
            package_id=row.id,
            objid=row.objid,
            file=row.file_name,
            file_code=row.file_code,
            size=row.size,
            sha256=row.sha256,
            page_count=row.page_count,
            document_count=row.document_count,
            a4_equivalents=row.a4_equivalents,
            predecessor=row.predecessor,
            holds=row.holds,
            sibling_of=objids.get(row.sibling_of),
        )
        for row, part in zip(rows, parts_of([row.size for row in rows], part_size), strict=True)
    ]


def portions_of(head: ManifestHead, entries: Sequence[ManifestEntry]) -> Iterator[bytes]:
    """Cut a manifest into portions that are kept and served one at a time."""
    gathered = bytearray()
    for line in lines(head, entries):
        gathered += line
        if len(gathered) >= PORTION:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


async def signed(context: Context, digest: str) -> Signature:
    """Sign a manifest where a certificate is set. Raises CertificateUnusable, TimestampRefused."""
    if context.signer is None:
        return Signature()
    from shared.signing.certificate import CertificateRefused  # only who signs needs its library
    from shared.signing.timestamps import NoTimestamp

    try:
        made = await context.signer.sign(bytes.fromhex(digest))
    except CertificateRefused as refused:
        raise CertificateUnusable(str(refused)) from refused
    except NoTimestamp as refused:
        raise TimestampRefused(str(refused)) from refused
    seal = Seal.TIMESTAMPED if context.signer.has_timestamps else Seal.SIGNED
    return Signature(seal, context.signer.name, made)


async def write_down(uow: UnitOfWork, draft: Draft, signature: Signature) -> None:
    """Keep a manifest; a delivery that was building is ready with it. Raises ManifestOutdated."""
    delivery = await uow.session.get_one(Delivery, draft.delivery_id, with_for_update=True, populate_existing=True)
    if delivery.state not in FROZEN:
        return
    if await fingerprint(uow.session, delivery.id) != [(entry.number, entry.sha256) for entry in draft.entries]:
        raise ManifestOutdated
    for table in (ManifestPortion, DeliveryPart):
        await uow.session.exec(delete(table).where(col(table.delivery_id) == delivery.id))
    uow.session.add_all(
        ManifestPortion(delivery_id=delivery.id, place=place, content=portion)
        for place, portion in enumerate(draft.portions)
    )
    for number, of_part in groupby(draft.entries, key=lambda entry: entry.part):
        uow.session.add(part_row(delivery.id, number, list(of_part)))
    for start in range(0, len(draft.entries), AT_ONCE):
        told: list[dict[str, object]] = [
            {"id": each.package_id, "part": each.part} for each in draft.entries[start : start + AT_ONCE]
        ]
        await uow.session.run_sync(partial(bulk, told=told))
    delivery.manifest_sha256, delivery.manifest_size = draft.sha256, sum(map(len, draft.portions))
    delivery.seal, delivery.signer, delivery.signature = signature.seal, signature.signer, signature.cms
    if delivery.state == DeliveryState.BUILDING:
        delivery.state = advance(DeliveryState.BUILDING, DeliveryState.READY)
    uow.record("delivery.frozen", delivery.id, sha256=draft.sha256, seal=signature.seal, signer=signature.signer)


def bulk(session: Session, told: list[dict[str, object]]) -> None:
    """Say of many packages which part they are in, in one statement."""
    session.bulk_update_mappings(Package.__mapper__, told)  # type: ignore[attr-defined]


async def fingerprint(session: AsyncSession, delivery_id: UUID) -> list[tuple[int, str]]:
    """Give which packages a manifest must list."""
    asked = (
        select(col(Package.number), col(Package.sha256))
        .where(col(Package.delivery_id) == delivery_id, col(Package.state) != PackageState.WITHDRAWN)
        .where(col(Package.sha256).is_not(None))
        .order_by(col(Package.number))
    )
    return [(row[0], str(row[1])) for row in (await (await session.connection()).execute(asked)).all()]


def part_row(delivery_id: UUID, number: int, entries: Sequence[ManifestEntry]) -> DeliveryPart:
    """Add a part up."""
    return DeliveryPart(
        delivery_id=delivery_id,
        number=number,
        package_count=len(entries),
        page_count=sum(entry.dossier_pages for entry in entries),
        byte_count=sum(entry.size for entry in entries),
    )
