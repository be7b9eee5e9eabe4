"""Tell in a newer AIP what happened until then: digitisation, acceptance, and why it replaces the older one.

That the masters lie in two copies is told by the first AIP, which says when that was verified; this one says it by
naming both. Reading forms are told as they were made, where that is known, and which AIP each was taken from.
"""

from collections.abc import Iterator
from itertools import chain

from services.ingest.operations.actors import Acted, program
from services.ingest.operations.packing import aip_form
from services.ingest.operations.revision_reading import Revised
from services.ingest.operations.story import (
    acceptance,
    access_rule,
    digitisation,
    document_events,
    document_object,
    names_of,
    representation_object,
)
from shared.eark.description import DossierContent
from shared.eark.layout import PREMIS, PRESERVED_DOCUMENTS, REPRESENTATION
from shared.eark.mets_parts import Place
from shared.eark.package import GeneratedFile
from shared.eark.premis import Actor, PreservationEvent, PreservedObject, preservation_file
from shared.events.catalog import DossierApproved


def revision_story(revised: Revised, content: DossierContent) -> list[GeneratedFile]:
    """Tell the story of a revision's package, and of its documents where it has reading forms."""
    sealed = revised.sealed
    objid, made, form = sealed.sealing.aip_objid, sealed.sealing.begun_at, aip_form(sealed)
    whole = PreservedObject("intellectualEntity", (("OBJID", objid),), source=sealed.sealing.masters_objid)
    told = [
        preservation_file(PREMIS, objid, made, [whole], package_events(revised, whole), access_rule(content, whole))
    ]
    if content.readings and form.representation_premis:
        place = Place(objid, f"{REPRESENTATION}/", form)
        older = revised.before.aip.objid
        documents = (document_object(sealed, content, place, each, source=older) for each in content.readings)
        acts = (
            act
            for each, reading in zip(content.readings, sealed.readings, strict=True)
            if reading.document in revised.known
            for act in document_events(sealed, names_of(content, place, each), reading)
        )
        path = f"{PRESERVED_DOCUMENTS}/{form.representation_premis}"
        told.append(preservation_file(path, objid, made, chain([representation_object()], documents), acts))
    return told


def package_events(revised: Revised, whole: PreservedObject) -> Iterator[PreservationEvent]:
    """Tell of digitisation and inspection as the first AIP did, then of the newer approval and of this packing."""
    sealed = revised.sealed
    masters, older = ("OBJID", sealed.sealing.masters_objid), ("OBJID", revised.before.aip.objid)
    yield from digitisation(sealed, masters)
    yield acceptance(sealed, masters)
    approved = DossierApproved.model_validate_json(revised.row.approval)
    agreed: Acted = ((program(sealed), "executing program"),)
    if approved.actor:
        agreed = ((Actor(approved.actor, "person"), "authorizer"), *agreed)
    yield PreservationEvent(
        "metadata modification",
        approved.occurred_at,
        agreed,
        whole.identifiers,
        detail=f"description approved anew in version {revised.row.version}; replaces {older[1]}",
        sources=(older,),
    )
    yield PreservationEvent(
        "information package creation",
        sealed.sealing.begun_at,
        ((program(sealed), "executing program"),),
        whole.identifiers,
        sources=(masters, older),
    )
