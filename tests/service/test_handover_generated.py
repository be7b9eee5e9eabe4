"""The generated files of a package come as they are asked for, a few at a time, and are the ones that were frozen."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from uuid import UUID
from zlib import crc32

import pytest

from services.handover.domain.layout import LaidFile, Layout
from services.handover.models import Agreement, Delivery, Package, plumbing
from services.handover.operations import generated
from services.handover.operations.generated import GeneratedFiles, keep_generated, pieces, sums_of
from services.handover.operations.layouts import FrozenPortions, keep_layout
from shared.database import Database
from shared.eark.errors import SourceDisagrees
from shared.eark.portions import AT_ONCE, Scale
from shared.storage.port import MIB
from tests.grounds import Ground

PACKAGE = UUID(int=3)
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def database(ground: Ground) -> AsyncIterator[Database]:
    made = Database(await asyncio.to_thread(ground.database_url, "handover"), plumbing)
    yield made
    await made.close()


async def laid(database: Database, bodies: Mapping[str, bytes]) -> tuple[GeneratedFiles, FrozenPortions]:
    """Freeze a package of these generated files, with a page between each two of them."""
    files = []
    for path, body in bodies.items():
        sums = sums_of(len(body), [body])
        files.append(LaidFile(path, len(body), "0" * 64, crc32(body), AT, mib_crc32=sums))
        files.append(LaidFile(f"{path}.jpg", 9, "0" * 64, 0, AT, key=f"P01/{path}"))
    agreement = Agreement(
        receiver_id=UUID(int=1), receiver_name="Cục", fonds_code="P01", agreed_on=AT.date(), reference="1"
    )
    delivery = Delivery(agreement_id=agreement.id, receiver_id=UUID(int=1), fonds_code="P01", number=1)
    package = Package(
        id=PACKAGE, delivery_id=delivery.id, dossier_id=UUID(int=2), number=1, objid="uuid-1", page_count=1
    )
    async with database.writing() as uow:
        for row in (agreement, delivery, package):
            uow.session.add(row)
            await uow.session.flush()
        await keep_layout(uow, PACKAGE, Layout.of(files))
        await keep_generated(uow, PACKAGE, ((path, [body]) for path, body in bodies.items()))
    portions = FrozenPortions(database, PACKAGE)
    return GeneratedFiles(database, PACKAGE, portions), portions


async def test_every_file_is_given_in_order_and_its_ranges_out_of_it(database: Database) -> None:
    bodies = {f"p/{number:04}.xml": b"%d" % number * 10 for number in range(AT_ONCE + 3)}
    bodies["p/zz.xml"] = bytes(range(256)) * (3 * MIB // 256) + b"rest"
    files, portions = await laid(database, bodies)
    given = {}
    async for _ in portions.since(Scale.ZIP, 0):
        for path, file in portions.files.items():
            if not file.key:
                given[path] = b"".join([chunk async for chunk in files.read(file, 0, file.size)])
    assert given == bodies
    large, body = portions.files["p/zz.xml"], bodies["p/zz.xml"]
    for begin, end in ((0, 1), (MIB - 1, MIB + 1), (MIB, 3 * MIB), (3 * MIB, 3 * MIB + 4), (5, 3 * MIB + 2)):
        chunks = [chunk async for chunk in files.read(large, begin, end)]
        assert b"".join(chunks) == body[begin:end]
        assert max(map(len, chunks)) <= MIB


async def test_what_is_at_hand_is_never_more_than_a_portion(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated, "ROOM", 1000)
    bodies = {f"p/{number}.xml": bytes(size) for number, size in enumerate((5000, 400, 500, 200, 2 * MIB, 1))}
    files, portions = await laid(database, bodies)
    held = []
    await anext(portions.since(Scale.ZIP, 0))
    for path in bodies:
        async for _ in files.read(portions.files[path], 0, len(bodies[path])):
            pass
        held.append(len(files._at_hand))
    assert held == [1, 2, 2, 1, 1, 1]


async def test_a_piece_that_is_gone_or_another_never_leaves(database: Database) -> None:
    files, portions = await laid(database, {"p/1.xml": b"right"})
    await anext(portions.since(Scale.ZIP, 0))
    file = portions.files["p/1.xml"]
    for wrong in (LaidFile(file.path, 5, "", crc32(b"wrong"), AT), LaidFile("p/2.xml", 5, "", file.crc32, AT)):
        with pytest.raises(SourceDisagrees):
            await anext(files.read(wrong, 0, 5))


def test_pieces_are_whole_mibs_however_the_bytes_come() -> None:
    body = bytes(range(256)) * (2 * MIB // 256) + b"rest"
    for size in (1000, MIB, 5 * MIB):
        assert [*pieces(body[at : at + size] for at in range(0, len(body), size))] == [
            body[:MIB],
            body[MIB : 2 * MIB],
            b"rest",
        ]
    assert [*pieces([b""])] == []
