"""The LZW codes of a TIFF's strips (TIFF 6.0 §13), counted without unfolding them: do they come to a strip's bytes?

A changed bit leaves the codes in step, and decoders say nothing. But where strings are long, as on clean paper, the
code it changes mostly stands for one of another length, and the strip holds more or fewer bytes than its rows need.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shared.imaging.containers.tiff_directories import TiffFile
from shared.imaging.containers.tiff_pieces import LZW, Pieces
from shared.imaging.measurement import Flaw

CLEAR, END, FIRST_FREE = 256, 257, 258
WIDTHS = np.repeat([9, 10, 11, 12], [254, 512, 1024, 4096 - FIRST_FREE + 2 - 1790])  # of the codes after a clearing
STARTS = np.cumsum(WIDTHS) - WIDTHS
MOST = 48 << 20  # bytes of strips in all: an A4 page in colour at 600 dpi; a map would take too long
FEW = 32
LETTER = 32  # bits that a letter is kept above a length
Codes = NDArray[np.int64]


def lzw_flaws(file: TiffFile, pieces: Pieces) -> Iterator[Flaw]:
    """Compare what each strip or tile holds with what its rows need; the first that differs is enough."""
    if pieces.compression != LZW or pieces.subsampled or sum(pieces.sizes) > MOST:
        return
    spans = zip(pieces.offsets, pieces.sizes, strict=False)
    for place, (at, size) in enumerate(list(spans)[: pieces.needed]):
        length = unfolded_length(file.content[at : at + size])
        if length is not None and length not in (pieces.unpacked(place), pieces.unpacked(0)):
            detail = f"strip or tile {place} unfolds to {length} bytes instead of {pieces.unpacked(place)}"
            yield Flaw(kind="damaged", detail=detail)
            return


def unfolded_length(packed: bytes) -> int | None:
    """Count the bytes that LZW codes stand for; None for codes that do not begin or end as the standard says.

    -1 for a code that no string has yet.
    """
    content = np.frombuffer(packed + bytes(4), np.uint8).astype(np.int64)
    words = content[:-3] << 24 | content[1:-2] << 16 | content[2:-1] << 8 | content[3:]
    bits, length, at = 8 * len(packed), 0, 9
    if bits < 9 or int(words[0] >> 23) != CLEAR:
        return None
    while True:
        count = int(np.searchsorted(STARTS + WIDTHS, bits - at, side="right"))
        codes = codes_at(words, at + STARTS[:count], WIDTHS[:count])
        ends = np.flatnonzero((codes == CLEAR) | (codes == END))
        if not len(ends):
            return None
        last = int(ends[0])
        strings = strings_of(codes[:last])
        if strings is None or repeats_a_string(codes[:last], strings[1]):
            return -1
        length += int(strings[0].sum())
        if codes[last] == END:
            return length
        at += int(STARTS[last] + WIDTHS[last])


def codes_at(words: Codes, places: Codes, widths: Codes) -> Codes:
    """Read codes of so many bits at these places."""
    return np.asarray(words[places >> 3] >> (32 - widths - (places & 7)) & ((1 << widths) - 1))


def strings_of(codes: Codes) -> tuple[Codes, Codes] | None:
    """Give the lengths and the first letters of the strings that codes after a clearing stand for; None if one is none.

    A code above the letters stands for the string of the code that it names, and a byte more: what comes together along
    the chain from each code to a letter is found by going twice as far at every step.
    """
    named = np.concatenate([[0], np.where(codes < CLEAR, 0, codes - FIRST_FREE + 1)])
    if (named[1:] >= np.arange(1, len(named))).any():
        return None
    both = np.concatenate([[0], np.where(codes < CLEAR, codes << LETTER, 0) + 1])
    while named.any():
        both += both[named]
        named = named[named]
    return both[1:] & ((1 << LETTER) - 1), both[1:] >> LETTER


def repeats_a_string(codes: Codes, letters: Codes) -> bool:
    """Say whether a few codes make a string that there was already.

    A writer takes the longest string that it has, so that each code and the byte after it make a new one.
    """
    made = np.sort(codes[:-1] << 8 | letters[1:])
    again = int(np.count_nonzero(made[1:] == made[:-1]))
    return 0 < again <= FEW
