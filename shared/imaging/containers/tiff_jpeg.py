"""The JPEG streams inside a TIFF (TIFF Technical Note 2), each looked into like a JPEG of its own."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from shared.imaging.containers.jpeg_layout import Layout, layout_of
from shared.imaging.containers.jpeg_scans import flaws_of
from shared.imaging.containers.jpeg_tables import table_flaws
from shared.imaging.containers.tiff_directories import Directory, TiffFile
from shared.imaging.containers.tiff_pieces import JPEG, Pieces
from shared.imaging.measurement import Flaw
from shared.imaging.outside import BlockCoding, Undecodable

TABLES = 347


def jpeg_flaws(file: TiffFile, directory: Directory) -> Iterator[Flaw]:
    """Look into the stream of every strip or tile, if they are JPEG; the first flaw is enough. Raises Undecodable."""
    pieces = Pieces(file, directory)
    for place, whole in enumerate(streams_of(file, directory)):
        layout = layout_of(whole)
        found = chain(
            size_flaws(layout, pieces, place), table_flaws(layout) if not place else (), flaws_of(whole, layout)
        )
        flaw = next(found, None)
        if flaw is not None:
            yield Flaw(kind=flaw.kind, detail=f"strip or tile {place}: {flaw.detail}")
            return


def size_flaws(layout: Layout, pieces: Pieces, place: int) -> Iterator[Flaw]:
    """Compare the size of a stream with that of its strip or tile; a last strip may be of full height."""
    if layout.frame is None:
        return
    width, height = layout.frame.width, layout.frame.height
    if width != pieces.across or height not in (pieces.rows(place), pieces.down):
        yield Flaw(kind="damaged", detail=f"its JPEG is {width} by {height} pixels")


def coding_of(file: TiffFile, directory: Directory) -> tuple[tuple[int, ...], BlockCoding | None]:
    """Give the first quantisation table of the first stream, and how the blocks of strips are coded.

    Nothing when there is no stream. Raises Undecodable.
    """
    whole = next(streams_of(file, directory), None)
    if whole is None:
        return (), None
    layout, pieces = layout_of(whole), Pieces(file, directory)
    coding = layout.coding
    if coding is None or pieces.is_tiled or pieces.planes > 1 or not coding.down or pieces.down % coding.down:
        return layout.luminance, None
    return layout.luminance, replace(coding, rows=coding.rows or pieces.down // coding.down)


def streams_of(file: TiffFile, directory: Directory) -> Iterator[bytes]:
    """Give the stream of every strip or tile, if they are JPEG, with the tables they share. Raises Undecodable."""
    pieces = Pieces(file, directory)
    if pieces.compression != JPEG:
        return
    tag = directory.tags.get(TABLES)
    tables = bytes(file.content[tag.at : tag.end])[2:-2] if tag else b""
    for place, (at, size) in enumerate(zip(pieces.offsets, pieces.sizes, strict=False)):
        stream = file.content[at : at + size]
        if stream[:2] != b"\xff\xd8":
            raise Undecodable("unreadable", f"strip or tile {place} is no JPEG")
        yield stream[:2] + tables + stream[2:]
