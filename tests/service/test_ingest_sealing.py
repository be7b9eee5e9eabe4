"""A sealing is killed anywhere, the program is upgraded, and the dossier is preserved with the bytes first made."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from services.ingest.models import Copy, Sealing, plumbing
from services.ingest.operations import freezing, packing
from shared.eark.build import build_package
from shared.eark.description import DossierContent
from shared.eark.manifest import Manifest
from shared.eark.names import folder_name
from shared.eark.package import GeneratedFile, PackageDescription
from shared.eark.verify import verify_package
from shared.storage.port import FixityLost, Store
from tests.grounds import Ground
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.test_ingest_pages import JPEG, OTHER


class PowerCut(Exception):
    """The process goes, in the middle."""


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


@pytest.fixture
async def dossier(desk: SealingDesk) -> UUID:
    found, _ = await desk.scanned([JPEG, OTHER])
    await desk.accepted(found, {1: (1, JPEG), 2: (1, OTHER)})
    return found


def cut_after(monkeypatch: pytest.MonkeyPatch, store: Store, count: int) -> None:
    """Let the power go when a store has taken `count` more objects."""
    put_new, taken = store.put_new, 0

    async def put(*args: Any, **kwargs: Any) -> object:  # noqa: ANN401 (whatever the store takes)
        nonlocal taken
        if taken >= count:
            raise PowerCut
        taken += 1
        return await put_new(*args, **kwargs)

    monkeypatch.setattr(store, "put_new", put)


def upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a newer version describe packages differently: every generated file has other bytes."""

    def build(
        described: PackageDescription, content: DossierContent, enclosures: Sequence[GeneratedFile] = ()
    ) -> list[GeneratedFile]:
        fonds = content.fonds.model_copy(update={"title": f"{content.fonds.title} (v2)"})
        return build_package(replace(described, label="(v2)"), replace(content, fonds=fonds), enclosures)

    monkeypatch.setattr(packing, "build_package", build)


def verified(desk: SealingDesk, store: str) -> Manifest:
    """Demand that every package of the one dossier in a store is good and is what its manifest says."""
    lying = desk.lying(store)
    (key,) = [key for key in lying if key.endswith(".manifest.json")]
    manifest = Manifest.from_bytes(lying.pop(key))
    files = {file.key: file for package in (manifest.masters, manifest.aip) for file in package.files}
    assert {key: sha256(body).hexdigest() for key, body in lying.items()} == {
        key: file.sha256 for key, file in files.items()
    }
    folders = {(desk.data / "stores" / store / "/".join(key.split("/")[:2])) for key in lying}
    assert len(folders) == 2
    for folder in folders:
        assert verify_package(folder) == [], folder.name
    return manifest


MASTERS = 12  # objects of the masters package: two pages, five descriptions, four schemas, a text about the package


@pytest.mark.parametrize("count", [0, 1, 4, MASTERS, MASTERS + 1, MASTERS + 5, MASTERS + 9])
async def test_a_sealing_that_was_killed_goes_on_with_its_first_bytes_after_an_upgrade(
    desk: SealingDesk, dossier: UUID, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    with monkeypatch.context() as power:
        cut_after(power, desk.context.archive, count)
        with pytest.raises(PowerCut):
            await desk.seal(dossier)
    first = {**desk.lying("archive"), **desk.lying("reserve")}
    upgrade(monkeypatch)
    await desk.seal(dossier)
    assert (await desk.order(dossier)).state == "preserved"
    assert desk.lying("archive") == desk.lying("reserve")
    assert desk.lying("archive").items() >= first.items()
    manifest = verified(desk, "archive")
    verified(desk, "reserve")
    newer = {key.split("/")[1] for key, body in desk.lying("archive").items() if b"(v2)" in body}
    assert newer == ({folder_name(manifest.aip.objid)} if count < MASTERS else set()), "what was begun is not made anew"
    async with desk.context.database.reading() as session:
        sealing = await session.get_one(Sealing, dossier)
        copies = (await session.exec(select(Copy))).all()
        (told,) = (
            await session.exec(select(plumbing.outbox.body).where(plumbing.outbox.name.like("%preserved%")))  # type: ignore[attr-defined]
        ).all()
    assert len(copies) == 4
    assert sha256(manifest.to_bytes()).hexdigest() == sealing.manifest_sha256
    assert str(sealing.manifest_sha256) in told


async def test_nothing_of_a_package_is_stored_before_all_of_it_is_written_down(
    desk: SealingDesk, dossier: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as power:
        cut_after(power, desk.context.incoming, 3)
        with pytest.raises(PowerCut):
            await desk.seal(dossier)
    assert desk.lying("archive") == desk.lying("reserve") == {}
    upgrade(monkeypatch)
    await desk.seal(dossier)
    assert verified(desk, "archive") == verified(desk, "reserve")
    assert [body for body in desk.lying("archive").values() if b"(v2)" in body], "the newer version made it alone"


async def test_of_two_that_seal_at_once_the_first_to_write_it_down_counts(
    desk: SealingDesk, dossier: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose lease ran out has read the sealing before the other one froze it."""
    read_layout, is_first = freezing.freeze, True

    async def overtaken(context: Any, sealed: packing.Sealed) -> str:  # noqa: ANN401
        nonlocal is_first
        if is_first:
            is_first = False
            await desk.seal(dossier)
            upgrade(monkeypatch)
        return await read_layout(context, sealed)

    monkeypatch.setattr(freezing, "freeze", overtaken)
    await desk.seal(dossier)
    assert verified(desk, "archive") == verified(desk, "reserve")
    assert not [key for key, body in desk.lying("archive").items() if b"(v2)" in body]
    assert (await desk.acts()).count("dossier.preserved") == 1


@pytest.mark.parametrize(("count", "of"), [(0, "masters_sha256"), (MASTERS, "manifest_sha256")])
async def test_a_draft_that_changed_on_its_disk_is_not_sealed(
    desk: SealingDesk, dossier: UUID, monkeypatch: pytest.MonkeyPatch, count: int, of: str
) -> None:
    with monkeypatch.context() as power:
        cut_after(power, desk.context.archive, count)
        with pytest.raises(PowerCut):
            await desk.seal(dossier)
    async with desk.context.database.reading() as session:
        sealing = await session.get_one(Sealing, dossier)
    place = desk.data / "stores" / "incoming" / "sealings" / str(dossier) / str(getattr(sealing, of))
    place.write_bytes(place.read_bytes().replace(b"representations", b"representationz"))
    with pytest.raises(FixityLost):
        await desk.seal(dossier)
    assert (await desk.order(dossier)).state == "accepted"


async def test_sealing_what_is_preserved_does_nothing(desk: SealingDesk, dossier: UUID) -> None:
    await desk.seal(dossier)
    for key in list(desk.lying("incoming")):
        await desk.context.incoming.delete(key)
    await desk.seal(dossier)
    assert (await desk.acts()).count("dossier.preserved") == 1
