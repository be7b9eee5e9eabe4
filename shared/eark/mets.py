"""The two METS files of a package: one in its root, one in its representation (METS 1.12, CSIP 2.x)."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from shared.eark import layout
from shared.eark.body import Body
from shared.eark.description import Held
from shared.eark.mets_parts import (
    CSIP,
    METS_PREFIXES,
    XLINK,
    XSI,
    Place,
    write_descriptive,
    write_files,
    write_header,
    write_preserved,
)
from shared.eark.package import PackageDescription, PackageFile
from shared.eark.schemas import schema_locations
from shared.eark.seal import seal
from shared.eark.xml_writer import XmlWriter, document

ROOT_GROUPS = {
    "Documentation": "documentation/",
    "Schemas": "schemas/",
    **{f"Representations/{PurePosixPath(each).name}": f"{each}/" for each in (layout.REPRESENTATION, layout.FURTHER)},
}
DESCRIPTIVE, PRESERVATION = "metadata/descriptive/", "metadata/preservation/"


def root_place(description: PackageDescription) -> Place:
    """Give the place of the root METS."""
    return Place(description.objid, "", description.form)


def representation_place(description: PackageDescription, folder: str) -> Place:
    """Give the place of the METS of a representation."""
    return Place(description.objid, f"{folder}/", description.form)


def package_mets(description: PackageDescription, files: Sequence[PackageFile]) -> Body:
    """Write the METS of the package root.

    `files` are all files of the package but the root METS and what the representation METS lists: descriptions
    (`metadata/descriptive/`), preservation metadata, documentation, schemas, and the representation METS (CSIPSTR1-16).
    """
    place, form = root_place(description), description.form
    groups = {
        use: found
        for use, folder in ROOT_GROUPS.items()
        if (found := [file for file in files if file.path.startswith(folder)])
    }
    out = Body()
    attributes = root_attributes(description, description.objid, description.label, form.profile, "")
    with document(out, "mets", METS_PREFIXES, attributes, standalone=True) as xml:
        write_header(xml, description, form.agents, description.makers.fill(form.submission_agreement))
        write_descriptive(xml, place, below(files, DESCRIPTIVE))
        write_preserved(xml, place, below(files, PRESERVATION))
        write_files(xml, place, groups)
        write_package_map(xml, description, files, list(groups))
    return seal(out)


def representation_mets(
    description: PackageDescription,
    data: Sequence[Held],
    documents: Sequence[PackageFile] = (),
    preserved: Sequence[PackageFile] = (),
    folder: str = layout.REPRESENTATION,
) -> Body:
    """Write the METS of a representation, which lists its data files once (CSIPSTR9-13).

    `documents` are descriptions of single documents, one for each data file; `preserved` the representation's PREMIS.
    """
    place, form, name = representation_place(description, folder), description.form, PurePosixPath(folder).name
    kind = form.representation_type if folder == layout.REPRESENTATION else form.further_type
    label = description.label if form.representation_label is None else form.representation_label
    objid = form.representation_objid.format(uuid=place.id("OBJID", ""), name=name)
    out = Body()
    attributes = root_attributes(description, objid, label, form.representation_profile, "../../")
    with document(out, "mets", METS_PREFIXES, attributes, standalone=True) as xml:
        write_header(xml, description, form.representation_agents or form.agents, "")
        write_descriptive(xml, place, documents)
        write_preserved(xml, place, preserved)
        write_files(xml, place, {"Data": (each.file for each in data)})
        with (
            xml.within("structMap", {"ID": place.id("structMap"), "TYPE": "PHYSICAL", "LABEL": "CSIP"}),
            xml.within("div", {"ID": place.id("div"), "LABEL": name, "TYPE": kind}),
        ):
            if documents:
                write_document_links(xml, place, zip(documents, data, strict=True), preserved)
            with xml.within("div", {"ID": place.id("div/Data"), "LABEL": "Data"}):
                xml.leaf("fptr", attributes={"FILEID": place.id("fileGrp/Data")})
    return seal(out)


def root_attributes(
    description: PackageDescription, objid: str, label: str, profile: str, to_root: str
) -> dict[str, str | None]:
    """Give the attributes of a mets element (CSIP1-6)."""
    return {
        "OBJID": objid,
        "LABEL": label,
        "TYPE": description.form.content_type,
        f"{{{CSIP}}}CONTENTINFORMATIONTYPE": description.form.content_information,
        "PROFILE": profile,
        f"{{{XSI}}}schemaLocation": schema_locations(description.form, to_root),
    }


def write_document_links(
    xml: XmlWriter,
    place: Place,
    documents: Iterable[tuple[PackageFile, Held]],
    preserved: Sequence[PackageFile],
) -> None:
    """Tie each document's description to its file: the only place where that is said (Annexes I and III)."""
    told = " ".join(place.id(f"digiprovMD/{file.path}") for file in preserved) or None
    with xml.within("div", {"ID": place.id("div/MetadataLink"), "LABEL": "MetadataLink"}):
        for described, data in documents:
            attributes = {
                "ID": place.id(f"div/{data.file.path}"),
                "LABEL": "MetadataLink/File",
                "DMDID": place.id(f"dmdSec/{described.path}"),
                "ADMID": told,
            }
            with xml.within("div", attributes):
                xml.leaf("fptr", attributes={"FILEID": place.file_id(data.file)})


