"""A limit to how fast something is read, on the average."""

import asyncio


class Throttle:
    """Lets so many bytes a second pass, whoever asks; what was not used up is not saved for later."""

    def __init__(self, bytes_a_second: int) -> None:
        self._bytes_a_second = bytes_a_second
        self._paid_until = 0.0

    async def __call__(self, size: int) -> None:
        """Wait until bytes that were read are paid for with time."""
        clock = asyncio.get_running_loop().time
        self._paid_until = max(self._paid_until, clock()) + size / self._bytes_a_second
        if (left := self._paid_until - clock()) > 0:
            await asyncio.sleep(left)
