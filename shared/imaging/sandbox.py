"""A pool of sandboxed worker processes; a page that kills its worker is a finding, not an outage."""

import asyncio
from types import TracebackType
from typing import Self

from shared.imaging.confinement import WALLS
from shared.imaging.keeper import Allowance, Keeper, SandboxFailed, Seen
from shared.imaging.measurement import Cutting, Printing, Question
from shared.imaging.spool import Fill, sweep_orphans

__all__ = ["Sandbox", "SandboxFailed", "Seen"]

MEMORY = 3 << 29
DEADLINE = 60.0
PAGES_PER_LIFE = 500


class Sandbox:
    """Looks at pages, `workers` at a time.

    `memory` is in bytes of address space, `deadline` in seconds a page, of the clock and of the processor alike;
    a process is replaced after `pages_per_life`.
    """

    def __init__(
        self,
        workers: int,
        *,
        memory: int = MEMORY,
        deadline: float = DEADLINE,
        pages_per_life: int = PAGES_PER_LIFE,
    ) -> None:
        allowance = Allowance(memory, deadline, pages_per_life)
        self._all = [Keeper(allowance) for _ in range(workers)]
        self._idle: asyncio.Queue[Keeper] = asyncio.Queue()

    @property
    def walls(self) -> tuple[str, ...]:
        """Name the walls that stand round every process started so far; none before the first page."""
        started = [keeper.walls for keeper in self._all if keeper.walls]
        return tuple(wall for wall in WALLS if started and all(wall in walls for walls in started))

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(sweep_orphans)
        for keeper in self._all:
            self._idle.put_nowait(keeper)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(keeper.end() for keeper in self._all))

    async def look_at(self, fill: Fill) -> Seen:
        """Measure the page that `fill` writes into the file it is given. Raises SandboxFailed, OSError, what it raises.

        When `fill` ends or is cancelled the file is closed: a thread that may go on needs a descriptor of its own.
        """
        return await self._ask(fill, Question())

    async def cut(self, fill: Fill, cutting: Cutting) -> Seen:
        """Cut a picture out of the image that `fill` writes, as `look_at` measures one; raises what it raises."""
        return await self._ask(fill, Question(cutting=cutting))

    async def print(self, fill: Fill, printing: Printing) -> Seen:
        """Print the page that `fill` writes, as `look_at` measures one; raises what it raises."""
        return await self._ask(fill, Question(printing=printing))

    async def _ask(self, fill: Fill, question: Question) -> Seen:
        keeper = await self._idle.get()
        try:
            return await keeper.look_at(fill, question)
        finally:
            self._idle.put_nowait(keeper)
