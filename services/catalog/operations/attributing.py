"""Say whose records a fonds is, and which archive keeps it."""

from uuid import UUID

from services.catalog.domain.agency_errors import ChangedMeanwhile
from services.catalog.models.agencies import FondsAgencies, Past
from services.catalog.operations.agencies import given_agency
from services.catalog.operations.holding import held_fonds
from services.catalog.operations.keeping_past import plain
from shared.uow import UnitOfWork

ATTRIBUTED = "fonds.attributed"


async def attribute_fonds(
    uow: UnitOfWork, fonds_id: UUID, creator_id: UUID | None, archive_id: UUID | None, expected: int
) -> FondsAgencies:
    """Name the agencies of a fonds; saying the same again changes nothing.

    Raises NotFound, AgencyUnknown, ChangedMeanwhile.
    """
    await held_fonds(uow, fonds_id)
    for agency_id in {creator_id, archive_id} - {None}:
        await given_agency(uow.session, agency_id)  # type: ignore[arg-type] # None was taken out
    known = await uow.session.get(FondsAgencies, fonds_id)
    before = (known.creator_id, known.archive_id, known.version) if known else (None, None, 0)
    if before[:2] == (creator_id, archive_id) and known:
        return known
    if before[2] != expected:
        raise ChangedMeanwhile(f"its version is {before[2]} by now", version=before[2])
    was: dict[str, object] = {"creator_id": plain(before[0]), "archive_id": plain(before[1])}
    now_is: dict[str, object] = {"creator_id": plain(creator_id), "archive_id": plain(archive_id)}
    uow.session.add(
        Past(
            subject_id=fonds_id, version=before[2], act=ATTRIBUTED, content=was, after=now_is, by=uow.caller.name
        )
    )  # fmt: skip
    made = FondsAgencies(fonds_id=fonds_id, creator_id=creator_id, archive_id=archive_id, version=before[2] + 1)
    made = await uow.session.merge(made)
    uow.record(
        ATTRIBUTED, fonds_id, creator_id=str(creator_id or ""), archive_id=str(archive_id or ""),
        before=[str(each or "") for each in before[:2]],
    )  # fmt: skip
    return made
