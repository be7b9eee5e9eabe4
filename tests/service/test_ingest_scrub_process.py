"""`saoluu scrub` is a process of its own: with both stores and the database it does what ingest itself may not."""

import asyncio
from pathlib import Path

import httpx
from sqlmodel import select

from cli.demo.system import free_port, running
from services.ingest.models import Copy
from shared.auth.roles import Role
from tests.raw_stores import RawFolder, damage
from tests.service.scrubbing_desk import page_key
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.test_ingest_pages import JPEG


async def repaired(desk: SealingDesk, reserve: RawFolder, key: str) -> bool:
    for _ in range(300):
        if await reserve.take(key) == JPEG:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_it_mends_what_ingest_was_asked_to_have_read_and_answers_for_itself(tmp_path: Path) -> None:
    database_url = f"sqlite+aiosqlite:///{tmp_path / 'ingest.db'}"
    stores = {name: RawFolder(tmp_path / "stores" / name) for name in ("archive", "reserve")}
    port = free_port()
    environment = {
        "INGEST_DATABASE_URL": database_url,
        "IDENTITY_KEYS_URL": (tmp_path / "identity-keys.json").as_uri(),
        **{f"STORE_{name.upper()}_URL": raw.url for name, raw in stores.items()},
    }
    async with sealing_desk(tmp_path, database_url, ingest_scrubs="false") as desk:
        dossier = await desk.preserved([JPEG])
        key = page_key(await stores["reserve"].keys(), 1)
        await damage(stores["reserve"], key)
        operator = desk.system.caller(Role.OPERATOR)
        assert (await operator.post(f"/ingest/dossiers/{dossier}/scrubbing")).status_code == 202
        await asyncio.sleep(0.5)
        assert await stores["reserve"].take(key) != JPEG, "ingest alone replaces nothing"
        log = tmp_path / "scrub.log"
        with running(["scrub", "--port", str(port)], log, environment):
            assert await repaired(desk, stores["reserve"], key), log.read_text()
            token = {"Authorization": f"Bearer {desk.system.issuer.token(Role.MONITOR)}"}
            async with httpx.AsyncClient(headers=token) as monitor:
                answer = await monitor.get(f"http://127.0.0.1:{port}/ingest/metrics")
                assert "saoluu_oldest_fixity_age_seconds" in answer.text
                assert (await monitor.get(f"http://127.0.0.1:{port}/ingest/copies")).status_code == 404
        async with desk.context.database.reading() as session:
            copies = (await session.exec(select(Copy).where(Copy.dossier_id == dossier))).all()
        assert {copy.state for copy in copies} == {"whole"}
