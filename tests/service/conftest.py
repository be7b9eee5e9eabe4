"""Services on grounds of their own, in both modes: real databases and stores, tokens signed by a stand-in."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager

import pytest

from services.embedded import SERVICES
from tests.grounds import EmbeddedGround, FullGround, Ground
from tests.harness import Bench, Issuer, bench

Grounds = Callable[[], Ground]
Set = Callable[..., AbstractAsyncContextManager[Bench]]

# For what is about neither database nor store and takes its time, and for what only PostgreSQL lets happen.
in_one_mode = pytest.mark.parametrize("grounds", ["embedded"], indirect=True)
in_full_mode = pytest.mark.parametrize("grounds", ["full"], indirect=True)


@pytest.fixture(params=["embedded", "full"])
def grounds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Give a way to have as many grounds of one mode as a test needs."""
    with ExitStack() as stack:

        def lay() -> Ground:
            folder = tmp_path_factory.mktemp("ground")
            if request.param == "embedded":
                return EmbeddedGround(folder)
            servers = [request.getfixturevalue(name) for name in ("databases", "seaweed")]
            return stack.enter_context(FullGround(folder, *servers))

        yield lay


@pytest.fixture
def ground(grounds: Grounds) -> Ground:
    """Give fresh ground."""
    return grounds()


@pytest.fixture
async def whole_system(ground: Ground) -> AsyncIterator[Bench]:
    """Give all services at work."""
    own_keys = {"identity_keys_url": (ground.folder / "identity" / "keys.json").as_uri()}  # not the stand-in's
    services = [await ground.service(name, **(own_keys if name == "identity" else {})) for name in SERVICES]
    async with bench(Issuer(ground.folder), *services) as made:
        yield made


@pytest.fixture
def at_work(ground: Ground) -> Set:
    """Give a way to set services to work on one ground: `async with at_work("ingest") as system`."""

    @asynccontextmanager
    async def working(*names: str, **further: str) -> AsyncIterator[Bench]:
        services = [await ground.service(name, **further) for name in names]
        async with bench(Issuer(ground.folder), *services) as made:
            yield made

    return working
