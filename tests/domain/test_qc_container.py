"""Where images end, what their own checksums say, and how they were compressed."""

import random
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from shared.imaging.container import jpeg_quality_of, outside_of
from shared.imaging.decoding import decode
from shared.imaging.formats import JP2, JPEG, PNG, TIFF, sniff, sniff_name
from shared.imaging.outside import Undecodable
from tests.hostile import chunk, page, png_header, saved, with_flaw, with_segment

ROOM = 3 << 29
JUNK = random.Random(11).randbytes(4000)


def behind(content: bytes, media_type: str, folder: Path) -> tuple[int, bool]:
    """Ask for what follows the end of an image."""
    file = folder / "image"
    file.write_bytes(content)
    outside = outside_of(file, media_type)
    return outside.bytes_after_end, outside.frame_count > 1


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"II*\0\x08\0\0\0", TIFF),
        (b"MM\0*\0\0\0\x08", TIFF),
        (b"II+\0\x08\0\0\0", TIFF),
        (b"MM\0+\0\x08\0\0", TIFF),
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"\0\0\0\x0cjP  \r\n\x87\n", JP2),
        (b"\xff\x4f\xff\x51", None),  # a bare JPEG 2000 codestream says nothing of its colours
        (b"%PDF-1.7", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_format_is_known_by_its_first_bytes(head: bytes, media_type: str | None) -> None:
    assert sniff(head) == media_type


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("tờ 1.JPEG", JPEG),
        ("a.b.tiff", TIFF),
        ("a.jp2", JP2),
        ("a.png", PNG),
        ("a.pdf", None),
        ("jpg", None),
        ("", None),
    ],
)
def test_a_name_says_a_format_by_its_ending(name: str, media_type: str | None) -> None:
    assert sniff_name(name) == media_type


@pytest.mark.parametrize("kind", [JPEG, PNG])
def test_bytes_behind_the_end_are_counted(kind: str, tmp_path: Path) -> None:
    content = saved(page(), kind.removeprefix("image/"))
    assert behind(content, kind, tmp_path) == (0, False)
    assert behind(content + JUNK, kind, tmp_path) == (4000, False)


def test_end_and_start_marks_in_the_junk_or_in_metadata_are_not_mistaken_for_the_images_own(tmp_path: Path) -> None:
    jpeg = saved(page(), "JPEG")
    tail = b"\xff\xd9 \xff\xda \xff\xd9"
    assert behind(jpeg + tail, JPEG, tmp_path) == (len(tail), False)
    assert behind(with_segment(jpeg, 0xE1, b"Exif\0\0" + saved(page(60, 80), "JPEG")), JPEG, tmp_path) == (0, False)


@pytest.mark.parametrize("first", [JPEG, PNG])
def test_a_second_image_behind_the_first_is_noticed(first: str, tmp_path: Path) -> None:
    glued = saved(page(), first.removeprefix("image/")) + saved(page(60, 80), "JPEG")
    assert behind(glued, first, tmp_path)[1]


@pytest.mark.parametrize(
    "how", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"subsampling": 0, "quality": 95}]
)
def test_every_way_of_writing_a_jpeg_has_its_end_found(how: dict[str, object], tmp_path: Path) -> None:
    content = saved(page(), "JPEG", **how)
    assert behind(content, JPEG, tmp_path) == (0, False)
    with pytest.raises(Undecodable) as cut:
        behind(content[:-2], JPEG, tmp_path)
    assert cut.value.fault == "truncated"


def test_a_marker_that_no_scan_holds_is_damage(tmp_path: Path) -> None:
    content = saved(page(), "JPEG")
    with pytest.raises(Undecodable) as broken:
        behind(with_flaw(content, content.index(b"\xff\xda") + 200, b"\xff\x3c\x00\x04"), JPEG, tmp_path)
    assert broken.value.fault == "unreadable"


def test_a_flipped_byte_anywhere_in_a_png_is_noticed(tmp_path: Path) -> None:
    content = saved(page(200, 300), "PNG", dpi=(300, 300))
    for at in range(8, len(content), 37):
        with pytest.raises(Undecodable):
            behind(with_flaw(content, at, bytes((content[at] ^ 0x04,))), PNG, tmp_path)


def test_a_private_chunk_with_a_right_checksum_is_no_damage(tmp_path: Path) -> None:
    content = saved(page(200, 300), "PNG")
    assert behind(content[:33] + chunk(b"noTE", b"kept") + content[33:], PNG, tmp_path) == (0, False)


