"""The generated files of a package come as they are asked for, a few at a time, and are the ones that were frozen."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID
from zlib import crc32

import pytest

from services.handover.domain.layout import LaidFile, Layout
from services.handover.models import Agreement, Delivery, Package, PackageContent, plumbing
from services.handover.operations import generated
from services.handover.operations.generated import AT_ONCE, GeneratedFiles
from shared.database import Database
from tests.grounds import Ground

PACKAGE = UUID(int=3)
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def database(ground: Ground) -> AsyncIterator[Database]:
    made = Database(await asyncio.to_thread(ground.database_url, "handover"), plumbing)
    yield made
    await made.close()


async def laid(database: Database, bodies: dict[str, bytes]) -> Layout:
    """Freeze a package of these generated files, with a page between each two of them."""
    files = []
    for path, body in bodies.items():
        files.append(LaidFile(path, len(body), "0" * 64, crc32(body), AT))
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
        uow.session.add_all(
            PackageContent(package_id=PACKAGE, path=path, content=body) for path, body in bodies.items()
        )
    return Layout(files)


async def test_every_file_is_given_in_order_and_out_of_it(database: Database) -> None:
    bodies = {f"p/{number:04}.xml": b"%d" % number for number in range(2 * AT_ONCE + 3)}
    files = GeneratedFiles(database, PACKAGE, await laid(database, bodies))
    paths = [*bodies, "p/0300.xml", "p/0002.xml"]
    assert [await files.body(path) for path in paths] == [bodies[path] for path in paths]


async def test_what_is_at_hand_is_never_more_than_a_portion(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated, "ROOM", 1000)
    bodies = {f"p/{number}.xml": bytes(size) for number, size in enumerate((5000, 400, 500, 200, 2000, 1))}
    files = GeneratedFiles(database, PACKAGE, await laid(database, bodies))
    held = []
    for path, body in bodies.items():
        assert await files.body(path) == body
        held.append(len(files._at_hand))
    assert held == [1, 2, 2, 1, 1, 1]
