"""Everything of a package that is no page and no reading form, each file made before it is named."""

import re
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files as resources

from shared.eark import layout
from shared.eark.body import Body
from shared.eark.description import DossierContent, DossierRecord, Held, ReadingFile
from shared.eark.ead import ead
from shared.eark.errors import PackageMisdescribed
from shared.eark.mets import package_mets, representation_mets
from shared.eark.names import folder_name, safe_path
from shared.eark.package import GeneratedFile, PackageDescription, PackageFile
from shared.eark.profile import PackageForm
from shared.eark.schemas import schema_files
from shared.eark.simpledc import document_simpledc, dossier_simpledc
from shared.eark.zip_headers import ZipEntry

OF_REPRESENTATION = f"{layout.PRESERVED_DOCUMENTS}/"
IN_REPRESENTATION = f"{layout.REPRESENTATION}/metadata/"  # what the representation's own METS lists
ENCLOSURES = ("metadata/preservation/", "metadata/descriptive/", "documentation/", "schemas/", OF_REPRESENTATION)
XML = "application/xml"
OUTSIDE_NAME = re.compile(r"[^A-Za-z0-9._-]")


def build_package(
    description: PackageDescription,
    content: DossierContent,
    enclosures: Sequence[GeneratedFile] = (),
    stored: Sequence[PackageFile] = (),
) -> list[GeneratedFile]:
    """Make the files of a package around its data; the same values give the same bytes.

    Data are `content.pages`, but for a package of the circular and one that names its parts: that one describes pages
    that lie there. `content.readings` are data where there are any, beside pages in a representation of their own.
    `enclosures` are further files, such as PREMIS.xml; `stored` are such files that lie in a store already and are only
    listed. The root METS comes last. Raises PackageMisdescribed, SchemasMissing.
    """
    form, made = description.form, description.created_at
    descriptions = simple_descriptions if form.is_simpledc else rich_descriptions
    files = [*descriptions(description, content), *enclosed(description, enclosures)]
    kept = Body()
    documents = (
        [document_file(description, content, reading, kept) for reading in content.readings] if form.is_simpledc else []
    )
    inner = [each for each in files if each.file.path.startswith(OF_REPRESENTATION)]
    data = data_of(description, content)
    files += documents
    if data:
        body = representation_mets(description, data, [each.file for each in documents], [each.file for each in inner])
        files.append(GeneratedFile.of(layout.REPRESENTATION_METS, body, XML, made))
    if further := further_of(description, content):
        body = representation_mets(description, further, folder=layout.FURTHER)
        files.append(GeneratedFile.of(f"{layout.FURTHER}/{layout.METS}", body, XML, made))
    of_root = [each.file for each in files if not each.file.path.startswith(IN_REPRESENTATION)]
    root = package_mets(description, [*of_root, *stored])
    return [*files, GeneratedFile.of(layout.METS, root, XML, made)]


def data_of(description: PackageDescription, content: DossierContent) -> Sequence[Held]:
    """Give what lies in `representations/rep1/data/`. Raises PackageMisdescribed where the circular wants something."""
    if content.readings and not holds_both(description, content):
        return content.readings
    if description.form.is_simpledc:
        raise PackageMisdescribed("a package of the circular without a reading form")
    return () if description.parts else content.pages


def further_of(description: PackageDescription, content: DossierContent) -> Sequence[Held]:
    """Give what lies in `representations/rep2/data/`: the reading forms beside the pages."""
    return content.readings if holds_both(description, content) else ()


def holds_both(description: PackageDescription, content: DossierContent) -> bool:
    """Say whether pages and reading forms lie in one package; the circular allows one representation only."""
    return bool(content.readings) and not description.parts and not description.form.is_simpledc


