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
class BlockCoding:
    """How a JPEG's blocks are coded: together by so many pixels, anew after so many rows of these units (0: never).

    `lightness` and `tint` are the tones by which a block's mean can be coarser or finer: one unit of it.
    """

    across: int
    down: int
    rows: int = 0
    lightness: float = 0.0
    tint: float = 0.0


@dataclass(frozen=True, slots=True)
class Outside:
    """How many images a file holds (2 means several), what follows their end, and what is wrong in between.

    `luminance` is the first quantisation table of the JPEG streams inside a TIFF, empty where there are none;
    `coding` tells of the blocks of a JPEG, in a TIFF's strips too.
    """

    bytes_after_end: int = 0
    frame_count: int = 1
    flaws: tuple[Flaw, ...] = ()
    luminance: tuple[int, ...] = ()
    coding: BlockCoding | None = None
