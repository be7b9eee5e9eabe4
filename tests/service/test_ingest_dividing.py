"""A correction that divides the sealed pages among documents anew: other reading forms over the same masters."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest

from services.ingest.domain.documents import settled_in
from services.ingest.reading.proving import prove, prove_signed
from shared.eark.description import DossierRecord
from shared.eark.layout import DOSSIER
from shared.eark.names import folder_name
from shared.eark.verify import verify_package
from tests.eark_schemas import demand_premis
from tests.grounds import Ground
from tests.service.certificates import AGENCY, issued, pkcs12_in
from tests.service.conftest import in_one_mode
from tests.service.reading_room import page, page_jobs, said
from tests.service.renewing_desk import RenewingDesk, acts, images_of, metadata, renewing_desk, text_of
from tests.service.revising_desk import bodies_of, divided
from tests.service.sweeping_desk import swept
from tests.service.test_ingest_sealing import PowerCut, cut_after

PAGES = [page(1), page(2), page(3)]
FIRST = (("Tờ trình", 1, 1), ("Quyết định", 2, 3))
OTHERWISE = (("Tờ trình", 1, 2), ("Quyết định", 3, 3))


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[RenewingDesk]:
    async with renewing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


@pytest.fixture
async def unread(tmp_path: Path, ground: Ground) -> AsyncIterator[RenewingDesk]:
    async with renewing_desk(tmp_path, ground.empty_database_url("ingest"), ingest_reader="none") as made:
        yield made


async def test_a_page_that_goes_to_another_document_goes_to_its_form_with_its_words(desk: RenewingDesk) -> None:
    dossier = await desk.kept(PAGES, *FIRST)
    before = desk.lying("archive")
    await desk.system.tell("ingest", [divided(dossier, 2, *OTHERWISE)])
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "preserved", "")]
    older, newer = desk.manifests()
    old, new = desk.forms(older), desk.forms(newer)
    assert [images_of(new[1]), images_of(new[2])] == [PAGES[:2], PAGES[2:]]
    words = [text_of(old[1], 1), text_of(old[2], 1), text_of(old[2], 2)]
    assert all(words)
    assert [text_of(new[1], 1), text_of(new[1], 2), text_of(new[2], 1)] == words
    assert len(await page_jobs(desk)) == len(PAGES), "none was read again"
    told = [(each["identifier"], each["source"].rpartition(", ")[2]) for each in map(metadata, new.values())]
    assert told == [("H49.2001.001.1", "1-2"), ("H49.2001.001.2", "3-3")]
    for each in new.values():
        prove(each)
        said("qpdf", "--check", each)
    assert desk.lying("archive") == desk.lying("reserve")
    assert desk.lying("archive").items() >= before.items(), "what was sealed stays as it is"
    assert newer.masters == older.masters


async def test_the_newer_aip_tells_to_which_document_each_page_belongs_now(unread: RenewingDesk) -> None:
    dossier = await unread.kept(PAGES, *FIRST)
    await unread.system.tell("ingest", [divided(dossier, 2, ("Tờ trình", 1, 1), ("Phụ lục", 2, 2), ("Biên bản", 3, 3))])
    await unread.revise(dossier)
    older, newer = unread.manifests()
    assert verify_package(unread.data / "stores" / "archive" / "P01" / folder_name(newer.aip.objid)) == []
    record = DossierRecord.from_bytes(bodies_of(unread, newer)[DOSSIER])
    told = [(each.number, each.title, each.first_page, each.last_page) for each in record.documents]
    assert told == [(1, "Tờ trình", 1, 1), (2, "Phụ lục", 2, 2), (3, "Biên bản", 3, 3)]
    assert (record.pages_held_by, len(record.pages)) == (newer.masters.objid, 3)
    assert unread.forms(newer)[1] == unread.forms(older)[1], "its pages, title and number are what they were"
    story = unread.story(newer)
    demand_premis(story)
    made, anew = ["normalization", "validation"], ["modification", "validation"]
    assert acts(story) == [*made, *made, *anew, *anew, "replication"], "the divided one, then those that lie here"
    assert b"written anew as PDF/A-2b, other pages than before" in story


async def test_documents_are_joined_and_divided_again_over_several_corrections(unread: RenewingDesk) -> None:
    dossier = await unread.kept(PAGES, *FIRST)
    await unread.system.tell("ingest", [divided(dossier, 3, *FIRST)])
    await unread.revise(dossier)
    assert await unread.renewed() == [], "an operator had divided it so"
    await unread.system.tell("ingest", [divided(dossier, 4, ("Cả hồ sơ", 1, 3)), divided(dossier, 5, *OTHERWISE)])
    await unread.revise(dossier)
    joined, last = [unread.forms(each) for each in unread.manifests()[-2:]]
    assert [images_of(each) for each in joined.values()] == [PAGES]
    assert [images_of(each) for each in last.values()] == [PAGES[:2], PAGES[2:]]
    told = acts(unread.story(unread.manifests()[-1]))
    assert told.count("modification") == 3, "the joined one, and the two that were drawn from it"
    assert told.count("normalization") == 2, "the whole chain"


async def test_a_page_that_was_left_out_is_in_no_form(unread: RenewingDesk) -> None:
    dossier, ids = await unread.scanned(PAGES)
    await unread.close(dossier, FIRST)
    await unread.accepted(dossier, {1: (1, PAGES[0]), 3: (1, PAGES[2])}, (2, ids[1]))
    await unread.seal(dossier)
    await unread.system.tell("ingest", [divided(dossier, 2, *OTHERWISE)])
    await unread.revise(dossier)
    new = unread.forms(unread.manifests()[-1])
    assert [images_of(new[1]), images_of(new[2])] == [PAGES[:1], PAGES[2:]]


@in_one_mode
async def test_forms_of_signed_ones_bear_their_own_signature_alone(tmp_path: Path, ground: Ground) -> None:
    settings = pkcs12_in(tmp_path, issued(AGENCY))
    url = ground.empty_database_url("ingest")
    async with renewing_desk(tmp_path, url, ingest_reader="none", **settings) as desk:
        dossier = await desk.kept(PAGES, *FIRST)
        await desk.system.tell("ingest", [divided(dossier, 2, ("Cả hồ sơ", 1, 3))])
        await desk.revise(dossier)
        (path,) = desk.forms(desk.manifests()[-1]).values()
        prove_signed(path)
        witness = said("pdfsig", "-nocert", path)
        assert (witness.count("Signature is Valid"), witness.count("Signature #")) == (1, 1)
        with pikepdf.open(path) as pdf:
            assert ["/Annots" in each for each in pdf.pages] == [True, False, False]
        for older in desk.forms(desk.manifests()[0]).values():
            prove_signed(older)


@pytest.mark.parametrize(("store", "count"), [("incoming", 1), ("archive", 0), ("reserve", 2)])
async def test_killed_anywhere_it_goes_on_with_its_first_bytes(
    unread: RenewingDesk, monkeypatch: pytest.MonkeyPatch, store: str, count: int
) -> None:
    dossier = await unread.kept(PAGES, *FIRST)
    await unread.system.tell("ingest", [divided(dossier, 2, *OTHERWISE)])
    with monkeypatch.context() as power:
        cut_after(power, getattr(unread.context, store), count)
        with pytest.raises(PowerCut):
            await unread.revise(dossier)
    entered = {row.document: row.sha256 for row in await unread.renewed()}
    first = {**unread.lying("archive"), **unread.lying("reserve")}
    assert (await documents_of(unread, dossier)) == FIRST, "the old version is what is told until then"
    await swept(unread)
    await swept(unread, days=40)
    await unread.revise(dossier)
    newer = unread.manifests()[-1]
    assert {file.document_number: file.sha256 for file in newer.readings}.items() >= entered.items()
    assert unread.lying("archive") == unread.lying("reserve")
    assert unread.lying("archive").items() >= first.items()
    assert (await documents_of(unread, dossier)) == OTHERWISE


async def documents_of(desk: RenewingDesk, dossier: UUID) -> tuple[tuple[str, int, int], ...]:
    """Give the documents of a dossier as ingest tells them."""
    told = (await desk.order(dossier)).documents
    return tuple((each.title, each.first_page, each.last_page) for each in settled_in(told))
