"""Give what the papers of a selection list say."""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.difference import Facts
from services.catalog.domain.inventory_paper import Chosen, Decision, Line
from services.catalog.domain.state import ListState
from services.catalog.models import Fonds, Series
from services.catalog.models.lists import SelectionList
from services.catalog.operations.freezing import SERIES_TITLE, fonds_told
from services.catalog.operations.reading_lists import Numbered, numbered
from shared.clock import day_in_vietnam
from shared.errors import NotFound

AT_ONCE = 500
DECIDED = (ListState.APPROVED, ListState.SUPERSEDED)


async def chosen_by(session: AsyncSession, list_id: UUID) -> Chosen:
    """Give a list with fonds and dossiers as entered where it was approved, else as they are now. Raises NotFound.

    The moment inside its papers is the latest that is known of it: papers of a list that stays are the same bytes.
    """
    selection = await session.get(SelectionList, list_id)
    if selection is None:
        raise NotFound("no list has this id")
    told = select(Series).where(Series.fonds_id == selection.fonds_id)
    names = {series.code: f"{series.code}. {series.title}" for series in await session.exec(told)}
    lines: list[Line] = []
    fonds: Facts | None = None
    while portion := await numbered(session, selection, len(lines), AT_ONCE):
        lines += [line_of(each, names) for each in portion]
        fonds = fonds or fonds_in(portion)
    if fonds is None:
        fonds = fonds_told(await session.get_one(Fonds, selection.fonds_id)).model_dump(mode="json")
    return Chosen(
        name=selection.name,
        year=selection.year,
        number=selection.number,
        edition=selection.edition,
        fonds_code=fonds["code"],
        fonds_title=fonds["title"],
        state=ListState(selection.state),
        decision=decision_of(selection) if selection.state in DECIDED else None,
        at=(selection.decided_at or selection.submitted_at or selection.created_at).astimezone(UTC),
        lines=tuple(lines),
    )


def fonds_in(portion: Sequence[Numbered]) -> Facts | None:
    """Give the fonds as the first of some dossiers tells it; an edition is entered at once, and tells one for all."""
    told = (facts["dossier"].get("fonds") for *_, facts in portion)
    return next((fonds for fonds in told if fonds), None)


def line_of(numbered_dossier: Numbered, series: dict[str, str]) -> Line:
    """Give a dossier as a line, its series by name."""
    number, _, _, facts = numbered_dossier
    said = facts["dossier"]["description"]
    return Line(
        number=number,
        series=series_of(facts, series),
        **{name: said[name] for name in Line.__slots__ if name not in ("number", "series")},
    )


def series_of(facts: Facts, series: dict[str, str]) -> str:
    """Name the series of a dossier as it was approved; entries from before its title was kept have that of today."""
    code, title = facts["columns"]["series_code"], facts["columns"].get(SERIES_TITLE)
    return f"{code}. {title}" if title else series.get(code or "", "")


def decision_of(selection: SelectionList) -> Decision | None:
    """Give who approved a list and when, and the paper that says so where it was told."""
    if selection.decided_at is None:
        return None
    return Decision(
        by=selection.decided_by,
        on=day_in_vietnam(selection.decided_at),
        number=selection.decision_number,
        signed_on=selection.decision_signed_on,
        signer=selection.decision_signer,
    )
