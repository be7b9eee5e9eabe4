"""Take a page over: look, stream into the incoming store, commit, and only then answer."""

import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.context import Context
from services.ingest.domain.announcement import Announcement
from services.ingest.domain.capture import Capture
from services.ingest.domain.incoming_key import page_key
from services.ingest.domain.state import DossierState
from services.ingest.errors import (
    DossierClosed,
    DossierNotApproved,
    NotAnImage,
    PageDiffers,
    PageSwept,
    RescanFulfilled,
    RescanWithdrawn,
    ScanWithdrawn,
)
from services.ingest.models import Master, Page, RescanOrder, ScanOrder
from services.ingest.operations.setting_up import enter_setup
from services.ingest.operations.straying import drop_unnamed
from shared.errors import NotFound
from shared.events.ingest import MasterStored
from shared.ids import DossierId, PageId, RescanOrderId
from shared.imaging.formats import sniff
from shared.storage.digest import fixity_of
from shared.storage.port import AlreadyStored, DigestMismatch, Fixity, LengthMismatch, NotStored
from shared.uow import Caller, UnitOfWork

SNIFFED = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page belongs: a number in a dossier, or the page that a rescan order names."""

    dossier_id: UUID
    number: int
    rescan_order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A page that is here: its newest master, and whether this request brought it."""

    page: Page
    master: Master
    is_new: bool


async def place_of_order(session: AsyncSession, rescan_order_id: UUID) -> Place:
    """Give the place a rescan order names. Raises NotFound."""
    order = await session.get(RescanOrder, rescan_order_id)
    if order is None:
        raise NotFound("no rescan order has this id")
    return Place(order.dossier_id, order.page_number, order.id)


async def receive_page(
    context: Context, caller: Caller, place: Place, announced: Announcement, body: AsyncIterator[bytes]
) -> Taken:
    """Take a page's bytes over. The same bytes again give the same answer; other bytes are refused.

    Raises DossierNotApproved, DossierClosed, PageDiffers, RescanFulfilled, RescanWithdrawn, NotAnImage,
    LengthMismatch, DigestMismatch, PageSwept, StorageFull, StoreUnavailable, DatabaseUnavailable.
    """
    async with context.database.reading() as session:
        known = await look_up(session, place, announced)
    if known is not None:
        demand_same(await fixity_of(body), announced)
        return known
    key = page_key(place.dossier_id, place.number, announced.sha256)
    try:
        fixity = await context.incoming.put_new(key, images_only(body), size=announced.size, sha256=announced.sha256)
    except AlreadyStored:  # from an earlier request that was cut off between the store and the database
        fixity = await found(context, key)
        demand_same(fixity, announced)
    try:
        return await enter(context, caller, place, announced, key, fixity)
    except IntegrityError:  # another request entered this page first; now it can be seen
        return await enter(context, caller, place, announced, key, fixity)


async def found(context: Context, key: str) -> Fixity:
    """Read what lies in the store already. Raises PageSwept when another request has dropped it meanwhile."""
    try:
        return await context.incoming.read_back(key)
    except NotStored as gone:
        raise PageSwept(key) from gone


async def enter(
    context: Context, caller: Caller, place: Place, announced: Announcement, key: str, fixity: Fixity
) -> Taken:
    """Write down a page that is safely stored, and tell the others, in one transaction. Raises PageSwept.

    What lies in the store may be dropped by others, whoever stored it, until we hold the dossier's row.
    """
    try:
        async with context.database.writing(caller) as uow:
            known = await look_up(uow.session, place, announced, lock=True)
            if known is None and await context.incoming.size(key) != fixity.size:
                raise PageSwept(key)
            return known or await add_version(uow, place, announced, key, fixity)
    except (PageDiffers, RescanFulfilled, RescanWithdrawn, DossierClosed, ScanWithdrawn):
        await drop_unnamed(context, key)
        raise


async def look_up(session: AsyncSession, place: Place, announced: Announcement, *, lock: bool = False) -> Taken | None:
    """Find whether these very bytes are here already, or None if they may come. Raises what forbids them."""
    order = await session.get(ScanOrder, place.dossier_id, with_for_update={"read": True} if lock else None)
    if order is None:
        raise DossierNotApproved(f"dossier {place.dossier_id}")
    page = await page_at(session, place)
    if place.rescan_order_id is not None:
        known = await look_up_rescan(session, place.rescan_order_id, announced, lock=lock)
        if known is None:
            demand_wanted(order)
        return known
    if page is None:
        demand_wanted(order)
        if order.state != DossierState.OPEN:
            raise DossierClosed(f"dossier {order.file_code} is {order.state}")
        return None
    first = await master_of(session, page.id, 1)
    if first.sha256 != announced.sha256:
        raise PageDiffers(f"page {place.number} of dossier {order.file_code}", sha256=first.sha256)
    return Taken(page, first, is_new=False)


