"""What happened to dossiers since the version that a file was exported from, or since the first edit by hand."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.known_dossier import KnownDossier
from services.catalog.domain.later_edits import Edit, Later, Standing
from services.catalog.domain.physical import tuples_in
from services.catalog.domain.secrecy_finding import FINDINGS
from services.catalog.models import DossierPast
from services.catalog.operations.bulk import portions
from shared.clock import in_vietnam
from shared.uow import UnitOfWork

IMPORTED = "workbook.imported"
Lines = Mapping[int, DocumentLine]


class Step(NamedTuple):
    """That a version of a dossier ended, and how."""

    version: int
    act: str
    by: str


async def later_edits(
    uow: UnitOfWork, known: Mapping[str, KnownDossier], told: Mapping[str, int], lines: Mapping[str, Lines]
) -> dict[str, Later]:
    """Give by code what happened to dossiers; `told` are the versions that rows tell, `lines` the documents of now.

    What the caller's own imports alone changed since is no edit: the same file may be sent again.
    """
    changed = {code: each for code, each in known.items() if each.version > 1}
    steps = await steps_of(uow, [each.id for each in changed.values()])
    begins: dict[UUID, tuple[str, int, bool]] = {}
    for code, dossier in changed.items():
        begin = beginning(steps.get(dossier.id, ()), told.get(code), uow.caller.name)
        if begin is not None and begin < dossier.version:
            begins[dossier.id] = code, begin, code in told
    found: dict[str, Later] = {}
    pasts = await pasts_of(uow, begins)
    for dossier_id, (code, begin, is_told) in begins.items():
        now = Standing(known[code].description, known[code].marks, lines.get(code, {}))
        rows = pasts.get(dossier_id, [])
        is_whole = [row.version for row in rows] == list(range(begin, known[code].version)) and not is_emptied(rows)
        found[code] = Later(edits_of(rows, now) if is_whole else (), now, is_told=is_told)
    return found


def is_emptied(rows: Collection[DossierPast]) -> bool:
    """Say whether a finding took the words out of some past: nobody knows any more what was changed."""
    return any(row.act in FINDINGS for row in rows)


def beginning(steps: Sequence[Step], told: int | None, caller: str) -> int | None:
    """Say from which version on edits matter; None where none do."""
    if told is None:
        return min((step.version for step in steps if step.act != IMPORTED), default=None)
    since = [step for step in steps if step.version >= told]
    return None if since and all(step.act == IMPORTED and step.by == caller for step in since) else told


async def steps_of(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """Give how versions of dossiers ended, oldest first."""
    found: dict[UUID, list[Step]] = {}
    for ids in portions(sorted(dossier_ids)):
        asked = select(DossierPast.dossier_id, DossierPast.version, DossierPast.act, DossierPast.by)
        asked = asked.where(col(DossierPast.dossier_id).in_(ids)).order_by(col(DossierPast.version))
        for dossier_id, version, act, by in await uow.session.exec(asked):
            found.setdefault(dossier_id, []).append(Step(version, act, by))
    return found


async def pasts_of(uow: UnitOfWork, begins: Mapping[UUID, tuple[str, int, bool]]) -> dict[UUID, list[DossierPast]]:
    """Give the past of dossiers from a version of each on, oldest first."""
    found: dict[UUID, list[DossierPast]] = {}
    for ids in portions(sorted(begins)):
        least = min(begins[each][1] for each in ids)
        asked = select(DossierPast).where(col(DossierPast.dossier_id).in_(ids), col(DossierPast.version) >= least)
        for row in (await uow.session.exec(asked.order_by(col(DossierPast.version)))).all():
            if row.version >= begins[row.dossier_id][1]:
                found.setdefault(row.dossier_id, []).append(row)
            uow.session.expunge(row)
    return found


def edits_of(rows: Collection[DossierPast], now: Standing) -> list[Edit]:
    """Give edits, oldest first, each with how the dossier was before."""
    edits: list[Edit] = []
    after = now
    for row in reversed(list(rows)):
        after = before(row.content, after)
        edits.append(Edit(row.by, in_vietnam(row.at), after, is_import=row.act == IMPORTED))
    return edits[::-1]


def before(content: Mapping[str, Any], after: Standing) -> Standing:
    """Give how a dossier was before an act, from what was kept of it and how it was after."""
    description, marks, documents = (content.get(name) for name in ("description", "criteria", "documents"))
    return Standing(
        Description(**tuples_in(description)) if description else after.description,
        after.marks if marks is None else marks,
        after.documents if documents is None else {each["number"]: line_in(each) for each in documents},
    )


def line_in(told: Mapping[str, Any]) -> DocumentLine:
    """Give a document as it was kept."""
    return DocumentLine(**tuples_in(told))
