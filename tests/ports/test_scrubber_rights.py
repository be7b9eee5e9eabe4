"""On a real S3 server the scrubber's key is enough to mend both stores, and opens nothing else."""

from collections.abc import Iterator
from hashlib import sha256

import pytest

from cli.backing.rights import SCRUBBER, STORE_RIGHTS, Right
from cli.backing.seaweed import Seaweed
from services.embedded import STORES
from shared.storage.digest import streamed
from shared.storage.open import open_store
from shared.storage.port import StoreUnavailable
from tests.ports.kept import gathered

RIGHT = b"right bytes"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    server = Seaweed(tmp_path_factory.mktemp("seaweed"), rights=STORE_RIGHTS).start()
    for place in STORES:
        server.make_bucket(place)
    yield server
    server.kill()


async def mended(server: Seaweed, identity: str, place: str, key: str) -> bytes:
    """Damage an object as the administrator, and mend it with somebody's key; gives what lies there then."""
    owner, store = open_store(server.url(place), place), open_store(server.url(place, identity), place)
    await owner.put_new(key, streamed(b"wrong bytes"), size=11)
    try:
        digest = sha256(RIGHT).hexdigest()
        aside = f"damaged/x/{key}"
        await store.replace_damaged(key, streamed(RIGHT), size=len(RIGHT), sha256=digest, aside=aside)
        assert (await store.read_back(key)).sha256 == digest
        assert await gathered(owner.read(aside)) == b"wrong bytes"
    finally:
        lying = await gathered(owner.read(key))
        await owner.close()
        await store.close()
    return lying


@pytest.mark.parametrize("place", ["archive", "reserve"])
async def test_its_key_mends_both_stores(stores: Seaweed, place: str) -> None:
    assert await mended(stores, SCRUBBER, place, "P01/a/1") == RIGHT


@pytest.mark.parametrize(
    ("identity", "place"), [(SCRUBBER, "incoming"), (SCRUBBER, "derived"), ("handover", "archive"), ("qc", "reserve")]
)
async def test_other_keys_and_other_stores_are_closed(stores: Seaweed, identity: str, place: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"AccessDenied|403"):
        await mended(stores, identity, place, f"P01/{identity}/1")


def test_nobody_may_remove_anything_from_the_kept_stores() -> None:
    for rights in STORE_RIGHTS.values():
        for place in ("archive", "reserve"):
            assert Right.REMOVE not in rights.get(place, ())
