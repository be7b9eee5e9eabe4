"""Tell in a newer AIP what its older ones did: the two copies of the masters, the first packing, each correction since.

When the copies were verified and how many pages were expected is read from the oldest AIP that is right: scrubbing and
newer approvals have moved both in the database.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ingest.context import Context
from services.ingest.errors import CopiesIncomplete
from services.ingest.operations.actors import SAOLUU, Acted
from services.ingest.operations.listing import manifest_key_of
from services.ingest.operations.scrubbing import right_body
from services.ingest.revision_models import Revision
from shared.eark.layout import PREMIS
from shared.eark.manifest import Manifest
from shared.eark.premis import Actor, Identifier, PreservationEvent
from shared.eark.premis_reading import ToldEvent, told_events
from shared.events.catalog import DossierApproved

REPLICATION, CREATION, CORRECTION = "replication", "information package creation", "metadata modification"
EXPECTED = re.compile(r"digitised: \d+ of (\d+) pages")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was before a revision: what the oldest AIP tells, what made that one, and the revisions since, in order."""

    told: Sequence[ToldEvent]
    first_objid: str
    first_version: str
    revisions: Sequence[Revision]

    @property
    def expected_count(self) -> int | None:
        """Give how many pages were expected when the scanning was closed, None where nobody tells it."""
        found = (EXPECTED.match(each.detail) for each in self.told if each.kind == "transfer")
        return next((int(each.group(1)) for each in found if each), None)


async def first_told(context: Context, fonds_code: str, aips: Sequence[tuple[str, str]]) -> Sequence[ToldEvent]:
    """Give the acts that the oldest of a dossier's AIPs tells which is right in a store. Raises CopiesIncomplete.

    `aips` are their OBJIDs with the digests of their manifests.
    """
    stores = (context.archive, context.reserve)
    for objid, digest in aips:
        body = await right_body(stores, manifest_key_of(fonds_code, objid), digest)
        if body is None:
            continue
        manifest = await asyncio.to_thread(Manifest.from_bytes, body)
        file = next((each for each in manifest.aip.files if each.path == PREMIS), None)
        if file is None:
            return []
        story = await right_body(stores, file.key, file.sha256)
        if story is not None:
            return told_events(story)
    raise CopiesIncomplete(f"{PREMIS} of {aips[0][0]}")


def earlier_events(earlier: Earlier, masters: Identifier) -> Iterator[PreservationEvent]:
    """Tell of the copies and the first packing as they were told then, and of each correction since."""
    first = made_by(earlier.first_version)
    for each in earlier.told:
        if each.kind == REPLICATION:
            yield PreservationEvent(REPLICATION, each.at, first, (masters,), detail=each.detail)
        elif each.kind == CREATION and earlier.first_objid in each.objects and not is_of_newer(each, earlier):
            yield PreservationEvent(CREATION, each.at, first, (("OBJID", earlier.first_objid),), sources=(masters,))
    for revision in earlier.revisions:
        yield from correction_events(revision, masters)


def is_of_newer(told: ToldEvent, earlier: Earlier) -> bool:
    """Say whether an act made a newer AIP, of which the first was a source."""
    return any(each.aip_objid in told.objects for each in earlier.revisions)


def correction_events(revision: Revision, masters: Identifier) -> Iterator[PreservationEvent]:
    """Tell of a newer approval, and of the AIP that was packed by it."""
    own, older = ("OBJID", revision.aip_objid), ("OBJID", revision.predecessor or "")
    approved, packed = DossierApproved.model_validate_json(revision.approval), made_by(revision.software_version)
    agreed: Acted = ((Actor(approved.actor, "person"), "authorizer"), *packed) if approved.actor else packed
    yield PreservationEvent(
        CORRECTION,
        approved.occurred_at,
        agreed,
        (own,),
        detail=f"description approved anew in version {revision.version}; replaces {older[1]}",
        sources=(older,),
    )
    begun_at = revision.begun_at or revision.ordered_at
    yield PreservationEvent(CREATION, begun_at, packed, (own,), sources=(masters, older))


def made_by(version: str) -> Acted:
    """Name this program in the version that packed an AIP."""
    return ((Actor(SAOLUU, "software", version), "executing program"),)
