"""Yearly lists of all fonds, or of one fonds each: no dossier is named in two lists of a year."""

import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk
from tests.service.conftest import in_one_mode
from tests.service.test_catalog_yearly import URL, act, frozen, gathered


async def two_fonds(desk: Desk) -> str:
    """Describe a dossier of each of two fonds; give the second."""
    await desk.chosen(1)
    other = await desk.fonds(code="P02")
    await desk.chosen(2, fonds_id=other)
    return other


@in_one_mode
async def test_lists_of_one_fonds_each_go_side_by_side(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        other = await two_fonds(desk)
        one, two = await frozen(desk, fonds_id=desk.fonds_id), await frozen(desk, fonds_id=other)
        next_year = await frozen(desk, year=2027)
        told = {"year": 2026, "fonds_id": other, "replaces_id": one["id"]}
        wrong_fonds = await desk.archivist.post(URL, json=told)
        listed = (await desk.auditor.get(URL, params={"year": 2026})).json()["items"]
    assert [each["number"] for each in (one, two, next_year)] == [1, 2, 1]
    assert [each["dossier_count"] for each in (one, two, next_year)] == [1, 1, 2]
    assert (wrong_fonds.status_code, wrong_fonds.json()["code"]) == (409, "catalog.yearly_list_replaces")
    assert [each["number"] for each in listed] == [2, 1]


@pytest.mark.parametrize("is_of_all_first", [True, False])
async def test_a_list_of_all_fonds_and_one_of_a_fonds_are_not_both_frozen(
    ground: Ground, *, is_of_all_first: bool
) -> None:
    async with catalog_desk(ground) as desk:
        one, every = {"fonds_id": await two_fonds(desk)}, dict[str, str]()
        first, second = (every, one) if is_of_all_first else (one, every)
        begun_before = await gathered(desk, **second)
        made = await frozen(desk, **first)
        refused = [
            await act(desk, begun_before, "freezing"),
            await desk.archivist.post(URL, json={"year": 2026, **second}),
        ]
        newer = await frozen(desk, replaces_id=made["id"], **first)
        still = await desk.archivist.post(URL, json={"year": 2026, **second})
    for each in refused:
        assert (each.status_code, each.json()["code"]) == (409, "catalog.yearly_list_overlaps")
        assert each.json()["lists"] == [made["id"]]
    assert (newer["number"], still.json()["lists"]) == (2, [newer["id"]])
