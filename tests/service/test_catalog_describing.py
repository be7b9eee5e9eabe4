"""Fonds, series, dossiers, documents and criteria: described, found, and refused."""

import pytest

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, catalog_desk, decided


async def test_a_fonds_is_added_once_and_read_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        read = (await desk.auditor.get(f"/catalog/fonds/{desk.fonds_id}")).json()
        again = await desk.archivist.post("/catalog/fonds", json=FONDS)
        await desk.fonds(code="P02")
        first = (await desk.auditor.get("/catalog/fonds", params={"limit": 1})).json()
        second = (await desk.auditor.get("/catalog/fonds", params={"limit": 1, "cursor": first["next"]})).json()
        acts = await desk.acts()
    assert {name: read[name] for name in ("id", "version", "page_count", *FONDS)} == {
        "id": desk.fonds_id, "version": 1, "page_count": 0, **FONDS
    }  # fmt: skip
    assert (again.status_code, again.json()["code"]) == (409, "catalog.code_taken")
    assert [each["items"][0]["code"] for each in (first, second)] == ["P01", "P02"]
    assert acts == ["fonds.created", "fonds.created"]


async def test_a_series_has_its_own_code_within_its_fonds(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url, told = f"/catalog/fonds/{desk.fonds_id}/series", {"code": "I", "title": "Tổng hợp"}
        assert (await desk.archivist.post(url, json=told)).status_code == 201
        again = await desk.archivist.post(url, json=told)
        listed = (await desk.auditor.get(url)).json()["items"]
        inside = await desk.dossier(series_code="I")
        body = {"fonds_id": desk.fonds_id, "file_code": "X", "title": "X", "page_count": 1, "series_code": "II"}
        unknown = await desk.archivist.post("/catalog/dossiers", json=body)
        assert (await desk.stored(inside)).series_code == "I"
    assert again.json()["code"] == "catalog.code_taken"
    assert [each["code"] for each in listed] == ["I"]
    assert (unknown.status_code, unknown.json()["code"]) == (422, "catalog.series_unknown")


async def test_a_dossier_keeps_its_dates_cut_and_its_text_composed(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(title="  Hồ sơ   đê ", starts_on="3/1954", ends_on="1956", note="một \n hai")
        read = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
    assert (read["title"], read["starts_on"], read["ends_on"], read["note"]) == (
        "Hồ sơ đê",
        "1954-03",
        "1956",
        "một\nhai",
    )
    assert (read["version"], read["criteria"], read["documents"], read["list_id"]) == (1, {}, [], None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"retention": "02"}, "retention_not_permanent"),
        ({"access_level": "03"}, "access_level_contradicts_secrecy"),
        ({"starts_on": "1954-13"}, "starts_on_not_a_date"),
        ({"starts_on": "1956", "ends_on": "1954"}, "ends_on_before_start"),
        ({"page_count": 0}, "page_count_out_of_range"),
        ({"trust_level": "02"}, "paper_file_code_missing_for_digitised"),
        ({"keywords": "x" * 101}, "keywords_too_long"),
    ],
)
async def test_a_wrong_field_is_named_with_its_fault(ground: Ground, changes: dict[str, object], code: str) -> None:
    async with catalog_desk(ground) as desk:
        body = {"fonds_id": desk.fonds_id, "file_code": "X", "title": "X", "page_count": 1, **changes}
        answer = await desk.archivist.post("/catalog/dossiers", json=body)
        assert (await desk.counts())[0] == 0
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.field_wrong")
    assert code in [each["code"] for each in answer.json()["fields"]]


