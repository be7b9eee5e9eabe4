"""A marking by filter loses its words once a dossier that it changed is found secret, or a document of one."""

from typing import Any

import pytest
from sqlmodel import select

from services.catalog.models import plumbing
from tests.grounds import EmbeddedGround, Ground
from tests.service.catalog_desk import Desk, catalog_desk

WORD, ASKED = "VOLGARMOT", "VOLGARHAI"
FOUND = {"checked_by": "Lê B", "number": "9/BB", "signed_on": "2026-06-01"}


async def marked(desk: Desk, q: str = "", **told: str) -> dict[str, Any]:
    """Mark every dossier that answers."""
    asked = {"q": q} if q else {}
    body = {"act": "give", "criterion": "permanent", "evidence": f"Nêu {WORD}"} | told
    seen = (await desk.archivist.post("/catalog/markings/preview", json=body, params=asked)).json()["seen"]
    made = await desk.archivist.post("/catalog/markings", json={**body, "seen": seen}, params=asked)
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def find(desk: Desk, dossier_id: str, number: int | None = None) -> list[dict[str, str]]:
    """Say that a dossier is secret, or a document of it; gives what remains."""
    url = f"/catalog/dossiers/{dossier_id}"
    place, sheets = (f"/documents/{number}", {"removed_sheet_count": 2}) if number else ("", {})
    etag = (await desk.auditor.get(url)).headers["etag"]
    answer = await desk.archivist.post(f"{url}{place}/secrecy-finding", json=FOUND | sheets, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    remains: list[dict[str, str]] = answer.json()["remains"]
    return remains


async def criteria(desk: Desk, dossier_id: str) -> dict[str, str]:
    """Give the criteria of a dossier."""
    told: dict[str, str] = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["criteria"]
    return told


@pytest.mark.parametrize("number", [None, 1])
async def test_a_marking_keeps_no_word_of_what_was_found_secret(ground: Ground, number: int | None) -> None:
    async with catalog_desk(ground) as desk:
        secret, other = [await desk.dossier(each, note=ASKED) for each in (1, 2)]
        lines = {"documents": [{"number": 1, "title": f"{ASKED} {WORD}"}]}
        assert (await desk.put(f"/catalog/dossiers/{secret}/documents", lines)).status_code == 200
        apart = await desk.dossier(3)
        made = await marked(desk, ASKED)
        taken = await marked(desk, ASKED, act="withdraw", evidence="")
        kept = await marked(desk, "3", evidence="Khác")
        remains = await find(desk, secret, number)
        url = "/catalog/markings"
        undone = [await desk.archivist.post(f"{url}/{each['id']}/undoing") for each in (taken, made, kept)]
        read = [await desk.auditor.get(f"{url}/{each['id']}") for each in (made, taken, kept)]
        listed = (await desk.auditor.get(url)).text
        after = [await criteria(desk, each) for each in (secret, other, apart)]
    assert [each.status_code for each in undone] == [200] * 3, [each.text for each in undone]
    told = [each.json() for each in read]
    assert [(each["evidence"], each["filters"], each["words_removed"]) for each in told] == [
        ("", {"q": ""}, True),
        ("", {"q": ""}, True),
        ("Khác", {"q": "3"}, False),
    ]
    assert (made["words_removed"], taken["words_removed"]) == (False, False)
    assert not [word for word in (WORD, ASKED) for each in (*undone, *read) if word in each.text]
    assert (WORD in listed, ASKED in listed) == (False, False)
    assert [each["left_out"] for each in told] == [[] if number else [secret]] * 2 + [[]]
    assert after == [{}, {}, {}]
    assert [each["code"] for each in remains] == [*(["description"] if number else []), "audit", "backups"]
    assert "(q)" in next(each["message"] for each in remains if each["code"] == "audit")


async def test_the_audit_is_named_only_where_it_tells_such_words(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        secret, other = await desk.dossier(1), await desk.dossier(2)
        await marked(desk, "2")
        await marked(desk, evidence="Mục lục", act="note")
        remains = [await find(desk, each) for each in (secret, other)]
        async with desk.database.reading() as session:
            facts = list(await session.exec(select(plumbing.audit.facts)))
    assert [[each["code"] for each in some] for some in remains] == [["backups"], ["audit", "backups"]]
    assert [each for each in facts if '"q"' in each], "it is never changed"


async def test_no_file_of_the_database_holds_evidence_that_a_marking_gave(ground: Ground) -> None:
    if not isinstance(ground, EmbeddedGround):
        return  # PostgreSQL overwrites what goes when it vacuums, and keeps its log until then
    async with catalog_desk(ground) as desk:
        secret = await desk.dossier(1)
        await marked(desk)
        assert ground.files_with(WORD)
        await find(desk, secret)
    assert not [spelt for spelt in (WORD, WORD.lower()) if ground.files_with(spelt)]
