"""Tell in a newer AIP how its reading forms came to be: bound from pages, made anew from older forms, carried over.

Of forms that lie in older AIPs only, the documents stand that were drawn from them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from services.ingest.domain.reading_form import ReadingForm
from services.ingest.operations.actors import program
from services.ingest.operations.earlier_story import made_by
from services.ingest.operations.form_past import FormKey, Renewed
from services.ingest.operations.revision_reading import Revised
from services.ingest.operations.story import making_events, proving_events, unread_note
from shared.eark.premis import Identifier, PreservationEvent

Names = tuple[Identifier, Identifier]  # of a reading form and of its document
Targets = tuple[Identifier, ...]


def form_events(revised: Revised, names: Mapping[int, Names]) -> Iterator[PreservationEvent]:
    """Tell of all older forms first, in the order in which they were made, then of those that lie here."""
    here = {(form.document, form.sha256): form for form in revised.sealed.readings}
    for key, codes in older_forms(revised, here, names):
        yield from acts_of(revised, key, codes, codes)
    for key in here:
        name, code = names[key[0]]
        yield from acts_of(revised, key, (name,), (code,))
    carried = tuple(names[form.document][0] for form in here.values() if form.document not in revised.anew)
    if carried:
        yield PreservationEvent(
            "replication",
            revised.sealed.sealing.begun_at,
            ((program(revised.sealed), "executing program"),),
            carried,
            detail="reading forms carried over as they are, byte for byte",
            sources=(("OBJID", revised.before.aip.objid),),
        )


def older_forms(
    revised: Revised, here: Mapping[FormKey, ReadingForm], names: Mapping[int, Names]
) -> Iterator[tuple[FormKey, Targets]]:
    """Give the known forms that others were drawn from, each with the codes of the documents drawn from it."""
    codes: dict[FormKey, list[Identifier]] = {}
    for key in here:
        for each in revised.forms.lineage_of([key]):
            codes.setdefault(each, []).append(names[key[0]][1])
    for key in sorted(codes, key=lambda each: (made_at(revised, each), each)):
        yield key, tuple(codes[key])


def made_at(revised: Revised, key: FormKey) -> datetime:
    """Say when a known form was made."""
    made = revised.forms.renewed.get(key)
    return made.row.made_at if made else revised.forms.bound[key].made_at


def acts_of(revised: Revised, key: FormKey, target: Targets, documents: Targets) -> Iterator[PreservationEvent]:
    """Tell how a form was made, where that is known."""
    form, made = revised.forms.form(*key), revised.forms.renewed.get(key)
    if form is not None and made is not None:
        yield renewal(form, made, target)
        yield from proving_events(target, form)
    elif form is not None:
        yield from making_events(revised.sealed, target, documents, form)


def renewal(form: ReadingForm, made: Renewed, target: Targets) -> PreservationEvent:
    """Tell that a form was written anew from older ones; whether with other pages or only with other metadata."""
    others = ", other pages than before" if made.row.is_divided else ""
    return PreservationEvent(
        "modification" if made.row.is_divided else "metadata modification",
        form.made_at,
        made_by(form.proofs[0].program),
        target,
        outcome="partial" if form.unread_pages else "success",
        detail=f"{form.page_count} pages written anew as PDF/A-2b{others}: images and text of older forms",
        note=unread_note(form),
        sources=(("OBJID", made.predecessor),),
    )
