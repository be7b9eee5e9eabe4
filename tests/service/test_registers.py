"""A register tells what the database says, whatever changed it how, and every earlier head stays readable."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest
from sqlalchemy import delete, update
from sqlmodel import SQLModel, col, select

from services.catalog.models import Dossier, Fonds
from services.embedded import part
from services.handover.models import Agreement, Delivery, Package, PackageContent
from services.handover.models import plumbing as handover
from services.ingest.receipts import ReceiptBook
from shared.database import Database
from shared.register.reading import newest, right_body
from shared.register.rows import rows_in
from shared.register.writing import Register
from shared.storage.open import closing, open_store
from shared.storage.port import Store, StoreUnavailable
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.conftest import Set

BOTH = ("archive", "reserve")


@asynccontextmanager
async def register_of(ground: Ground, service: str, *passing: str) -> AsyncIterator[Register]:
    """Give the register of a service that is not at work itself."""
    url = await asyncio.to_thread(ground.database_url, service)
    database = Database(url, part(service).plumbing)
    stores = [open_store(ground.store(name).url, name) for name in BOTH]
    for store in stores:
        await store.prepare()
    async with closing(*stores):
        yield Register(service, database, stores, passing)
    await database.close()


@pytest.fixture
async def catalog(ground: Ground) -> AsyncIterator[Register]:
    async with register_of(ground, "catalog") as made:
        yield made


async def add(register: Register, *rows: SQLModel) -> None:
    for row in rows:  # one by one: the models tell no order
        async with register.database.writing() as uow:
            uow.session.add(row)


async def told(register: Register, table: type[SQLModel]) -> list[dict[str, object]]:
    """Read a table back from the newest head."""
    found = await newest(register.stores, register.service)
    assert found.head is not None
    name = str(table.__tablename__)
    rows: list[dict[str, object]] = []
    for digest in found.head.tables[name].portions:
        body = await right_body(register.stores, f"registers/{register.service}/rows/{digest}.jsonl", digest)
        rows += rows_in(register.database.plumbing.metadata.tables[name], body or b"")
    assert len(rows) == found.head.tables[name].row_count
    return rows


def fonds(code: str) -> Fonds:
    return Fonds(code=code, title="Phông Ủy ban, “Ộ”", kind="fonds", archive_code="H49")


async def test_every_change_is_told_and_what_is_the_same_is_not_written_again(
    catalog: Register, ground: Ground
) -> None:
    one, two = fonds("P01"), fonds("P02")
    await add(catalog, one, two)
    first = await catalog.write()
    assert await told(catalog, Fonds) == [each.model_dump() for each in sorted((one, two), key=lambda each: each.id)]
    before = await ground.store("archive").keys()
    assert await catalog.write() is None
    assert await ground.store("archive").keys() == before
    async with catalog.database.writing() as uow:
        await uow.session.exec(update(Fonds).where(col(Fonds.code) == "P01").values(title="Khác"))
        await uow.session.exec(delete(Fonds).where(col(Fonds.code) == "P02"))
    second = await catalog.write()
    assert [each["title"] for each in await told(catalog, Fonds)] == ["Khác"]
    found = await newest(catalog.stores, "catalog")
    assert (found.key, found.head.previous if found.head else None) == (second, first)
    after = await ground.store("archive").keys()
    assert set(before) < set(after)
    assert len(after) == len(before) + 2, "the table that changed, and a head"
    assert after == await ground.store("reserve").keys()


async def test_values_of_every_kind_come_back_as_they_were(ground: Ground) -> None:
    moment = datetime(2026, 11, 28, 14, 30, 0, 123456, tzinfo=UTC)
    agreement = Agreement(
        receiver_id=uuid4(), receiver_name="Cục", fonds_code="P01", agreed_on=date(2026, 11, 24), reference="1"
    )
    delivery = Delivery(agreement_id=agreement.id, receiver_id=uuid4(), fonds_code="P01", number=1, created_at=moment)
    package = Package(delivery_id=delivery.id, dossier_id=uuid4(), number=1, objid="uuid-1", page_count=2, size=1 << 40)
    content = PackageContent(package_id=package.id, path="METS.xml", content=bytes(range(256)))
    async with register_of(ground, "handover") as register:
        await add(register, agreement, delivery, package, content)
        assert await register.write()
        for row in (agreement, delivery, package, content):
            assert await told(register, type(row)) == [row.model_dump()]
    assert handover is register.database.plumbing


async def test_what_is_damaged_in_one_store_is_read_from_the_other_and_in_both_an_older_head_is_taken(
    catalog: Register, ground: Ground
) -> None:
    await add(catalog, fonds("P01"))
    first = await catalog.write()
    await add(catalog, fonds("P02"))
    second = await catalog.write()
    newer = {key for key in await ground.store("archive").keys() if "/rows/" in key}
    head = await newest(catalog.stores, "catalog")
    assert head.key == second
    assert head.head is not None
    (digest,) = head.head.tables["fonds"].portions
    portion = next(key for key in newer if digest in key)
    await damage(ground.store("archive"), portion)
    assert (await newest(catalog.stores, "catalog")).key == second
    await ground.store("reserve").remove(portion)
    found = await newest(catalog.stores, "catalog")
    assert found.key == first
    assert found.broken == [f"{second}: {portion}"]


class Breaking:
    """A store that fails from some write on, as when the process is killed there."""

    def __init__(self, store: Store, writes: int) -> None:
        self._store, self._writes, self.name = store, writes, store.name

    async def put_new(self, key: str, *told: object, **more: object) -> object:
        self._writes -= 1
        if self._writes < 0:
            raise StoreUnavailable("broken off")
        return await self._store.put_new(key, *told, **more)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


async def test_broken_off_anywhere_it_goes_on_and_no_half_head_is_ever_read(catalog: Register) -> None:
    await add(catalog, fonds("P01"))
    whole: Sequence[Store] = catalog.stores
    for writes in range(20):
        catalog.stores = [Breaking(whole[0], writes), whole[1]]  # type: ignore[list-item]
        await add(catalog, fonds(f"P{writes + 2:02}"))
        try:
            key = await catalog.write()
        except StoreUnavailable:
            found = await newest(whole, "catalog")
            assert found.broken == []
            continue
        assert (await newest(whole, "catalog")).key == key
        break
    else:
        raise AssertionError("never whole")


async def test_keys_locks_and_queues_are_not_told(ground: Ground) -> None:
    async with register_of(ground, "ingest", "receipt_key", "upload", "upload_part", "stray") as register:
        book = ReceiptBook()
        await book.open(register.database)
        assert await register.write()
        secret = str(book.key.as_dict(private=True)["d"])
    for name in BOTH:
        raw = ground.store(name)
        bodies = [await raw.take(key) for key in await raw.keys()]
        assert bodies
        assert not any(secret.encode() in body for body in bodies)
        assert not any(b'"outbox"' in body or b'"inbox"' in body for body in bodies)


async def test_a_service_that_stops_writes_its_register_and_one_that_keeps_none_does_not(
    at_work: Set, ground: Ground
) -> None:
    async with at_work("ingest", registers_kept="false"):
        pass
    assert [key for key in await ground.store("archive").keys() if key.startswith("registers/")] == []
    async with at_work("ingest", registers_kept="true"):
        pass
    assert [key for key in await ground.store("reserve").keys() if key.startswith("registers/ingest/heads/")]


async def test_a_row_that_comes_changes_the_portion_that_it_lies_in_and_no_other(catalog: Register) -> None:
    owner = fonds("P01")
    await add(catalog, owner)
    rows = [
        Dossier(
            id=uuid5(NAMESPACE_OID, str(n)),
            fonds_id=owner.id,
            file_code=f"H{n}",
            code_key=f"h{n}",
            title="Hồ sơ",
            page_count=1,
        )
        for n in range(6000)  # keys that are the same in every run, because they decide where portions end
    ]
    async with catalog.database.writing() as uow:
        uow.session.add_all(rows)
    await catalog.write()
    before = await newest(catalog.stores, "catalog")
    await add(
        catalog,
        Dossier(
            id=UUID(int=rows[3000].id.int + 1), fonds_id=owner.id, file_code="X", code_key="x", title="", page_count=1
        ),
    )
    await catalog.write()
    after = await newest(catalog.stores, "catalog")
    assert before.head is not None
    assert after.head is not None
    old, new = before.head.tables["dossier"].portions, after.head.tables["dossier"].portions
    assert len(old) > 3
    assert len(set(new) - set(old)) in (1, 2)
    async with catalog.database.reading() as session:
        ids = set((await session.exec(select(Dossier.id))).all())
    assert {row["id"] for row in await told(catalog, Dossier)} == ids
