"""What the markers before a JPEG's first scan say: whether a PDF can show its data as they are.

Nothing is decoded here: a viewer does that, with the data as the scanner gave them.
"""

import struct
from dataclasses import dataclass
from typing import Self

from shared.imaging.resolution import Dpi

FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SHOWN = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what DCTDecode takes
START_OF_SCAN, EXIF, ICC, ADOBE, JFIF = 0xDA, b"Exif\0\0", b"ICC_PROFILE\0", b"Adobe", b"JFIF\0"
STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
ORIENTATION, X_RESOLUTION, Y_RESOLUTION, UNIT = 274, 282, 283, 296
PER_INCH = {1: 1.0, 2: 2.54}  # JFIF
EXIF_PER_INCH = {2: 1.0, 3: 2.54}
COLOURS = {1: b"GRAY", 3: b"RGB "}
PROFILE_CLASSES = frozenset({b"scnr", b"mntr", b"spac"})


class OddJpeg(ValueError):
    """These data are not for a PDF as they are; the text says why."""


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG that is embedded as it is: its size, its components (1 or 3), its resolution tag, its colour profile."""

    width: int
    height: int
    components: int
    dpi: Dpi | None
    profile: bytes | None

    @classmethod
    def of(cls, head: bytes) -> Self:
        """Read the markers of a JPEG up to its first scan. Raises OddJpeg."""
        segments = segments_of(head)
        frame = next((body for marker, body in segments if marker in FRAMES), b"")
        kind = next((marker for marker, _ in segments if marker in FRAMES), 0)
        if kind not in SHOWN or len(frame) < 6:
            raise OddJpeg("lossless, arithmetic or no frame at all")
        bits, height, width, components = struct.unpack(">BHHB", frame[:6])
        if bits != 8 or components not in COLOURS or not width or not height:
            raise OddJpeg(f"{components} components of {bits} bits, {width} by {height} pixels")
        demand_ycc(segments, components)
        exif = exif_of(next((body[6:] for marker, body in segments if marker == 0xE1 and body.startswith(EXIF)), b""))
        if exif.get(ORIENTATION, 1) != 1:
            raise OddJpeg("turned by its EXIF")
        return cls(width, height, components, jfif_dpi(segments) or exif_dpi(exif), profile_of(segments, components))


def segments_of(head: bytes) -> list[tuple[int, bytes]]:
    """Give markers and their bodies before the first scan. Raises OddJpeg."""
    segments: list[tuple[int, bytes]] = []
    at = 2
    while head[at : at + 1] == b"\xff" and len(head) >= at + 4:
        marker = head[at + 1]
        if marker == START_OF_SCAN:
            return segments
        if marker == 0xFF or marker in STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(head[at + 2 : at + 4])
        segments.append((marker, head[at + 4 : at + 2 + length]))
        at += 2 + length
    raise OddJpeg("no scan where one belongs")


def demand_ycc(segments: list[tuple[int, bytes]], components: int) -> None:
    """Demand that three components are YCbCr: viewers differ on what others are. Raises OddJpeg."""
    adobe = next((body for marker, body in segments if marker == 0xEE and body.startswith(ADOBE)), None)
    if components == 3 and adobe is not None and (len(adobe) < 12 or adobe[11] != 1):
        raise OddJpeg("three components that are not YCbCr")
    frame = next(body for marker, body in segments if marker in FRAMES)
    if components == 3 and adobe is None and bytes(frame[6::3][:3]) == b"RGB":
        raise OddJpeg("three components called R, G, B")


def jfif_dpi(segments: list[tuple[int, bytes]]) -> Dpi | None:
    """Give the resolution in the JFIF header."""
    body = next((body for marker, body in segments if marker == 0xE0 and body.startswith(JFIF)), b"")
    if len(body) < 12 or body[7] not in PER_INCH:
        return None
    x, y = (value * PER_INCH[body[7]] for value in struct.unpack(">HH", body[8:12]))
    return (x, y) if x and y else None


def exif_dpi(exif: dict[int, float]) -> Dpi | None:
    """Give the resolution in the EXIF."""
    factor = EXIF_PER_INCH.get(int(exif.get(UNIT, 2)), 0.0)
    x, y = exif.get(X_RESOLUTION, 0) * factor, exif.get(Y_RESOLUTION, 0) * factor
    return (x, y) if x > 0 and y > 0 else None


def exif_of(body: bytes) -> dict[int, float]:
    """Read the first directory of an EXIF block: short numbers and fractions. Raises OddJpeg for a broken one."""
    if not body:
        return {}
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
    try:
        (start,) = struct.unpack_from(f"{order}I", body, 4)
        (count,) = struct.unpack_from(f"{order}H", body, start)
        found: dict[int, float] = {}
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _ = struct.unpack_from(f"{order}HHI", body, at)
            if kind == 3:
                found[tag] = struct.unpack_from(f"{order}H", body, at + 8)[0]
            elif kind == 5 and tag in (X_RESOLUTION, Y_RESOLUTION):
                above, below = struct.unpack_from(f"{order}II", body, struct.unpack_from(f"{order}I", body, at + 8)[0])
                found[tag] = above / below if below else 0
    except struct.error as broken:
        raise OddJpeg("a broken EXIF block") from broken
    return found


def profile_of(segments: list[tuple[int, bytes]], components: int) -> bytes | None:
    """Give the colour profile of the data where there is a plausible one. Raises OddJpeg for another one."""
    parts = sorted(body[12:] for marker, body in segments if marker == 0xE2 and body.startswith(ICC))
    profile = b"".join(part[2:] for part in parts)
    if not profile:
        return None
    fits = len(profile) >= 132 and int.from_bytes(profile[:4]) == len(profile) and profile[36:40] == b"acsp"
    if not fits or profile[16:20] != COLOURS[components] or profile[12:16] not in PROFILE_CLASSES:
        raise OddJpeg("a colour profile that is none of these data")
    return profile
