"""What reading forms are made with: the sandbox that prints pages, the reader and the agency's seal, if any."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from services.ingest.reading.tesseract import Reader, find_reader
from shared.imaging.sandbox import Sandbox

if TYPE_CHECKING:
    from services.ingest.reading.signing import Seal

log = logging.getLogger(__name__)


@dataclass
class ReadingDesk:
    """The means; `reader` is looked for when the service opens."""

    sandbox: Sandbox
    wanted: Literal["tesseract", "none"]
    seconds: float
    seal: "Seal | None" = None
    reader: Reader | None = None

    async def open(self) -> None:
        """Look for the reader, and say loudly when a wanted one is not there."""
        if self.wanted == "none":
            return
        self.reader = await find_reader(self.seconds)
        if self.reader is None:
            log.warning("no Tesseract that reads Vietnamese is installed: reading forms will have no text")
