"""Lay a package out: order the files of its ZIP, each with its place in the stores and its sums, and keep that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.handover.domain.holding import Holding
from services.handover.domain.layout import LaidFile, Layout
from services.handover.models import Package
from services.handover.operations.generated import keep_generated, sums_of
from services.handover.operations.layouts import keep_layout
from shared.eark.build import zip_entries
from shared.eark.description import DossierContent
from shared.eark.layout import PREMIS
from shared.eark.manifest import Manifest, ManifestFile
from shared.eark.names import folder_name
from shared.eark.package import GeneratedFile, PackageFile
from shared.storage.port import MIB
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Laid:
    """A package laid out: its layout, the files made for it, what it holds, and how its ZIP is called."""

    layout: Layout
    made: Sequence[GeneratedFile]
    content: DossierContent
    file_name: str


def story_of(package: Package, manifest: Manifest) -> list[ManifestFile]:
    """Give what was sealed with the masters on what was done with their pages; old masters have nothing of it."""
    if package.holds == Holding.READINGS:
        return []
    return [file for file in manifest.masters.files if file.path == PREMIS]


def layout_of(package: Package, made: Sequence[GeneratedFile], content: DossierContent, manifest: Manifest) -> Layout:
    """Order the files of the ZIP under its one folder; what is stored is read from where it was sealed."""
    data: list[PackageFile] = []
    stored: dict[str, ManifestFile] = {}
    if package.holds != Holding.READINGS:
        sealed = [*story_of(package, manifest), *manifest.pages]
        data += [file.package_file() for file in sealed]
        stored |= {file.path: file for file in sealed}
    if content.readings:
        forms = [reading.file for reading in content.readings]
        data += forms
        stored |= {form.path: file for form, file in zip(forms, manifest.readings, strict=True)}
    return Layout.of(files_of(package.objid, made, data, stored))


def files_of(
    objid: str, made: Sequence[GeneratedFile], data: Sequence[PackageFile], stored: dict[str, ManifestFile]
) -> Iterator[LaidFile]:
    """Give the files in the order of the ZIP; sums that a manifest has not are there once every byte was read."""
    folder = f"{folder_name(objid)}/"
    generated = {each.file.path: each for each in made}
    known = [*(each.file for each in made), *data]
    digests = {file.path: file.sha256 for file in known}
    for entry in zip_entries(objid, known, lambda file: stored[file.path].key if file.path in stored else ""):
        path = entry.path.removeprefix(folder)
        if entry.source:
            sums = stored[path].mib_crc32 if entry.size > MIB else ()
        else:
            sums = sums_of(entry.size, generated[path].chunks())
        yield LaidFile(
            path=entry.path,
            size=entry.size,
            sha256=digests[path],
            crc32=entry.crc32,
            modified_at=entry.modified_at,
            key=entry.source,
            mib_crc32=sums,
        )


async def keep_laid(uow: UnitOfWork, package: Package, laid: Laid) -> None:
    """Freeze what was laid out."""
    package.size, package.file_name = laid.layout.size, laid.file_name
    package.document_count, package.fonds_title = laid.content.document_count, laid.content.fonds.title
    await keep_layout(uow, package.id, laid.layout)
    folder = folder_name(package.objid)
    await keep_generated(uow, package.id, ((f"{folder}/{each.file.path}", each.chunks()) for each in laid.made))
    uow.record("package.laid_out", package.id, size=package.size, files=laid.layout.count)
