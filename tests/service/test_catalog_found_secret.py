"""A dossier that turns out to be secret after it was described: nothing of it stays but its code, in no file."""

import asyncio
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import select

from services.catalog.models.imports import WorkbookImport
from services.catalog.models.yearly import ReserveCopy
from shared.auth.roles import Role
from shared.clock import now
from tests.grounds import EmbeddedGround, Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk

CODE = str(RIGHT["fileCode"])
TITLE, LATER, NOTE, DOCUMENT, EVIDENCE = WORDS = ("KYRAMOT", "KYRAHAI", "KYRABA", "KYRABON", "KYRANAM")
FOUND = {"checked_by": "Nguyễn Thị Lan", "number": "12/QĐ-TTLT", "signed_on": "2026-11-20"}


async def found(desk: Desk, dossier_id: str, **changes: str) -> httpx.Response:
    """Say that a dossier is secret, in the version that it has now."""
    url = f"/catalog/dossiers/{dossier_id}"
    etag = (await desk.auditor.get(url)).headers["etag"]
    return await desk.archivist.post(f"{url}/secrecy-finding", json=FOUND | changes, headers={"If-Match": etag})


def cells_of(content: bytes) -> str:
    """Give all that stands in a workbook."""
    return str([[cell.value for cell in row] for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows()])


async def told_everywhere(desk: Desk) -> str:
    """Describe a dossier by imports and by hand, so that its words lie wherever words are kept; give its id."""
    other = {**RIGHT, "fileCode": f"{CODE}9", "title": "Hồ sơ khác"}
    row = {**RIGHT, "title": f"{TITLE} đê", "description": NOTE, "evidence": EVIDENCE}
    assert (await desk.import_rows(row, other)).json()["created"] == 2
    await desk.import_rows({**row, "title": f"{LATER} đê"}, dry_run="true")
    await desk.import_rows({**row, "title": f"{LATER} đê"})
    refused = (await desk.import_rows({**row, "endDate": f"{TITLE} 1954"}, other)).json()
    assert [each["value"] for each in refused["errors"]] == [f"{TITLE} 1954"]
    items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    dossier_id = next(str(each["id"]) for each in items if each["file_code"] == CODE)
    documents = {"documents": [{"number": 1, "title": DOCUMENT}]}
    assert (await desk.put(f"/catalog/dossiers/{dossier_id}/documents", documents)).status_code == 200
    return dossier_id