def write_package_map(
    xml: XmlWriter, description: PackageDescription, files: Sequence[PackageFile], uses: Sequence[str]
) -> None:
    """Write the structural map of the root (CSIP80-112), with the packages that are part or whole of this one."""
    place = root_place(description)
    with (
        xml.within("structMap", {"ID": place.id("structMap"), "TYPE": "PHYSICAL", "LABEL": "CSIP"}),
        xml.within("div", {"ID": place.id("div"), "LABEL": description.objid}),
    ):
        xml.leaf("div", attributes=metadata_div(place, files))
        for use in uses:
            with xml.within("div", {"ID": place.id(f"div/{use}"), "LABEL": use}):
                if use.startswith("Representations/"):
                    title = {f"{{{XLINK}}}title": place.id(f"fileGrp/{use}")}
                    xml.leaf("mptr", attributes=pointer("URL", f"{ROOT_GROUPS[use]}{layout.METS}") | title)
                else:
                    xml.leaf("fptr", attributes={"FILEID": place.id(f"fileGrp/{use}")})
        if description.form.names_parts:
            write_relatives(xml, place, description)


def write_relatives(xml: XmlWriter, place: Place, description: PackageDescription) -> None:
    """Point to the packages beside this one by OBJID, so they may arrive in any order (CSIP, large packages)."""
    for label, objids in (("child IP", description.parts), ("parent IP", (description.whole,))):
        for objid in filter(None, objids):
            with xml.within("div", {"ID": place.id(f"div/{label}/{objid}"), "LABEL": label}):
                xml.leaf("mptr", attributes=pointer("URN", objid))


def metadata_div(place: Place, files: Sequence[PackageFile]) -> dict[str, str | None]:
    """Give the attributes of the div that ties the metadata sections to the package (CSIP88-92)."""
    descriptive = [place.id(f"dmdSec/{file.path}") for file in below(files, DESCRIPTIVE)]
    preserved = [place.id(f"digiprovMD/{file.path}") for file in below(files, PRESERVATION)]
    return {
        "ID": place.id("div/Metadata"),
        "LABEL": "Metadata",
        "DMDID": " ".join(descriptive) or None,
        "ADMID": " ".join(preserved) or None,
    }


def below(files: Iterable[PackageFile], folder: str) -> list[PackageFile]:
    """Give the files under a folder."""
    return [file for file in files if file.path.startswith(folder)]


def pointer(kind: str, href: str) -> dict[str, str | None]:
    """Give the attributes of a simple link."""
    return {"LOCTYPE": kind, f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": href}
