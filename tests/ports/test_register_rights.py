"""On a real S3 server every service lays its register down in both stores with its own key, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.backing.rights import STORE_RIGHTS, Right
from cli.backing.seaweed import Seaweed
from services.catalog.models import Fonds, plumbing
from services.embedded import STORES, folder_of
from shared.database import Database
from shared.migrating import migrate
from shared.register.writing import Register
from shared.storage.digest import streamed
from shared.storage.open import closing, open_store
from shared.storage.port import StoreUnavailable


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    server = Seaweed(tmp_path_factory.mktemp("seaweed"), rights=STORE_RIGHTS).start()
    for place in STORES:
        server.make_bucket(place)
    yield server
    server.kill()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    url = f"sqlite+aiosqlite:///{tmp_path / 'catalog.db'}"
    migrate(folder_of("catalog"), url)
    return Database(url, plumbing)


async def test_a_register_is_written_and_followed_up_with_the_key_of_its_service(
    stores: Seaweed, database: Database
) -> None:
    held = [open_store(stores.url(place, "catalog"), place) for place in ("archive", "reserve")]
    register = Register("catalog", database, held)
    async with closing(*held):
        for code in ("P01", "P02"):
            async with database.writing() as uow:
                uow.session.add(Fonds(code=code, title="Phông", kind="fonds", archive_code="H99"))
            assert await register.write()
            assert await register.write() is None
    await database.close()


@pytest.mark.parametrize("key", ["P01/a/METS.xml", "registers/qc/rows/a.jsonl", "damaged/x"])
async def test_it_opens_nothing_else_of_the_stores(stores: Seaweed, key: str) -> None:
    owner, mine = open_store(stores.url("archive"), "archive"), open_store(stores.url("archive", "catalog"), "archive")
    async with closing(owner, mine):
        await owner.put_new(key, streamed(b"x"), size=1)
        with pytest.raises(StoreUnavailable):
            await mine.put_new(f"{key}.new", streamed(b"x"), size=1)
        with pytest.raises(StoreUnavailable):
            [chunk async for chunk in mine.read(key)]


def test_nobody_removes_anything_of_a_register() -> None:
    for service, rights in STORE_RIGHTS.items():
        for place, held in rights.items():
            if "/" in place:
                assert place.endswith(f"/registers/{service}")
                assert held == {Right.READ, Right.ADD}
