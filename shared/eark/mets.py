"""The two METS files of a package: one in its root, one in its representation (METS 1.12, CSIP 2.x)."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePosixPath

from shared.eark import layout
from shared.eark.mets_parts import (
    CSIP,
    METS_PREFIXES,
    XLINK,
    Place,
    write_descriptive,
    write_files,
    write_header,
    write_preserved,
)
from shared.eark.package import PackageDescription, PackageFile
from shared.eark.seal import sealed
from shared.eark.xml_writer import XmlWriter, document

ROOT_GROUPS = {
    "Documentation": "documentation/",
    "Schemas": "schemas/",
    f"Representations/{PurePosixPath(layout.REPRESENTATION).name}": f"{layout.REPRESENTATION}/",
}


def package_mets(description: PackageDescription, files: Sequence[PackageFile]) -> bytes:
    """Write the METS of the package root.

    `files` are all files of the package but the root METS and what the representation METS lists: descriptions
    (`metadata/descriptive/`), preservation metadata, documentation, schemas, and the representation METS (CSIPSTR1-16).
    """
    place = Place(description.objid, "")
    groups = {
        use: found
        for use, folder in ROOT_GROUPS.items()
        if (found := [file for file in files if file.path.startswith(folder)])
    }
    out = BytesIO()
    with document(out, "mets", METS_PREFIXES, root_attributes(description, description.objid)) as xml:
        write_header(xml, description)
        write_descriptive(xml, place, [file for file in files if file.path.startswith("metadata/descriptive/")])
        write_preserved(xml, place, [file for file in files if file.path.startswith("metadata/preservation/")])
        write_files(xml, place, groups)
        write_package_map(xml, description, files, list(groups))
    return sealed(out.getvalue())


def representation_mets(description: PackageDescription, files: Sequence[PackageFile]) -> bytes:
    """Write the METS of the one representation, which lists its data files once and nothing else (CSIPSTR9-13)."""
    place = Place(description.objid, f"{layout.REPRESENTATION}/")
    name = PurePosixPath(layout.REPRESENTATION).name
    out = BytesIO()
    with document(out, "mets", METS_PREFIXES, root_attributes(description, name)) as xml:
        write_header(xml, description)
        write_files(xml, place, {"Data": files})
        with (
            xml.within("structMap", {"ID": place.id("structMap"), "TYPE": "PHYSICAL", "LABEL": "CSIP"}),
            xml.within("div", {"ID": place.id("div"), "LABEL": name, "TYPE": "ORIGINAL"}),
            xml.within("div", {"ID": place.id("div/Data"), "LABEL": "Data"}),
        ):
            xml.leaf("fptr", attributes={"FILEID": place.id("fileGrp/Data")})
    return sealed(out.getvalue())


def root_attributes(description: PackageDescription, objid: str) -> dict[str, str | None]:
    """Give the attributes of a mets element (CSIP1-6)."""
    return {
        "OBJID": objid,
        "LABEL": description.label,
        "TYPE": description.content_type,
        f"{{{CSIP}}}CONTENTINFORMATIONTYPE": description.content_information,
        "PROFILE": description.profile,
    }


def write_package_map(
    xml: XmlWriter, description: PackageDescription, files: Sequence[PackageFile], uses: Sequence[str]
) -> None:
    """Write the structural map of the root (CSIP80-112), with the packages that are part or whole of this one."""
    place = Place(description.objid, "")
    with (
        xml.within("structMap", {"ID": place.id("structMap"), "TYPE": "PHYSICAL", "LABEL": "CSIP"}),
        xml.within("div", {"ID": place.id("div"), "LABEL": description.objid}),
    ):
        xml.leaf("div", attributes=metadata_div(place, files))
        for use in uses:
            with xml.within("div", {"ID": place.id(f"div/{use}"), "LABEL": use}):
                if use.startswith("Representations/"):
                    title = {f"{{{XLINK}}}title": place.id(f"fileGrp/{use}")}
                    xml.leaf("mptr", attributes=pointer("URL", layout.REPRESENTATION_METS) | title)
                else:
                    xml.leaf("fptr", attributes={"FILEID": place.id(f"fileGrp/{use}")})
        # CSIP, "recommended approach" for large packages: named by OBJID, so parts may arrive in any order.
        for label, objids in (("child IP", description.parts), ("parent IP", (description.whole,))):
            for objid in filter(None, objids):
                with xml.within("div", {"ID": place.id(f"div/{label}/{objid}"), "LABEL": label}):
                    xml.leaf("mptr", attributes=pointer("URN", objid))


def metadata_div(place: Place, files: Sequence[PackageFile]) -> dict[str, str | None]:
    """Give the attributes of the div that ties the metadata sections to the package (CSIP88-92)."""
    descriptive = [place.id(f"dmdSec/{file.path}") for file in files if file.path.startswith("metadata/descriptive/")]
    preserved = [
        place.id(f"digiprovMD/{file.path}") for file in files if file.path.startswith("metadata/preservation/")
    ]
    return {
        "ID": place.id("div/Metadata"),
        "LABEL": "Metadata",
        "DMDID": " ".join(descriptive) or None,
        "ADMID": " ".join(preserved) or None,
    }


def pointer(kind: str, href: str) -> dict[str, str | None]:
    """Give the attributes of a simple link."""
    return {"LOCTYPE": kind, f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": href}
