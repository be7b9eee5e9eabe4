"""Dossiers found by words, phrases, beginnings, codes and years: the same in either database."""

import random
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from services.catalog.domain.searching import Search, matches, phrases_in
from services.catalog.domain.terms import TOLD, entry_of, term
from services.catalog.models import CriterionMark, Dossier, DossierIndex
from services.catalog.operations.finding import count_found, found_ids
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk

TITLES = (
    "Đắp đê Sông Bé năm 1954", "Dap de", "100% vốn 1e5x", "Trường học, đường đi", "阮朝硃本 tập 3", "Đê sông Đồng Nai",
)  # fmt: skip


async def titles(desk: Desk, **asks: object) -> list[str]:
    """Give the titles of what is found."""
    answer = await desk.auditor.get("/catalog/dossiers", params={name: str(value) for name, value in asks.items()})
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()["items"]]


async def test_words_phrases_beginnings_and_codes_are_found(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        for number, title in enumerate(TITLES):
            await desk.dossier(number, title=title, note="hết" if number else "mở đầu")

        assert await titles(desk, q="dap DE") == [TITLES[0], TITLES[1]]
        assert await titles(desk, q="Đê sông") == [TITLES[0], TITLES[5]]
        assert await titles(desk, q='"Đê sông"') == [TITLES[0], TITLES[5]]
        assert await titles(desk, q='"sông đê"') == []
        assert await titles(desk, q='"đê sông đồng') == [TITLES[5]], "a quote that is left open reaches to the end"
        assert await titles(desk, q="truo*") == await titles(desk, q="trường*") == [TITLES[3]]
        assert await titles(desk, q="truo") == []
        assert await titles(desk, q="duong") == [TITLES[3]]
        assert await titles(desk, q="H49.1954.3") == [TITLES[3]]
        assert await titles(desk, q="h49.19*") == list(TITLES)
        assert await titles(desk, q="1e5x") == await titles(desk, q="1e5*") == [TITLES[2]]
        assert await titles(desk, q="硃本") == [TITLES[4]]
        assert await titles(desk, q='"1954 mo dau"') == [], "no phrase reaches from one field into the next"
        assert await titles(desk, q='"mở đầu" 1954') == [TITLES[0]]


HOSTILE = (
    '"', '""', "AND", "OR NOT", "NEAR(a b)", "a AND", "* *", "title:x", "^dap", "'; DROP TABLE dossier; --", "{}()[]",
    "a'b", "dap -de", "!!!", "\\", "%", "_", "dap & | ! <-> de", "x:*", "*", "a*", "\u202e", "-", "+dap", "😀",
    "dap\tde", "a" * 200, '"dap" "', "' OR 1=1", "fonds_id:1", "\ud7ff", "ﬁ", "١٢٣",
)  # fmt: skip


@pytest.mark.parametrize("begin", ["", "dap "])
async def test_no_query_is_worse_than_refused(ground: Ground, begin: str) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier(1, title="Đắp đê")
        for hostile in HOSTILE:
            answer = await desk.auditor.get("/catalog/dossiers", params={"q": (begin + hostile)[:200]})
            assert answer.status_code in (200, 422), (hostile, answer.text)
            if answer.status_code == 422:
                assert answer.json()["code"] == "catalog.search_unclear", hostile
        wordless = await desk.auditor.get("/catalog/dossiers", params={"q": "!!! --"})
        endless = await desk.auditor.get("/catalog/dossiers", params={"q": "a" * 10_000})
        many = await desk.auditor.get("/catalog/dossiers", params={"q": "a " * 50})
        short = await desk.auditor.get("/catalog/dossiers", params={"q": "a*"})
    assert [each.json().get("reason") for each in (wordless, many, short)] == [
        "no_words", "too_many_words", "beginning_too_short"
    ]  # fmt: skip
    assert (endless.status_code, endless.json()["code"]) == (422, "invalid_request")


async def test_filters_narrow_and_codes_that_there_are_not_are_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url, told = f"/catalog/fonds/{desk.fonds_id}/series", {"code": "I.1, Đ", "title": "Tổng hợp"}
        await desk.archivist.post(url, json=told)
        await desk.archivist.post(url, json={"code": "II", "title": "Khác"})
        await desk.dossier(1, title="a", carrier="leaf", conditions=["torn", "foxed"], starts_on="1954", ends_on="1957")
        await desk.dossier(2, title="b", languages=["01", "03"], series_code="II", kind="map", page_sizes={"A0": 1})
        await desk.chosen(3, title="c", is_arranged=False, is_legible=False, starts_on="1975-05", secrecy="expired")

        assert await titles(desk, carrier="leaf,paper", condition="torn") == ["a"]
        assert await titles(desk, condition="brittle,foxed") == ["a"]
        assert await titles(desk, language="03") == await titles(desk, kind="map", size="A0") == ["b"]
        assert await titles(desk, series="II") == ["b"]
        assert await titles(desk, arranged="false") == await titles(desk, legible="false") == ["c"]
        assert await titles(desk, criterion="permanent", secrecy="expired") == ["c"]
        assert await titles(desk, without_criterion="permanent,at_risk") == ["a", "b"]
        assert await titles(desk, without_criterion="permanent", carrier="leaf") == ["a"]
        assert await titles(desk, until_year=1974) == await titles(desk, decade="1950") == ["a"]
        assert await titles(desk, from_year=1955) == await titles(desk, decade="1970", from_year=1) == ["c"]
        assert await titles(desk, decade="undated") == ["b"]
        assert await titles(desk, q="H49*", until_year=1974) == ["a"]
        await desk.dossier(4, title="d", starts_on="1745", ends_on="1802")
        assert await titles(desk, decade="early") == await titles(desk, decade="1800") == ["d"]
        assert await titles(desk, until_year=1802) == await titles(desk, from_year=1700, until_year=1900) == ["d"]
        assert await titles(desk, until_year=1801) == await titles(desk, from_year=1746, until_year=1900) == []
        assert await titles(desk, until_year=1974, without_criterion="permanent") == ["a", "d"]
        for wrong in ({"carrier": "nhựa"}, {"criterion": "old"}, {"decade": "1955"}, {"legible": "maybe"},
                      {"carrier": "leaf,"}, {"series": ",".join("x" * 60)}):  # fmt: skip
            answer = await desk.auditor.get("/catalog/dossiers", params=wrong)
            assert (answer.status_code, answer.json()["code"]) == (422, "catalog.filter_wrong"), wrong


async def test_every_act_brings_the_index_along(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, second = await desk.chosen(1, starts_on="1954"), await desk.chosen(2)
        list_id = await desk.list_of(first, second)
        assert await titles(desk, list_id=list_id) == await titles(desk, listed="true") == ["Hồ sơ 1", "Hồ sơ 2"]
        await desk.archivist.delete(f"/catalog/lists/{list_id}/dossiers/{second}")
        assert await titles(desk, listed="false") == ["Hồ sơ 2"]
        told = {"file_code": "H49.1954.2", "title": "Tên mới", "page_count": 10, "carrier": "wood"}
        await desk.put(f"/catalog/dossiers/{second}", told)
        assert await titles(desk, q="ten moi", carrier="wood") == ["Tên mới"]
        assert await titles(desk, q="2") == ["Tên mới"]
        await desk.put(f"/catalog/dossiers/{second}/criteria", {"criteria": []})
        assert await titles(desk, criterion="permanent") == ["Hồ sơ 1"]
        headers = {"If-Match": '"4"'}
        await desk.archivist.post(f"/catalog/dossiers/{second}/restoration", json={"version": 2}, headers=headers)
        assert await titles(desk, criterion="permanent", q='"ho so"') == ["Hồ sơ 1", "Hồ sơ 2"]
        await desk.import_rows({**RIGHT, "title": "Lụt"}, {**RIGHT, "fileCode": "H49.1954.2", "title": "Bão"})
        assert await titles(desk, q="lut") == ["Lụt"]
        assert await titles(desk, q="bao") == ["Bão"]
        assert await titles(desk, q='"ho so 2"') == []
        await demand_fresh(desk)


async def demand_fresh(desk: Desk) -> None:
    """Demand that the index says of every dossier what the dossier says."""
    async with desk.database.reading() as session:
        entries = {row.dossier_id: row for row in await session.exec(select(DossierIndex))}
        marks = list(await session.exec(select(CriterionMark)))
        rows = list(await session.exec(select(Dossier)))
    assert len(entries) == len(rows)
    for row in rows:
        criteria = [mark.criterion for mark in marks if mark.dossier_id == row.id]
        entry = entry_of({name: getattr(row, name) for name in TOLD}, criteria)
        assert entries[row.id].model_dump(exclude={"number", "dossier_id"}) == entry.columns()


async def test_both_databases_find_what_the_rule_says(ground: Ground) -> None:
    chance = random.Random(5)
    words = ["de", "song", "1e5x", "h49", "10", "dap", "so", "soi", "硃本", "so.2", "a-b"]

    def some(most: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(1, most)))

    async with catalog_desk(ground) as desk:
        for number in range(25):
            told: dict[str, Any] = {"carrier": chance.choice(["leaf", "wood"])} if chance.random() < 0.7 else {}
            await desk.dossier(
                number, title=some(8), keywords=some(3), starts_on=str(chance.randint(1930, 1990)), **told
            )
        async with desk.database.reading() as session:
            rows = {row.id: row for row in await session.exec(select(Dossier).order_by(Dossier.id))}  # type: ignore[arg-type]
            entries = {key: entry_of({name: getattr(row, name) for name in TOLD}, ()) for key, row in rows.items()}
            for _ in range(150):
                phrase = some(3)
                asked = Search(
                    phrases_in(chance.choice([phrase, f'"{phrase}"', f"{phrase}*"])),
                    {"carrier": (term("carrier", "leaf"), term("carrier", "x"))} if chance.random() < 0.3 else {},
                    (term("carrier", "wood"),) if chance.random() < 0.2 else (),
                    from_year=chance.choice([None, None, 1945]),
                    until_year=chance.choice([None, None, 1960]),
                )
                expected = [key for key, entry in entries.items() if matches(asked, entry)]
                assert sorted(await found_ids(session, asked, 100)) == sorted(expected), asked
                assert (await count_found(session, asked)).count == len(expected)


async def test_counts_are_exact_up_to_a_bound_and_facets_add_up(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.catalog.operations.finding.MOST_COUNTED", 3)
    async with catalog_desk(ground) as desk:
        for number in range(5):
            carrier = "leaf" if number < 3 else "wood"
            await desk.dossier(number, carrier=carrier, starts_on=f"19{5 + number}4")
        await desk.chosen(9, ends_on="1954")
        listed = (await desk.auditor.get("/catalog/dossiers", params={"limit": 1})).json()
        narrow = (await desk.auditor.get("/catalog/dossiers", params={"carrier": "wood"})).json()
        facets = (await desk.auditor.get("/catalog/facets")).json()
        some = (await desk.auditor.get("/catalog/facets", params={"by": "carrier,listed", "carrier": "leaf"})).json()
        monkeypatch.setattr("services.catalog.operations.counting.MOST_TALLIED", 0)
        asked_each = (
            await desk.auditor.get("/catalog/facets", params={"by": "carrier,listed", "carrier": "leaf"})
        ).json()
        wrong = await desk.auditor.get("/catalog/facets", params={"by": "colour"})
    assert (listed["count"], listed["is_more"], len(listed["items"])) == (3, True, 1)
    assert (narrow["count"], narrow["is_more"]) == (2, False)
    assert facets["facets"] == {
        "criterion": [{"code": "permanent", "count": 1, "is_more": False}],
        "decade": [
            {"code": str(decade), "count": 2 if decade == 1950 else 1, "is_more": False}
            for decade in range(1950, 2000, 10)
        ],
        "carrier": [{"code": "leaf", "count": 3, "is_more": False}, {"code": "wood", "count": 2, "is_more": False}],
    }
    assert (facets["count"], facets["is_more"]) == (3, True)
    assert some["facets"]["carrier"] == [{"code": "leaf", "count": 3, "is_more": False}]
    assert some["facets"]["listed"] == [{"code": "false", "count": 3, "is_more": False}]
    assert asked_each == some, "few are tallied, of many each code is asked for: it comes to the same"
    assert wrong.json()["code"] == "catalog.filter_wrong"


async def test_a_cursor_walks_through_what_was_found(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        made = [await desk.dossier(number, title="đê" if number % 2 else "sông") for number in range(9)]
        found: list[str] = []
        query = {"q": "de", "limit": "3"}
        while True:
            portion = (await desk.auditor.get("/catalog/dossiers", params=query)).json()
            found += [each["id"] for each in portion["items"]]
            assert portion["count"] == 4
            if portion["next"] is None:
                break
            query["cursor"] = portion["next"]
    assert found == made[1::2]
    assert all(UUID(each) for each in found)
