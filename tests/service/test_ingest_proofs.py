"""The AIP tells of each reading form's proof as it was written down when it was proved; nothing is made up later."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import update
from sqlmodel import col

from services.ingest.domain.proof import PROOFS, Proof
from services.ingest.errors import NotPdfA
from services.ingest.models import Reading
from services.ingest.reading.book import Book
from shared.eark.manifest import Manifest
from shared.eark.moment import stamp
from shared.uow import Caller
from tests.eark_schemas import demand_premis
from tests.grounds import Ground
from tests.service.certificates import AGENCY, issued, pkcs12_in
from tests.service.premis_story import Story, Told
from tests.service.reading_room import accepted, page, reading_desk, rows
from tests.service.sealing_desk import SealingDesk
from tests.service.test_ingest_sealing import PowerCut, cut_after

CHECKER = f"pikepdf {pikepdf.__version__}"


@pytest.fixture
async def signing(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    settings = pkcs12_in(tmp_path, issued(AGENCY))
    async with reading_desk(tmp_path, ground.empty_database_url("ingest"), ingest_reader="none", **settings) as made:
        yield made


@pytest.fixture
async def silent(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with reading_desk(tmp_path, ground.empty_database_url("ingest"), ingest_reader="none") as made:
        yield made


async def proofs_of(desk: SealingDesk, dossier: UUID) -> tuple[Proof, ...]:
    """Give what is written down of the one form's proofs."""
    (row,) = await rows(desk, dossier)
    return PROOFS.validate_json(row.proofs)


def documents_told(desk: SealingDesk) -> list[Told]:
    """Read what the AIP tells of its documents."""
    lying = desk.lying("archive")
    manifest = Manifest.from_bytes(next(body for key, body in lying.items() if key.endswith(".manifest.json")))
    body = lying[next(file.key for file in manifest.aip.files if file.path.endswith("PREMIS_rep1.xml"))]
    demand_premis(body)
    return Story(body).events


async def test_a_signed_form_is_proved_before_and_after_signing(signing: SealingDesk) -> None:
    dossier = await accepted(signing, [page(1)])
    await signing.seal(dossier)
    told = documents_told(signing)
    assert [each.kind for each in told] == [
        "normalization", "validation", "digital signature generation", "validation",
    ]  # fmt: skip
    assert [each.at for each in told] == sorted(each.at for each in told), "as it went, one after the other"
    before, after = told[1], told[3]
    assert (before.detail, before.outcome, before.agents) == ("profile PDF/A-2b, unsigned", "success", (CHECKER,))
    assert (after.detail, after.outcome, after.agents[0]) == ("profile PDF/A-2b, signed", "success", CHECKER)
    proofs = await proofs_of(signing, dossier)
    assert [each.at for each in (before, after)] == [stamp(proof.at) for proof in proofs]
    assert before.objects == after.objects == told[0].objects


async def test_a_form_that_failed_its_proof_and_was_made_anew_says_both(
    silent: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bind, tried = Book.bind, []

    def once_wrong(*how: Any) -> Proof:  # noqa: ANN401 - whatever it takes
        tried.append(how)
        if len(tried) == 1:
            raise NotPdfA("a <colour> & of nobody")
        return bind(*how)

    monkeypatch.setattr(Book, "bind", once_wrong)
    dossier = await accepted(silent, [page(1)])
    await silent.seal(dossier)
    failed, made, proved = documents_told(silent)
    assert [failed.kind, made.kind, proved.kind] == ["validation", "normalization", "validation"]
    assert (failed.outcome, failed.note) == ("fail", "a <colour> & of nobody")
    assert failed.detail == "profile PDF/A-2b, unsigned, not kept"
    assert failed.objects != proved.objects, "the file that failed is not the file that is here"
    assert (proved.outcome, proved.objects) == ("success", made.objects)


async def test_a_form_whose_proof_nobody_wrote_down_has_none(silent: SealingDesk) -> None:
    dossier = await accepted(silent, [page(1)])
    await silent.work()
    async with silent.context.database.writing(Caller("ingest")) as uow:
        older = update(Reading).where(col(Reading.dossier_id) == dossier).values(proofs="[]")
        await uow.session.exec(older)
    await silent.seal(dossier)
    assert [each.kind for each in documents_told(silent)] == ["normalization"]


async def test_a_killed_sealing_tells_the_same_proofs(signing: SealingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await accepted(signing, [page(1)])
    with monkeypatch.context() as power:
        cut_after(power, signing.context.archive, 6)
        with pytest.raises(PowerCut):
            await signing.seal(dossier)
    await signing.seal(dossier)
    told = documents_told(signing)
    assert [each.at for each in told if each.kind == "validation"] == [
        stamp(proof.at) for proof in await proofs_of(signing, dossier)
    ]
    assert signing.lying("archive") == signing.lying("reserve")
