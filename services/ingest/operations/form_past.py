"""What is known of how the reading forms of a dossier came to be: bound from its pages, or drawn from older forms."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.reading_form import ReadingForm
from services.ingest.operations.reading import form_of, reading_forms
from services.ingest.revision_models import RenewedForm, Revision

FormKey = tuple[int, str]  # its document and its digest


@dataclass(frozen=True, slots=True)
class Renewed:
    """A form that was made anew: its row, and the AIP in which lay what it was drawn from."""

    row: RenewedForm
    predecessor: str

    @property
    def sources(self) -> list[FormKey]:
        """Give the older forms."""
        return [(each["document"], each["sha256"]) for each in json.loads(self.row.drawn_from)]


@dataclass(frozen=True, slots=True)
class FormPast:
    """The forms that were bound from pages, and those that were made anew."""

    bound: Mapping[FormKey, ReadingForm]
    renewed: Mapping[FormKey, Renewed]

    def form(self, document: int, sha256: str) -> ReadingForm | None:
        """Give what is known of a form."""
        made = self.renewed.get((document, sha256))
        return form_of(made.row) if made else self.bound.get((document, sha256))

    def made_for(self, revision_id: UUID) -> dict[int, ReadingForm]:
        """Give the forms that were made anew for a revision, by document."""
        rows = [each.row for each in self.renewed.values() if each.row.revision_id == revision_id]
        return {row.document: form_of(row) for row in rows}

    def lineage_of(self, keys: Iterable[FormKey]) -> set[FormKey]:
        """Give every known form that some forms were drawn from, over however many corrections."""
        found, waiting = set[FormKey](), list(keys)
        while waiting:
            made = self.renewed.get(waiting.pop())
            for each in made.sources if made else ():
                if each not in found and (each in self.bound or each in self.renewed):
                    found.add(each)
                    waiting.append(each)
        return found


async def read_form_past(session: AsyncSession, dossier_id: UUID) -> FormPast:
    """Read what is known of a dossier's forms."""
    asked = select(RenewedForm, Revision.predecessor).join(Revision).where(Revision.dossier_id == dossier_id)
    made = [Renewed(row, predecessor or "") for row, predecessor in (await session.exec(asked)).all()]
    return FormPast(
        bound={(form.document, form.sha256): form for form in await reading_forms(session, dossier_id)},
        renewed={(each.row.document, each.row.sha256): each for each in made},
    )
