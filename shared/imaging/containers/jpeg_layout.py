"""The markers of a JPEG (ITU-T T.81 annex B): frame, tables, scans, restarts, end."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from shared.imaging.outside import BlockCoding, Undecodable

END_OF_IMAGE, START_OF_SCAN, HUFFMAN_TABLES, RESTART_INTERVAL, LINES = 0xD9, 0xDA, 0xC4, 0xDD, 0xDC
QUANTIZATION_TABLES = 0xDB
EVERY_SYMBOL = 162  # of AC: 16 runs by 10 sizes, the end of a block, and a run of 16 zeros
MOST_TINT = 2.1  # of one unit of Cr or Cb in red or blue, less what it is in green (ITU-T T.871)
RESTARTS = range(0xD0, 0xD8)
STANDALONE = frozenset({0x01, 0xD8, *RESTARTS})
FRAMES = frozenset({*range(0xC0, 0xD0)} - {HUFFMAN_TABLES, 0xC8, 0xCC})
BASELINE, PROGRESSIVE = frozenset({0xC0, 0xC1}), frozenset({0xC2})
# T.81 B.1.1.2: inside and between scans only tables, comments, application data, DNL and the end may follow
AFTER_FIRST_SCAN = frozenset(
    {HUFFMAN_TABLES, 0xCC, END_OF_IMAGE, START_OF_SCAN, 0xDB, LINES, RESTART_INTERVAL, 0xFE, *range(0xE0, 0xF0)}
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame's header: where it lies, its kind, its size in pixels, how finely each component is sampled."""

    at: int
    kind: int
    height: int
    width: int
    sampling: tuple[tuple[int, int], ...]

    @property
    def unit(self) -> tuple[int, int]:
        """The width and height, in blocks of 8 by 8 pixels, of what is coded together (the MCU)."""
        if len(self.sampling) == 1:
            return 1, 1
        return max(across for across, _ in self.sampling), max(down for _, down in self.sampling)


@dataclass(frozen=True, slots=True)
class Scan:
    """Compressed data from `start` to `end`.

    `first_codes` are the symbols that zeros stand for, `is_for_any` says that its tables were not made for this page,
    `is_plain_bits` that there are no codes in it at all.
    """

    start: int
    end: int
    first_codes: tuple[int, ...]
    is_for_any: bool
    is_plain_bits: bool
    restarts: tuple[int, ...]
    restart_interval: int


