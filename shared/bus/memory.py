"""Delivery inside one process: publishing is done when every listener's database has the reaction."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from shared.bus.port import Letter, Receiver, listeners_of


class MemoryBus:
    """Keeps nothing itself: letters stay in the outbox until their listeners have settled them."""

    def __init__(self) -> None:
        self._receivers: dict[str, Receiver] = {}

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
        async with asyncio.TaskGroup() as group:
            for service, batch in heard.items():
                group.create_task(settle(self._receivers[service], batch))
        return {letter.id for letter in present}

    async def close(self) -> None:
        """Forget the listeners."""
        self._receivers.clear()


async def settle(receiver: Receiver, batch: Sequence[Letter]) -> None:
    """Await a receiver."""
    await receiver.receive(batch)
