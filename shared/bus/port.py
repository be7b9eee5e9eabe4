"""What a bus promises, whatever carries the letters."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.events.base import Event
from shared.events.listeners import LISTENERS


@dataclass(frozen=True, slots=True)
class Letter:
    """An event as it travels: its id, its wire name, its JSON."""

    id: UUID
    name: str
    body: str


class Receiver(Protocol):
    """One service's ear."""

    service: str

    def receive(self, letters: Sequence[Letter]) -> Awaitable[None]:
        """Settle every letter: handled, known already, or recorded as dead. Returns only when all are settled."""
        ...


class Bus(Protocol):
    """Carries letters from outboxes to receivers, each at least once."""

    async def publish(self, letters: Sequence[Letter]) -> set[UUID]:
        """Hand letters over; gives the ids of those that are now safe without us. Raises nothing for an outage."""
        ...

    async def attach(self, receiver: Receiver) -> None:
        """Start handing a service its letters."""
        ...

    async def close(self) -> None:
        """Stop; what was not settled comes again."""
        ...


def listeners_of(name: str) -> tuple[str, ...]:
    """Give the services that hear an event, by its wire name."""
    return LISTENERS[Event.known[name]]
