"""The offline set holds what the stores hold, from whichever of them is right, and keeps what it has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.copies.command import lines_of
from cli.copies.report import Did
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.copies_desk import CopiesDesk, copies_desk, only, spoil

BOTH = ("archive", "reserve")


@pytest.fixture
async def desk(ground: Ground, tmp_path: Path) -> AsyncIterator[CopiesDesk]:
    async with copies_desk(ground, tmp_path / "set") as made:
        yield made


async def test_a_set_holds_every_object_and_a_refresh_copies_only_what_is_new(desk: CopiesDesk) -> None:
    await desk.preserved()
    first = await desk.copy()
    assert first.is_good
    assert desk.objects() == await desk.everything()
    desk.demand_true()
    await desk.preserved()
    second = await desk.copy()
    assert (second.counts[Did.KNOWN], second.counts[Did.NEW]) == (first.counts[Did.NEW], first.counts[Did.NEW])
    desk.demand_true()
    third = await desk.copy(verify=True)
    assert third.counts == {Did.REREAD: 2 * first.counts[Did.NEW]}
    assert third.written_bytes == 0


@pytest.mark.parametrize("bad", BOTH)
async def test_what_one_store_has_wrong_is_taken_from_the_other(desk: CopiesDesk, bad: str) -> None:
    await desk.preserved()
    right = await desk.everything()
    raw = desk.store(bad)
    page, manifest, other = only(right, "0001.jpg"), only(right, ".manifest.json"), only(right, "0002.jpg")
    await damage(raw, page)
    await damage(raw, manifest)
    await raw.lay(other.replace("0002", "0007"), right[other])  # renamed: one is missing, one is extra
    await raw.remove(other)
    report = await desk.copy()
    assert report.is_good
    assert desk.objects() == right
    told = {key for store, key in report.bad_in_store if store == bad}
    assert told == ({page, manifest, other} if bad == "archive" else {manifest, other}), "each once, where it was met"
    assert len(report.bad_in_store) == len(told)
    assert report.unnamed == [other.replace("0002", "0007")]
    desk.demand_true()


async def test_what_is_good_in_no_store_is_named_and_the_rest_is_copied(desk: CopiesDesk) -> None:
    await desk.preserved()
    right = await desk.everything()
    page = only(right, "0001.jpg")
    for name in BOTH:
        await damage(desk.store(name), page)
    report = await desk.copy()
    assert not report.is_good
    assert report.wrong == {Did.LOST: [page]}
    assert desk.objects() == {key: body for key, body in right.items() if key != page}
    desk.demand_true()


async def test_a_manifest_that_is_good_nowhere_is_named_though_its_dossier_is_known(desk: CopiesDesk) -> None:
    await desk.preserved()
    manifest = only(await desk.everything(), ".manifest.json")
    await damage(desk.store("archive"), manifest)
    await desk.store("reserve").remove(manifest)
    report = await desk.copy()
    assert report.wrong == {Did.LOST: [manifest]}


async def test_what_is_gone_or_changed_in_the_stores_is_told_and_stays_in_the_set(desk: CopiesDesk) -> None:
    await desk.preserved()
    await desk.copy()
    right = await desk.everything()
    page, other = only(right, "0001.jpg"), only(right, "0002.jpg")
    for name in BOTH:
        await damage(desk.store(name), page)
        await desk.store(name).remove(other)
    report = await desk.copy()
    assert not report.is_good
    assert report.gone == [other]
    assert desk.objects() == right
    inventory = desk.to / "inventory.sha256"
    inventory.write_text(inventory.read_text().replace(digest_in(inventory, page), "0" * 64))
    report = await desk.copy()
    assert report.wrong == {Did.DIFFERS: [page]}
    assert desk.objects() == right


def digest_in(inventory: Path, key: str) -> str:
    return next(line[:64] for line in inventory.read_text().splitlines() if line.endswith(key))


async def test_what_was_damaged_in_the_set_is_kept_aside_and_copied_anew(desk: CopiesDesk) -> None:
    await desk.preserved()
    await desk.copy()
    right = await desk.everything()
    flipped, missing, cut = only(right, "0001.jpg"), only(right, "0002.jpg"), only(right, "PREMIS.xml")
    place = desk.to / "objects"
    spoil(place / flipped)
    (place / missing).unlink()
    (place / cut).write_bytes(right[cut][:-1])
    quick = await desk.copy()
    assert {did: set(keys) for did, keys in quick.wrong.items()} == {Did.RENEWED: {missing, cut}}
    thorough = await desk.copy(verify=True)
    assert thorough.wrong == {Did.RENEWED: [flipped]}
    assert thorough.is_good
    assert desk.objects() == right
    desk.demand_true()
    aside = {path.name for path in (desk.to / "damaged").rglob("*") if path.is_file()}
    assert aside == {Path(flipped).name, Path(cut).name}, "nothing was thrown away"


async def test_what_the_scrubber_kept_aside_and_what_no_manifest_names_is_not_copied(desk: CopiesDesk) -> None:
    await desk.preserved()
    right = await desk.everything()
    await desk.store("archive").lay("damaged/abc/P01/x.jpg", b"damaged")
    await desk.store("reserve").lay("P01/urn_unfinished/representations/rep1/data/0001.jpg", b"being sealed")
    report = await desk.copy()
    assert report.is_good
    assert report.unnamed == ["P01/urn_unfinished/"]
    assert desk.objects() == right


async def test_what_is_not_of_the_set_is_named_and_left_alone(desk: CopiesDesk, tmp_path: Path) -> None:
    await desk.preserved()
    await desk.copy()
    assert (await desk.copy(verify=True)).foreign == []
    page = only(desk.objects(), "0001.jpg")
    beside = desk.to / "objects" / page.replace("0001.jpg", "Bản \x1b sao.jpg")
    beside.write_bytes(b"somebody's")
    (desk.to / "objects" / "P99" / "deep").mkdir(parents=True)
    (desk.to / "objects" / "P99" / "deep" / "x.txt").write_bytes(b"x")
    (desk.to / "ghi chú.txt").write_bytes(b"x")
    (desk.to / "objects" / "link").symlink_to(tmp_path)
    everything = {path for path in desk.to.rglob("*") if path.name != "inventory.sha256"}
    report = await desk.copy(verify=True)
    assert report.foreign == sorted(
        [f"objects/{beside.relative_to(desk.to / 'objects')}", "objects/P99/", "objects/link", "ghi chú.txt"]
    )
    assert report.is_good, "the set holds all that it must"
    assert everything <= set(desk.to.rglob("*"))
    told = [line for line in lines_of(report, desk.to) if "ghi chú.txt" in line or "x1b" in line]
    assert len(told) == 2
    assert not any("\x1b" in line for line in told)
    assert (await desk.copy()).foreign == [], "looked for with --verify only"


async def test_links_in_the_set_lead_nowhere(desk: CopiesDesk, tmp_path: Path) -> None:
    await desk.preserved()
    right = await desk.everything()
    page = only(right, "0001.jpg")
    outside = tmp_path / "outside"
    outside.mkdir()
    place = desk.to / "objects" / page
    place.parent.mkdir(parents=True)
    place.symlink_to(outside / "stolen.jpg")
    report = await desk.copy()
    assert report.wrong == {Did.IN_THE_WAY: [page]}
    assert list(outside.iterdir()) == []
    fonds = page.partition("/")[0]
    (desk.to / "objects" / fonds).rename(tmp_path / "moved")
    (desk.to / "objects" / fonds).symlink_to(outside)
    report = await desk.copy()
    assert set(report.wrong[Did.IN_THE_WAY]) == right.keys()
    assert list(outside.iterdir()) == []
