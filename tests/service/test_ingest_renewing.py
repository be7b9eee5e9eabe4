"""A correction that a reading form would tell makes that form anew: same images and words, its own metadata, proved."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pikepdf
import pytest

from services.ingest.domain.proof import Proof
from services.ingest.errors import CopiesIncomplete, NotPdfA
from services.ingest.operations import form_renewal
from services.ingest.reading import book
from services.ingest.reading.proving import prove, prove_signed
from services.ingest.reading.rewriting import Leaves, write_anew
from services.ingest.reading.xmp import About
from shared.eark.layout import METS
from shared.eark.names import folder_name
from shared.eark.verify import verify_package
from shared.events.ingest import DossierRevised
from tests.eark_schemas import demand_premis
from tests.grounds import Ground
from tests.service.certificates import AGENCY, issued, pkcs12_in
from tests.service.conftest import in_one_mode
from tests.service.reading_room import page, page_jobs, said
from tests.service.renewing_desk import RenewingDesk, acts, images_of, metadata, renewing_desk, shown_title, text_of
from tests.service.revising_desk import again, bodies_of
from tests.service.sweeping_desk import swept
from tests.service.test_ingest_sealing import PowerCut, cut_after

NEW_TITLE = "Hồ sơ về việc đắp đê Thao Giang <&>"
NEW_CODE = "H49.2001.002"
WORDS = "Ban Tổ chức chính quyền kính trình Ủy ban hành chính tỉnh xem xét và quyết định"


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[RenewingDesk]:
    async with renewing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


@pytest.fixture
async def unread(tmp_path: Path, ground: Ground) -> AsyncIterator[RenewingDesk]:
    async with renewing_desk(tmp_path, ground.empty_database_url("ingest"), ingest_reader="none") as made:
        yield made


async def test_a_new_title_is_in_the_form_whose_pages_are_not_read_again(desk: RenewingDesk) -> None:
    dossier = await desk.kept([page(1), page(2)])
    await desk.system.tell("ingest", [again(dossier, 2, title=NEW_TITLE)])
    await desk.revise(dossier)
    older, newer = desk.manifests()
    (before,), (after,) = desk.forms(older).values(), desk.forms(newer).values()
    assert (metadata(before)["title"], metadata(after)["title"]) == ("Hồ sơ mẫu", NEW_TITLE)
    assert (shown_title(before), shown_title(after)) == ("Hồ sơ mẫu", NEW_TITLE)
    assert {**metadata(before), "title": ""} == {**metadata(after), "title": ""}
    prove(after)
    said("qpdf", "--check", after)
    assert WORDS in text_of(after)
    assert [text_of(after, number) for number in (1, 2)] == [text_of(before, number) for number in (1, 2)]
    assert images_of(after) == [page(1), page(2)], "as the scanner wrote them"
    assert len(await page_jobs(desk)) == 2
    (mets,) = [file for file in newer.aip.files if file.path == METS]
    assert mets.created_at >= newer.readings[0].created_at > older.readings[0].created_at, "packed after it was made"
    assert verify_package(desk.data / "stores" / "reserve" / "P01" / folder_name(newer.aip.objid)) == []
    (body,) = await desk.told(DossierRevised.name)
    assert DossierRevised.model_validate_json(body).reading_count == 1


async def test_premis_tells_which_form_was_made_anew_and_which_was_carried_over(unread: RenewingDesk) -> None:
    dossier = await unread.kept([page(1), page(2)], ("Tờ trình", 1, 1), ("Quyết định", 2, 2))
    await unread.system.tell("ingest", [again(dossier, 2, "Tờ trình sửa", "Quyết định")])
    await unread.revise(dossier)
    older, newer = unread.manifests()
    before, after = unread.forms(older), unread.forms(newer)
    assert [metadata(each)["title"] for each in after.values()] == ["Tờ trình sửa", "Quyết định"]
    assert before[2] == after[2], "what would say the same is the same"
    story = unread.story(newer)
    demand_premis(story)
    made = ["normalization", "validation"]
    assert acts(story) == [*made, "metadata modification", "validation", *made, "replication"]
    assert b"1 pages written anew as PDF/A-2b: images and text of older forms" in story
    assert b"carried over as they are, byte for byte" in story
    await unread.system.tell("ingest", [again(dossier, 3, "Tờ trình cuối", "Quyết định")])
    await unread.revise(dossier)
    last = unread.manifests()[-1]
    assert [metadata(each)["title"] for each in unread.forms(last).values()] == ["Tờ trình cuối", "Quyết định"]
    anew = ["metadata modification", "validation"]
    assert acts(unread.story(last)) == [*made, *anew, *anew, *made, "replication"], "the whole chain"
    shown = (await unread.seen(dossier))["revisions"]
    assert [(each["renewed_count"], each["unsigned_count"]) for each in shown] == [(1, 1), (1, 1)]


@in_one_mode
async def test_a_new_code_and_a_new_name_of_the_fonds_are_in_every_form(unread: RenewingDesk) -> None:
    dossier = await unread.kept([page(1), page(2)], ("Tờ trình", 1, 1), ("Quyết định", 2, 2))
    event = again(dossier, 2, "Tờ trình", "Quyết định", file_code=NEW_CODE)
    named = event.model_copy(update={"fonds": event.fonds.model_copy(update={"title": "Ủy ban nhân dân tỉnh"})})
    await unread.system.tell("ingest", [named])
    await unread.revise(dossier)
    told = [metadata(each) for each in unread.forms(unread.manifests()[-1]).values()]
    assert [each["identifier"] for each in told] == [f"{NEW_CODE}.1", f"{NEW_CODE}.2"]
    assert {each["creator"] for each in told} == {"Ủy ban nhân dân tỉnh"}
    assert [file.path.rpartition("/")[2] for file in unread.manifests()[-1].readings] == [
        f"{NEW_CODE}.1.pdf",
        f"{NEW_CODE}.2.pdf",
    ]


async def test_it_needs_nothing_of_the_incoming_store_that_was_swept(unread: RenewingDesk) -> None:
    dossier = await unread.kept([page(1)])
    for key in unread.lying("incoming"):
        await unread.context.incoming.delete(key)
    await unread.system.tell("ingest", [again(dossier, 2, title=NEW_TITLE)])
    await unread.revise(dossier)
    assert metadata(unread.forms(unread.manifests()[-1])[1])["title"] == NEW_TITLE


async def test_a_signed_form_stays_and_the_one_made_anew_is_signed_itself(tmp_path: Path, ground: Ground) -> None:
    url, settings = ground.empty_database_url("ingest"), pkcs12_in(tmp_path, issued(AGENCY))
    async with renewing_desk(tmp_path, url, ingest_reader="none", **settings) as desk:
        dossier = await desk.kept([page(1)])
        await desk.system.tell("ingest", [again(dossier, 2, title=NEW_TITLE)])
        await desk.revise(dossier)
        older, newer = desk.manifests()
        for manifest, title in ((older, "Hồ sơ mẫu"), (newer, NEW_TITLE)):
            path = desk.forms(manifest)[1]
            prove_signed(path)
            witness = said("pdfsig", "-nocert", path)
            assert (witness.count("Signature is Valid"), witness.count("Signature #")) == (1, 1)
            assert "Total document signed" in witness
            assert metadata(path)["title"] == title
            assert AGENCY in said("pdftotext", "-x", "300", "-y", "0", "-W", "300", "-H", "60", path, "-")
        (row,) = await desk.renewed()
        assert AGENCY in (row.signed_by or "")
        told = acts(desk.story(newer))
        signing = ["validation", "digital signature generation", "validation"]
        assert told == ["normalization", *signing, "metadata modification", *signing]
        assert (await desk.seen(dossier))["revisions"][0]["unsigned_count"] == 0
    async with renewing_desk(tmp_path, url, ingest_reader="none") as desk:  # no certificate any more
        await desk.system.tell("ingest", [again(dossier, 3, title="ba")])
        await desk.revise(dossier)
        path = desk.forms(desk.manifests()[-1])[1]
        prove(path)
        with pikepdf.open(path) as pdf:
            assert "/AcroForm" not in pdf.Root
            assert "/Annots" not in pdf.pages[0]
        assert (await desk.seen(dossier))["revisions"][1]["unsigned_count"] == 1, "and it is said"


@in_one_mode
async def test_a_form_that_is_no_pdf_a_is_not_kept(unread: RenewingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await unread.kept([page(1)])
    lying = unread.lying("archive")
    await unread.system.tell("ingest", [again(dossier, 2, title=NEW_TITLE)])

    def refuse(_path: Path) -> None:
        raise NotPdfA("một lỗi")

    with monkeypatch.context() as checker:
        checker.setattr(book, "prove", refuse)
        with pytest.raises(NotPdfA):
            await unread.revise(dossier)
    assert (unread.lying("archive"), await unread.renewed()) == (lying, [])
    assert ((await unread.seen(dossier))["title"], await unread.states(dossier)) == ("Hồ sơ mẫu", [(2, "ordered", "")])
    await unread.revise(dossier)
    assert await unread.states(dossier) == [(2, "preserved", "")]


async def test_what_is_damaged_in_one_copy_is_drawn_from_the_other_and_in_both_from_none(unread: RenewingDesk) -> None:
    dossier = await unread.kept([page(1)])
    (older,) = unread.manifests()
    good = unread.lying("archive")[older.readings[0].key]
    for store in ("archive", "reserve"):
        spoil(unread, store, older.readings[0].key, good[::-1])
    await unread.system.tell("ingest", [again(dossier, 2, title=NEW_TITLE)])
    with pytest.raises(CopiesIncomplete):
        await unread.revise(dossier)
    assert len(unread.manifests()) == 1
    spoil(unread, "reserve", older.readings[0].key, good)
    await unread.revise(dossier)
    path = unread.forms(unread.manifests()[-1])[1]
    assert (metadata(path)["title"], images_of(path)) == (NEW_TITLE, [page(1)])


def spoil(desk: RenewingDesk, store: str, key: str, body: bytes) -> None:
    path = desk.data / "stores" / store / key
    path.chmod(0o644)
    path.write_bytes(body)


@pytest.mark.parametrize(("store", "count"), [("incoming", 0), ("incoming", 1), ("incoming", 3), ("archive", 1)])
async def test_killed_anywhere_it_makes_no_entered_form_twice_and_keeps_its_first_bytes(
    unread: RenewingDesk, monkeypatch: pytest.MonkeyPatch, store: str, count: int
) -> None:
    dossier = await unread.kept([page(1), page(2)], ("Tờ trình", 1, 1), ("Quyết định", 2, 2))
    await unread.system.tell("ingest", [again(dossier, 2, file_code=NEW_CODE)])
    with monkeypatch.context() as power:
        cut_after(power, getattr(unread.context, store), count)
        with pytest.raises(PowerCut):
            await unread.revise(dossier)
    entered = {row.document: row.sha256 for row in await unread.renewed()}
    first = unread.lying("archive")
    assert len(entered) == min(2, count if store == "incoming" else 2)
    assert ((await unread.seen(dossier))["title"], len(unread.manifests())) == ("Hồ sơ mẫu", 1)
    await swept(unread)
    await swept(unread, days=40)
    written: list[object] = []

    def counted(leaves: Sequence[Leaves], about: About, to: Path) -> Proof:
        written.append(about.identifier)
        return write_anew(leaves, about, to)

    monkeypatch.setattr(form_renewal, "write_anew", counted)
    await unread.revise(dossier)
    assert len(written) == 2 - len(entered)
    newer = unread.manifests()[-1]
    read = {file.document_number: file.sha256 for file in newer.readings}
    assert read.items() >= entered.items()
    assert {row.document: row.sha256 for row in await unread.renewed()} == read
    assert unread.lying("archive") == unread.lying("reserve")
    assert unread.lying("archive").items() >= first.items()
    assert all(metadata(each)["identifier"].startswith(NEW_CODE) for each in unread.forms(newer).values())


async def test_of_two_workers_the_first_one_counts(unread: RenewingDesk) -> None:
    dossier = await unread.kept([page(1)])
    await unread.system.tell("ingest", [again(dossier, 2, title=NEW_TITLE)])
    await unread.revise(dossier)
    (row,) = await unread.renewed()
    again_made = type(row)(**{**row.model_dump(), "id": dossier, "sha256": "0" * 64})
    await form_renewal.enter(unread.context, again_made)
    assert [each.sha256 for each in await unread.renewed()] == [row.sha256]
    assert bodies_of(unread, unread.manifests()[-1])
