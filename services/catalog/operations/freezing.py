"""What a selection list says, dossier by dossier, and the digest that freezes it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.description import Description
from services.catalog.domain.document import is_classified
from services.catalog.domain.evidence import evidenced
from services.catalog.models import CriterionMark, Document, Dossier, Fonds, Series
from services.catalog.models.lists import SelectionList
from shared.events.catalog import DocumentDescription, DossierApproved, DossierDescription, FondsDescription
from shared.ids import DossierId, FondsId, SelectionListId
from shared.uow import UnitOfWork

LATER_OF_DOCUMENTS = ("retention", "has_workflow")
CIRCUMSTANCES = {"id", "occurred_at", "actor", "correlation_id", "list_sha256"}
AT_ONCE = 200
UNTOLD_COLUMNS = ("series_code", "is_arranged", "secrecy")
PROOFS = (
    "is_legible", "box", "shelf", "arrangement_number", "arrangement_on", "removed_sheet_count", "secrecy_by",
    "secrecy_decision",
)  # fmt: skip
UNSAID = {name: Description.__dataclass_fields__[name].default for name in PROOFS}
SERIES_TITLE = "series_title"
MATERIALS = ("kind", "carrier", "conditions", "sheet_sizes", "page_sizes")


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on dossiers, by dossier, and the titles of their series by code."""

    documents: dict[UUID, list[Document]] = field(default_factory=dict)
    evidence: dict[UUID, dict[str, str]] = field(default_factory=dict)
    series: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedDossier:
    """A dossier on a list: what others will hear of it, and what only the approver judges."""

    row: Dossier
    approval: DossierApproved
    columns: Mapping[str, object]
    evidence: Mapping[str, str]
    documents: Sequence[Mapping[str, object]]

    @property
    def evidenced_count(self) -> int:
        """Count the criteria that have evidence."""
        return evidenced(self.evidence.values())

    @property
    def has_secret_document(self) -> bool:
        """Say whether a document of it is a state secret."""
        return any(is_classified(each["access_level"]) for each in self.documents)

    @property
    def facts(self) -> dict[str, Any]:
        """Give everything that approving approves."""
        dossier = self.approval.model_dump(mode="json", exclude=CIRCUMSTANCES)
        for name in MATERIALS:  # left out where nothing is said: older digests knew nothing of them
            if not dossier["description"][name]:
                del dossier["description"][name]
        return {
            "dossier": dossier,
            "columns": self.columns,
            "evidence": self.evidence,
            "documents": self.documents,
        }


async def listed_dossiers(uow: UnitOfWork, selection: SelectionList) -> list[ListedDossier]:
    """Describe every dossier of a list as it stands, in order of its code, holding the dossiers.

    Read and described in portions, so that a list of 10,000 keeps nobody else waiting.
    """
    fonds = await uow.session.get_one(Fonds, selection.fonds_id)
    found: list[ListedDossier] = []
    last = UUID(int=0)
    while rows := await next_rows(uow, selection.id, last):
        last = rows[-1].id
        found += await asyncio.to_thread(described, selection, fonds, rows, await belongings(uow.session, rows))
    return sorted(found, key=lambda each: each.row.file_code)


async def next_rows(uow: UnitOfWork, list_id: UUID, last: UUID) -> Sequence[Dossier]:
    """Hold the next dossiers of a list, in order of their ids."""
    asked = select(Dossier).where(Dossier.list_id == list_id, col(Dossier.id) > last).order_by(col(Dossier.id))
    return (await uow.session.exec(asked.limit(AT_ONCE).with_for_update())).all()


async def hold_titles(uow: UnitOfWork, fonds_id: UUID) -> None:
    """Let nobody correct a fonds, or give a series of it another title, until this act ends."""
    await uow.session.exec(select(Fonds.id).where(Fonds.id == fonds_id).with_for_update(read=True))
    asked = select(Series.id).where(Series.fonds_id == fonds_id).order_by(col(Series.id))
    await uow.session.exec(asked.with_for_update(read=True))


