"""The directories of a TIFF or BigTIFF and their tags, read as they lie in the file (TIFF 6.0 §2)."""

import struct
from dataclasses import dataclass
from mmap import mmap

from shared.imaging.measurement import Flaw
from shared.imaging.outside import Undecodable

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
LETTERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
WHOLE_NUMBERS = frozenset(LETTERS)
MOST_TAGS, MOST_VALUES = 4096, 4_000_000


@dataclass(frozen=True, slots=True)
class Tag:
    """A directory's entry: its type, how many values, and where they lie."""

    number: int
    kind: int
    count: int
    at: int

    @property
    def end(self) -> int:
        """Where its values end."""
        return self.at + SIZES.get(self.kind, 0) * self.count


@dataclass(frozen=True, slots=True)
class Directory:
    """One image's tags; `ends_at` is where the directory itself ends, `follows` the offset of the next or 0."""

    tags: dict[int, Tag]
    ends_at: int
    follows: int


class TiffFile:
    """The bytes of a TIFF, read in its byte order."""

    def __init__(self, content: "mmap | bytes") -> None:
        self.content = content
        self.order = "<" if content[:2] == b"II" else ">"
        self.is_big = content[2:4] in (b"+\0", b"\0+")
        self.flaws: list[Flaw] = []

    def number(self, letter: str, at: int) -> int:
        """Read one whole number. Raises Undecodable behind the file's end."""
        size = struct.calcsize("=" + letter)
        if at < 0 or at + size > len(self.content):
            raise Undecodable("truncated", f"the TIFF points to byte {at}, behind its end")
        value: int = struct.unpack(self.order + letter, self.content[at : at + size])[0]
        return value

    def numbers(self, tag: Tag | None) -> tuple[int, ...]:
        """Read a tag's whole numbers; none when there is no such tag. Raises Undecodable."""
        if tag is None:
            return ()
        if tag.kind not in WHOLE_NUMBERS or tag.count > MOST_VALUES or tag.end > len(self.content):
            raise Undecodable("unreadable", f"the TIFF's tag {tag.number} has values that cannot be")
        return struct.unpack(f"{self.order}{tag.count}{LETTERS[tag.kind]}", self.content[tag.at : tag.end])

    def one(self, directory: Directory, number: int, otherwise: int = 0) -> int:
        """Read the first value of a tag. Raises Undecodable."""
        values = self.numbers(directory.tags.get(number))
        return values[0] if values else otherwise

    def first_offset(self) -> int:
        """Read where the first directory lies."""
        if self.is_big:
            if self.number("H", 4) != 8:
                raise Undecodable("unreadable", "the BigTIFF's offsets are not of 8 bytes")
            return self.number("Q", 8)
        return self.number("I", 4)

    def directory(self, at: int) -> Directory:
        """Read a directory. Raises Undecodable."""
        count = self.number("Q" if self.is_big else "H", at)
        each, start = (20, at + 8) if self.is_big else (12, at + 2)
        end = start + each * count
        if count > MOST_TAGS or count == 0:
            raise Undecodable("unreadable", f"a directory of the TIFF has {count} tags")
        follows = self.number("Q" if self.is_big else "I", end)
        tags = [self.tag(start + each * place) for place in range(count)]
        numbers = [tag.number for tag in tags]
        if len(set(numbers)) < count:
            self.flaws.append(Flaw(kind="odd_structure", detail="a tag of the TIFF is there twice"))
        kept = {tag.number: tag for tag in reversed(tags)}
        return Directory(kept, end + (8 if self.is_big else 4), follows)

    def tag(self, at: int) -> Tag:
        """Read one entry. Raises Undecodable for values outside the file."""
        number, kind = self.number("H", at), self.number("H", at + 2)
        count = self.number("Q" if self.is_big else "I", at + 4)
        inline_at, room = (at + 12, 8) if self.is_big else (at + 8, 4)
        size = SIZES.get(kind, 0) * count
        return Tag(
            number, kind, count, inline_at if size <= room else self.number("Q" if self.is_big else "I", inline_at)
        )
