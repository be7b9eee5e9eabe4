"""A package as a TAR: the same files, any range of it, its own tag, and every byte proved as it leaves."""

import asyncio
import io
import random
import tarfile
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.auth.roles import Role
from shared.eark.verify import verify_package
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, damage_what_is_sent, delivered, granted, sealed
from tests.verifying import verified


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def asked(system: Bench, package: dict[str, Any], form: str = "tar", **headers: str) -> httpx.Response:
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    return await receiver.get(f"/handover/packages/{package['id']}/content", params={"form": form}, headers={**headers})


async def test_the_tar_holds_what_the_zip_does_in_the_same_order_and_unpacked_it_verifies(
    system: Bench, made_pages: list[Path], tmp_path: Path
) -> None:
    await sealed(system, made_pages)
    package = await delivered(system)
    whole = (await asked(system, package)).content
    zipped = (await asked(system, package, "zip")).content
    with zipfile.ZipFile(io.BytesIO(zipped)) as expected, tarfile.open(fileobj=io.BytesIO(whole)) as opened:
        assert opened.getnames() == expected.namelist()
        opened.extractall(tmp_path, filter="data")
        for name in expected.namelist():
            assert (tmp_path / name).read_bytes() == expected.read(name)
    folder = tmp_path / name.partition("/")[0]
    assert verify_package(folder) == []
    assert (await asyncio.to_thread(verified, folder))[0] == 0
    chance = random.Random(7)
    for _ in range(25):
        start = chance.randrange(len(whole))
        end = min(len(whole) - 1, start + chance.randrange(1, 300_000))
        part = await asked(system, package, Range=f"bytes={start}-{end}")
        assert (part.status_code, part.content) == (206, whole[start : end + 1])
        assert part.headers["content-range"] == f"bytes {start}-{end}/{len(whole)}"


async def test_its_tag_is_not_that_of_the_zip_and_no_digest_is_told_that_nobody_computed(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    package = await delivered(system)
    whole, plain = await asked(system, package), await asked(system, package, "zip")
    etag = whole.headers["etag"]
    assert etag != plain.headers["etag"]
    assert not etag.startswith("W/")
    assert (await asked(system, package)).headers["etag"] == etag
    assert "repr-digest" not in whole.headers
    assert "repr-digest" in plain.headers
    assert whole.headers["content-type"] == "application/x-tar"
    assert whole.headers["content-disposition"].endswith('.tar"')
    assert int(whole.headers["content-length"]) == len(whole.content)
    head = await system.caller(Role.RECEIVER, account_id=RECEIVER).head(
        f"/handover/packages/{package['id']}/content", params={"form": "tar"}
    )
    assert (head.headers["content-length"], head.headers["etag"]) == (str(len(whole.content)), etag)
    assert (await asked(system, package, Range="bytes=0-9", **{"If-Range": etag})).status_code == 206
    stale = await asked(system, package, Range="bytes=0-9", **{"If-Range": plain.headers["etag"]})
    assert (stale.status_code, stale.content) == (200, whole.content), "half of a ZIP is not gone on with as a TAR"
    assert (await asked(system, package, **{"If-None-Match": etag})).status_code == 304
    assert (await asked(system, package, **{"If-Match": plain.headers["etag"]})).status_code == 412
    beyond = await asked(system, package, Range=f"bytes={len(whole.content)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.content)}")
    assert (await asked(system, package, "rar")).status_code == 422


async def test_what_wears_out_comes_from_the_other_store_or_the_transfer_is_broken_off(
    system: Bench, made_pages: list[Path], ground: Ground
) -> None:
    await sealed(system, made_pages[:2])
    package = await delivered(system)
    right = (await asked(system, package)).content
    await damage_what_is_sent(ground.store("archive"))
    assert (await asked(system, package)).content == right
    await damage_what_is_sent(ground.store("reserve"))
    broken = (await asked(system, package)).content
    assert len(broken) < len(right)
    assert right.startswith(broken)
