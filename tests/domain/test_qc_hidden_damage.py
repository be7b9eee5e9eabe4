"""Damage that every decoder passes over: codes that mean something else, changed tables, sizes that differ."""

import random
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shared.imaging.containers.jp2_codeblocks import decoded_jp2
from shared.imaging.containers.tiff_lzw import unfolded_length
from tests.domain.test_qc_damage import drawn, found, lzw_coded, whole
from tests.hostile import page, saved, with_flaw


def noticed(content: bytes, folder: Path, rounds: int) -> int:
    """Turn a single bit at a time, behind the header, and count how often it is noticed."""
    chance, count = random.Random(6), 0
    for _ in range(rounds):
        at = chance.randrange(len(content) // 20, len(content) - 8)
        count += bool(found(with_flaw(content, at, bytes([content[at] ^ 1 << chance.randrange(8)])), folder))
    return count


def test_nearly_every_bit_turned_in_a_lossless_jp2_is_noticed(tmp_path: Path) -> None:
    assert noticed(whole("lossless jp2"), tmp_path, 20) >= 16


def test_a_jp2_has_the_pixels_that_any_decoder_gives_it() -> None:
    for way in ("lossless jp2", "lossy jp2", "tiled jp2"):
        content = whole(way)
        pixels, flaws = decoded_jp2(content)
        assert flaws == ()
        assert pixels is not None
        assert np.array_equal(pixels, np.asarray(opened(content)))


def opened(content: bytes) -> Image.Image:
    """Open a file as Pillow does."""
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("mode", ["RGBA", "I;16", "LA"])
def test_a_jp2_of_other_kinds_is_left_to_the_other_decoder(mode: str, tmp_path: Path) -> None:
    content = saved(page().convert("L").convert(mode), "JPEG2000")
    assert decoded_jp2(content) == (None, ())
    assert found(content, tmp_path) == set()


def lighter_end(image: Image.Image, column: int, end: int) -> Image.Image:
    """Make one row of blocks lighter from a column on, up to another."""
    part = image.crop((column, 400, end, 416)).point(lambda tone: min(255, tone + 14))
    image.paste(part, (column, 400))
    return image


def test_a_row_of_blocks_that_is_lighter_up_to_a_restart_is_noticed(tmp_path: Path) -> None:
    for rows, flaws in ((1, {"shifted"}), (0, set())):
        image = lighter_end(drawn("RGB"), 240, 620)
        content = saved(image, "JPEG", quality=90, **({"restart_marker_rows": rows} if rows else {}))
        assert found(content, tmp_path) == flaws, "without restarts it would stay lighter"


def test_a_lighter_patch_that_ends_before_the_page_does_is_no_damage(tmp_path: Path) -> None:
    image = lighter_end(drawn("RGB"), 240, 540)
    assert found(saved(image, "JPEG", quality=90, restart_marker_rows=1), tmp_path) == set()


@pytest.mark.parametrize(("marker", "place"), [(b"\xff\xdb", 25), (b"\xff\xc4", 24)])
def test_a_changed_value_in_a_table_of_a_jpeg_is_noticed(marker: bytes, place: int, tmp_path: Path) -> None:
    content = whole("jpeg")
    at = content.index(marker) + place
    assert found(with_flaw(content, at, bytes([content[at] ^ 16])), tmp_path) & {"damaged", "unreadable"}


@pytest.mark.parametrize("tables", ["web_low", "web_maximum", [[3] * 64, [5] * 64], [list(range(2, 66))] * 2])
def test_tables_of_another_maker_are_no_damage(tables: object, tmp_path: Path) -> None:
    assert found(saved(drawn("RGB"), "JPEG", qtables=tables), tmp_path) == set()


def test_a_jp2_that_says_two_depths_is_damaged(tmp_path: Path) -> None:
    content = whole("lossless jp2")
    at = content.index(b"\xff\x4f\xff\x51") + 42
    assert found(with_flaw(content, at, b"\x0b\x01\x01\x0b\x01\x01\x0b"), tmp_path)


def test_a_string_made_twice_in_lzw_codes_is_damage() -> None:
    assert unfolded_length(lzw_coded(256, 65, 66, 65, 66, 257)) == -1, "a writer would have used the string of both"
    assert unfolded_length(lzw_coded(256, 65, 66, 258, 257)) == 4
