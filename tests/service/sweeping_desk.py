"""What tests of the sweep share: a sweep at a later moment, and what lies in the incoming store then."""

from datetime import timedelta

from services.ingest.operations.sweeping import sweep
from shared.clock import now
from shared.storage.digest import streamed
from tests.service.sealing_desk import SealingDesk

THIRD = b"\xff\xd8\xff\xe0" + bytes(1000)
WEEK, MONTH = timedelta(days=7), timedelta(days=30)
NOTHING = {"uploads": 0, "dossiers": 0, "withheld": 0, "strays": 0}


async def swept(desk: SealingDesk, **later: float) -> dict[str, object]:
    """Sweep at a later moment."""
    return await sweep(desk.context, now() + timedelta(**later))


def pages_lying(desk: SealingDesk) -> set[bytes]:
    """Give the images in the incoming store."""
    return {body for key, body in desk.lying("incoming").items() if not key.startswith("sealings/")}


async def left(desk: SealingDesk, key: str, body: bytes) -> str:
    """Leave an object that no row names; gives its key."""
    await desk.context.incoming.put_new(key, streamed(body), size=len(body))
    return key


def drafts(desk: SealingDesk) -> list[str]:
    """Give the drafts in the incoming store."""
    return [key for key in desk.lying("incoming") if key.startswith("sealings/")]
