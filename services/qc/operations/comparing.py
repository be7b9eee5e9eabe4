"""Find pages of a dossier that are likely scans of one sheet; the finding is told of the later page."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col, select

from services.qc.domain.duplicates import likely_pairs
from services.qc.domain.finding import Finding, Severity, judgement_of
from services.qc.models import InspectedPage, PageCheck
from shared.uow import UnitOfWork

CODE = "content.duplicate"


async def compare_all(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Compare the newest versions of all pages of a dossier, each of which is checked."""
    pages = await comparable(uow, dossier_id)
    pairs = await asyncio.to_thread(alike, {page_id: hash_of(check) for page_id, (_, check) in pages.items()})
    earliest: dict[UUID, UUID] = {}
    for one, other in pairs:
        earlier, later = sorted((one, other), key=lambda page_id: (pages[page_id][0].number, page_id))
        known = earliest.setdefault(later, earlier)
        earliest[later] = min(known, earlier, key=lambda page_id: (pages[page_id][0].number, page_id))
    await tell(uow, pages, earliest)


async def compare_one(uow: UnitOfWork, page: InspectedPage) -> None:
    """Compare a version that came after the others were compared with these; the finding is of the newcomer."""
    pages = await comparable(uow, page.dossier_id)
    if page.page_id in pages:
        hashes = {page_id: hash_of(check) for page_id, (_, check) in pages.items()}
        pairs = await asyncio.to_thread(alike, hashes, page.page_id)
        others = [one if other == page.page_id else other for one, other in pairs]
        if others:
            first = min(others, key=lambda page_id: (pages[page_id][0].number, page_id))
            await tell(uow, pages, {page.page_id: first})


async def comparable(uow: UnitOfWork, dossier_id: UUID) -> dict[UUID, tuple[InspectedPage, PageCheck]]:
    """Give the newest version of each page of a dossier that could be seen, with what was measured of it."""
    await uow.session.flush()
    asked = (
        select(InspectedPage, PageCheck)
        .where(InspectedPage.dossier_id == dossier_id, col(InspectedPage.is_readable).is_(True))
        .where(PageCheck.page_id == InspectedPage.page_id, PageCheck.version == InspectedPage.version)
    )
    return {page.page_id: (page, check) for page, check in await uow.session.exec(asked)}


def hash_of(check: PageCheck) -> str:
    """Give the fingerprint of a version."""
    return str((check.measures or {}).get("hash", ""))


def alike(hashes: Mapping[UUID, str], newcomer: UUID | None = None) -> list[tuple[UUID, UUID]]:
    """Give the pairs that are likely one sheet; if there is a newcomer, those with it."""
    names = {str(page_id): hash_ for page_id, hash_ in hashes.items()}
    return [(UUID(a), UUID(b)) for a, b, _ in likely_pairs(names, str(newcomer) if newcomer else None)]


async def tell(
    uow: UnitOfWork, pages: Mapping[UUID, tuple[InspectedPage, PageCheck]], same: Mapping[UUID, UUID]
) -> None:
    """Write down, of each page in `same`, that it is likely the same as another, and judge it anew."""
    for page_id, other_id in same.items():
        page, check = pages[page_id]
        finding = Finding(CODE, Severity.REVIEW, value=pages[other_id][0].number)
        findings = [told for told in page.findings if told["code"] != CODE] + [finding.told()]
        page.findings = check.findings = findings
        page.judgement = check.judgement = judgement_of(tuple(map(Finding.of, findings)))
    if same:
        found = sorted(pages[page_id][0].number for page_id in same)
        dossier_id = next(page.dossier_id for page, _ in pages.values())
        uow.record("duplicates.found", dossier_id, pages=found[:500])
