"""What an IIIF address asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qc.domain.iiif import LARGEST_SIDE, cutting_of
from services.qc.errors import PictureAskedWrongly

FULL = (1240, 1754)


def asked(region: str, size: str, rotation: str = "0", quality: str = "default.jpg") -> tuple[object, object]:
    """Give box and size of an address."""
    cutting = cutting_of(FULL, region, size, rotation, quality)
    return cutting.box, cutting.size


@pytest.mark.parametrize(
    ("region", "size", "box", "given"),
    [
        ("full", "max", (0, 0, 1240, 1754), (1240, 1754)),
        ("full", "620,", (0, 0, 1240, 1754), (620, 877)),
        ("full", ",877", (0, 0, 1240, 1754), (620, 877)),
        ("full", "300,200", (0, 0, 1240, 1754), (300, 200)),
        ("full", "!300,300", (0, 0, 1240, 1754), (212, 300)),
        ("full", "pct:50", (0, 0, 1240, 1754), (620, 877)),
        ("square", "100,", (0, 257, 1240, 1497), (100, 100)),
        ("100,200,300,400", "max", (100, 200, 400, 600), (300, 400)),
        ("1200,1700,300,400", "max", (1200, 1700, 1240, 1754), (40, 54)),
        ("pct:50,50,50,50", "max", (620, 877, 1240, 1754), (620, 877)),
    ],
)
def test_an_address_names_a_part_and_a_size(region: str, size: str, box: object, given: object) -> None:
    assert asked(region, size) == (box, given)


@pytest.mark.parametrize(
    ("region", "size"),
    [
        *(
            (region, "max")
            for region in ("", "everything", "0,0,0,10", "1240,0,5,5", "-1,0,5,5", "0,0,5", "pct:0,0,0,9")
        ),
        *(
            ("full", size)
            for size in ("", ",", "0,", ",0", "!5,", "2000,", "1240,1755", "^max", "pct:0", "pct:101", "1,2,3")
        ),
    ],
)
def test_what_cannot_be_given_is_refused(region: str, size: str) -> None:
    with pytest.raises(PictureAskedWrongly):
        asked(region, size)


@pytest.mark.parametrize("zero", ["\u0660", "\uff10", "\u0966"])
def test_digits_of_other_scripts_are_no_numbers(zero: str) -> None:
    wrong = ((f"{zero},0,5,5", "max"), (f"pct:{zero},0,5,5", "max"), ("full", f"1{zero},"), ("full", f"pct:1{zero}"))
    for region, size in wrong:
        with pytest.raises(PictureAskedWrongly):
            asked(region, size)


@pytest.mark.parametrize(("rotation", "quality"), [("90", "default.jpg"), ("0", "default.png"), ("0", "bitonal.jpg")])
def test_only_upright_pictures_in_jpeg_are_given(rotation: str, quality: str) -> None:
    with pytest.raises(PictureAskedWrongly):
        asked("full", "max", rotation, quality)


@given(
    st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)),
    st.tuples(*(st.integers(0, 25_000),) * 4),
    st.sampled_from(["max", "100,", ",100", "!64,64", "pct:10"]),
)
def test_whatever_is_given_lies_within_the_image_and_is_not_enlarged(
    full: tuple[int, int], region: tuple[int, int, int, int], size: str
) -> None:
    try:
        cutting = cutting_of(full, ",".join(map(str, region)), size, "0", "default.jpg")
    except PictureAskedWrongly:
        return
    left, top, right, bottom = cutting.box
    assert 0 <= left < right <= full[0]
    assert 0 <= top < bottom <= full[1]
    assert 1 <= cutting.size[0] <= min(right - left, LARGEST_SIDE)
    assert 1 <= cutting.size[1] <= min(bottom - top, LARGEST_SIDE)
