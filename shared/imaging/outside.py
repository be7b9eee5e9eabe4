"""What the outside of an image file tells, and how to say that a file is no page."""

from dataclasses import dataclass

from shared.imaging.measurement import Flaw


class Undecodable(Exception):
    """The file is no page: `fault` is one of measurement.Fault, `detail` what the decoder said."""

    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Outside:
    """How many images a file holds (2 means several), what follows their end, and what is wrong in between.

    `luminance` is the first quantisation table of the JPEG streams inside a TIFF, empty where there are none.
    """

    bytes_after_end: int = 0
    frame_count: int = 1
    flaws: tuple[Flaw, ...] = ()
    luminance: tuple[int, ...] = ()