async def test_nothing_stays_of_a_dossier_that_was_found_secret_but_its_code(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await told_everywhere(desk)
        url = f"/catalog/dossiers/{dossier_id}"
        list_id = await desk.list_of(dossier_id)
        before = (await desk.auditor.get(url)).json()["version"]
        answer = await found(desk, dossier_id)
        again = await found(desk, dossier_id)
        read = (await desk.auditor.get(url)).json()
        history = (await desk.auditor.get(f"{url}/history")).json()["items"]
        there = (await desk.auditor.get(f"/catalog/lists/{list_id}/dossiers")).json()
        other = (await desk.auditor.get("/catalog/dossiers", params={"q": "khác"})).json()["items"]
        searched = [(await desk.auditor.get("/catalog/dossiers", params={"q": word})).json()["items"] for word in WORDS]
        async with desk.database.reading() as session:
            imports = list(await session.exec(select(WorkbookImport.id)))
        marked = [await desk.auditor.get(f"/catalog/imports/{each}/marked") for each in imports]
        told = [await desk.auditor.get(f"/catalog/imports/{each}{of}") for each in imports for of in ("", "/changes")]
        acts = await desk.acts()
    assert (answer.status_code, again.status_code) == (200, 200), answer.text
    assert (answer.json()["version"], again.json()["version"], answer.headers["etag"]) == (
        before + 1, before + 1, f'"{before + 1}"',
    )  # fmt: skip
    assert (read["file_code"], read["title"], read["note"], read["documents"], read["criteria"]) == (
        CODE,
        "",
        "",
        [],
        {},
    )
    assert (read["secrecy"], read["secrecy_by"], read["secrecy_decision"], read["list_id"]) == (
        "secret", "Nguyễn Thị Lan", "12/QĐ-TTLT, 20/11/2026", None,
    )  # fmt: skip
    assert "secret" in {each["code"] for each in read["blocks"]}
    assert {each["act"] for each in history} >= {"workbook.imported", "documents.set", "dossier.found_secret"}
    assert not [each for each in history if each["content"]]
    assert (there.get("items", []), [each["file_code"] for each in other], searched) == ([], [f"{CODE}9"], [[]] * 5)
    texts = [*(each.text for each in told), *(cells_of(each.content) for each in marked)]
    assert (len(imports), [each for each in texts if "Hồ sơ khác" in each] != []) == (4, True)
    assert not [each for each in texts for word in WORDS if word in each]
    assert acts.count("dossier.found_secret") == 1


async def test_no_file_of_the_database_holds_a_word_of_it(ground: Ground) -> None:
    if not isinstance(ground, EmbeddedGround):
        return  # PostgreSQL overwrites what goes when it vacuums, and keeps its log until then
    async with catalog_desk(ground) as desk:
        dossier_id = await told_everywhere(desk)
        assert [word for word in WORDS if ground.files_with(word) or ground.files_with(word.lower())]
        assert (await found(desk, dossier_id)).status_code == 200
    left = [word for word in WORDS for spelt in (word, word.lower()) if ground.files_with(spelt)]
    assert not left, "the journal ends with the last connection"


async def test_what_lists_decided_on_has_to_leave_them_first(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        submitted, approved = await desk.chosen(1), await desk.chosen(2)
        await desk.submit(await desk.list_of(submitted))
        list_id = await desk.approved_list(approved)
        refused = [await found(desk, each) for each in (submitted, approved)]
        amendment = await desk.amended(list_id)
        refused.append(await found(desk, approved))
        await desk.archivist.delete(f"/catalog/lists/{amendment}/dossiers/{approved}")
        refused.append(await found(desk, approved))
        await desk.submit(amendment)
        assert (await desk.approve(amendment)).status_code == 200
        async with desk.database.writing() as uow:
            uow.session.add(ReserveCopy(dossier_id=UUID(approved), verified_copies=2, preserved_at=now()))
        answer = await found(desk, approved)
    assert [each.json()["code"] for each in refused] == ["catalog.secret_on_decided_list"] * 4
    assert {each.status_code for each in refused} == {409}
    assert [each["code"] for each in answer.json()["remains"]] == ["decided_lists", "packages", "backups"]


async def test_a_found_secret_is_not_described_again_by_an_old_file(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await told_everywhere(desk)
        url = f"/catalog/dossiers/{dossier_id}"
        early = (await desk.import_rows({"fileCode": CODE, "secrecy": "secret"})).json()
        assert (await found(desk, dossier_id)).status_code == 200
        late = (await desk.import_rows({**RIGHT, "title": TITLE, "endDate": TITLE})).json()
        none = (await desk.import_rows({**RIGHT, "title": TITLE, "secrecy": "none"})).json()
        marked = await desk.auditor.get(f"/catalog/imports/{late['id']}/marked")
        refused = [
            await desk.put(f"{url}/documents", {"documents": [{"number": 1, "title": DOCUMENT}]}),
            await desk.put(f"{url}/criteria", {"criteria": [{"criterion": "permanent", "evidence": EVIDENCE}]}),
        ]
        version = (await desk.auditor.get(url)).json()["version"]
        row = {**RIGHT, "title": "Đã giải mật", "secrecy": "expired", "secrecyDecision": "1/QĐ"}
        row["catalogVersion"] = version
        opened = (await desk.import_rows(row)).json()
    assert [(each["column"], each["code"]) for each in early["errors"]] == [("secrecy", "secrecy_found")]
    assert [each["rejected"] for each in (late, none)] == [1, 1]
    assert "secrecy_refused" in {each["code"] for each in late["errors"]}
    assert {each["value"] for told in (late, none) for each in told["errors"]} == {""}
    assert TITLE.encode() not in marked.content
    assert [each.json()["code"] for each in refused] == ["catalog.secret_refused"] * 2
    assert opened["updated"] == 1


async def gathered(desk: Desk, url: str) -> httpx.Response:
    """Look at a yearly list until it is gathered."""
    for _ in range(1000):
        told = await desk.archivist.get(url)
        if told.json()["state"] != "gathering":
            return told
        await asyncio.sleep(0.02)
    raise AssertionError("never gathered")


async def test_a_draft_of_a_yearly_list_is_discarded_first(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        made = (await desk.archivist.post("/catalog/yearly-lists", json={"year": 2026})).json()
        url = f"/catalog/yearly-lists/{made['id']}"
        told = await gathered(desk, url)
        refused = await found(desk, dossier_id)
        gone = await desk.archivist.post(
            f"{url}/discarding", json={"reason": "x"}, headers={"If-Match": told.headers["etag"]}
        )
        answer = await found(desk, dossier_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "catalog.secret_on_yearly_list")
    assert (gone.status_code, answer.status_code) == (200, 200)


@pytest.mark.parametrize("changes", [{"checked_by": ""}, {"signed_on": "31/11/2026"}, {"number": "MẬT: KYRA"}])
async def test_a_finding_names_who_and_by_what_paper(ground: Ground, changes: dict[str, str]) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        answer = await found(desk, dossier_id, **changes)
        url = f"/catalog/dossiers/{dossier_id}/secrecy-finding"
        blind = await desk.archivist.post(url, json=FOUND)
        stale = await desk.archivist.post(url, json=FOUND, headers={"If-Match": '"7"'})
        other = await desk.made.caller(Role.AUDITOR).post(url, json=FOUND, headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    assert [each.status_code for each in (blind, stale, other)] == [428, 412, 403]


async def test_the_day_of_a_finding_is_told_as_dossiers_are_dated(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        answer = await found(desk, await desk.dossier(), signed_on="20/11/2026")
    assert answer.status_code == 200
