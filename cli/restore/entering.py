"""Enter a dossier that only its packages tell of in the registers of catalog and qc, as far as the packages tell."""

from sqlmodel import select

from cli.restore.ground import NewGround
from cli.restore.loading import RESTORER
from services.catalog.domain.file_code import folded_code
from services.catalog.models import Document, Dossier, Fonds
from services.catalog.operations.indexing import index_dossiers
from services.qc.domain.inspection import DossierState
from services.qc.models import InspectedDossier
from shared.eark.description import DossierRecord
from shared.events.catalog import DossierApproved


async def enter_elsewhere(ground: NewGround, told: DossierApproved, page_count: int, record: DossierRecord) -> None:
    """Enter a dossier where it is not known."""
    await enter_in_catalog(ground, told)
    await enter_in_qc(ground, told, page_count, len(record.left_out))


async def enter_in_catalog(ground: NewGround, told: DossierApproved) -> None:
    """Enter its description, and its fonds."""
    async with ground.databases["catalog"].writing(RESTORER) as uow:
        if await uow.session.get(Dossier, told.dossier_id) is not None:
            return
        if await uow.session.get(Fonds, told.fonds.id) is None:
            alike = select(Fonds.id).where(Fonds.code_key == folded_code(told.fonds.code))
            is_alike = (await uow.session.exec(alike.limit(1))).first() is not None
            uow.session.add(Fonds(**told.fonds.model_dump(), has_code_alike=is_alike))
            await uow.session.flush()
        columns = told.description.model_dump()
        columns |= {name: list(columns[name]) for name in ("languages", "conditions")}
        columns["code_key"] = folded_code(told.description.file_code)
        uow.session.add(Dossier(id=told.dossier_id, fonds_id=told.fonds.id, is_arranged=True, **columns))
        await uow.session.flush()
        uow.session.add_all(Document(dossier_id=told.dossier_id, **each.model_dump()) for each in told.documents)
        await index_dossiers(uow, [told.dossier_id])
        uow.record("dossier.restored", told.dossier_id)


async def enter_in_qc(ground: NewGround, told: DossierApproved, page_count: int, left_out: int) -> None:
    """Enter it as accepted: it was, or it would not have been sealed; what was said of its pages nobody knows."""
    async with ground.databases["qc"].writing(RESTORER) as uow:
        row = await uow.session.get(InspectedDossier, told.dossier_id) or InspectedDossier(dossier_id=told.dossier_id)
        row.fonds_code, row.file_code = told.fonds.code, told.description.file_code
        row.title, row.expected_count = told.description.title, told.description.page_count
        row.scanned_count = row.scanned_count or page_count + left_out
        row.state = DossierState.ACCEPTED
        uow.session.add(row)
        uow.record("dossier.restored", told.dossier_id)
