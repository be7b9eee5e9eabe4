"""Hostile and broken image files that tests make themselves: the same bytes at every run, each under 1 MB."""

import io
import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, PngImagePlugin

SIGHTED: frozenset[str] = frozenset()
BROKEN = frozenset({"unreadable", "truncated"})
TOO_LARGE = frozenset({"too_large"})
NO_IMAGE = frozenset({"not_an_image"})


@dataclass(frozen=True)
class Hostile:
    """A file, and the faults of which it must have one; none means that the page must be measured all the same."""

    name: str
    content: bytes
    faults: frozenset[str]


def page(width: int = 620, height: int = 877, mode: str = "RGB", lines: int = 24) -> Image.Image:
    """Draw a page of text lines on slightly uneven paper."""
    chance = random.Random(width * height)
    image = Image.new("RGB", (width, height), (236, 231, 218))
    pen = ImageDraw.Draw(image)
    for line in range(lines):
        y, x = height * (line + 2) // (lines + 4), width // 10
        while x < width * 9 // 10:
            length = chance.randint(width // 40 + 1, width // 12 + 2)
            pen.rectangle((x, y, x + length, y + max(1, height // 160)), fill=(38, 36, 44))
            x += length + width // 80 + 2
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    """Give an image as a file."""
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Give a PNG chunk with a right checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_header(width: int, height: int, bits: int, colour: int) -> bytes:
    """Give a PNG up to its header chunk."""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))


@cache
def empty_png(width: int, height: int, bits: int, samples: int) -> bytes:
    """Give a valid PNG of one tone, however large: zeros pack a thousandfold."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width * bits * samples + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    colour = {1: 0, 3: 2}[samples]
    return png_header(width, height, bits, colour) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def slow_page() -> bytes:
    """Give a page that the limits allow and that takes seconds to look at."""
    return empty_png(14_000, 14_000, 8, 3)


def tiff(*tags: tuple[int, int, int, int], next_directory: int = 0, rest: bytes = b"") -> bytes:
    """Give a little-endian TIFF with one directory at offset 8; a tag is number, type, count, value."""
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", next_directory) + rest


def grey_tags(width: int, height: int, offset: int) -> tuple[tuple[int, int, int, int], ...]:
    """Give the tags of an uncompressed 8-bit grey TIFF in one strip."""
    facts = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, offset), (277, 1), (278, height))
    return (*((number, 4, 1, value) for number, value in facts), (279, 4, 1, min(width * height, 0xFFFFFFFF)))


def grey_tiff(width: int, height: int, next_directory: int = 0, content: bytes | None = None) -> bytes:
    """Give an uncompressed grey TIFF; `content` may be less than it needs."""
    pixels = bytes(width * height) if content is None else content
    return tiff(*grey_tags(width, height, 8 + 2 + 9 * 12 + 4), next_directory=next_directory, rest=pixels)


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """Put an application segment behind the start of a JPEG."""
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def with_flaw(content: bytes, at: int, flaw: bytes) -> bytes:
    """Overwrite bytes in the middle of a file."""
    return content[:at] + flaw + content[at + len(flaw) :]


def hostile_files() -> Iterator[Hostile]:
    """Give every hostile file."""
    yield from cut_short()
    yield from too_large()
    yield from no_images()
    yield from broken_inside()
    yield from hostile_structures()
    yield from strange_pixels()
    yield from strange_outsides()


def cut_short() -> Iterator[Hostile]:
    """Give files that end too early."""
    jpeg, png = saved(page(), "JPEG"), saved(page(), "PNG")
    for share in (10, 50, 90, 99):
        yield Hostile(f"cut-{share}.jpg", jpeg[: len(jpeg) * share // 100], BROKEN)
    yield Hostile("no-end-mark.jpg", jpeg[:-2], BROKEN)
    progressive = saved(page(), "JPEG", progressive=True)
    yield Hostile("cut-progressive.jpg", progressive[: len(progressive) * 2 // 3], BROKEN)
    for share in (5, 70, 99):
        yield Hostile(f"cut-{share}.png", png[: len(png) * share // 100], BROKEN)
    yield Hostile("no-end-chunk.png", png[:-12], BROKEN)
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg"):
        whole = saved(page(), "TIFF", compression=compression)
        yield Hostile(f"cut-{compression}.tif", whole[: len(whole) * 3 // 5], BROKEN)
    yield Hostile("cut-strip.tif", grey_tiff(700, 900, content=bytes(700 * 450)), BROKEN)
    jp2 = saved(page(), "JPEG2000")
    yield Hostile("cut.jp2", jp2[: len(jp2) // 2], BROKEN)
    for name, signature in (("a.jpg", jpeg[:3]), ("a.png", png[:8]), ("a.tif", b"II*\0"), ("a.jp2", jp2[:12])):
        yield Hostile(f"signature-only-{name}", signature, BROKEN)


def too_large() -> Iterator[Hostile]:
    """Give small files that unfold into very large images, or say so."""
    yield Hostile("60000x60000.png", png_header(60_000, 60_000, 8, 2) + chunk(b"IEND", b""), TOO_LARGE)
    yield Hostile("largest.png", png_header(2**31 - 1, 2**31 - 1, 8, 2) + chunk(b"IEND", b""), TOO_LARGE | BROKEN)
    yield Hostile("60000x60000.tif", grey_tiff(60_000, 60_000, content=b"\0"), TOO_LARGE)
    yield Hostile("widest.tif", grey_tiff(2**31 - 1, 64, content=b"\0"), TOO_LARGE)
    jpeg = saved(page(), "JPEG")
    frame = jpeg.index(b"\xff\xc0") + 5
    yield Hostile("65500x65500.jpg", with_flaw(jpeg, frame, struct.pack(">HH", 65_500, 65_500)), TOO_LARGE)
    yield Hostile("bomb-1-bit.png", empty_png(40_000, 40_000, 1, 1), TOO_LARGE)
    yield Hostile("bomb-colour.png", empty_png(18_000, 18_000, 8, 3), TOO_LARGE)
    jp2 = saved(page(), "JPEG2000")
    size = struct.pack(">II", 60_000, 60_000)
    unfolded = with_flaw(jp2, jp2.index(b"ihdr") + 4, size)
    yield Hostile("60000x60000.jp2", with_flaw(unfolded, jp2.index(b"\xff\x51") + 6, size), TOO_LARGE | BROKEN)


def no_images() -> Iterator[Hostile]:
    """Give files that are something else under an image's name."""
    yield Hostile("empty.tif", b"", NO_IMAGE)
    yield Hostile("one-byte.jpg", b"\xff", NO_IMAGE)
    yield Hostile("zeros.tif", bytes(100_000), NO_IMAGE)
    yield Hostile("text.jpg", "Cộng hòa xã hội chủ nghĩa Việt Nam\n".encode() * 40, NO_IMAGE)
    yield Hostile("page.html.jpg", b"<!DOCTYPE html><title>502</title>", NO_IMAGE)
    yield Hostile("document.tif", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF", NO_IMAGE)
    entity = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    yield Hostile("vector.png", entity, NO_IMAGE)
    yield Hostile("moving.gif", saved(page(40, 40), "GIF"), NO_IMAGE)
    yield Hostile("postscript.tif", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", NO_IMAGE)
    yield Hostile("codestream.jp2", saved(page(64, 64), "JPEG2000", no_jp2=True), NO_IMAGE)


def broken_inside() -> Iterator[Hostile]:
    """Give files of full length that are damaged."""
    png, jpeg = saved(page(), "PNG"), saved(page(), "JPEG")
    data = png.index(b"IDAT") + 4
    yield Hostile("checksum.png", with_flaw(png, len(png) - 16, b"\0\0\0\0"), BROKEN)
    yield Hostile("flipped.png", with_flaw(png, data + 900, bytes((png[data + 900] ^ 0x10,))), BROKEN)
    yield Hostile("no-width.png", png_header(0, 9, 8, 0) + chunk(b"IEND", b""), BROKEN)
    scan = jpeg.index(b"\xff\xda") + 200
    yield Hostile("marker-in-scan.jpg", with_flaw(jpeg, scan, b"\xff\xc1\x00\x04"), BROKEN)
    noise = random.Random(7).randbytes(50_000)
    yield Hostile("noise.jpg", b"\xff\xd8\xff\xe0" + noise, BROKEN)
    yield Hostile("noise.tif", b"II*\0\x08\0\0\0" + noise, BROKEN)
    yield Hostile("noise.png", png[:8] + noise, BROKEN)
    yield Hostile("noise.jp2", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + noise, BROKEN)
    yield Hostile("no-directory.tif", b"II*\0" + struct.pack("<I", 2**31), BROKEN)
    yield Hostile("many-tags.tif", b"II*\0" + struct.pack("<IH", 8, 65_535) + bytes(12 * 65_535), BROKEN)
    text = zlib.compress(bytes(100_000_000), 9)
    stuffed = png[:33] + chunk(b"zTXt", b"Comment\0\0" + text) + png[33:]
    yield Hostile("text-bomb.png", stuffed, BROKEN | TOO_LARGE)
    profile = png[:33] + chunk(b"iCCP", b"ICC\0\0" + text) + png[33:]
    yield Hostile("profile-bomb.png", profile, BROKEN | TOO_LARGE)


def hostile_structures() -> Iterator[Hostile]:
    """Give files whose tables and lengths lie, to lead whoever walks them astray."""
    strips = ((273, 4, 2**31, 8), (279, 4, 2**31, 8))
    facts = ((256, 4, 1, 64), (257, 4, 1, 64), (258, 4, 1, 8), (259, 4, 1, 1), (262, 4, 1, 1), (278, 4, 1, 1))
    yield Hostile("endless-strip-list.tif", tiff(*facts, *strips, rest=bytes(9000)), BROKEN)
    inner = (330, 4, 1, 8)  # a directory inside itself
    tags = grey_tags(64, 64, 8 + 2 + 10 * 12 + 4)
    yield Hostile("inside-itself.tif", tiff(*tags, inner, rest=bytes(range(256)) * 16), SIGHTED)
    deep = ((256, 4, 1, 64), (257, 4, 1, 64), (258, 4, 1, 8), (259, 4, 1, 8), (262, 4, 1, 1), (278, 4, 1, 64))
    bomb = zlib.compress(bytes(60_000_000), 9)
    at = 8 + 2 + 8 * 12 + 4
    yield Hostile("deflate-bomb.tif", tiff(*deep, (273, 4, 1, at), (279, 4, 1, len(bomb)), rest=bomb), SIGHTED)
    big = b"II+\0\x08\0\0\0" + struct.pack("<Q", 2**63 - 1) + bytes(64)
    yield Hostile("far-directory-big.tif", big, BROKEN)
    jp2 = saved(page(200, 280), "JPEG2000")
    code = jp2.index(b"jp2c") - 4
    yield Hostile("box-without-length.jp2", with_flaw(jp2, code, b"\0\0\0\0"), SIGHTED)
    endless = jp2[:code] + b"\0\0\0\x01jp2c" + struct.pack(">Q", 2**62) + jp2[code + 8 :]
    yield Hostile("endless-box.jp2", endless, BROKEN)
    yield Hostile("box-of-one-byte.jp2", with_flaw(jp2, code, b"\0\0\0\x02"), BROKEN)
    png, empty = saved(page(), "PNG"), chunk(b"IDAT", b"")
    first = png.index(b"IDAT") - 4
    yield Hostile("many-empty-chunks.png", png[:first] + empty * 20_000 + png[first:], SIGHTED)
    jpeg = saved(page(), "JPEG")
    yield Hostile("many-comments.jpg", jpeg[:2] + (b"\xff\xfe\0\x04no" * 50_000) + jpeg[2:], SIGHTED)
    progressive = saved(page(200, 280), "JPEG", progressive=True)
    last = progressive.rindex(b"\xff\xda")
    yield Hostile("thousand-scans.jpg", progressive[:last] + progressive[last:-2] * 1000 + b"\xff\xd9", SIGHTED)


def strange_pixels() -> Iterator[Hostile]:
    """Give images of unusual shapes and colours that still show a page: refusing them would lose it."""
    yield Hostile("1x1.png", saved(Image.new("RGB", (1, 1)), "PNG"), SIGHTED)
    yield Hostile("1x20000.png", saved(Image.new("L", (1, 20_000), 255), "PNG"), SIGHTED)
    yield Hostile("20000x1.tif", grey_tiff(20_000, 1), SIGHTED)
    yield Hostile("cmyk.jpg", saved(page(mode="CMYK"), "JPEG"), SIGHTED)
    yield Hostile("cmyk.tif", saved(page(mode="CMYK"), "TIFF", compression="tiff_lzw"), SIGHTED)
    yield Hostile("lab.tif", saved(page(200, 280, "LAB"), "TIFF", compression="tiff_lzw"), SIGHTED)
    yield Hostile("16-bit.tif", saved(page(200, 280, "L").convert("I;16"), "TIFF"), SIGHTED)
    yield Hostile("float.tif", saved(page(200, 280, "F"), "TIFF"), SIGHTED)
    yield Hostile("palette.png", saved(page(mode="P"), "PNG", transparency=3), SIGHTED)
    yield Hostile("bitonal.tif", saved(page(mode="1"), "TIFF", compression="group4"), SIGHTED)
    yield Hostile("see-through.png", saved(page(mode="RGBA"), "PNG"), SIGHTED)
    yield Hostile("grey-see-through.png", saved(page(mode="LA"), "PNG"), SIGHTED)


def strange_outsides() -> Iterator[Hostile]:
    """Give files with more, or more often, than a page: refusing them would lose it."""
    jpeg = saved(page(), "JPEG")
    yield Hostile("loop.tif", grey_tiff(64, 64, next_directory=8), SIGHTED)
    second = 8 + 2 + 9 * 12 + 4 + 64 * 64
    pair = grey_tiff(64, 64, next_directory=second) + grey_tiff(64, 64, next_directory=8)[8:]
    yield Hostile("loop-of-two.tif", pair, SIGHTED)
    others = [page(64, 64) for _ in range(11)]
    yield Hostile("twelve-pages.tif", saved(page(64, 64), "TIFF", save_all=True, append_images=others), SIGHTED)
    moving = saved(page(64, 64), "PNG", save_all=True, append_images=[page(64, 64, lines=9)])
    yield Hostile("animated.png", moving, SIGHTED)
    yield Hostile("junk-behind.jpg", jpeg + random.Random(3).randbytes(5_000), SIGHTED)
    yield Hostile("archive-behind.jpg", jpeg + b"PK\x05\x06" + bytes(18), SIGHTED)
    yield Hostile("two-glued.jpg", jpeg + saved(page(300, 400), "JPEG"), SIGHTED)
    noise = random.Random(5).randbytes(65_000)
    yield Hostile("noise-as-exif.jpg", with_segment(jpeg, 0xE1, b"Exif\0\0" + noise), SIGHTED)
    inner = b"Exif\0\0" + saved(page(64, 64), "JPEG")
    yield Hostile("page-inside-exif.jpg", with_segment(jpeg, 0xE1, inner), SIGHTED)
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 400_000)
    yield Hostile("long-text.png", saved(page(), "PNG", pnginfo=notes), SIGHTED)
    yield Hostile("named.tif", saved(page(), "PNG"), SIGHTED)