async def belongings(session: AsyncSession, rows: Sequence[Dossier]) -> Belongings:
    """Give the documents and the evidence of dossiers of one fonds, and the titles of its series."""
    ids = [row.id for row in rows]
    made = Belongings()
    asked = select(Document).where(col(Document.dossier_id).in_(ids)).order_by(col(Document.number))
    for document in await session.exec(asked):
        made.documents.setdefault(document.dossier_id, []).append(document)
    for mark in await session.exec(select(CriterionMark).where(col(CriterionMark.dossier_id).in_(ids))):
        made.evidence.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    named = select(Series.code, Series.title).where(col(Series.fonds_id).in_({row.fonds_id for row in rows}))
    made.series.update((await session.exec(named)).all())
    return made


def described(
    selection: SelectionList, fonds: Fonds, rows: Sequence[Dossier], belonging: Belongings
) -> list[ListedDossier]:
    """Describe dossiers of a list."""
    return [listed(selection, fonds, row, belonging) for row in rows]


def listed(selection: SelectionList, fonds: Fonds, row: Dossier, belonging: Belongings) -> ListedDossier:
    """Describe one dossier of a list."""
    documents, evidence = belonging.documents.get(row.id, []), belonging.evidence.get(row.id, {})
    approval = DossierApproved(
        dossier_id=DossierId(row.id),
        version=row.version,
        list_id=SelectionListId(selection.id),
        list_sha256=selection.sha256 or "",
        fonds=fonds_told(fonds),
        description=DossierDescription.model_validate(row, from_attributes=True),
        documents=tuple(DocumentDescription.model_validate(each, from_attributes=True) for each in documents),
        criteria=tuple(sorted(evidence)),
        year=selection.year,
    )
    columns = {name: getattr(row, name) for name in UNTOLD_COLUMNS}
    columns |= {name: getattr(row, name) for name in PROOFS if getattr(row, name) != UNSAID[name]}
    return ListedDossier(
        row,
        approval,
        titled(columns, row, belonging.series),
        evidence,
        [line_facts(each) for each in documents],
    )


def fonds_told(fonds: Fonds) -> FondsDescription:
    """Give what a list says of its fonds."""
    return FondsDescription(
        id=FondsId(fonds.id), code=fonds.code, title=fonds.title, kind=fonds.kind, archive_code=fonds.archive_code
    )


def line_facts(document: Document) -> dict[str, object]:
    """Give what a list says of a document; what older digests knew nothing of is left out where nothing is said."""
    told = document.model_dump(exclude={"dossier_id"})
    return {name: value for name, value in told.items() if value is not None or name not in LATER_OF_DOCUMENTS}


def titled(columns: Mapping[str, object], row: Dossier, series: Mapping[str, str]) -> Mapping[str, object]:
    """Add the title of the series that a dossier is in, if it is in any."""
    title = series.get(row.series_code or "")
    return columns if title is None else {**columns, SERIES_TITLE: title}


async def is_as_submitted(selection: SelectionList, dossiers: Sequence[ListedDossier]) -> bool:
    """Say whether a list says what it was frozen with; one that was before the titles of series were, without them."""
    if selection.sha256 in (None, await digest_of(dossiers)):
        return selection.sha256 is not None
    untitled = [
        replace(each, columns={name: value for name, value in each.columns.items() if name != SERIES_TITLE})
        for each in dossiers
    ]
    return selection.sha256 == await digest_of(untitled)


async def digest_of(dossiers: Sequence[ListedDossier]) -> str:
    """Give the SHA-256 (lower-case hex) of what a list says, as JSON with sorted keys and no spaces (RFC 8785)."""

    def digest() -> str:
        hasher = sha256(b"[")
        for place, each in enumerate(dossiers):  # one by one: a single call of the encoder would stop every thread
            hasher.update(b"," if place else b"")
            hasher.update(canonical(each.facts))
        hasher.update(b"]")
        return hasher.hexdigest()

    return await asyncio.to_thread(digest)


def canonical(facts: Mapping[str, object]) -> bytes:
    """Spell facts as canonical JSON."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
