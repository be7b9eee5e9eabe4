"""An import of dossiers in which something else happens at a stage of it, for the tests of imports."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlmodel import func, select

from services.catalog.models.staging import STAGED
from services.catalog.operations import importing
from services.catalog.operations.matching import Comparer
from shared.jobs import Worker
from shared.metrics import Meter
from tests.grounds import Ground
from tests.harness import Issuer, bench
from tests.service.catalog_desk import RIGHT, Desk, workbook

Row = Mapping[str, object]
Meanwhile = Callable[[Desk], Awaitable[object]]
ROWS: Sequence[Row] = [{**RIGHT, "fileCode": f"H{number:04d}"} for number in range(1500)]  # two portions


@dataclass
class Slow:
    """A desk, and a worker that does its imports when it is told to; `compared` counts how often rows were."""

    desk: Desk
    worker: Worker
    patch: pytest.MonkeyPatch
    compared: int = 0

    def before(self, stage: str, meanwhile: Meanwhile) -> None:
        """Let something happen, once, before a stage of the next import."""
        self._at(stage, meanwhile, None)

    def after(self, stage: str, meanwhile: Meanwhile) -> None:
        """Let something happen, once, after a stage of the next import."""
        self._at(stage, None, meanwhile)

    def _at(self, stage: str, before: Meanwhile | None, after: Meanwhile | None) -> None:
        go_on = getattr(importing, stage)

        async def interrupted(*given: Any) -> None:  # noqa: ANN401 - handed on
            self.patch.setattr(importing, stage, go_on)
            if before:
                await before(self.desk)
            await go_on(*given)
            if after:
                await after(self.desk)

        self.patch.setattr(importing, stage, interrupted)

    async def imported(self, rows: Sequence[Row] | bytes, **asks: str) -> dict[str, Any]:
        """Import rows; gives what became of them."""
        content = rows if isinstance(rows, bytes) else workbook(rows)
        ordered = await self.desk.order(content, **asks)
        assert ordered.status_code == 202, ordered.text
        self.compared = 0
        assert await self.worker.work_once()
        told: dict[str, Any] = (await self.desk.archivist.get(f"/catalog/imports/{ordered.json()['id']}")).json()
        return told

    async def listed(self, **asks: str) -> list[dict[str, Any]]:
        """Give all dossiers that answer a question, in the order that they are listed in."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            asked = {"limit": "500", **asks, **cursor}
            portion = (await self.desk.auditor.get("/catalog/dossiers", params=asked)).json()
            found += portion["items"]
            if portion["next"] is None:
                return found
            cursor = {"cursor": portion["next"]}

    async def ready(self) -> list[int]:
        """Count what is ready to be written: rows held, dossiers, criteria."""
        async with self.desk.database.reading() as session:
            return [(await session.exec(select(func.count()).select_from(table))).one() for table in STAGED]


@asynccontextmanager
async def slow_desk(ground: Ground, patch: pytest.MonkeyPatch) -> AsyncIterator[Slow]:
    """Set the catalog to work without anybody who does its jobs but for a worker that is told to."""
    service = await ground.service("catalog")
    compare = Comparer.compare

    async def counted(*given: Any) -> Any:  # noqa: ANN401 - handed on
        made.compared += 1
        return await compare(*given)

    patch.setattr(Comparer, "compare", counted)
    async with bench(Issuer(ground.folder), replace(service, kinds={})) as running:
        desk = Desk(running)
        made = Slow(desk, Worker(service.context.database, service.kinds, 1, Meter("catalog")), patch)
        desk.fonds_id = await desk.fonds()
        yield made
