"""Revisions that cannot be made, that are cut off, or whose older AIP is damaged; and what sweeps and scrubs them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete
from sqlmodel import col

from services.ingest.errors import CopiesIncomplete
from services.ingest.models import Copy, Sealing, plumbing
from services.ingest.operations.revision_orders import REVISE, rescue_revisions
from services.ingest.operations.sweeping import sweep
from shared.auth.roles import Role
from shared.clock import now
from shared.events.catalog import DocumentDescription, DossierWithdrawn
from shared.events.ingest import DossierRevised
from shared.ids import DossierId, SelectionListId
from tests.grounds import Ground
from tests.service.reading_forms import pdf_of
from tests.service.revising_desk import RevisingDesk, again, bodies_of, revising_desk
from tests.service.test_ingest_pages import JPEG, OTHER
from tests.service.test_ingest_sealing import PowerCut, cut_after, upgrade


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[RevisingDesk]:
    async with revising_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


CUTS = [*(("archive", count) for count in (0, 1, 2, 9, 17)), ("reserve", 3), ("reserve", 18), ("incoming", 4)]


@pytest.mark.parametrize(("store", "count"), CUTS)
async def test_a_revision_that_was_killed_goes_on_with_its_first_bytes_after_an_upgrade(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch, store: str, count: int
) -> None:
    dossier = await desk.itemised(monkeypatch)
    await desk.system.tell("ingest", [again(dossier, 2, title="Hồ sơ về đê")])
    with monkeypatch.context() as power:
        cut_after(power, getattr(desk.context, store), count)
        with pytest.raises(PowerCut):
            await desk.revise(dossier)
    first = {**desk.lying("archive"), **desk.lying("reserve")}
    assert (await desk.seen(dossier))["title"] == "Hồ sơ mẫu", "nothing is told before both copies are verified"
    if store != "incoming":  # there, nothing had been written down yet
        upgrade(monkeypatch)
    await desk.revise(dossier)
    assert desk.lying("archive") == desk.lying("reserve")
    assert desk.lying("archive").items() >= first.items()
    assert len(await desk.told(DossierRevised.name)) == 1
    older, newer = desk.manifests()
    named = {file.key: file.sha256 for each in (older.masters, older.aip, newer.aip) for file in each.files}
    lying = {key: body for key, body in desk.lying("archive").items() if not key.endswith(".manifest.json")}
    assert {key: sha256(body).hexdigest() for key, body in lying.items()} == named, "no leftovers"
    assert not any(b"(v2)" in body for body in lying.values()), "what was begun is not made anew"
    assert (await desk.seen(dossier))["title"] == "Hồ sơ về đê"


async def test_a_damaged_reading_form_is_carried_over_from_the_other_copy(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    (older,) = desk.manifests()
    damage(desk, "archive", older.readings[0].key)
    (desk.data / "stores" / "archive" / older.readings[1].key).unlink()
    await desk.system.tell("ingest", [again(dossier, 2, title="hai")])
    await desk.revise(dossier)
    _, newer = desk.manifests("reserve")
    for store in ("archive", "reserve"):
        lying = desk.lying(store)
        assert [lying[file.key] for file in newer.readings] == [pdf_of(1), pdf_of(1)]


async def test_what_is_damaged_in_both_copies_is_never_carried_over(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    (older,) = desk.manifests()
    key = older.readings[0].key
    good = desk.lying("archive")[key]
    for store in ("archive", "reserve"):
        damage(desk, store, key)
    await desk.system.tell("ingest", [again(dossier, 2, title="hai")])
    with pytest.raises(CopiesIncomplete):
        await desk.revise(dossier)
    assert (await desk.seen(dossier))["later_version"] == 2
    (desk.data / "stores" / "reserve" / key).write_bytes(good)
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "preserved", "")]


def damage(desk: RevisingDesk, store: str, key: str) -> None:
    path = desk.data / "stores" / store / key
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[::-1])


async def test_other_documents_that_do_not_tell_their_pages_are_refused_and_a_later_approval_may_fit(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    lying = desk.lying("archive")
    await desk.system.tell("ingest", [again(dossier, 2, "một", "hai", "ba")])
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "refused", "documents_misfit")]
    assert ((await desk.seen(dossier))["later_version"], desk.lying("archive")) == (2, lying)
    shown = (await desk.system.caller(Role.AUDITOR).get("/ingest/revisions?state=refused")).json()["items"]
    assert [each["refusal"] for each in shown] == ["documents_misfit"]
    listed = tuple(
        DocumentDescription(number=number, title=title, first_page=number, last_page=number, issuer="Sở")
        for number, title in ((1, "Tờ trình sửa"), (2, "Quyết định"))
    )
    await desk.system.tell("ingest", [again(dossier, 3).model_copy(update={"documents": listed})])
    await desk.revise(dossier)
    _, newer = desk.manifests()
    told = bodies_of(desk, newer)["metadata/descriptive/dossier.json"].decode()
    assert "Tờ trình sửa" in told
    assert "Sở" in told
    assert (await desk.seen(dossier))["later_version"] is None


async def test_another_fonds_and_a_code_without_room_are_refused(desk: RevisingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    moved = again(dossier, 2)
    moved = moved.model_copy(update={"fonds": moved.fonds.model_copy(update={"code": "P02"})})
    await desk.system.tell("ingest", [moved, again(dossier, 3, file_code="H49." + "1" * 24)])
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "refused", "fonds_changed"), (3, "refused", "document_ids_too_long")]
    assert len(desk.manifests()) == 1


async def test_a_withdrawn_dossier_gets_no_newer_aip_until_it_is_approved_again(desk: RevisingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    gone = DossierWithdrawn(
        dossier_id=DossierId(dossier), version=2, list_id=SelectionListId(uuid4()), reason="trùng với phông khác"
    )
    await desk.system.tell("ingest", [again(dossier, 2, title="hai"), gone])
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "withdrawn", "")]
    assert (await desk.seen(dossier))["is_withdrawn"] is True
    await desk.system.tell("ingest", [again(dossier, 3, title="ba")])
    await desk.revise(dossier)
    assert [each.version for each in desk.manifests()] == [1, 3]


async def test_drafts_stay_while_a_revision_may_need_them_and_go_after_it(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    await desk.system.tell("ingest", [again(dossier, 2, title="hai")])
    with monkeypatch.context() as power:
        cut_after(power, desk.context.archive, 3)
        with pytest.raises(PowerCut):
            await desk.revise(dossier)
    await swept(desk)
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "preserved", "")]
    await swept(desk)
    assert [key for key in desk.lying("incoming") if key.startswith("sealings/")] == []


async def swept(desk: RevisingDesk) -> None:
    """Sweep twice, the second time when everything seen the first time is due."""
    await sweep(desk.context, now())
    await sweep(desk.context, now() + timedelta(days=40))


async def test_masters_whose_copies_are_not_whole_are_not_called_whole_by_a_newer_aip(
    desk: RevisingDesk,
) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    async with desk.context.database.writing() as uow:
        objid = (await uow.session.get_one(Sealing, dossier)).masters_objid
        (await uow.session.get_one(Copy, (objid, "reserve"))).state = "damaged"
    await desk.system.tell("ingest", [again(dossier, 2, title="hai")])
    with pytest.raises(CopiesIncomplete):
        await desk.revise(dossier)
    assert len(desk.manifests()) == 1


async def test_a_revision_without_a_job_is_ordered_within_the_hour(desk: RevisingDesk) -> None:
    dossier: UUID = await desk.preserved([JPEG, OTHER])
    await desk.system.tell("ingest", [again(dossier, 2, title="hai")])
    async with desk.context.database.writing() as uow:
        await uow.session.exec(delete(plumbing.job).where(col(plumbing.job.kind) == REVISE))
    assert (await rescue_revisions(desk.context), await rescue_revisions(desk.context)) == (1, 0)
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "preserved", "")]
