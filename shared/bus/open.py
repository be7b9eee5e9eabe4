"""Choose the bus by its URL: the one place where the two ways to run differ in how events travel."""

from shared.bus.memory import MemoryBus
from shared.bus.port import Bus
from shared.bus.rabbit import RabbitBus


def open_bus(url: str) -> Bus:
    """Open `memory:` or `amqp://user:password@host:port/` (or `amqps://`)."""
    if url == "memory:":
        return MemoryBus()
    if url.startswith(("amqp://", "amqps://")):
        return RabbitBus(url)
    raise ValueError(f"no bus is known for {url.partition(':')[0]}:")
