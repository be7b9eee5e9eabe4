"""The description as archives exchange it: EAD3, from the fonds down to the documents of one dossier."""

from shared.eark.body import Body
from shared.eark.description import DossierContent
from shared.eark.moment import stamp
from shared.eark.package import PackageDescription
from shared.eark.xml_writer import XmlWriter, document
from shared.events.catalog import DocumentDescription, DossierDescription, FondsDescription

NAMESPACE = "http://ead3.archivists.org/schema/"
LEVELS = {"fonds": {"level": "fonds"}, "collection": {"level": "collection"}}
OTHER_LEVEL = "otherlevel"


def ead(description: PackageDescription, content: DossierContent) -> Body:
    """Write EAD3 with the fonds as archdesc, the dossier as `file` and its documents as `item` (ISAD(G) 3.1-3.6)."""
    out = Body()
    with document(out, "ead", {None: NAMESPACE}, {}) as xml:
        write_control(xml, description, content.fonds)
        level = LEVELS.get(content.fonds.kind, {"level": OTHER_LEVEL, OTHER_LEVEL: content.fonds.kind})
        with xml.within("archdesc", level):
            write_fonds(xml, content.fonds)
            with xml.within("dsc"), xml.within("c", {"level": "file"}):
                write_dossier(xml, content.dossier)
                for document_description in content.documents:
                    write_document(xml, document_description)
    return out


def write_control(xml: XmlWriter, description: PackageDescription, fonds: FondsDescription) -> None:
    """Write who made this description, and when."""
    maker = description.makers.software
    with xml.within("control"):
        xml.leaf("recordid", description.objid)
        with xml.within("filedesc"), xml.within("titlestmt"):
            xml.leaf("titleproper", description.label)
        xml.leaf("maintenancestatus", attributes={"value": "new"})
        with xml.within("maintenanceagency"):
            xml.leaf("agencyname", fonds.archive_code)
        with xml.within("maintenancehistory"), xml.within("maintenanceevent"):
            xml.leaf("eventtype", attributes={"value": "created"})
            xml.leaf("eventdatetime", stamp(description.created_at))
            xml.leaf("agenttype", attributes={"value": "machine"})
            xml.leaf("agent", maker)


def write_fonds(xml: XmlWriter, fonds: FondsDescription) -> None:
    """Write what identifies the fonds."""
    with xml.within("did"):
        xml.leaf("unitid", fonds.code)
        xml.leaf("unittitle", fonds.title)
        with xml.within("repository"), xml.within("corpname"):
            xml.leaf("part", fonds.archive_code)


def write_dossier(xml: XmlWriter, dossier: DossierDescription) -> None:
    """Write the dossier; codes of the circular stay codes, for labels change and codes do not."""
    with xml.within("did"):
        xml.leaf("unitid", dossier.file_code)
        xml.leaf("unittitle", dossier.title)
        if dates := "/".join(filter(None, (dossier.starts_on, dossier.ends_on))):
            xml.leaf("unitdate", dates, {"normal": dates})
        xml.leaf("physdesc", extent(dossier))
        if dossier.languages:
            with xml.within("langmaterial"):
                for language in dossier.languages:
                    xml.leaf("language", language)
        if dossier.paper_file_code:
            xml.leaf("physloc", dossier.paper_file_code)
    write_notes(xml, dossier)


def extent(dossier: DossierDescription) -> str:
    """Say how much there is: sheets and pages are both counted and never merged."""
    counts = ((dossier.document_count, "văn bản"), (dossier.sheet_count, "tờ"), (dossier.page_count, "trang"))
    return ", ".join(f"{count} {unit}" for count, unit in counts if count is not None)


def write_notes(xml: XmlWriter, dossier: DossierDescription) -> None:
    """Write the fields that EAD holds as paragraphs; empty ones are left away."""
    notes = (
        ("appraisal", dossier.retention),
        ("accessrestrict", dossier.access_level),
        ("phystech", dossier.physical_condition),
        ("odd", dossier.note),
    )
    for tag, text in notes:
        if text:
            with xml.within(tag):
                xml.leaf("p", text)
    if dossier.keywords:
        with xml.within("controlaccess"), xml.within("subject"):
            xml.leaf("part", dossier.keywords)


def write_document(xml: XmlWriter, document_description: DocumentDescription) -> None:
    """Write one document and the pages it fills."""
    first, last = document_description.first_page, document_description.last_page
    with xml.within("c", {"level": "item"}), xml.within("did"):
        xml.leaf("unitid", str(document_description.number))
        xml.leaf("unittitle", document_description.title)
        if first is not None and last is not None:
            xml.leaf("physdesc", f"trang {first}-{last}" if last > first else f"trang {first}")
