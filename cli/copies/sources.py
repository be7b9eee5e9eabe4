"""Where copies are read from: the stores that settings or a data folder name, and what ingest knows of manifests."""

import os
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlmodel import select

from cli.copies.faults import CopyRefused
from cli.copies.known_heads import known_heads
from cli.data_folder import holds_a_system
from services.embedded import embedded_settings
from services.ingest.domain.revision import RevisionState
from services.ingest.domain.state import DossierState
from services.ingest.main import Settings as IngestSettings
from services.ingest.models import ScanOrder, Sealing, plumbing
from services.ingest.operations.listing import manifest_key_of
from services.ingest.operations.suspecting import order_checks
from services.ingest.revision_models import Revision
from shared.database import Database
from shared.storage.open import closing, open_store
from shared.storage.port import Store


@dataclass(frozen=True, slots=True)
class Kept:
    """The stores of a system, and the digest of each manifest of a preserved dossier, by its key.

    `heads` are the newest heads of registers that databases know. `folders` are where the system lies on this machine:
    its data folder, and stores that are folders.
    """

    stores: Sequence[Store]
    manifests: Mapping[str, str]
    database_url: str
    folders: Sequence[Path] = ()
    heads: Sequence[str] = ()

    def demand_apart(self, to: Path) -> None:
        """Refuse a set that lies in the system, or the system in it, by whatever name. Raises CopyRefused."""
        place = to.resolve()
        for folder in self.folders:
            lies = folder.resolve()
            if place.is_relative_to(lies) or lies.is_relative_to(place):
                raise CopyRefused(
                    "copies.not_apart",
                    f"bộ sao {place} và dữ liệu của hệ thống {lies} nằm trong nhau; hãy chọn đĩa khác",
                    f"the set {place} and the system's own {lies} lie within each other; choose another disk",
                )

    async def order_checks(self, damaged: Collection[str], met_by: str) -> list[str]:
        """Have the scrubber read the dossiers of damaged objects; gives their file codes."""
        database = Database(self.database_url, plumbing)
        try:
            return await order_checks(database, damaged, met_by)
        finally:
            await database.close()


@asynccontextmanager
async def kept_by(data: Path | None) -> AsyncIterator[Kept]:
    """Open the stores of a data folder, or those that the environment names as `saoluu scrub` takes them."""
    settings = settings_of(data)
    urls = (settings.store_archive_url, settings.store_reserve_url)
    stores = [open_store(url, name) for url, name in zip(urls, ("archive", "reserve"), strict=True)]
    async with closing(*stores):
        folders = [*([data] if data is not None else []), *filter(None, map(folder_of, urls))]
        manifests, heads = await manifests_in(settings.database_url), await known_heads(settings.database_url)
        yield Kept(stores, manifests, settings.database_url, folders, [key for key in heads.values() if key])


def folder_of(url: str) -> Path | None:
    """Say in which folder a store lies; None for one behind a server."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def settings_of(data: Path | None) -> IngestSettings:
    """Read the settings. Raises CopyRefused, SettingMissing."""
    if data is None:
        return IngestSettings.of("ingest")
    if not holds_a_system(data):
        raise CopyRefused(
            "copies.no_system",
            f"{data.absolute()} không phải là thư mục dữ liệu của hệ thống",
            f"no system lies in {data.absolute()}",
        )
    return IngestSettings.model_validate({**os.environ, **embedded_settings("ingest", data)})


@dataclass(frozen=True, slots=True)
class KnownManifest:
    """What ingest knows of a manifest: its digest, and the dossier that it is of."""

    sha256: str
    dossier_id: UUID


async def known_manifests(database_url: str) -> dict[str, KnownManifest]:
    """Give every manifest of a preserved dossier by its key: one for each of its AIPs."""
    database = Database(database_url, plumbing)
    sealed = select(ScanOrder.fonds_code, Sealing.aip_objid, Sealing.manifest_sha256, ScanOrder.dossier_id).where(
        Sealing.dossier_id == ScanOrder.dossier_id, ScanOrder.state == DossierState.PRESERVED
    )
    revised = select(ScanOrder.fonds_code, Revision.aip_objid, Revision.manifest_sha256, ScanOrder.dossier_id).where(
        Revision.dossier_id == ScanOrder.dossier_id, Revision.state == RevisionState.PRESERVED
    )
    try:
        async with database.reading() as session:
            rows = [*await session.exec(sealed), *await session.exec(revised)]
    finally:
        await database.close()
    return {manifest_key_of(fonds, objid): KnownManifest(digest or "", of) for fonds, objid, digest, of in rows}


async def manifests_in(database_url: str) -> dict[str, str]:
    """Give the digest of every manifest of a preserved dossier."""
    return {key: known.sha256 for key, known in (await known_manifests(database_url)).items()}


async def dossiers_in(database_url: str) -> dict[str, UUID]:
    """Say which dossier each manifest is of."""
    return {key: known.dossier_id for key, known in (await known_manifests(database_url)).items()}
