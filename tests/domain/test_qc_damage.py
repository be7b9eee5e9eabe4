"""Files that decode and are broken all the same: what their counts, sums and pixels give away."""

import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shared.imaging.containers.tiff_lzw import unfolded_length
from shared.imaging.decoding import decode
from shared.imaging.outside import Undecodable
from tests.hostile import chunk, grey_tags, page, png_header, saved, tiff, with_flaw, with_segment

ROOM = 2 << 30
WAYS: dict[str, tuple[str, str, dict[str, object]]] = {
    "jpeg": ("RGB", "JPEG", {"quality": 85}),
    "jpeg of full colour": ("RGB", "JPEG", {"quality": 92, "subsampling": 0, "optimize": True}),
    "grey jpeg": ("L", "JPEG", {"quality": 75}),
    "cmyk jpeg": ("CMYK", "JPEG", {}),
    "progressive jpeg": ("RGB", "JPEG", {"progressive": True}),
    "jpeg with restarts": ("RGB", "JPEG", {"restart_marker_rows": 1}),
    "jpeg with other restarts": ("RGB", "JPEG", {"restart_marker_blocks": 7}),
    "tiff": ("RGB", "TIFF", {"compression": "raw"}),
    "lzw tiff": ("RGB", "TIFF", {"compression": "tiff_lzw"}),
    "lzw tiff of differences": ("RGB", "TIFF", {"compression": "tiff_lzw", "tiffinfo": {317: 2}}),
    "lzw tiff in one strip": ("L", "TIFF", {"compression": "tiff_lzw", "tiffinfo": {278: 5000}}),
    "bitonal lzw tiff": ("1", "TIFF", {"compression": "tiff_lzw", "tiffinfo": {278: 5}}),
    "deflate tiff": ("RGB", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "packbits tiff": ("L", "TIFF", {"compression": "packbits"}),
    "jpeg in tiff": ("RGB", "TIFF", {"compression": "jpeg"}),
    "facsimile tiff": ("1", "TIFF", {"compression": "group4"}),
    "bigtiff": ("RGB", "TIFF", {"compression": "tiff_adobe_deflate", "big_tiff": True}),
    "cmyk tiff": ("CMYK", "TIFF", {}),
    "lab tiff": ("LAB", "TIFF", {}),
    "16-bit tiff": ("I;16", "TIFF", {}),
    "palette png": ("P", "PNG", {}),
    "png": ("RGB", "PNG", {}),
    "see-through png": ("RGBA", "PNG", {}),
    "bitonal png": ("1", "PNG", {}),
    "lossless jp2": ("RGB", "JPEG2000", {}),
    "lossy jp2": ("RGB", "JPEG2000", {"irreversible": True, "quality_layers": [20]}),
    "tiled jp2": ("L", "JPEG2000", {"tile_size": (256, 256)}),
}


def drawn(mode: str) -> Image.Image:
    """Draw a page with a little grain, so that no stretch of it is like another."""
    sharp = np.asarray(page(mode="RGB"), dtype=np.float64)
    grain = np.random.default_rng(1).normal(0, 1.2, sharp.shape)
    uneven = Image.fromarray(np.clip(sharp + grain, 0, 255).astype(np.uint8))
    if mode == "I;16":
        return uneven.convert("L").convert("I;16")
    return uneven.convert("RGB" if mode == "RGB" else mode)


def whole(way: str) -> bytes:
    """Give a sound page as a file."""
    mode, kind, how = WAYS[way]
    return saved(drawn(mode), kind, **how)


def found(content: bytes, folder: Path) -> set[str]:
    """Decode a file and give the kinds of its flaws, or its fault."""
    file = folder / "page"
    file.write_bytes(content)
    try:
        return {flaw.kind for flaw in decode(file, ROOM).outside.flaws}
    except Undecodable as undecodable:
        return {undecodable.fault}


@pytest.mark.parametrize("way", WAYS)
def test_a_sound_file_of_any_kind_has_no_flaw(way: str, tmp_path: Path) -> None:
    assert found(whole(way), tmp_path) == set()


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_lost_its_end_is_noticed_however_little_is_missing(way: str, tmp_path: Path) -> None:
    content = whole(way)
    for missing in (1, 2, 3, 40, len(content) // 3, len(content) * 98 // 100):
        assert found(content[:-missing], tmp_path), f"{missing} bytes missing"


COUNTED = [way for way in WAYS if "jpeg" in way and "cmyk" not in way]


@pytest.mark.parametrize(
    "way", [way for way in WAYS if way not in ("cmyk jpeg", "cmyk tiff", "lab tiff", "16-bit tiff")]
)
def test_a_lost_sector_is_a_hole(way: str, tmp_path: Path) -> None:
    content = whole(way)
    at = len(content) // 2 // 512 * 512
    assert found(with_flaw(content, at, bytes(512)), tmp_path), way


@pytest.mark.parametrize("way", COUNTED)
def test_twenty_bits_turned_in_a_jpeg_are_noticed(way: str, tmp_path: Path) -> None:
    content, chance = bytearray(whole(way)), random.Random(4)
    for _ in range(20):
        content[chance.randrange(len(content) // 4, len(content) - 2)] ^= 1 << chance.randrange(8)
    assert found(bytes(content), tmp_path)


@pytest.mark.parametrize("rows", [5, 50, 5000])
def test_most_single_bits_turned_in_the_lzw_codes_of_a_clean_page_are_noticed(rows: int, tmp_path: Path) -> None:
    content = saved(page(), "TIFF", compression="tiff_lzw", tiffinfo={278: rows})
    chance, noticed = random.Random(5), 0
    for _ in range(40):
        at = chance.randrange(len(content) // 8, len(content) * 7 // 8)
        noticed += bool(found(with_flaw(content, at, bytes([content[at] ^ 1 << chance.randrange(8)])), tmp_path))
    assert noticed >= 26, "of the others the string is as long as before, and nobody can know"


def test_lzw_codes_come_to_the_bytes_they_stand_for() -> None:
    assert unfolded_length(lzw_coded(256, 65, 258, 259, 257)) == 1 + 2 + 3
    assert unfolded_length(lzw_coded(256, 65, 66, 256, 67, 257)) == 3, "strings are forgotten at a clearing"
    assert unfolded_length(lzw_coded(256, 65, 259, 257)) == -1, "no string has this code yet"
    assert unfolded_length(lzw_coded(256, 65, 66)) is None, "it does not say where it ends"
    assert unfolded_length(b"") is None


def lzw_coded(*codes: int) -> bytes:
    """Write a few codes, of nine bits each."""
    bits = "".join(f"{code:09b}" for code in codes)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))


def test_a_jpeg_whose_data_ends_early_is_noticed_although_it_has_its_end_mark(tmp_path: Path) -> None:
    content = whole("jpeg")
    assert found(content[:-3000] + b"\xff\xd9", tmp_path) == {"damaged"}


def test_data_too_many_in_a_jpeg_are_noticed(tmp_path: Path) -> None:
    content = whole("jpeg")
    assert found(content[:-2] + bytes(range(1, 90)) + b"\xff\xd9", tmp_path) == {"data_left"}


def test_restarts_out_of_order_are_noticed(tmp_path: Path) -> None:
    content = whole("jpeg with restarts")
    at = content.index(b"\xff\xd2")
    assert "damaged" in found(with_flaw(content, at, b"\xff\xd5"), tmp_path)


def test_tones_that_jump_in_the_middle_of_a_row_are_noticed(tmp_path: Path) -> None:
    """The differences between blocks' means are changed for one block, as a turned bit does."""
    image = drawn("RGB")
    lighter = image.point(lambda tone: min(255, tone + 9))
    image.paste(lighter.crop((0, 416, 620, 877)), (0, 416))
    image.paste(lighter.crop((240, 400, 620, 416)), (240, 400))
    assert found(saved(image, "JPEG", quality=90), tmp_path) == {"shifted"}


def test_a_band_of_another_tone_across_the_page_is_no_damage(tmp_path: Path) -> None:
    image = drawn("RGB")
    image.paste(image.point(lambda tone: tone * 4 // 5).crop((0, 400, 620, 480)), (0, 400))
    assert found(saved(image, "JPEG", quality=90), tmp_path) == set()


@pytest.mark.parametrize("quality", [30, 75, 95])
def test_a_white_page_is_no_damage_however_it_is_packed(quality: int, tmp_path: Path) -> None:
    for tone in ("white", "black", "#808080", "#e0d8c8"):
        for how in ({}, {"optimize": True}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}):
            blank = Image.new("RGB", (620, 877), tone)
            assert found(saved(blank, "JPEG", quality=quality, **how), tmp_path) == set(), (tone, how)
            assert found(saved(blank.convert("L"), "JPEG", quality=quality), tmp_path) == set(), tone


@pytest.mark.parametrize("tone", ["white", "black", "#808080"])
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"])
def test_a_page_of_one_tone_is_no_damage_in_a_tiff(tone: str, compression: str, tmp_path: Path) -> None:
    blank = Image.new("RGB", (620, 877), tone)
    assert found(saved(blank, "TIFF", compression=compression), tmp_path) == set()
    assert found(saved(blank, "PNG") if compression == "raw" else saved(blank, "JPEG2000"), tmp_path) == set()


def test_a_thin_black_line_in_plain_pixels_is_no_lost_sector(tmp_path: Path) -> None:
    image = drawn("RGB")
    for row in range(100, 800, 7):
        image.paste("black", (20, row, 600, row + 1))
    assert found(saved(image, "TIFF", compression="raw"), tmp_path) == set()


def test_a_foreign_sector_in_plain_pixels_is_noticed(tmp_path: Path) -> None:
    content = saved(drawn("RGB").resize((1240, 1754)), "TIFF", compression="raw")
    noise = random.Random(2).randbytes(512)
    assert found(with_flaw(content, 1240 * 3 * 680 + 800, noise), tmp_path) == {"damaged"}


def png_of(packed: bytes) -> bytes:
    """Give a PNG of 20 by 20 grey pixels with such image data."""
    return png_header(20, 20, 8, 0) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("packed", "flaws"),
    [
        (zlib.compress(bytes(21 * 20)), set()),
        (zlib.compress(bytes(21 * 19)), {"truncated"}),
        (zlib.compress(bytes(21 * 21)), {"data_left"}),
        (zlib.compress(bytes(21 * 20)) + b"more", {"data_left"}),
        (zlib.compress(bytes(21 * 20))[:-4], {"data_missing"}),
        (zlib.compress(bytes(21 * 20))[:-1] + b"\0", {"unreadable"}),
    ],
)
def test_the_rows_of_a_png_are_counted_although_its_checksums_hold(
    packed: bytes, flaws: set[str], tmp_path: Path
) -> None:
    assert found(png_of(packed), tmp_path) == flaws


def strips(*spans: tuple[int, int], height: int = 64, compression: int = 1) -> bytes:
    """Give a grey TIFF, 64 pixels wide, of strips of 32 rows that lie where it is said."""
    arrays = 4 * len(spans)
    behind = 8 + 2 + 9 * 12 + 4
    facts = ((256, 64), (257, height), (258, 8), (259, compression), (262, 1), (277, 1), (278, 32))
    lists = ((273, behind), (279, behind + arrays))
    tags = [*((number, 4, 1, value) for number, value in facts), *((tag, 4, len(spans), at) for tag, at in lists)]
    table = b"".join(struct.pack("<I", at) for at, _ in spans) + b"".join(struct.pack("<I", size) for _, size in spans)
    return tiff(*tags, rest=table + random.Random(1).randbytes(8192 - behind - 2 * arrays))


@pytest.mark.parametrize(
    ("content", "flaws"),
    [
        (strips((1000, 2048), (3048, 2048)), set()),
        (strips((1000, 2048), (2000, 2048)), {"odd_structure"}),
        (strips((1000, 2048), (1000, 2048)), {"odd_structure"}),
        (strips((3048, 2048), (1000, 2048)), {"odd_structure"}),
        (strips((1000, 2048), (7000, 2048)), {"truncated"}),
        (strips((1000, 2048), (3048, 1000)), {"truncated"}),
        (strips((1000, 2048), (3048, 0)), {"data_missing", "truncated"}),
        (strips((1000, 2048), (3048, 2048), height=200), {"truncated"}),
        (strips((1000, 2048), (3048, 2048), (5096, 2048)), {"odd_structure"}),
    ],
    ids=["sound", "overlapping", "twice", "exchanged", "outside", "short", "empty", "too few", "too many"],
)
def test_strips_must_lie_in_the_file_one_after_another(content: bytes, flaws: set[str], tmp_path: Path) -> None:
    seen = found(content, tmp_path)
    assert seen <= flaws
    assert bool(seen) == bool(flaws)


def test_a_tag_of_no_known_type_and_values_behind_the_end_are_noticed(tmp_path: Path) -> None:
    pixels = random.Random(1).randbytes(64 * 64)
    for tag in ((700, 99, 4, 8), (700, 1, 100_000, 8)):
        tags = grey_tags(64, 64, 8 + 2 + 10 * 12 + 4)
        assert found(tiff(*tags, tag, rest=pixels), tmp_path) in ({"odd_structure"}, {"damaged"})


def test_a_jp2_whose_boxes_and_codestream_differ_is_refused(tmp_path: Path) -> None:
    content = whole("lossless jp2")
    assert found(with_flaw(content, content.index(b"ihdr") + 4, struct.pack(">II", 900, 620)), tmp_path)
    assert found(with_flaw(content, content.index(b"jp2h") - 4, struct.pack(">I", 9)), tmp_path)
    tile = content.index(b"\xff\x90\x00\x0a")
    assert found(with_flaw(content, tile + 6, struct.pack(">I", 2**31)), tmp_path)


def test_a_mark_inside_the_data_of_a_jp2_is_damage(tmp_path: Path) -> None:
    content = whole("lossless jp2")
    assert found(with_flaw(content, len(content) // 2, b"\xff\xd0"), tmp_path) == {"damaged"}


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_a_page_is_measured_as_its_exif_turns_it(turn: int, tmp_path: Path) -> None:
    upright = drawn("RGB")
    exif = Image.Exif()
    exif[274] = turn
    file = tmp_path / "page.jpg"
    upright.save(file, exif=exif, dpi=(300, 200))
    decoded = decode(file, ROOM)
    assert decoded.is_turned
    assert decoded.image.size == (upright.size if turn == 3 else upright.size[::-1])
    assert decoded.dpi == ((300, 200) if turn == 3 else (200, 300))


def test_stray_bytes_between_the_parts_of_a_jpeg_are_odd_and_no_reason_to_refuse_it(tmp_path: Path) -> None:
    content = whole("jpeg")
    table = content.index(b"\xff\xdb")
    assert found(content[:table] + b"\x01\x02\x03\x04\x05" + content[table:], tmp_path) <= {
        "odd_structure",
        "data_left",
    }
    assert found(with_segment(content, 0xE1, b"Exif\0\0" + content[:60_000]), tmp_path) == set()