def simple_descriptions(description: PackageDescription, content: DossierContent) -> list[GeneratedFile]:
    """Make the circular's description of the dossier, and the full record beside it where that is asked for."""
    form, made = description.form, description.created_at
    body = dossier_simpledc(form, content, description.copies)
    told = GeneratedFile.of(layout.EAD, body, media_type_of(form, layout.EAD), made)
    return [record_file(description, content), told] if description.with_record else [told]


def rich_descriptions(description: PackageDescription, content: DossierContent) -> list[GeneratedFile]:
    """Make the full record, and EAD3 for those who read that."""
    told = GeneratedFile.of(layout.EAD, ead(description, content), XML, description.created_at)
    return [record_file(description, content), told]


def record_file(description: PackageDescription, content: DossierContent) -> GeneratedFile:
    """Make the full record."""
    body = DossierRecord.written(description, content)
    return GeneratedFile.of(layout.DOSSIER, body, "application/json", description.created_at)


def document_file(
    description: PackageDescription, content: DossierContent, reading: ReadingFile, kept: Body
) -> GeneratedFile:
    """Make the circular's description of a document, named after it as its data file is, and lay it to the others."""
    name = description.form.document_file.format(document=name_of(description.form, content, reading.document))
    body = document_simpledc(description.form, content, reading, description.copies)
    path = f"{layout.DOCUMENTS}/{name}"
    media_type = media_type_of(description.form, path)
    return GeneratedFile.of(path, body, media_type, description.created_at, kept_in=kept)


def reading_path(
    form: PackageForm,
    file_code: str,
    document: int,
    folder: str = layout.REPRESENTATION,
    *,
    is_itemised: bool = True,
) -> str:
    """Give the place of a document's reading form in a representation. Raises UnsafePath."""
    name = safe_name(form.document_id(file_code, document, is_itemised=is_itemised))
    return safe_path(f"{folder}/data/{form.data_file.format(document=name, extension='.pdf')}")


def name_of(form: PackageForm, content: DossierContent, document: int) -> str:
    """Give the name that a document's files share."""
    return safe_name(form.document_id(content.dossier.file_code, document, is_itemised=content.is_itemised))


def safe_name(document: str) -> str:
    """Make a document's id fit to name a file: a file code may hold what no path may, such as a slash."""
    return OUTSIDE_NAME.sub("_", document).lstrip(".") or "_"


def media_type_of(form: PackageForm, path: str) -> str:
    """Give the media type that a profile has for a description."""
    told = form.dossier_metadata if path == layout.EAD else form.document_metadata
    return told.media_type if told else XML


def enclosed(description: PackageDescription, enclosures: Sequence[GeneratedFile]) -> list[GeneratedFile]:
    """Give what a package encloses, in order of path: what is handed in, its schemas, its documentation.

    Raises PackageMisdescribed for one in a place that METS would not list, SchemasMissing.
    """
    form, made = description.form, description.created_at
    taken = {layout.DOSSIER.casefold(), layout.EAD.casefold()}
    files = [*enclosures, *schema_files(form, made)]
    if form.documentation:
        body = (resources("shared.eark") / "profiles" / form.documentation).read_bytes()
        files.append(GeneratedFile.of(f"documentation/{form.documentation}", body, "text/plain", made))
    for each in files:
        path = each.file.path
        if path.casefold() in taken or not path.startswith(ENCLOSURES):
            raise PackageMisdescribed(f"no place for an enclosure at {path}")
        taken.add(path.casefold())
    return sorted(files, key=lambda each: each.file.path)


def zip_entries(objid: str, files: Iterable[PackageFile], source: Callable[[PackageFile], str]) -> list[ZipEntry]:
    """Lay a package's files out for a ZIP: one top folder, the root METS first so that a reader meets it first.

    `source` names the place each file's bytes are read from, such as its store key.
    """
    folder = folder_name(objid)
    ordered = sorted(files, key=lambda file: (file.path.count("/") > 0, file.path))
    return [ZipEntry(f"{folder}/{file.path}", file.size, file.crc32, file.created_at, source(file)) for file in ordered]