@pytest.mark.parametrize(
    "changes",
    [{"page_count": "12"}, {"is_arranged": "true"}, {"colour": "red"}, {"title": "a\u0000b"}, {"secrecy": "mật"},
     {"title": ""}, {"page_count": 1.5}, {"page_count": True}],
)  # fmt: skip
async def test_a_body_of_another_shape_is_refused(ground: Ground, changes: dict[str, object]) -> None:
    async with catalog_desk(ground) as desk:
        body = {"fonds_id": desk.fonds_id, "file_code": "X", "title": "X", "page_count": 1, **changes}
        answer = await desk.archivist.post("/catalog/dossiers", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_code_is_taken_only_within_its_fonds(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, second = await desk.dossier(1), await desk.dossier(2)
        await desk.dossier(1, fonds_id=await desk.fonds(code="P02"))
        body = {"file_code": "H49.1954.1", "title": "X", "page_count": 1}
        again = await desk.archivist.post("/catalog/dossiers", json={**body, "fonds_id": desk.fonds_id})
        moved = await desk.put(f"/catalog/dossiers/{second}", body)
        kept = await desk.put(f"/catalog/dossiers/{first}", body)
    assert [each.json()["code"] for each in (again, moved)] == ["catalog.code_taken"] * 2
    assert (kept.status_code, kept.json()["version"]) == (200, 2)


async def test_saying_the_same_twice_is_one_change(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        url, body = f"/catalog/dossiers/{dossier_id}", {"file_code": "A", "title": "B", "page_count": 10}
        documents = {"documents": [{"number": 1, "title": "Đơn", "first_page": 1, "last_page": 10}]}
        marks = {"criteria": [{"criterion": "at_risk", "evidence": "mủn, giòn"}]}
        for place, told in (("", body), ("/documents", documents), ("/criteria", marks)):
            versions = [(await desk.put(url + place, told)).json()["version"] for _ in range(2)]
            assert versions[0] == versions[1]
        acts = await desk.acts()
    assert acts[2:] == ["dossier.changed", "documents.set", "criteria.set"]


async def test_a_secret_is_not_kept_and_its_title_is_nowhere(ground: Ground) -> None:
    title = "Kế hoạch tuyệt đối bí mật"
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        body = {"file_code": "M1", "title": title, "page_count": 1, "secrecy": "secret", "access_level": "03"}
        made = await desk.archivist.post("/catalog/dossiers", json={**body, "fonds_id": desk.fonds_id})
        changed = await desk.put(f"/catalog/dossiers/{dossier_id}", body)
        disguised = await desk.put(f"/catalog/dossiers/{dossier_id}", {**body, "secrecy": "none"})
    assert [each.json()["code"] for each in (made, changed)] == ["catalog.secret_refused"] * 2
    assert disguised.json()["code"] == "catalog.field_wrong"
    for answer in (made, changed, disguised):
        assert answer.status_code == 422
        assert "tuyệt đối" not in answer.text
    assert ground.files_with("Hồ sơ 1")
    assert not ground.files_with(title)


async def test_an_installation_without_network_may_keep_secrets_but_never_list_them(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_secrets_allowed=True) as desk:
        dossier_id = await desk.chosen(secrecy="secret", access_level="03")
        answer = await desk.put_on(await desk.list_of(), dossier_id)
    assert answer.json()["dossiers"] == {dossier_id: "secret"}


async def test_dossiers_are_found_without_accents(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        for number, title in enumerate(("Đắp đê Sông Bé năm 1954", "Dap de", "100% vốn", "Trường học")):
            await desk.dossier(number, title=title)

        async def found(**asks: str) -> list[str]:
            items = (await desk.auditor.get("/catalog/dossiers", params=asks)).json()["items"]
            return [each["title"] for each in items]

        assert await found(q="dap DE") == ["Đắp đê Sông Bé năm 1954", "Dap de"]
        assert await found(q="Đê sông") == ["Đắp đê Sông Bé năm 1954"]
        assert await found(q="100%") == ["100% vốn"]
        assert await found(q="1%v") == await found(q="d_p") == []
        assert await found(q="H49.1954.3") == ["Trường học"]
        assert await found(q="nothing") == []


async def test_lists_of_dossiers_are_narrowed_and_paged(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        plain = await desk.dossier(1)
        chosen = [await desk.chosen(number) for number in (2, 3, 4)]
        other = await desk.dossier(5, fonds_id=await desk.fonds(code="P02"))
        list_id = await desk.list_of(*chosen[:2])

        async def ids(**asks: str | int) -> list[str]:
            return [each["id"] for each in (await desk.auditor.get("/catalog/dossiers", params=asks)).json()["items"]]

        assert await ids() == [plain, *chosen, other]
        assert await ids(fonds_id=desk.fonds_id) == [plain, *chosen]
        assert await ids(criterion="permanent") == chosen
        assert await ids(list_id=list_id) == chosen[:2]
        first = (await desk.auditor.get("/catalog/dossiers", params={"limit": 2})).json()
        assert await ids(limit=2, cursor=first["next"]) == chosen[1:3]
        for asks in ({"cursor": "WyJ4Il0"}, {"cursor": "W10"}, {"cursor": "%%"}):
            answer = await desk.auditor.get("/catalog/dossiers", params=asks)
            assert (answer.status_code, answer.json()["code"]) == (400, "cursor_malformed")
        for wrong in ({"limit": 0}, {"limit": 501}, {"colour": "red"}):
            assert (await desk.auditor.get("/catalog/dossiers", params=wrong)).status_code == 422


async def test_criteria_are_those_of_the_programme_each_with_evidence(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        criteria = (await desk.auditor.get("/catalog/criteria")).json()["items"]
        url = f"/catalog/dossiers/{await desk.dossier()}/criteria"
        unknown = await desk.put(url, {"criteria": [{"criterion": "old", "evidence": "x"}]})
        unproven = await desk.put(url, {"criteria": [{"criterion": "at_risk", "evidence": "  "}]})
        marks = [{"criterion": each["code"], "evidence": "thấy"} for each in criteria]
        every = await desk.put(url, {"criteria": marks})
        none = await desk.put(url, {"criteria": []})
    assert [each["code"] for each in criteria] == [
        "permanent", "before_1975", "notable_people", "unusual_carrier", "at_risk"
    ]  # fmt: skip
    assert (unknown.status_code, unknown.json()["code"]) == (422, "catalog.criterion_unknown")
    assert unproven.status_code == 422
    assert every.json()["criteria"] == {each["code"]: "thấy" for each in criteria}
    assert none.json()["criteria"] == {}


async def test_documents_are_set_whole_and_give_the_dossier_its_count(ground: Ground) -> None:
    documents: list[dict[str, object]] = [
        {
            "number": 1, "title": "Tờ trình", "type_code": "15", "issued_on": "3/1954", "first_page": 1, "last_page": 2,
            "code_number": "12", "code_notation": "TT-UB", "issuer": "Ủy ban", "languages": ["01", "03"],
            "access_level": "02", "information_sign": "T1", "keywords": "đê", "trust_level": "02",
            "autograph": "bút phê\nký nháy", "physical_condition": "03", "note": "rách góc",
            "retention": "05", "has_workflow": False,
        },
        {
            "number": 2, "title": "Bản đồ", "type_code": "30", "issued_on": None, "first_page": None, "last_page": None,
            "code_number": "", "code_notation": "", "issuer": "", "languages": [], "access_level": None,
            "information_sign": "", "keywords": "", "trust_level": None, "autograph": "", "physical_condition": None,
            "note": "", "retention": None, "has_workflow": None,
        },
    ]  # fmt: skip
    async with catalog_desk(ground) as desk:
        url = f"/catalog/dossiers/{await desk.dossier()}"
        told = (await desk.put(f"{url}/documents", {"documents": documents})).json()
        body = {"file_code": "A", "title": "B", "page_count": 1}
        shrunk = await desk.put(url, body)
        emptied = (await desk.put(f"{url}/documents", {"documents": []})).json()
    assert told["document_count"] == 2
    assert told["documents"] == [{**documents[0], "issued_on": "1954-03"}, documents[1]]
    assert shrunk.json()["fields"] == [{"field": "page_count", "code": "page_count_less_than_documents"}]
    assert emptied["documents"] == []


async def test_documents_that_do_not_fit_are_refused_with_their_numbers(ground: Ground) -> None:
    documents = [
        {"number": 1, "title": "a", "first_page": 2, "last_page": 5},
        {"number": 3, "title": "b", "first_page": 5, "last_page": 11},
    ]
    async with catalog_desk(ground) as desk:
        url = f"/catalog/dossiers/{await desk.dossier()}/documents"
        answer = await desk.put(url, {"documents": documents})
        desk.archivist.headers["Accept-Language"] = "en"
        in_english = await desk.put(url, {"documents": [{**documents[0], "last_page": 11, "type_code": "99"}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.documents_wrong")
    assert answer.json()["documents"] == [
        {
            "number": 2,
            "code": "number_out_of_order",
            "message": "Số thứ tự tài liệu: phải liên tục từ 1 trong mỗi hồ sơ",
        },
        {"number": 2, "code": "pages_overlap", "message": "Từ trang: trùng với trang của tài liệu trước"},
    ]
    first, second = in_english.json()["documents"]
    assert first["message"].startswith("Type of document: is not among the codes (")
    assert second["message"] == "First page: is beyond the pages of the dossier"


async def test_what_is_not_there_is_not_found(ground: Ground) -> None:
    nowhere = "0195c2f0-0000-7000-8000-00000000000a"
    async with catalog_desk(ground) as desk:
        body = {"file_code": "A", "title": "B", "page_count": 1}
        answers = [
            await desk.auditor.get(f"/catalog/fonds/{nowhere}"),
            await desk.auditor.get(f"/catalog/dossiers/{nowhere}"),
            await desk.auditor.get(f"/catalog/lists/{nowhere}"),
            await desk.auditor.get(f"/catalog/imports/{nowhere}"),
            await desk.archivist.post(f"/catalog/fonds/{nowhere}/series", json={"code": "I", "title": "x"}),
            await desk.put(f"/catalog/dossiers/{nowhere}", body),
            await desk.put(f"/catalog/dossiers/{nowhere}/criteria", {"criteria": []}),
            await desk.put(f"/catalog/dossiers/{nowhere}/documents", {"documents": []}),
            await desk.archivist.post("/catalog/dossiers", json={**body, "fonds_id": nowhere}),
            await desk.archivist.post("/catalog/lists", json={"fonds_id": nowhere, "name": "x", "year": 2026}),
            await desk.submit(nowhere),
            await desk.approve(nowhere),
        ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)


async def test_only_those_who_may_do_so_act(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        nobody, operator = desk.made.caller(), desk.made.caller(Role.OPERATOR, Role.APPROVER, Role.ADMIN)
        list_id = await desk.list_of(await desk.chosen())
        assert (await nobody.get("/catalog/fonds")).status_code == 401
        assert (
            await nobody.post("/catalog/imports", params={"fonds_id": desk.fonds_id}, content=b"")
        ).status_code == 401
        assert (await operator.post("/catalog/fonds", json=FONDS)).status_code == 403
        assert (await decided(operator, list_id, "submission")).status_code == 403
        assert (await desk.made.caller(Role.STATION).get("/catalog/dossiers")).status_code == 403
        await desk.submit(list_id)
        assert (await decided(desk.archivist, list_id, "approval")).status_code == 403
