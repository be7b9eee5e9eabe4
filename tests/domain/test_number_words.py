"""Numbers in Vietnamese words: the known hard ones, and each can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.number_words import DIGITS, grouped, in_words

KNOWN = {
    0: "không",
    1: "một",
    10: "mười",
    11: "mười một",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi bốn",
    25: "hai mươi lăm",
    55: "năm mươi lăm",
    100: "một trăm",
    101: "một trăm linh một",
    105: "một trăm linh năm",
    110: "một trăm mười",
    115: "một trăm mười lăm",
    1_000: "một nghìn",
    1_005: "một nghìn không trăm linh năm",
    1_021: "một nghìn không trăm hai mươi mốt",
    2_026: "hai nghìn không trăm hai mươi sáu",
    100_000: "một trăm nghìn",
    1_000_000: "một triệu",
    1_000_005: "một triệu không trăm linh năm",
    1_005_000: "một triệu không trăm linh năm nghìn",
    1_015_004: "một triệu không trăm mười lăm nghìn không trăm linh bốn",
    21_000_105: "hai mươi mốt triệu một trăm linh năm",
    1_234_567_890: ("một tỷ hai trăm ba mươi bốn triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi"),
    2_000_000_000_000: "hai nghìn tỷ",
    10**18: "một tỷ tỷ",
}


@pytest.mark.parametrize("number", KNOWN)
def test_known_numbers_are_said_as_people_say_them(number: int) -> None:
    assert in_words(number) == KNOWN[number]


def read(words: list[str]) -> int:
    """Read a number back: what stands before the last word of a scale is counted in that scale."""
    for name, scale in (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("trăm", 100), ("mươi", 10)):
        if name in words:
            place = len(words) - 1 - words[::-1].index(name)
            return read(words[:place]) * scale + read(words[place + 1 :])
    if words[:1] == ["mười"]:
        return 10 + read(words[1:])
    if words[:1] == ["linh"]:
        return read(words[1:])
    (digit,) = words or ["không"]
    return {"mốt": 1, "lăm": 5}.get(digit) or DIGITS.index(digit)


@given(st.integers(0, 10**20) | st.integers(0, 2_000) | st.integers(0, 10**6).map(lambda n: n * 1_000 + n % 10))
def test_every_number_can_be_read_back(number: int) -> None:
    assert read(in_words(number).split(" ")) == number


@given(st.integers(1, 999), st.integers(1, 999))
def test_what_follows_a_thousand_tells_its_hundred(thousands: int, rest: int) -> None:
    assert " trăm" in in_words(thousands * 1_000 + rest).partition("nghìn ")[2]


@given(st.integers(0, 10**15))
def test_mốt_and_lăm_stand_after_tens_only(number: int) -> None:
    words = in_words(number).split(" ")
    for before, word in zip(["", *words], words, strict=False):
        assert word != "mốt" or before == "mươi"
        assert (word == "lăm") <= (before in ("mươi", "mười"))
        assert word not in ("một", "năm") or before != "mươi"


def test_there_is_no_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="none"):
        in_words(-5)


def test_thousands_are_parted_by_points() -> None:
    assert [grouped(number) for number in (0, 999, 1_000, 1_015_004)] == ["0", "999", "1.000", "1.015.004"]
