"""What source agencies have still to transfer: registered by themselves, arranged, received by minutes, concluded."""

from hashlib import sha256

from shared.ids import new_id
from tests.grounds import Ground
from tests.service.agencies_desk import MINUTES, TRANSFER, act, agencies_desk
from tests.service.conftest import in_one_mode

SCAN = b"%PDF-1.7 " + bytes(range(256))


async def test_a_transfer_comes_from_its_agency_to_the_centre_with_its_minutes(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        transfer = await desk.registered()
        url = f"/catalog/transfers/{transfer['id']}"
        for day, metres in (("2026-03-31", 10.25), ("2026-06-30", 25.5)):
            told = {"reported_on": day, "arranged_metres": metres}
            transfer = (await act(desk.agency, transfer, "arrangements", told)).json()
        steps = (await desk.agency.get(f"{url}/arrangements")).json()["items"]
        received = await desk.received(transfer, explanation="Hai hồ sơ trùng, ba hồ sơ thất lạc")
        too_early = await act(desk.archivist, received, "conclusion")
        seen = {"If-Match": f'"{received["version"]}"'}
        attached = await desk.archivist.put(
            f"{url}/minutes", params={"name": "Biên bản.pdf"}, content=SCAN, headers=seen
        )
        again = await desk.archivist.put(f"{url}/minutes", params={"name": "Biên bản.pdf"}, content=SCAN, headers=seen)
        concluded = await act(desk.archivist, attached.json(), "conclusion")
        other_scan = await desk.archivist.put(
            f"{url}/minutes", content=b"khac", headers={"If-Match": concluded.headers["etag"]}
        )
        document = await desk.agency.get(f"{url}/minutes")
        past = (await desk.agency.get(f"{url}/history")).json()["items"]
        acts = await desk.desk.acts()
    assert (transfer["is_arranged"], transfer["backlog_metres"]) == (True, 0)
    assert [(each["reported_on"], each["backlog_metres"]) for each in steps] == [
        ("2026-03-31", 15.25), ("2026-06-30", 0)
    ]  # fmt: skip
    assert (received["state"], received["minutes"]["differences"]) == (
        "received",
        [
            {"field": "dossier_count", "registered": 1200, "received": 1195},
            {"field": "box_count", "registered": 204, "received": 203},
        ],
    )
    assert (too_early.status_code, too_early.json()["code"]) == (409, "catalog.minutes_incomplete")
    assert attached.json()["minutes"]["document_sha256"] == sha256(SCAN).hexdigest()
    assert again.json() == attached.json(), "sent again because the answer was lost"
    assert (concluded.json()["state"], document.content) == ("concluded", SCAN)
    assert (other_scan.status_code, other_scan.json()["state"]) == (409, "concluded")
    assert [each["act"] for each in past] == [
        "transfer.concluded", "transfer.minutes_attached", "transfer.received", "transfer.arranged", "transfer.arranged"
    ]  # fmt: skip
    assert [each["after"]["arrangement"]["arranged_cm"] for each in past[3:]] == [2550, 1025]
    assert past[2]["after"]["minutes"]["explanation"] == "Hai hồ sơ trùng, ba hồ sơ thất lạc"
    assert past[1]["after"]["minutes"]["document_sha256"] == sha256(SCAN).hexdigest()
    assert past[0]["after"]["transfer"]["state"] == "concluded"
    assert acts[-6:] == ["transfer.registered", *(each["act"] for each in reversed(past))]


async def test_an_agency_reads_and_writes_its_own_transfers_and_no_other(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        own = await desk.registered()
        url = f"/catalog/transfers/{own['id']}"
        for path in ("", "/arrangements", "/minutes", "/history"):
            answer = await desk.other.get(url + path)
            assert (answer.status_code, answer.json()["code"]) == (404, "catalog.transfer_unknown"), path
        for what, body in (
            ("", TRANSFER),
            ("arrangements", {"reported_on": "2026-01-01", "arranged_metres": 1}),
            ("withdrawal", {"reason": "nhầm"}),
        ):
            answer = await act(desk.other, own, what, body)
            assert (answer.status_code, answer.json()["code"]) == (404, "catalog.transfer_unknown"), what
            assert (await act(desk.auditor, own, what, body)).status_code == 403
        for what, told in (("receipt", MINUTES), ("conclusion", None)):
            assert (await act(desk.agency, own, what, told)).status_code == 403
        foreign = await desk.other.post("/catalog/transfers", json={**TRANSFER, "agency_id": desk.agency_id})
        listed = [
            (await caller.get("/catalog/transfers")).json()["items"]
            for caller in (desk.agency, desk.other, desk.auditor)
        ]
        asked = (await desk.other.get("/catalog/transfers", params={"agency_id": desk.agency_id})).json()["items"]
        progress = [
            (await caller.get("/catalog/transfers/progress")).json()["items"] for caller in (desk.agency, desk.other)
        ]
    assert (foreign.status_code, foreign.json()["code"]) == (404, "catalog.agency_unknown")
    assert [len(each) for each in listed] == [1, 0, 1]
    assert asked == []
    assert [len(each) for each in progress] == [1, 0]


async def test_an_agency_names_only_a_fonds_of_its_own_records(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        fonds_id = desk.desk.fonds_id
        body = {**TRANSFER, "agency_id": desk.agency_id, "fonds_id": fonds_id}
        hidden = await desk.agency.post("/catalog/transfers", json=body)
        nothing = await desk.agency.post("/catalog/transfers", json={**body, "fonds_id": str(new_id())})
        by_centre = await desk.archivist.post("/catalog/transfers", json=body)
        await desk.archivist.put(
            f"/catalog/fonds/{fonds_id}/agencies", json={"creator_id": desk.agency_id}, headers={"If-Match": '"0"'}
        )
        own = await desk.agency.post("/catalog/transfers", json=body)
    assert [answer.status_code for answer in (hidden, nothing, by_centre, own)] == [404, 404, 201, 201]
    assert hidden.json()["detail"] == nothing.json()["detail"], "it cannot tell the two apart"


@in_one_mode
async def test_states_only_move_forward_and_nobody_overwrites_another(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        transfer = await desk.registered()
        changed = await act(desk.agency, transfer, "", {**TRANSFER, "box_count": 210})
        stale = await act(desk.archivist, transfer, "", {**TRANSFER, "box_count": 211})
        untold = await desk.archivist.post(f"/catalog/transfers/{transfer['id']}/withdrawal", json={"reason": "x"})
        received = await desk.received(changed.json())
        again = await act(desk.archivist, changed.json(), "receipt", MINUTES)
        late = [
            await act(desk.agency, received, "", TRANSFER),
            await act(desk.agency, received, "withdrawal", {"reason": "x"}),
            await act(desk.archivist, received, "receipt", {**MINUTES, "number": "06"}),
        ]
        other = await desk.registered()
        withdrawn = await act(desk.agency, other, "withdrawal", {"reason": "Đăng ký trùng"})
        after = await act(desk.archivist, withdrawn.json(), "receipt", MINUTES)
    assert changed.json()["box_count"] == 210
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "catalog.changed_meanwhile", 2)
    assert untold.status_code == 428
    assert again.json() == received
    assert [(answer.status_code, answer.json()["code"]) for answer in (*late, after)] == [
        (409, "catalog.transfer_state_wrong")
    ] * 4


@in_one_mode
async def test_what_cannot_be_told_of_a_transfer(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        for wrong in (
            {"shelf_metres": 1.005}, {"shelf_metres": -1}, {"shelf_metres": "12"}, {"dossier_count": 1.5},
            {"planned_year": 1999}, {"starts_on": "ngày xưa"}, {"starts_on": "2005"}, {"ends_on": "2999"},
            {"title": ""}, {"title": "a\x01b"}, {"extra": 1},
        ):  # fmt: skip
            answer = await desk.agency.post(
                "/catalog/transfers", json={**TRANSFER, "agency_id": desk.agency_id, **wrong}
            )
            assert answer.status_code == 422, (wrong, answer.text)
            assert answer.json()["code"], wrong
        transfer = await desk.registered()
        for told, reason in (
            ({"reported_on": "2999-01-01", "arranged_metres": 1}, "in_future"),
            ({"reported_on": "2026-01-01", "arranged_metres": 26}, "more_than_shelf"),
        ):
            answer = await act(desk.agency, transfer, "arrangements", told)
            assert (answer.status_code, answer.json()["reason"]) == (422, reason)
        more = await act(desk.agency, transfer, "arrangements", {"reported_on": "2026-01-01", "arranged_metres": 26})
        tomorrow = await act(desk.archivist, transfer, "receipt", {**MINUTES, "signed_on": "2999-01-01"})
        received = await desk.received(transfer)
        url, seen = f"/catalog/transfers/{transfer['id']}/minutes", {"If-Match": f'"{received["version"]}"'}
        missing = await desk.agency.get(url)
        empty = await desk.archivist.put(url, content=b"", headers=seen)
        large = await desk.archivist.put(url, content=bytes((10 << 20) + 1), headers=seen)
    assert more.json()["detail"] == "26.0 m > 25.5 m"
    assert tomorrow.json()["reason"] == "in_future"
    assert [(each.status_code, each.json()["code"]) for each in (missing, empty, large)] == [
        (404, "catalog.minutes_document_missing"), (422, "catalog.minutes_document_empty"), (413, "too_large")
    ]  # fmt: skip


async def test_progress_is_told_by_agency_and_year(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        first = await desk.registered()
        for day, metres in (("2026-02-01", 5), ("2026-03-01", 12.5), ("2026-01-01", 1)):
            first = (
                await act(desk.agency, first, "arrangements", {"reported_on": day, "arranged_metres": metres})
            ).json()
        second = await desk.registered(planned_year=2027, shelf_metres=4.25)
        gone = await desk.registered()
        await act(desk.agency, gone, "withdrawal", {"reason": "trùng"})
        await desk.received(second, shelf_metres=4, dossier_count=100)
        told = (await desk.auditor.get("/catalog/transfers/progress")).json()["items"]
        of_2027 = (await desk.auditor.get("/catalog/transfers/progress", params={"year": 2027})).json()["items"]
    assert [each["agency_id"] for each in told] == [desk.agency_id]
    planned, later = told[0]["years"]
    assert (planned["planned_metres"], planned["backlog_metres"], planned["received_transfers"]) == (25.5, 13, 1)
    assert (planned["received_metres"], planned["received_dossiers"]) == (4, 100), "by the year of the minutes"
    assert (later["planned_transfers"], later["planned_metres"], later["received_transfers"]) == (1, 4.25, 0)
    assert of_2027[0]["years"] == [later]
