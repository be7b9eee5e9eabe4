"""A text with a mark of secrecy at its head is kept nowhere, whatever field it is written into."""

from typing import Any

import httpx
import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

MARKED = "TỐI MẬT: ZOLVAK"
OF_DOSSIER = (
    "title", "note", "keywords", "box", "shelf", "secrecy_by", "secrecy_decision", "paper_file_code",
    "information_sign", "arrangement_number",
)  # fmt: skip
OF_DOCUMENT = ("title", "autograph", "note", "issuer", "keywords", "information_sign", "code_notation")
OF_FONDS = ("title", "history", "arrangement", "other_types", "lookup_tools", "note")


async def attempts(desk: Desk) -> list[httpx.Response]:
    """Write a marked text into everything that keeps one."""
    dossier_id = await desk.dossier(1)
    url, post, put = f"/catalog/dossiers/{dossier_id}", desk.archivist.post, desk.put
    told: dict[str, Any] = {"file_code": "H49.1954.1", "title": "Hồ sơ", "page_count": 10}
    bulk = {"criterion": "permanent", "evidence": MARKED, "act": "give"}
    marks = {"criteria": [{"criterion": "permanent", "evidence": MARKED}]}
    fonds = {"code": "PM", "title": "Phông", "archive_code": "H49"}
    layout = {"name": "cũ", "level": "dossiers", "columns": {"Mật": "", "Mã": "fileCode"}}
    return [
        *[await put(url, told | {name: MARKED}) for name in OF_DOSSIER],
        *[
            await put(f"{url}/documents", {"documents": [{"number": 1, "title": "Tờ trình"} | {name: MARKED}]})
            for name in OF_DOCUMENT
        ],
        await put(f"{url}/criteria", marks),
        *[await post("/catalog/fonds", json=fonds | {name: MARKED}) for name in OF_FONDS],
        await post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "M1", "title": MARKED}),
        await post("/catalog/lists", json={"fonds_id": desk.fonds_id, "name": MARKED, "year": 2026}),
        await post(f"/catalog/markings/preview?fonds_id={desk.fonds_id}", json=bulk),
        await post(f"/catalog/markings?fonds_id={desk.fonds_id}", json=bulk | {"seen": "x"}),
        await post(f"{url}/archiving", json={"reason": f"Kế hoạch\n{MARKED}"}),
        await desk.approver.put(
            f"/catalog/lists/{await desk.list_of()}/decision/document",
            params={"name": f"{MARKED}.pdf"},
            content=b"%PDF-",
            headers={"If-Match": f'"{"0" * 32}"'},
        ),
        await post("/catalog/layouts", json=layout | {"constants": {"description": MARKED}}),
    ]


async def test_a_marked_text_is_refused_in_every_field(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        answers = await attempts(desk)
        searched = await desk.auditor.get("/catalog/dossiers", params={"q": "mật"})
    refused = [(each.status_code, each.json().get("code")) for each in answers]
    assert refused == [(422, "catalog.secret_marked")] * len(answers)
    assert not [each for each in answers if "ZOLVAK" in each.text]
    assert searched.status_code == 200, "who looks for something keeps nothing"
    assert not ground.files_with("ZOLVAK")


async def test_where_secrets_may_be_kept_no_text_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_secrets_allowed=True) as desk:
        answer = await desk.archivist.post(
            f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "M1", "title": "MẬT: Kế hoạch"}
        )
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "content",
    [f"fondsCode,fondsTitle,archiveCode\nP9,{MARKED},H49", f"fondsCode,seriesCode,seriesTitle\nP.1954,S1,{MARKED}"],
)
async def test_a_fonds_or_series_that_bears_a_mark_is_withheld(ground: Ground, content: str) -> None:
    async with catalog_desk(ground) as desk:
        seen = (await desk.send(content.encode(), valid_rows="true")).json()
    assert (seen["created"], seen["rejected"]) == (0, 1), seen
    assert "ZOLVAK" not in str(seen)
    assert not ground.files_with("ZOLVAK")
