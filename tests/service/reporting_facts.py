"""The life of a dossier as the facts that reporting hears, for its tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from shared.events.base import Event
from shared.events.catalog import DossierApproved, DossierDescription, DossierWithdrawn, FondsDescription
from shared.events.handover import PackageExplained, PackageOffered, PackageReceived
from shared.events.ingest import DossierPreserved, DossierScanned, MasterStored
from shared.events.qc import DossierAccepted, PageChecked, RejectedPage
from shared.ids import DeliveryId, DossierId, FondsId, PackageId, PageId, SelectionListId, new_id
from tests.grounds import Ground
from tests.harness import Bench, Issuer, bench

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)  # 12:00 in Vietnam


@asynccontextmanager
async def reporting_bench(ground: Ground) -> AsyncIterator[Bench]:
    """Set reporting to work on new ground."""
    service = await ground.service("reporting")
    async with bench(Issuer(ground.folder), service) as made:
        yield made


class Dossier:
    """A dossier of `pages` pages, page n worth n % 2 + 1 A4 pages, all of it happening from `start` on."""

    def __init__(self, pages: int = 3, start: datetime = NOON, fonds_code: str = "P01") -> None:
        self.id = DossierId(new_id())
        self.fonds_id = FondsId(new_id())
        self.fonds_code = fonds_code
        self.file_code = f"H-{self.id.hex[-6:]}"
        self.page_ids = [PageId(new_id()) for _ in range(pages)]
        self.start = start
        self.package_id = PackageId(new_id())
        self.delivery_id = DeliveryId(new_id())

    def at(self, minutes: int) -> datetime:
        """Give a moment of its life."""
        return self.start + timedelta(minutes=minutes)

    def approved(self, expected: int | None = None) -> DossierApproved:
        """Approve it."""
        return DossierApproved(
            occurred_at=self.at(0),
            dossier_id=self.id,
            list_id=SelectionListId(new_id()),
            list_sha256="0" * 64,
            fonds=FondsDescription(
                id=self.fonds_id, code=self.fonds_code, title="Phông", kind="fonds", archive_code="A"
            ),
            description=DossierDescription(
                file_code=self.file_code,
                title="Hồ sơ",
                retention="permanent",
                access_level="open",
                page_count=len(self.page_ids) if expected is None else expected,
            ),
            criteria=("permanent",),
            year=2026,
        )

    def withdrawn(self, version: int = 1) -> DossierWithdrawn:
        """Withdraw what was approved of it up to a version."""
        return DossierWithdrawn(
            occurred_at=self.at(1),
            dossier_id=self.id,
            version=version,
            list_id=SelectionListId(new_id()),
            reason="trùng với phông khác",
        )

    def stored(self, number: int, version: int = 1, minutes: int = 1) -> MasterStored:
        """Scan a version of a page."""
        return MasterStored(
            occurred_at=self.at(minutes),
            version=version,
            page_id=self.page_ids[number - 1],
            dossier_id=self.id,
            page_number=number,
            key=f"{self.id}/{number}/{version}",
            sha256="0" * 64,
            size=1000 * version,
            media_type="image/jpeg",
            station=f"station-{version}",
        )

    def checked(self, number: int, version: int = 1, a4: int | None = None) -> PageChecked:
        """Check a version of a page."""
        return PageChecked(
            occurred_at=self.at(2),
            version=version,
            page_id=self.page_ids[number - 1],
            dossier_id=self.id,
            page_number=number,
            judgement="pass",
            profile="tt05-2025",
            a4_equivalents=number % 2 + 1 if a4 is None else a4,
        )

    def closed(self, scanned: int | None = None, explanation: str = "") -> DossierScanned:
        """Close it."""
        count = len(self.page_ids)
        return DossierScanned(
            occurred_at=self.at(3),
            dossier_id=self.id,
            expected_count=count,
            scanned_count=count if scanned is None else scanned,
            explanation=explanation,
        )

    def accepted(self, rejected: tuple[int, ...] = (), minutes: int = 4) -> DossierAccepted:
        """Accept it but for some pages."""
        pages = tuple(
            RejectedPage(page_id=self.page_ids[number - 1], page_number=number, explanation="không đọc được")
            for number in rejected
        )
        return DossierAccepted(
            occurred_at=self.at(minutes),
            dossier_id=self.id,
            accepted_count=len(self.page_ids) - len(rejected),
            reserved_count=1,
            rejected=pages,
            pages_sha256="0" * 64,
        )

    def preserved(self, count: int | None = None) -> DossierPreserved:
        """Preserve it twice."""
        return DossierPreserved(
            occurred_at=self.at(5),
            dossier_id=self.id,
            fonds_id=self.fonds_id,
            fonds_code=self.fonds_code,
            file_code=self.file_code,
            title="Hồ sơ",
            page_count=len(self.page_ids) if count is None else count,
            byte_count=3000,
            masters_objid="m",
            aip_objid="a",
            manifest_key="k",
            manifest_sha256="0" * 64,
            verified_copies=2,
        )

    def offered(self, count: int | None = None) -> PackageOffered:
        """Offer its package."""
        return PackageOffered(
            occurred_at=self.at(6),
            package_id=self.package_id,
            delivery_id=self.delivery_id,
            dossier_id=self.id,
            page_count=len(self.page_ids) if count is None else count,
            byte_count=3000,
            sha256="0" * 64,
        )

    def received(self, count: int | None = None) -> PackageReceived:
        """Have the receiver accept it."""
        return PackageReceived(
            occurred_at=self.at(7),
            package_id=self.package_id,
            delivery_id=self.delivery_id,
            dossier_id=self.id,
            page_count=len(self.page_ids) if count is None else count,
            answer="accepted",
        )

    def again(self, answer: Literal["accepted", "rejected"]) -> list[Event]:
        """Offer a newer package of it, and have it answered."""
        offered, received = self.offered(), self.received()
        newer = {"package_id": PackageId(UUID(int=self.package_id.int + 1))}
        return [
            offered.model_copy(update={"id": new_id(), **newer}),
            received.model_copy(update={"id": new_id(), **newer, "answer": answer}),
        ]

    def explained(self, package: Event) -> PackageExplained:
        """Explain why no package takes the place of one."""
        assert isinstance(package, PackageReceived)
        return PackageExplained(
            occurred_at=self.at(8),
            package_id=package.package_id,
            delivery_id=package.delivery_id,
            dossier_id=self.id,
            page_count=package.page_count,
            explanation="hai bên thống nhất không giao lại",
        )

    def life(self, rejected: tuple[int, ...] = ()) -> list[Event]:
        """Give all of its facts, in order."""
        kept = len(self.page_ids) - len(rejected)
        numbers = range(1, len(self.page_ids) + 1)
        pages: list[Event] = [self.stored(number) for number in numbers]
        pages += [self.checked(number) for number in numbers]
        return [
            self.approved(),
            *pages,
            self.closed(),
            self.accepted(rejected),
            self.preserved(kept),
            self.offered(kept),
            self.received(kept),
        ]


def ids_of(items: list[dict[str, object]]) -> set[UUID]:
    """Give the dossiers that a list speaks of."""
    return {UUID(str(item["dossier_id"])) for item in items}
