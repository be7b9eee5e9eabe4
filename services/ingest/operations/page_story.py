"""Tell what happened to every version of every page until it was sealed, as PREMIS in the package of the masters.

An event stands there because it happened: a page whose check was never heard of has none.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from uuid import UUID

from services.ingest.models import Master, Page, PageVerdict
from services.ingest.operations.actors import Acted, inspector, program, scan_crew, station
from services.ingest.operations.judging_story import check_told, verdict_told
from services.ingest.operations.packing import Sealed
from services.ingest.operations.story import acceptance, access_rule
from shared.eark.description import DossierContent
from shared.eark.layout import PREMIS, page_path
from shared.eark.package import GeneratedFile, PackageFile
from shared.eark.premis import Identifier, PreservationEvent, PreservedObject, preservation_file

Names = Mapping[tuple[UUID, int], Identifier]  # of a version of a page


def masters_story(sealed: Sealed, content: DossierContent) -> list[GeneratedFile]:
    """Tell of every page how it was scanned, how it came, what it replaced, how it was judged, and of the packing."""
    objid, sealing = sealed.sealing.masters_objid, sealed.sealing
    whole = PreservedObject("intellectualEntity", (("OBJID", objid),), product=sealing.aip_objid)
    names = names_of(sealed, content)
    events = chain(
        chain.from_iterable(page_events(sealed, names)),
        [acceptance(sealed, whole.identifiers[0])],
        left_out(sealed, names),
        [packing(sealed, whole)],
    )
    objects = chain([whole], (version_object(page, master, names) for page, master in sealed.past.versions))
    return [preservation_file(PREMIS, objid, sealing.begun_at, objects, events, access_rule(content, whole))]


def names_of(sealed: Sealed, content: DossierContent) -> Names:
    """Name what is packed by its path, and what is not by the page's number and the version."""
    names: dict[tuple[UUID, int], Identifier] = {
        (page.id, master.version): ("page version", f"{page.number}.{master.version}")
        for page, master in sealed.past.versions
    }
    for packed, (page, master) in zip(content.pages, sealed.pages, strict=True):
        names[page.id, master.version] = ("path", packed.file.path)
    return names


def version_object(page: Page, master: Master, names: Names) -> PreservedObject:
    """Describe a version; a format is told by its media type, for PRONOM tells more apart than was looked at."""
    path = page_path(page.number, master.media_type)
    file = PackageFile(path, master.size, master.sha256, master.crc32, master.media_type, master.stored_at)
    return PreservedObject("file", (names[page.id, master.version],), file, original_name=master.file_name)


def page_events(sealed: Sealed, names: Names) -> Iterator[Iterator[PreservationEvent]]:
    """Tell the story of each page, version by version."""
    said: dict[tuple[UUID, int], list[PageVerdict]] = defaultdict(list)
    for verdict in sealed.past.verdicts:
        said[verdict.page_id, verdict.page_version].append(verdict)
    before: Master | None = None
    for page, master in sealed.past.versions:
        key = (page.id, master.version)
        yield arrival(sealed, master, names[key])
        if before is not None and before.page_id == page.id:
            yield replacement(sealed, before, master, names)
        if key in sealed.past.checks:
            yield check_told(sealed.past.checks[key], names[key])
        given = {each.id: each for each in said[key]}
        yield (verdict_told(each, given, names[key]) for each in given.values())
        before = master


def arrival(sealed: Sealed, master: Master, target: Identifier) -> Iterator[PreservationEvent]:
    """Tell when a version was scanned, if the station said so, and when it was found to be what was announced."""
    setup = sealed.past.setups.get(master.scan_setup_id) if master.scan_setup_id else None
    sender: Acted = ((station(master.station), "implementer"),)
    if master.scanned_at is not None:
        yield PreservationEvent(
            "transfer",
            master.scanned_at,
            sender + (scan_crew(setup) if setup else ()),
            (target,),
            detail="digitised; the moment is the station's",
        )
    yield PreservationEvent(
        "ingestion",
        master.stored_at,
        (*sender, (program(sealed), "executing program")),
        (target,),
        detail=f"version {master.version}, SHA-256 as the station announced it",
    )


def replacement(sealed: Sealed, old: Master, new: Master, names: Names) -> Iterator[PreservationEvent]:
    """Tell which version took the place of which, and why the page was scanned again."""
    reasons = {order.id: order.reason for order in sealed.past.rescans}
    yield PreservationEvent(
        "replacement",
        new.stored_at,
        ((station(new.station), "implementer"),),
        (names[new.page_id, new.version],),
        detail=f"version {new.version} instead of version {old.version}, SHA-256 {old.sha256}",
        note=reasons.get(new.rescan_order_id, "") if new.rescan_order_id else "",
        sources=(names[old.page_id, old.version],),
    )


def left_out(sealed: Sealed, names: Names) -> Iterator[PreservationEvent]:
    """Tell which pages the dossier was accepted without."""
    newest = {page.id: names[page.id, page.version] for page, _ in sealed.past.versions}
    for page in sealed.accepted.rejected:
        yield PreservationEvent(
            "quality review",
            sealed.accepted.occurred_at,
            ((inspector(sealed.accepted.actor or "qc"), "validator"),),
            (newest.get(page.page_id, ("page", str(page.page_number))),),
            outcome="fail",
            detail=f"page {page.page_number} left out",
            note=page.explanation,
        )


def packing(sealed: Sealed, whole: PreservedObject) -> PreservationEvent:
    """Tell that the accepted pages became this package."""
    return PreservationEvent(
        "information package creation",
        sealed.sealing.begun_at,
        ((program(sealed), "executing program"),),
        whole.identifiers,
        detail=f"{len(sealed.pages)} masters packed as they came",
    )