@pytest.mark.parametrize("how", [{}, {"mode": "L"}, {"strips": 64}])
@pytest.mark.parametrize("quality", [40, 75, 92])
def test_so_is_that_of_the_jpeg_inside_a_tiff(quality: int, how: dict[str, Any], tmp_path: Path) -> None:
    rows = {"tiffinfo": {278: how["strips"]}} if "strips" in how else {}
    path = tmp_path / "page.tif"
    path.write_bytes(saved(page(mode=how.get("mode", "RGB")), "TIFF", compression="jpeg", quality=quality, **rows))
    assert decode(path, 1 << 30).jpeg_quality == pytest.approx(quality, abs=2)
    path.write_bytes(saved(page(), "TIFF", compression="tiff_lzw"))
    assert decode(path, 1 << 30).jpeg_quality is None


@pytest.mark.parametrize("is_apart", [True, False], ids=["beside", "within"])
def test_an_animation_holds_several_images(is_apart: bool, tmp_path: Path) -> None:
    path = tmp_path / "animated.png"
    page().save(
        path, save_all=True, append_images=[page().transpose(Image.Transpose.ROTATE_180)], default_image=is_apart
    )
    assert outside_of(path, PNG).frame_count == 2


def test_a_whole_tiff_that_nobody_here_decodes_is_of_an_unsupported_kind_and_not_broken(tmp_path: Path) -> None:
    content = saved(page(), "TIFF", compression="zstd")
    zstd, webp = ((259).to_bytes(2, "little") + b"\3\0\1\0\0\0" + code.to_bytes(4, "little") for code in (50000, 50001))
    assert content.count(zstd) == 1
    (tmp_path / "1.tif").write_bytes(content.replace(zstd, webp))
    with pytest.raises(Undecodable) as refused:
        decode(tmp_path / "1.tif", 2 << 30)
    assert (refused.value.fault, refused.value.detail) == (
        "unsupported", "nothing here can read this kind of compression: webp",
    )  # fmt: skip


def test_more_directories_than_anybody_needs_are_too_many_and_no_circle(tmp_path: Path) -> None:
    one = saved(page(64, 64, mode="L"), "TIFF")
    at = int.from_bytes(one[4:8], "little")
    count = int.from_bytes(one[at : at + 2], "little")
    directory = one[at : at + 2 + 12 * count]
    many, size = bytearray(one[:at]), len(directory) + 4
    for place in range(600):
        following = at + (place + 1) * size if place < 599 else 0
        many += directory + following.to_bytes(4, "little")
    path = tmp_path / "page.tif"
    path.write_bytes(many)
    told = [flaw.detail for flaw in outside_of(path, TIFF).flaws]
    assert any("more than 500 directories" in detail for detail in told)
    assert not any("circle" in detail for detail in told)
    many[at + 2 * size - 4 : at + 2 * size] = at.to_bytes(4, "little")
    path.write_bytes(many)
    assert any("circle" in flaw.detail for flaw in outside_of(path, TIFF).flaws)


@pytest.mark.parametrize("quality", [40, 60, 75, 85, 92, 97])
def test_the_quality_a_jpeg_was_written_with_is_estimated(quality: int, tmp_path: Path) -> None:
    file = tmp_path / "page.jpg"
    page().save(file, quality=quality)
    with Image.open(file) as image:
        tables: dict[int, list[int]] = image.quantization  # type: ignore[attr-defined]
        assert jpeg_quality_of(tables[0]) == pytest.approx(quality, abs=2)


def test_the_depth_of_a_file_is_told_although_the_decoder_reduces_it(tmp_path: Path) -> None:
    rows = zlib.compress(b"".join(b"\0" + bytes(6 * 20) for _ in range(20)))
    file = tmp_path / "deep.png"
    file.write_bytes(png_header(20, 20, 16, 2) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    assert decode(file, ROOM).sample_bits == 16


def test_a_broken_resolution_tag_is_a_missing_one_and_no_reason_to_refuse_a_page(tmp_path: Path) -> None:
    file = tmp_path / "page.jpg"
    content = saved(page(), "JPEG", dpi=(300, 300))
    file.write_bytes(content)
    assert decode(file, ROOM).dpi == (300, 300)
    at = content.index(b"JFIF\0") + 8
    file.write_bytes(with_flaw(content, at, b"\0\0\0\0"))
    assert decode(file, ROOM).dpi is None