def demand_wanted(order: ScanOrder) -> None:
    """Raise ScanWithdrawn when no list holds the dossier any more: what is here stays, nothing more comes."""
    if order.state == DossierState.WITHDRAWN:
        raise ScanWithdrawn(order.withdrawal_reason)


async def look_up_rescan(session: AsyncSession, order_id: UUID, announced: Announcement, *, lock: bool) -> Taken | None:
    """Find whether a rescan order has its page already.

    Raises RescanFulfilled when with other bytes, RescanWithdrawn when none is wanted any more.
    """
    order = await session.get_one(RescanOrder, order_id, with_for_update=lock or None)
    if order.fulfilled_version is None:
        if order.withdrawn_at is not None:
            raise RescanWithdrawn(f"page {order.page_number}")
        return None
    master = await master_of(session, order.page_id, order.fulfilled_version)
    if master.sha256 != announced.sha256:
        raise RescanFulfilled(f"page {order.page_number}", sha256=master.sha256)
    return Taken(await session.get_one(Page, order.page_id), master, is_new=False)


async def add_version(uow: UnitOfWork, place: Place, announced: Announcement, key: str, fixity: Fixity) -> Taken:
    """Add the first version of a page, or the one that a rescan order asked for, and publish it."""
    if place.rescan_order_id is None:
        # Another request may have entered the page since we looked. The constraint tells, and then we look again.
        page = Page(dossier_id=place.dossier_id, number=place.number)
        uow.session.add(page)
        await uow.session.flush()
    else:
        order = await uow.session.get_one(RescanOrder, place.rescan_order_id)
        page = await uow.session.get_one(Page, order.page_id)
        page.version += 1
        order.fulfilled_version = page.version
    capture = Capture.of(announced.capture)
    master = Master(
        page_id=page.id,
        version=page.version,
        key=key,
        sha256=fixity.sha256,
        size=fixity.size,
        crc32=fixity.crc32,
        mib_crc32=struct.pack(f">{len(fixity.mib_crc32)}I", *fixity.mib_crc32),
        media_type=announced.media_type,
        file_name=announced.file_name,
        station=uow.caller.name,
        rescan_order_id=place.rescan_order_id,
        scanned_at=capture.scanned_at if capture else None,
        scan_setup_id=await enter_setup(uow, capture.setup) if capture else None,
    )
    uow.session.add(master)
    uow.record("master.stored", page.id, number=page.number, version=page.version, sha256=master.sha256)
    uow.publish(stored_event(page, master))
    await uow.session.flush()
    return Taken(page, master, is_new=True)


def stored_event(page: Page, master: Master) -> MasterStored:
    """Tell of a master that is stored."""
    return MasterStored(
        page_id=PageId(page.id),
        version=master.version,
        dossier_id=DossierId(page.dossier_id),
        page_number=page.number,
        key=master.key,
        sha256=master.sha256,
        size=master.size,
        media_type=master.media_type,
        file_name=master.file_name,
        station=master.station,
        rescan_order_id=None if master.rescan_order_id is None else RescanOrderId(master.rescan_order_id),
    )


async def page_at(session: AsyncSession, place: Place) -> Page | None:
    """Find a page by its number."""
    asked = select(Page).where(Page.dossier_id == place.dossier_id, Page.number == place.number)
    return (await session.exec(asked)).first()


async def master_of(session: AsyncSession, page_id: UUID, version: int) -> Master:
    """Give one version of a page."""
    asked = select(Master).where(col(Master.page_id) == page_id, Master.version == version)
    return (await session.exec(asked)).one()


def demand_same(fixity: Fixity, announced: Announcement) -> None:
    """Hold the bytes that came against what was announced. Raises LengthMismatch, DigestMismatch."""
    if fixity.size != announced.size:
        raise LengthMismatch(f"{fixity.size} bytes came, {announced.size} were announced")
    if fixity.sha256 != announced.sha256:
        raise DigestMismatch(f"{fixity.sha256} came, {announced.sha256} was announced")


async def images_only(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Let a body through if it begins like an image we keep. Raises NotAnImage before anything is stored."""
    head = b""
    async for chunk in body:
        if len(head) < SNIFFED:
            head += chunk
            if len(head) < SNIFFED:
                continue
            chunk = head
            demand_image(head)
        yield chunk
    if len(head) < SNIFFED:
        demand_image(head)
        yield head


def demand_image(head: bytes) -> None:
    """Raise NotAnImage unless these first bytes are those of a format we keep."""
    if sniff(head[:SNIFFED]) is None:
        raise NotAnImage
