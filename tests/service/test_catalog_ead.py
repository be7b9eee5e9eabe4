"""A fonds is exported in EAD and imported again: nothing changes, and elsewhere it is made anew."""

import pytest
from lxml import etree

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk

FORMS = pytest.mark.parametrize("form", ["ead2002", "ead3"])
LEVELS = ("fonds", "series", "dossiers")


async def described(desk: Desk) -> list[str]:
    """Describe a fonds: a series with a dossier, a dossier in none, and one that was archived."""
    await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "II", "title": "Đê & kè"})
    first = await desk.chosen(
        1, series_code="II", title="Đê <vỡ> & kè", starts_on="1954-03", languages=["01", "06"], note="một\n\nhai",
        keywords="đê; kè", sheet_count=5, physical_condition="03", box="7", carrier="giay_do", secrecy="expired",
        secrecy_decision="1/QĐ",
    )  # fmt: skip
    return [first, await desk.dossier(2, ends_on="1956-12-31", access_level="02")]


async def exported(desk: Desk, form: str) -> bytes:
    """Export the fonds."""
    answer = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export.{form}.xml")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    return answer.content


@FORMS
async def test_an_export_is_imported_and_changes_nothing(ground: Ground, form: str) -> None:
    async with catalog_desk(ground) as desk:
        ids = await described(desk)
        seen = [(await desk.auditor.get(f"/catalog/dossiers/{each}")).json() for each in ids]
        content = await exported(desk, form)
        told = {level: (await desk.send(content, level=level)).json() for level in LEVELS}
        unasked = (await desk.send(content)).json()
        after = [(await desk.auditor.get(f"/catalog/dossiers/{each}")).json() for each in ids]
    counts = {level: (each["rows"], each["unchanged"], each["notices"]) for level, each in told.items()}
    assert counts == {"fonds": (1, 1, []), "series": (1, 1, []), "dossiers": (2, 2, [])}
    assert (unasked["level"], unasked["unchanged"], seen) == ("dossiers", 2, after)
    assert {"heading": "unittitle", "column": "title"} in unasked["understood"]


@FORMS
async def test_elsewhere_it_is_made_anew_level_by_level(ground: Ground, form: str) -> None:
    async with catalog_desk(ground) as desk:
        await described(desk)
        content = (await exported(desk, form)).replace(b">P01<", b">P02<")
        fonds = (await desk.send(content, level="fonds")).json()
        desk.fonds_id = next(
            each["id"] for each in (await desk.auditor.get("/catalog/fonds")).json()["items"] if each["code"] == "P02"
        )
        early = (await desk.send(content)).json()
        series = (await desk.send(content, level="series")).json()
        preview = (await desk.send(content, dry_run="true")).json()
        made = (await desk.send(content)).json()
        again = await exported(desk, form)
    assert (fonds["created"], series["created"], preview["created"], made["created"]) == (1, 1, 2, 2)
    assert [(each["row"], each["column"], each["code"]) for each in early["errors"]] == [
        (2, "series", "series_code_unknown")
    ]
    assert components(again) == components(content)


def components(content: bytes) -> bytes:
    """Give what a finding aid says of the fonds; what it says of itself has the time in it."""
    told = etree.fromstring(content).find("{*}archdesc")
    assert told is not None
    return etree.tostring(told)


