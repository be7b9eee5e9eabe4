"""A TIFF or BigTIFF followed from directory to directory, with each value and each strip inside the file."""

import struct
from collections.abc import Iterator
from mmap import mmap

from shared.imaging.containers.tiff_directories import SIZES, Directory, Tag, TiffFile
from shared.imaging.containers.tiff_jpeg import coding_of, jpeg_flaws
from shared.imaging.containers.tiff_lzw import lzw_flaws
from shared.imaging.containers.tiff_pieces import Pieces, piece_flaws, pieces_end
from shared.imaging.containers.tiff_sectors import sector_flaws
from shared.imaging.formats import sniff
from shared.imaging.measurement import Flaw
from shared.imaging.outside import Outside, Undecodable

POINTERS = (330, 34665, 34853, 40965)  # SubIFDs, EXIF, GPS, interoperability
MOST_DIRECTORIES = 500
NEW_SUBFILE_TYPE, REDUCED = 254, 1


def walk_tiff(content: mmap) -> Outside:
    """Follow a TIFF's directories and compare its strips and tiles with the file. Raises Undecodable."""
    file = TiffFile(content)
    first: Directory | None = None
    pages, end = 0, 8
    for directory in directories(file):
        first = first or directory
        pages += 0 if is_thumbnail(file, directory) else 1
        end = max(end, directory.ends_at, *(values_end(file, tag) for tag in directory.tags.values()))
        end = max(end, pieces_end(file, directory), nested_end(file, directory))
    if first is None:
        raise Undecodable("unreadable", "the TIFF has no directory")
    file.flaws += [*piece_flaws(file, first), *jpeg_flaws(file, first), *sector_flaws(file, Pieces(file, first))]
    file.flaws += lzw_flaws(file, Pieces(file, first))
    behind = max(0, len(content) - end)
    is_another = sniff(content[end : end + 64]) is not None
    frames = 2 if is_another or pages > 1 else 1
    return Outside(behind, frames, tuple(dict.fromkeys(file.flaws)), *coding_of(file, first))


def directories(file: TiffFile) -> Iterator[Directory]:
    """Follow the chain of directories; one that comes back, breaks off later than the first or has no end is a flaw."""
    at, seen = file.first_offset(), set[int]()
    while at:
        if at in seen or len(seen) >= MOST_DIRECTORIES:
            circle = "the TIFF's directories go round in a circle"
            many = f"the TIFF has more than {MOST_DIRECTORIES} directories"
            file.flaws.append(Flaw(kind="odd_structure", detail=circle if at in seen else many))
            return
        seen.add(at)
        try:
            directory = file.directory(at)
        except Undecodable as broken:
            if len(seen) == 1:
                raise
            file.flaws.append(Flaw(kind="damaged", detail=f"a later directory: {broken.detail}"))
            return
        yield directory
        at = directory.follows


def is_thumbnail(file: TiffFile, directory: Directory) -> bool:
    """Say whether an image is only a smaller version of another (TIFF 6.0, NewSubfileType)."""
    try:
        return file.one(directory, NEW_SUBFILE_TYPE) & REDUCED == REDUCED
    except Undecodable:
        return False


def values_end(file: TiffFile, tag: Tag) -> int:
    """Give where a tag's values end; values outside the file are a flaw, as is a type that TIFF does not have."""
    if tag.kind not in SIZES:
        file.flaws.append(Flaw(kind="odd_structure", detail=f"the TIFF's tag {tag.number} is of no known type"))
        return 0
    if tag.end > len(file.content):
        file.flaws.append(Flaw(kind="damaged", detail=f"values of the TIFF's tag {tag.number} lie behind its end"))
        return 0
    return tag.end


def nested_end(file: TiffFile, directory: Directory) -> int:
    """Give where directories inside this one end, one level deep and without complaint: cameras write odd ones."""
    end = 0
    for pointer in POINTERS:
        try:
            for at in file.numbers(directory.tags.get(pointer))[:64]:
                nested = file.directory(at)
                ends = (tag.end for tag in nested.tags.values() if tag.end <= len(file.content))
                end = max(end, nested.ends_at, *ends)
        except (Undecodable, struct.error):
            continue
    return end
