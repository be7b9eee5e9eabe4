"""A document that turns out to be secret: its words leave dossier, past and imports, and the dossier lives on."""

from typing import Any

import httpx
import pytest
from sqlmodel import select

from services.catalog.models.imports import WorkbookImport
from tests.grounds import EmbeddedGround, Ground
from tests.service.catalog_desk import Desk, catalog_desk

WORD, ISSUER = WORDS = ("VOLGARMOT", "VOLGARHAI")
CODE = "H49.1954.1"
LINES: list[dict[str, Any]] = [
    {"number": 1, "title": "Tờ trình"},
    {"number": 2, "title": f"{WORD} bố phòng", "issuer": ISSUER, "code_number": "12", "code_notation": "KH"},
    {"number": 3, "title": "Báo cáo"},
]
OLD = f"fileCode,docOrdinal,subject,organName\n{CODE},2,{WORD} bố phòng,{ISSUER}"


async def itemised(desk: Desk) -> str:
    """Describe a dossier whose second document is secret, by hand and by an import."""
    dossier_id = await desk.dossier()
    url = f"/catalog/dossiers/{dossier_id}/documents"
    assert (await desk.put(url, {"documents": LINES})).status_code == 200
    assert (await desk.send(OLD.encode())).json()["unchanged"] == 1
    return dossier_id


async def found(desk: Desk, dossier_id: str, **changes: int) -> httpx.Response:
    """Say that the second document is secret, in the version that the dossier has now."""
    url = f"/catalog/dossiers/{dossier_id}"
    told = {"checked_by": "Lê C", "number": "7/BB", "signed_on": "2026-06-01", "removed_sheet_count": 2, **changes}
    etag = (await desk.auditor.get(url)).headers["etag"]
    return await desk.archivist.post(f"{url}/documents/2/secrecy-finding", json=told, headers={"If-Match": etag})


async def everything(desk: Desk, dossier_id: str) -> str:
    """Read whatever tells of the dossier."""
    url, imports = f"/catalog/dossiers/{dossier_id}", "/catalog/imports"
    texts = [(await desk.auditor.get(each)).text for each in (url, f"{url}/history")]
    texts += [(await desk.auditor.get("/catalog/dossiers", params={"q": f"{word[:8]}*"})).text for word in WORDS]
    async with desk.database.reading() as session:
        listed = list(await session.exec(select(WorkbookImport.id)))
    for each in listed:
        texts += [(await desk.auditor.get(f"{imports}/{each}{of}")).text for of in ("", "/changes", "/marked")]
    return "".join(texts)


@pytest.mark.parametrize("is_taken_off", [False, True])
async def test_a_document_that_was_found_secret_leaves_no_word(ground: Ground, is_taken_off: bool) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await itemised(desk)
        url = f"/catalog/dossiers/{dossier_id}"
        stood: dict[str, int] = {}
        if is_taken_off:
            stood = {"version": (await desk.auditor.get(url)).json()["version"]}
            left = [LINES[0], {**LINES[2], "number": 2}]
            assert (await desk.put(f"{url}/documents", {"documents": left})).status_code == 200
            assert WORD in await everything(desk, dossier_id), "only a finding purges the past"
        answer = await found(desk, dossier_id, **stood)
        again = await found(desk, dossier_id, version=99)
        read = (await desk.auditor.get(url)).json()
        texts = await everything(desk, dossier_id)
        acts = await desk.acts()
    assert answer.status_code == 200, answer.text
    assert (again.status_code, acts.count("document.found_secret")) == (404, 1)
    assert [(each["number"], each["title"]) for each in read["documents"]] == [(1, "Tờ trình"), (2, "Báo cáo")]
    assert (read["secrecy"], read["removed_sheet_count"], read["secrecy_by"], read["secrecy_decision"]) == (
        "removed", 2, "Lê C", "7/BB, 01/06/2026",
    )  # fmt: skip
    assert (read["title"], read["document_count"]) == ("Hồ sơ 1", 2)
    assert not [word for word in WORDS if word in texts]
    if isinstance(ground, EmbeddedGround):
        assert not [word for word in WORDS for spelt in (word, word.lower()) if ground.files_with(spelt)]


async def test_an_old_file_does_not_bring_a_secret_document_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await itemised(desk)
        assert (await found(desk, dossier_id)).status_code == 200
        version = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["version"]
        late = [(await desk.send(each.encode())).json() for each in (OLD, OLD.lower().replace("kyra", "VOLGAR"))]
        marked = [await desk.auditor.get(f"/catalog/imports/{each['id']}/marked") for each in late]
        heads = "fileCode,docOrdinal,subject,catalogVersion"
        stale = (await desk.send(f"{heads}\n{CODE},3,{WORD},{version - 1}".encode())).json()
        fresh = (await desk.send(f"{heads}\n{CODE},3,Biên bản,{version}".encode())).json()
        restored = await desk.archivist.post(
            f"/catalog/dossiers/{dossier_id}/restoration", json={"version": 2},
            headers={"If-Match": f'"{version + 1}"'},
        )  # fmt: skip
        texts = await everything(desk, dossier_id)
    assert [each["rejected"] for each in (*late, stale)] == [1, 1, 1]
    assert "file_code_shut" in {each["code"] for told in (late[0], stale) for each in told["errors"]}
    assert not [
        word for word in WORDS if word in str(late) + str(stale) + texts + "".join(each.text for each in marked)
    ]
    assert (fresh["created"], restored.status_code) == (1, 200)


async def test_a_finding_about_a_document_is_about_the_version_that_was_seen(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await itemised(desk)
        url = f"/catalog/dossiers/{dossier_id}/documents/2/secrecy-finding"
        told = {"checked_by": "Lê C", "number": "7/BB", "signed_on": "2026-06-01", "removed_sheet_count": 2}
        stale = await desk.archivist.post(url, json=told, headers={"If-Match": '"1"'})
        unseen = await desk.archivist.post(url, json=told)
        other = await desk.auditor.post(url, json=told, headers={"If-Match": '"2"'})
        marked = await found(desk, await desk.dossier(2))
    assert [each.status_code for each in (stale, unseen, other, marked)] == [412, 428, 403, 404]
