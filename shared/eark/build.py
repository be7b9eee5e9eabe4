"""Everything of a package that is no page: its descriptions and its METS files, each made before it is named."""

from collections.abc import Callable, Iterable, Sequence

from shared.eark import layout
from shared.eark.description import DossierContent, DossierRecord
from shared.eark.ead import ead
from shared.eark.errors import PackageMisdescribed
from shared.eark.mets import package_mets, representation_mets
from shared.eark.names import folder_name
from shared.eark.package import GeneratedFile, PackageDescription, PackageFile
from shared.eark.zip_headers import ZipEntry

ENCLOSURES = ("metadata/preservation/", "metadata/descriptive/", "documentation/", "schemas/")


def build_package(
    description: PackageDescription, content: DossierContent, enclosures: Sequence[GeneratedFile] = ()
) -> list[GeneratedFile]:
    """Make the files of a package around its page images; the same values give the same bytes.

    A package without `parts` holds `content.pages` in `representations/rep1/data/` (the masters package, the SIP); one
    with `parts` describes pages that lie there (the small AIP). `enclosures` are further files under `metadata/`,
    `documentation/` or `schemas/`, such as PREMIS.xml. The root METS comes last.
    """
    made = description.created_at
    record = DossierRecord.of(description, content)
    files = [
        GeneratedFile.of(layout.DOSSIER, record.to_bytes(), "application/json", made),
        GeneratedFile.of(layout.EAD, ead(description, content), "application/xml", made),
        *enclosed(enclosures),
    ]
    if not description.parts:
        body = representation_mets(description, [page.file for page in content.pages])
        files.append(GeneratedFile.of(layout.REPRESENTATION_METS, body, "application/xml", made))
    root = package_mets(description, [generated.file for generated in files])
    return [*files, GeneratedFile.of(layout.METS, root, "application/xml", made)]


def enclosed(enclosures: Sequence[GeneratedFile]) -> list[GeneratedFile]:
    """Give the enclosures in order of path. Raises PackageMisdescribed for one in a place that METS would not list."""
    taken = {layout.DOSSIER.casefold(), layout.EAD.casefold()}
    for enclosure in enclosures:
        path = enclosure.file.path
        if path.casefold() in taken or not path.startswith(ENCLOSURES):
            raise PackageMisdescribed(f"no place for an enclosure at {path}")
        taken.add(path.casefold())
    return sorted(enclosures, key=lambda enclosure: enclosure.file.path)


def zip_entries(objid: str, files: Iterable[PackageFile], source: Callable[[PackageFile], str]) -> list[ZipEntry]:
    """Lay a package's files out for a ZIP: one top folder, the root METS first so that a reader meets it first.

    `source` names the place each file's bytes are read from, such as its store key.
    """
    folder = folder_name(objid)
    ordered = sorted(files, key=lambda file: (file.path.count("/") > 0, file.path))
    return [ZipEntry(f"{folder}/{file.path}", file.size, file.crc32, file.created_at, source(file)) for file in ordered]