async def test_what_changed_in_a_finding_aid_is_taken_and_the_rest_stays(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, _second = await described(desk)
        content = (await exported(desk, "ead3")).replace("Đê &lt;vỡ&gt;".encode(), "Đê điều".encode())
        told = (await desk.send(content)).json()
        seen = (await desk.auditor.get(f"/catalog/dossiers/{first}")).json()
    assert (told["updated"], told["unchanged"]) == (1, 1)
    assert (seen["title"], seen["carrier"], seen["criteria"]) == (
        "Đê điều & kè",
        "giay_do",
        {"permanent": "Mục lục số 1"},
    )


async def test_wrong_units_are_told_and_given_back_as_a_workbook(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await described(desk)
        content = (await exported(desk, "ead2002")).replace(b'<extent unit="pages">10</extent>', b"")
        told = (await desk.send(content)).json()
        marked = await desk.auditor.get(f"/catalog/imports/{told['id']}/marked")
        again = (await desk.send(marked.content, dry_run="true")).json()
    assert {each["code"] for each in told["errors"]} == {"page_count_missing"}
    assert (told["rejected"], again["rejected"], again["level"]) == (2, 2, "dossiers")


async def test_a_secret_in_a_finding_aid_is_not_kept(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier(1, title="KÍN")
        content = await exported(desk, "ead3")
        for word in ("Mật", "Không rõ"):
            secret = content.replace("Công khai".encode(), word.encode())
            told = (await desk.send(secret)).json()
            marked = await desk.auditor.get(f"/catalog/imports/{told['id']}/marked")
            assert (told["rejected"], {each["value"] for each in told["errors"]}) == (1, {""})
            assert "KÍN".encode() not in marked.content


MIXED = """<ead xmlns="urn:isbn:1-931666-22-9"><archdesc level="fonds">
<did><unitid>P01</unitid><unittitle>Phông</unittitle><repository>H49</repository></did>{whole}
<dsc><c level="series"><did><unitid>II</unitid><unittitle>Nhóm</unittitle></did>{series}
<c level="file"><did><unitid>H.1</unitid><unittitle>KÍN</unittitle><physdesc><extent>5 pages</extent></physdesc></did>
{file}</c></c></dsc>{late}</archdesc></ead>"""
PLACES = ("whole", "series", "file", "late")
P = "<accessrestrict><p>Công khai</p></accessrestrict>"


def restricted(**told: str) -> bytes:
    """Make a finding aid of one dossier, with restrictions in some places."""
    return MIXED.format(**{place: told.get(place, "") for place in PLACES}).encode()


@pytest.mark.parametrize(
    "told",
    [
        {"series": "<accessrestrict><head>Độ mật</head><p>Mật</p></accessrestrict>"},
        {"series": "<accessrestrict><p>Mật</p></accessrestrict>", "file": P},
        {"whole": "<accessrestrict><p>Tuyệt mật</p></accessrestrict>"},
        {"file": "<accessrestrict><legalstatus>Tuyệt mật</legalstatus></accessrestrict>"},
        {"file": "<accessrestrict><list><item>Mật</item></list></accessrestrict>"},
        {"file": "<accessrestrict><p>Công khai</p><p>Không rõ</p></accessrestrict>"},
        {"file": "<accessrestrict><accessrestrict><p>Tối mật</p></accessrestrict></accessrestrict>"},
        {"file": "<accessrestrict><head>Tuyệt mật</head><p>Công khai</p></accessrestrict>"},
        {"file": "<accessrestrict>Tuyệt mật</accessrestrict>"},
        {"file": "<descgrp><accessrestrict><p>Mật</p></accessrestrict></descgrp>"},
        {"file": f'{P}<c level="item"><accessrestrict><p>Mật</p></accessrestrict></c>'},
        {"file": f"{P}<userestrict><p>Tuyệt mật</p></userestrict>"},
    ],
)
async def test_whoever_restricts_a_dossier_from_above_or_within_keeps_it_back(
    ground: Ground, told: dict[str, str]
) -> None:
    async with catalog_desk(ground) as desk:
        await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "II", "title": "Nhóm"})
        seen = (await desk.send(restricted(**told))).json()
        marked = await desk.auditor.get(f"/catalog/imports/{seen['id']}/marked")
        counts = await desk.counts()
    assert (seen["rejected"], {each["value"] for each in seen["errors"]}) == (1, {""})
    assert "mode" in {each["column"] for each in seen["errors"]}
    assert ("KÍN".encode() in marked.content, counts[0]) == (False, 0)


async def test_what_is_open_above_is_open_beneath_and_its_heading_is_no_matter(ground: Ground) -> None:
    limited = "<accessrestrict><head>Điều kiện</head><p>Sử dụng có <emph>điều kiện</emph></p></accessrestrict>"
    async with catalog_desk(ground) as desk:
        await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "II", "title": "Nhóm"})
        made = (await desk.send(restricted(whole=P, series=limited))).json()
        found = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert (made["created"], found[0]["access_level"], found[0]["title"]) == (1, "02", "KÍN")


async def test_a_restriction_that_follows_what_it_restricts_is_refused_with_the_file(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        answer = await desk.send(restricted(late="<accessrestrict><p>Mật</p></accessrestrict>"))
        counts = await desk.counts()
    assert (answer.status_code, answer.json()["reason"]) == (422, "late_restriction")
    assert counts == (0, 0, 0)


async def test_the_title_of_a_secret_series_is_not_kept(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = restricted(series="<accessrestrict><p>Mật</p></accessrestrict>").replace("Nhóm".encode(), b"NGAM")
        seen = (await desk.send(told, level="series")).json()
        marked = await desk.auditor.get(f"/catalog/imports/{seen['id']}/marked")
    assert [(each["column"], each["value"]) for each in seen["errors"]] == [("seriesTitle", "")]
    assert b"NGAM" not in marked.content


async def test_archived_dossiers_and_an_empty_fonds(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        empty = await exported(desk, "ead2002")
        rows: list[dict[str, object]] = [{**RIGHT, "fileCode": f"H{number:04}"} for number in range(1234)]
        await desk.import_rows(*rows)
        gone = (await desk.auditor.get("/catalog/dossiers")).json()["items"][0]
        other = desk.made.caller(Role.ARCHIVIST, name="hùng")
        path = f"/catalog/dossiers/{gone['id']}/archiving"
        asked = await desk.archivist.post(path, json={"reason": "trùng"})
        done = await other.post(f"{path}/confirmation")
        large = await exported(desk, "ead2002")
        nowhere = await desk.archivist.get("/catalog/fonds/0195c2f0-0000-7000-8000-00000000000a/export.ead3.xml")
        none = (await desk.send(empty)).json()
    assert (asked.status_code // 100, done.status_code // 100, nowhere.status_code) == (2, 2, 404)
    codes = [each.text for each in etree.fromstring(large).iterfind(".//{*}c01/{*}did/{*}unitid")]
    assert codes == [row["fileCode"] for row in rows if row["fileCode"] != gone["file_code"]]
    assert (b"<dsc" in empty, none["state"], none["rows"]) == (False, "done", 0)


async def test_what_cannot_be_asked_of_a_file_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        content = await exported(desk, "ead3")
        answers = [
            await desk.send(content, level="documents"),
            await desk.send(content, layout="tt02-2019"),
            await desk.send(b"fileCode,title,numberOfPage\n1,2,3\n", level="series"),
            await desk.send(b"<!DOCTYPE ead [<!ENTITY x 'y'>]>" + content),
        ]
    assert [(each.status_code, each.json()["reason"]) for each in answers] == [
        (422, "no_table"), (422, "no_table"), (422, "no_finding_aid"), (422, "dangerous")
    ]  # fmt: skip
