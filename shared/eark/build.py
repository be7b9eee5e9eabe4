"""Build a package of a dossier's page images: everything but the images themselves, from values alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from shared.eark.mets import FileGroup, MetsWriter
from shared.eark.package import (
    DESCRIPTION,
    METS,
    REPRESENTATION,
    GeneratedFile,
    PackagedPage,
    PackageHead,
)

JSON, XML = "application/json", "application/xml"


@dataclass(frozen=True, slots=True)
class Package:
    """A package ready to be written: what was generated, and the pages whose bytes lie elsewhere."""

    head: PackageHead
    generated: tuple[GeneratedFile, ...]
    pages: tuple[PackagedPage, ...]


def describe(
    head: PackageHead,
    approval: dict[str, object],
    documents: Sequence[dict[str, object]],
    pages: Sequence[PackagedPage],
    left_out: Sequence[dict[str, object]],
) -> GeneratedFile:
    """Write the whole description of a dossier as JSON, readable when every database is gone.

    `approval` is what the catalog said when the dossier was approved, `documents` are its documents with their
    pages, `left_out` the rejected pages with their explanations.
    """
    told = {
        "objid": head.objid,
        "belongs_to": head.belongs_to or None,
        "approval": approval,
        "documents": list(documents),
        "pages": [
            {
                "number": page.number,
                "version": page.version,
                "path": page.file.path,
                "size": page.file.size,
                "sha256": page.file.sha256,
                "media_type": page.file.media_type,
            }
            for page in pages
        ],
        "left_out": list(left_out),
    }
    content = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return GeneratedFile(DESCRIPTION, content, JSON)


def build(head: PackageHead, description: GeneratedFile, pages: Sequence[PackagedPage]) -> Package:
    """Put METS round a description and, where there are any, page images in the one representation `rep1`."""
    generated = [description]
    groups: list[FileGroup] = []
    if pages:
        data = [page.file for page in pages]
        inner = MetsWriter(head, "rep1", REPRESENTATION).write((), [FileGroup("Data", data)])
        representation = GeneratedFile(f"{REPRESENTATION}/{METS}", inner, XML)
        generated.append(representation)
        groups.append(FileGroup("Representations/rep1", [representation.as_file], is_pointer=True))
    outer = MetsWriter(head, head.objid).write([description.as_file], groups)
    generated.append(GeneratedFile(METS, outer, XML))
    return Package(head, tuple(generated), tuple(pages))
