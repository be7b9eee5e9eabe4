"""Whether the descriptions of a package of the circular tell the same story as its METS.

Read leniently: names of files in any case, elements in any order, `EAD_doc` or `EAD_DOC`, with or without docId.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from lxml import etree

from shared.eark.fault import Fault
from shared.eark.layout import EAD
from shared.eark.mets_reader import MetsReader

Told = dict[str, str]
DOCUMENT_PREFIX = "ead_doc_"
DOSSIER_CODES, CODE = ("fileCode", "arcFileCode"), "docCode"
DATES = ("startDate", "endDate", "issuedDate")
CHECKED = frozenset(
    {*DOSSIER_CODES, CODE, *DATES, "title", "totalDoc", "numberOfPage", "docId", "docOrdinal"}
    | {"riskRecovery", "riskRecoveryStatus"}
)


def read_simpledc(body: bytes) -> Told | None:
    """Read what is checked of a simpledc; None when it is none, or declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.tag != "simpledc" or b"<!DOCTYPE" in body:
        return None
    return {str(each.tag): (each.text or "").strip() for each in root if each.tag in CHECKED}


def is_description(path: str) -> bool:
    """Say whether a file describes the dossier or a document, by its place."""
    return "metadata/descriptive/" in path and path.casefold().endswith(".xml")


def check_descriptions(
    told: Mapping[str, Told | None], root: MetsReader, representations: Sequence[MetsReader]
) -> Iterator[Fault]:
    """Hold EAD.xml and the EAD_doc files, as far as they could be read, against METS and each other."""
    place = next(path for path in told if path.casefold() == EAD.casefold())
    dossier = told[place] or {}
    documents = {path: each for path, each in told.items() if path != place and each is not None}
    yield from (Fault.of("description_unreadable", path) for path, each in told.items() if each is None)
    yield from check_links(documents, representations)
    yield from (
        Fault.of("description_disagrees", place, each) for each in dossier_differences(dossier, documents, root)
    )
    for path, each in documents.items():
        yield from (
            Fault.of("description_disagrees", path, wrong) for wrong in document_differences(path, each, dossier)
        )
    if len(representations) != 1 or not any(file.path.startswith("schemas/") for file in root.listed):
        yield Fault.of("tree_incomplete", "", "representations/rep1, schemas")
    if any(bool(reader.preserved) != (root.package_type == "AIP") for reader in (root, *representations)):
        yield Fault.of("preservation_misplaced", "", root.package_type)


def check_links(documents: Mapping[str, Told], representations: Sequence[MetsReader]) -> Iterator[Fault]:
    """Demand that every data file has the one description that is named like it, and that METS links the two."""
    data = [file for reader in representations for file in reader.listed if "/data/" in file.path]
    linked = Counter(path for reader in representations for path, _ in reader.links)
    pairs = {path: described for reader in representations for path, described in reader.links}
    for file in data:
        described = pairs.get(file.path, "")
        if linked[file.path] != 1 or described not in documents:
            yield Fault.of("document_unlinked", file.path)
        elif stem_of(file.path) != stem_of(described).removeprefix(DOCUMENT_PREFIX):
            yield Fault.of("document_unlinked", file.path, described)
    for path in documents.keys() - set(pairs.values()):
        yield Fault.of("document_unlinked", path)


def stem_of(path: str) -> str:
    """Give the name of a file without its ending, in one case."""
    return PurePosixPath(path).name.rpartition(".")[0].casefold()


def dossier_differences(dossier: Told, documents: Mapping[str, Told], root: MetsReader) -> Iterator[str]:
    """Compare the dossier with its documents and with the kind of its package."""
    if not any(dossier.get(name) for name in DOSSIER_CODES) or not dossier.get("title"):
        yield "fileCode, title"
    wanted = {"SIP": "fileCode", "AIP": "arcFileCode"}.get(root.package_type)
    if wanted and wanted not in dossier:
        yield f"{root.package_type}: {wanted}"
    # a dossier that is not itemised has more documents than are described; fewer it cannot have
    if dossier.get("totalDoc", "").isdigit() and int(dossier["totalDoc"]) < len(documents):
        yield f"totalDoc {dossier['totalDoc']} < {len(documents)}"
    pages = [each.get("numberOfPage", "") for each in documents.values()]
    whole = dossier.get("numberOfPage", "")
    if whole.isdigit() and all(each.isdigit() for each in pages) and int(whole) != sum(map(int, pages)):
        yield f"numberOfPage {whole} != {sum(map(int, pages))}"
    if dossier.get("riskRecovery") == "1" and not dossier.get("riskRecoveryStatus"):
        yield "riskRecoveryStatus"
    yield from wrong_dates(dossier)


def document_differences(path: str, document: Told, dossier: Told) -> Iterator[str]:
    """Compare a document with its dossier and with the name of its file."""
    code = next((dossier[name] for name in DOSSIER_CODES if dossier.get(name)), "")
    if document.get("arcFileCode", code) != code:
        yield f"arcFileCode {document['arcFileCode']} != {code}"
    number = document.get(CODE, "").rpartition(".")
    if number[0] != code or len(number[2]) != 7 or not number[2].isdigit():
        yield f"docCode {document.get(CODE, '')}"
    elif document.get("docOrdinal", number[2]).lstrip("0") != number[2].lstrip("0"):
        yield f"docOrdinal {document['docOrdinal']} != {number[2]}"
    name = document.get("docId")
    if name is not None and not is_named(path, name):
        yield f"docId {name}"
    yield from wrong_dates(document)


def is_named(path: str, document_id: str) -> bool:
    """Say whether a description is named for its document; what no file name may hold counts as any character."""
    stem = stem_of(path).removeprefix(DOCUMENT_PREFIX)
    told = document_id.casefold()
    return len(stem) == len(told) and all(one in (other, "_") for one, other in zip(stem, told, strict=True))


def wrong_dates(told: Told) -> Iterator[str]:
    """Find dates that are not written as the circular has them: never ISO."""
    for name in DATES:
        parts = told.get(name, "").split("/")
        if parts != [""] and [len(part) for part in parts] not in ([2, 2, 4], [2, 4], [4]):
            yield f"{name} {told[name]}"
