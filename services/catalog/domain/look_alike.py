"""Letters that people take for others: what stands for đ in old files, and Cyrillic and Greek ones among Latin.

Fonts and keyboards of before had Ð (eth, U+00D0) or Ɖ where Vietnamese has Đ (U+0110); nobody sees a difference.
"""

import re

from services.catalog.domain.code_page import ABBREVIATION

STROKED = str.maketrans("ÐðƉɖ", "ĐđĐđ")
ETHS = re.compile("[ÐðƉɖ]")
WORD = re.compile("(?:[^\\W\\d_]|[\u0300-\u036f])+")
LATIN = str.maketrans("авекмнорстухіјѕԁԛԝαβεζηικμνορτυχϲ", "abekmhopctyxijsdqwabezhikmvoptyxc")


def with_stroke(text: str) -> str:
    """Give text with đ for what looks like it, in words that begin with it, and abbreviations; Icelandic stays."""
    if not ETHS.search(text):
        return text
    return WORD.sub(lambda word: stroked(word[0]), text)


def stroked(word: str) -> str:
    """Give a word with đ for what looks like it, if it is none of another language then."""
    read = word.translate(STROKED)
    return read if ETHS.match(word) or ABBREVIATION.fullmatch(read) else word