@dataclass(slots=True)
class Layout:
    """What the markers say of a JPEG: its quantisation tables by number, the symbols of each code table it defines."""

    frame: Frame | None = None
    scans: list[Scan] = field(default_factory=list)
    quantization: dict[int, tuple[int, ...]] = field(default_factory=dict)
    symbols: list[tuple[int, bytes]] = field(default_factory=list)
    stray_bytes: int = 0
    end: int = 0

    @property
    def luminance(self) -> tuple[int, ...]:
        """Its first quantisation table."""
        return self.quantization.get(0, ())

    @property
    def coding(self) -> BlockCoding | None:
        """How its blocks are coded; None if it has no frame. Restarts that are not at the ends of rows tell nothing."""
        if self.frame is None:
            return None
        across, down = (8 * blocks for blocks in self.frame.unit)
        columns = -(-self.frame.width // across) if across else 0
        interval = self.scans[0].restart_interval if self.scans else 0
        rows = interval // columns if columns and interval % columns == 0 else 0
        units = {number: table[0] / 8 for number, table in self.quantization.items()}  # T.81 A.3.3: 8 times a tone
        return BlockCoding(across, down, rows, units.get(0, 0.0), MOST_TINT * max(units.values(), default=0.0))


@dataclass(slots=True)
class Tables:
    """What holds for the scans that follow: code tables, the restart interval, quantisation."""

    codes: dict[int, bytes] = field(default_factory=dict)
    symbols: list[tuple[int, bytes]] = field(default_factory=list)
    restart_interval: int = 0
    quantization: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def take(self, marker: int, segment: bytes) -> None:
        """Read a segment, if it is one of these."""
        if marker == QUANTIZATION_TABLES:
            self.quantization = dict(quantization_in(segment)) | self.quantization
        elif marker == HUFFMAN_TABLES:
            self.symbols += symbols_in(segment)
            self.codes |= {number: symbols for number, symbols in symbols_in(segment) if symbols}
        elif marker == RESTART_INTERVAL:
            self.restart_interval = int.from_bytes(segment[:2])


def layout_of(content: "mmap | bytes") -> Layout:
    """Walk the markers up to the end of the first image. Raises Undecodable."""
    layout, tables, at = Layout(), Tables(), 2
    marks = Marks(content)
    while (found := marks.next(at)) is not None:
        layout.stray_bytes += stray(content, at, found)
        marker, body = content[found + 1], found + 2
        if marker == END_OF_IMAGE:
            layout.end, layout.quantization, layout.symbols = body, tables.quantization, tables.symbols
            return layout
        if layout.scans and marker not in AFTER_FIRST_SCAN:
            raise Undecodable("unreadable", f"a broken scan: marker {marker:02x} inside it")
        at = body if marker in STANDALONE else body + int.from_bytes(content[body : body + 2])
        segment = content[body + 2 : at]
        if marker in FRAMES:
            layout.frame = frame_of(found, marker, segment)
        elif marker == START_OF_SCAN:
            end, restarts = marks.scan(at)
            codes = codes_used(segment, tables.codes)
            layout.scans.append(
                Scan(
                    at,
                    end,
                    tuple(table[0] for table in codes),
                    is_made_for_any(codes),
                    is_plain_bits(segment),
                    restarts,
                    tables.restart_interval,
                )
            )
            at = end
        else:
            tables.take(marker, segment)
    raise Undecodable("truncated", "the JPEG has no end")


class Marks:
    """Where a JPEG has the byte ff before anything but a stuffed zero or another ff."""

    def __init__(self, content: "mmap | bytes") -> None:
        pixels = np.frombuffer(content, np.uint8)
        places = np.flatnonzero(pixels[:-1] == 0xFF)
        follows = pixels[places + 1]
        is_mark = (follows != 0) & (follows != 0xFF)
        self._at: NDArray[np.intp] = places[is_mark]
        self._kinds = follows[is_mark]
        self._breaks = np.flatnonzero((self._kinds & 0xF8) != 0xD0)

    def next(self, at: int) -> int | None:
        """Give the place of the first mark from `at` on that is no restart."""
        index = int(np.searchsorted(self._at[self._breaks], at))
        return int(self._at[self._breaks[index]]) if index < len(self._breaks) else None

    def scan(self, at: int) -> tuple[int, tuple[int, ...]]:
        """Give where the scan that begins at `at` ends, and the numbers of the restarts in it."""
        first = int(np.searchsorted(self._at, at))
        after = int(np.searchsorted(self._breaks, first))
        last = int(self._breaks[after]) if after < len(self._breaks) else len(self._at)
        end = int(self._at[last]) if last < len(self._at) else at
        return end, tuple((self._kinds[first:last] & 7).tolist())


def stray(content: "mmap | bytes", at: int, mark: int) -> int:
    """Count what lies between two parts of a JPEG and is not just ff before a mark."""
    return mark - at - content[at:mark].count(b"\xff") if mark > at else 0


def frame_of(at: int, kind: int, segment: bytes) -> Frame:
    """Read a frame's header. Raises Undecodable."""
    if len(segment) < 6 or len(segment) < 6 + 3 * segment[5]:
        raise Undecodable("unreadable", "the JPEG's frame header is too short")
    sampling = tuple((segment[7 + 3 * part] >> 4, segment[7 + 3 * part] & 15) for part in range(segment[5]))
    return Frame(at, kind, int.from_bytes(segment[1:3]), int.from_bytes(segment[3:5]), sampling)


def quantization_in(segment: bytes) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Give the quantisation tables in a segment by number (T.81 B.2.4.1)."""
    at = 0
    while at < len(segment):
        size = 128 if segment[at] >> 4 else 64
        values = segment[at + 1 : at + 1 + size]
        if len(values) == size:
            yield segment[at] & 15, struct.unpack(f">64{'H' if size == 128 else 'B'}", values)
        at += 1 + size


def symbols_in(segment: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the symbols of each code table, the one that zeros stand for first; class and number as T.81 B.2.4.2."""
    at = 0
    while at + 17 < len(segment):
        count = sum(segment[at + 1 : at + 17])
        yield segment[at], segment[at + 17 : at + 17 + count]
        at += 17 + count


def codes_used(segment: bytes, tables: dict[int, bytes]) -> tuple[bytes, ...]:
    """Give the symbols of the tables that a scan uses: its AC tables, its DC tables if it has no AC."""
    parts = segment[0] if segment else 0
    chosen = [segment[2 + 2 * part] for part in range(parts) if 2 + 2 * part < len(segment)]
    has_ac = len(segment) >= 3 and segment[-2] > 0
    used = {0x10 | choice & 15 for choice in chosen} if has_ac else {choice >> 4 for choice in chosen}
    return tuple(tables[number] for number in sorted(used) if number in tables)


def is_made_for_any(tables: tuple[bytes, ...]) -> bool:
    """Say whether tables have every symbol that there can be, as those of T.81 K.3 do and no page needs."""
    return all(len(symbols) == EVERY_SYMBOL for symbols in tables)


def is_plain_bits(segment: bytes) -> bool:
    """Say whether a scan is only one more bit of each block's mean (T.81 G.1.2.1.2)."""
    return len(segment) >= 3 and segment[-1] >> 4 != 0 and segment[-2] == 0
