"""The face of invisible text: a font of one empty glyph that every character is written with.

Viewers search and copy by its ToUnicode table; nothing is ever drawn. Every character of a document has a code of its
own, so that those beyond the BMP are one code too.
"""

import struct
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name

UNITS = 1000
ADVANCE = 500
ASCENT, DESCENT = 750, -250
MOST_CODES = 0xFFFE
MADE_AT = 3_600_000_000  # seconds since 1904: some day, always the same
PORTION = 100  # entries of a bfchar block at most (Adobe Technical Note 5014)


class Characters:
    """Gives every character of a document a code, from 1 on."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encoded(self, text: str) -> bytes:
        """Write a text in codes of two bytes; what a document has no room for (65,534 different ones) is left out."""
        codes = [self._code(each) for each in text]
        return struct.pack(f">{len(codes)}H", *codes).replace(b"\0\0", b"")

    def _code(self, character: str) -> int:
        if len(self._codes) >= MOST_CODES:
            return self._codes.get(character, 0)
        return self._codes.setdefault(character, len(self._codes) + 1)

    @property
    def codes(self) -> Mapping[str, int]:
        """Give the codes in use."""
        return self._codes


def glyphless_font(pdf: pikepdf.Pdf, characters: Characters) -> pikepdf.Object:
    """Make the font for all text of a document."""
    program = pdf.make_stream(empty_truetype(), Length1=len(empty_truetype()))
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.GlyphLess, Flags=4, FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0, Ascent=ASCENT, Descent=DESCENT, CapHeight=ASCENT, StemV=80,
        FontFile2=program,
    )  # fmt: skip
    glyphs = pdf.make_stream(b"\0\0" + b"\0\1" * len(characters.codes))
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.GlyphLess, CIDToGIDMap=glyphs, DW=ADVANCE,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.GlyphLess, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(to_unicode(characters.codes)),
    )  # fmt: skip
    return pdf.make_indirect(font)


def to_unicode(codes: Mapping[str, int]) -> bytes:
    """Write the table from codes to characters (ISO 32000-1 §9.10.3)."""
    entries = [f"<{code:04X}> <{each.encode('utf-16-be').hex().upper()}>" for each, code in codes.items()]
    blocks = [entries[begin : begin + PORTION] for begin in range(0, len(entries), PORTION)]
    lines = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
        "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange",
        *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
        "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end",
    ]  # fmt: skip
    return "\n".join(lines).encode()


def empty_truetype() -> bytes:
    """Write a TrueType font of two glyphs without an outline."""
    tables = {
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh", 0x00010000, 0x00010000, 0, 0x5F0F3CF5, 3, UNITS, MADE_AT, MADE_AT,
            0, DESCENT, ADVANCE, ASCENT, 0, 8, 2, 0, 0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x00010000, ASCENT, DESCENT, 0, ADVANCE, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2
        ),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">HHH", 0, 0, 0),
        b"glyf": b"\0",
    }  # fmt: skip
    return assembled(tables)


def assembled(tables: Mapping[bytes, bytes]) -> bytes:
    """Put tables together into one TrueType file."""
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    at, directory, bodies = len(head) + 16 * count, b"", b""
    for tag, body in sorted(tables.items()):
        padded = body + bytes(-len(body) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, total, at + len(bodies), len(body))
        bodies += padded
    return head + directory + bodies
