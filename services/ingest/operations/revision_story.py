"""Tell in a newer AIP the whole chain: digitisation, acceptance, the copies, every older AIP, and why this one is made.

How its reading forms came to be is told in `form_story`, and which AIP each was taken from.
"""

from collections.abc import Iterator
from itertools import chain

from services.ingest.operations.earlier_story import correction_events, earlier_events
from services.ingest.operations.form_story import form_events
from services.ingest.operations.packing import aip_form
from services.ingest.operations.revision_reading import Revised
from services.ingest.operations.story import (
    acceptance,
    access_rule,
    digitisation,
    document_object,
    names_of,
    representation_object,
)
from shared.eark.description import DossierContent
from shared.eark.layout import PREMIS, PRESERVED_DOCUMENTS, REPRESENTATION
from shared.eark.mets_parts import Place
from shared.eark.package import GeneratedFile
from shared.eark.premis import PreservationEvent, PreservedObject, preservation_file


def revision_story(revised: Revised, content: DossierContent) -> list[GeneratedFile]:
    """Tell the story of a revision's package, and of its documents where it has reading forms."""
    sealed = revised.sealed
    objid, made, form = sealed.sealing.aip_objid, sealed.sealing.begun_at, aip_form(sealed)
    whole = PreservedObject("intellectualEntity", (("OBJID", objid),), source=sealed.sealing.masters_objid)
    told = [preservation_file(PREMIS, objid, made, [whole], package_events(revised), access_rule(content, whole))]
    if content.readings and form.representation_premis:
        place = Place(objid, f"{REPRESENTATION}/", form)
        older = revised.before.aip.objid
        documents = (document_object(sealed, content, place, each, source=older) for each in content.readings)
        acts = form_events(revised, {each.document: names_of(content, place, each) for each in content.readings})
        path = f"{PRESERVED_DOCUMENTS}/{form.representation_premis}"
        told.append(preservation_file(path, objid, made, chain([representation_object()], documents), acts))
    return told


def package_events(revised: Revised) -> Iterator[PreservationEvent]:
    """Tell all that was told before, as it was told, then of the newer approval and of this packing."""
    sealed, masters = revised.sealed, ("OBJID", revised.sealed.sealing.masters_objid)
    yield from digitisation(sealed, masters, revised.earlier.expected_count)
    yield acceptance(sealed, masters)
    yield from earlier_events(revised.earlier, masters)
    yield from correction_events(revised.row, masters)
