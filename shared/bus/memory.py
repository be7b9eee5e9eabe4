"""Delivery inside one process: publishing is done when every listener's database has the reaction."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

from shared.bus.port import Letter, Receiver, listeners_of

GRACE = 5.0


class MemoryBus:
    """Keeps nothing itself: letters stay in the outbox until their listeners have settled them."""

    def __init__(self) -> None:
        self._receivers: dict[str, Receiver] = {}
        self._publishing = 0
        self._is_quiet = asyncio.Event()
        self._is_quiet.set()

    async def attach(self, receiver: Receiver) -> None:
        """Remember a service's ear."""
        self._receivers[receiver.service] = receiver

    async def publish(self, letters: Sequence[Letter]) -> set[UUID]:
        """Hand letters to all their listeners, services side by side; a letter with an absent listener waits."""
        present = [letter for letter in letters if self._receivers.keys() >= set(listeners_of(letter.name))]
        heard: dict[str, list[Letter]] = {}
        for letter in present:
            for service in listeners_of(letter.name):
                heard.setdefault(service, []).append(letter)
        with self._noted():
            async with asyncio.TaskGroup() as group:
                for service, batch in heard.items():
                    group.create_task(settle(self._receivers[service], batch))
        return {letter.id for letter in present}

    @contextmanager
    def _noted(self) -> Iterator[None]:
        self._publishing += 1
        self._is_quiet.clear()
        try:
            yield
        finally:
            self._publishing -= 1
            if not self._publishing:
                self._is_quiet.set()

    async def close(self) -> None:
        """Forget the listeners, once they have settled what they have: their databases close after this.

        One that waits out an outage is not waited for: its letters stay in the outbox.
        """
        self._receivers.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._is_quiet.wait()


async def settle(receiver: Receiver, batch: Sequence[Letter]) -> None:
    """Await a receiver."""
    await receiver.receive(batch)
