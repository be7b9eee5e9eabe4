"""Mend an object of a copy from the other copy: the one place of the whole system that replaces what is kept.

The other copy's object was read and found right before this; its bytes are held against the digest once more while
they are written. What was found is written down before anything is changed, what was done after it was read back.
"""

import logging
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from services.ingest.domain.fixity import Finding
from services.ingest.operations.checking import Fault, examined
from services.ingest.scrubber import Scrubber
from shared.errors import StorageFull
from shared.ids import new_id
from shared.storage.port import AlreadyStored, DigestMismatch, FixityLost, LengthMismatch, MendableStore, NotStored
from shared.uow import Caller

SCRUBBER = Caller("scrubber")
ASIDE = "damaged"
log = logging.getLogger(__name__)


class Mended(Enum):
    """How mending an object ended: another was faster, it is right again, the medium refuses, no copy is good."""

    NOT_NEEDED = auto()
    REPAIRED = auto()
    REFUSED = auto()
    NO_GOOD_COPY = auto()


@dataclass(frozen=True, slots=True)
class Repair:
    """An object to be mended: in which store it is wrong, and which one has it right."""

    dossier_id: UUID
    fault: Fault
    bad: MendableStore
    good: MendableStore


async def mend(scrubber: Scrubber, repair: Repair) -> Mended:
    """Mend an object; to be killed anywhere and to do it again comes to the same. Raises StoreUnavailable."""
    named, bad = repair.fault.named, repair.bad
    _, fault = await examined(scrubber, bad, named)
    if fault is None:  # another check was faster
        return Mended.NOT_NEEDED
    aside = place_aside(fault)
    kept = {} if fault.finding == Finding.MISSING else {"aside": aside}
    await tell(scrubber, repair, "copy.damaged", finding=repair.fault.finding, **kept)
    size = named.size
    if size is None:
        size = await repair.good.size(named.key) or 0
    try:
        body = repair.good.read(named.key)
        await bad.replace_damaged(named.key, body, size=size, sha256=named.sha256, aside=aside)
    except (DigestMismatch, LengthMismatch, NotStored, FixityLost) as wrong:
        log.error("%s in %s was not given the right bytes: %s", named.key, bad.name, wrong)
        _, worse = await examined(scrubber, repair.good, named)  # or they were lost on their way
        return Mended.NO_GOOD_COPY if worse else Mended.REFUSED
    except StorageFull as full:
        log.error("%s cannot be repaired in %s: %s", named.key, bad.name, full)
        return Mended.REFUSED
    except AlreadyStored:
        log.warning("%s in %s was changed by another while it was to be repaired", named.key, bad.name)
    _, remaining = await examined(scrubber, bad, named)
    if remaining is not None:
        log.error("%s in %s is %s after it was written anew", named.key, bad.name, remaining.finding)
        return Mended.REFUSED
    await tell(scrubber, repair, "copy.repaired", from_store=repair.good.name)
    scrubber.count.repaired(bad.name)
    return Mended.REPAIRED


def place_aside(fault: Fault) -> str:
    """Name where damaged bytes are kept: by what they are, so that the same bytes are kept once."""
    mark = fault.found.sha256[:32] if fault.found else f"{fault.finding}-{new_id()}"
    return f"{ASIDE}/{mark}/{fault.named.key}"


async def tell(scrubber: Scrubber, repair: Repair, act: str, **facts: object) -> None:
    """Write down what was found or done, at once: a repair may be killed after it."""
    log.error("%s: %s in %s, %s", act, repair.fault.named.key, repair.bad.name, facts)
    async with scrubber.database.writing(SCRUBBER) as uow:
        uow.record(act, repair.dossier_id, store=repair.bad.name, key=repair.fault.named.key, **facts)
