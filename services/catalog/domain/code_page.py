"""The code page of a table of text that is not Unicode: of Windows the Vietnamese one (1258), or the Western (1252).

Both have the same letters but for those that are Vietnamese: 1258 has ă, đ, ơ, ư where 1252 has ã, ð, õ, ý, and tones
that follow their letters where 1252 has Ì, Ò, Þ, ì, ò. French is the same in both. A file in 1252 is read cell by cell
after this, for it may have been typed in a .Vn or VNI font; a word that is one only so speaks for 1252.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from services.catalog.domain.legacy_text import WORD, from_tcvn3, from_vni
from services.catalog.domain.syllable import TONES, is_syllable

Page = Literal["cp1258", "cp1252"]
VIETNAMESE: Page = "cp1258"
WESTERN: Page = "cp1252"
CLEARLY = 10  # times as many words for one page as for the other
LONGEST_WORD = 100
ABBREVIATION = re.compile(r"[B-DF-HJ-NP-TV-XZĐ]+")
VOWELS = frozenset("aăâeêioôơuưy")


def page_of(lines: Iterable[str]) -> Page | None:
    """Say what page lines are in that were read as 1252; None where their words speak for both, or for neither.

    Where no word would read otherwise it does not matter, and 1252 is said.
    """
    told = dict.fromkeys((VIETNAMESE, WESTERN, ""), 0)
    differing = 0
    for line in lines:
        if line.isascii():
            continue
        for word in WORD.findall(line):
            if not word.isascii():
                speaks, differs = spoken_for(word[:LONGEST_WORD])
                told[speaks] += 1
                differing += differs
    for_vietnamese, for_western = told[VIETNAMESE], told[WESTERN]
    if not differing or for_western > CLEARLY * for_vietnamese:
        return WESTERN
    return VIETNAMESE if for_vietnamese > CLEARLY * for_western else None


@lru_cache(maxsize=1 << 14)
def spoken_for(word: str) -> tuple[Page | Literal[""], bool]:
    """Say which page a word speaks for that was read as 1252, if any, and whether it is another in 1258."""
    read = as_vietnamese(word)
    if read == word:
        return (WESTERN if is_old(word) and not is_syllable(word) else ""), False
    if is_well_written(read):
        return ("" if is_old(word) else VIETNAMESE), True
    return WESTERN, True


def as_vietnamese(text: str) -> str:
    """Give text that was read as 1252 as 1258 has it, composed; what 1258 does not have stays."""
    try:
        return unicodedata.normalize("NFC", text.encode(WESTERN).decode(VIETNAMESE))
    except UnicodeError:
        return text


def is_well_written(word: str) -> bool:
    """Say whether a word may stand in Vietnamese text: a syllable, an abbreviation, or a name such as Đắk."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    return is_syllable(word) or bool(ABBREVIATION.fullmatch(word)) or has_a_tone(word)


def has_a_tone(word: str) -> bool:
    """Say whether a word has one tone, and on a vowel."""
    apart = unicodedata.normalize("NFD", word.lower())
    toned = [place for place, sign in enumerate(apart) if sign in TONES]
    if len(toned) != 1:
        return False
    return unicodedata.normalize("NFC", re.sub(r"[^a-z\u0302\u0306\u031b]", "", apart[: toned[0]]))[-1:] in VOWELS


def is_old(word: str) -> bool:
    """Say whether a word is a Vietnamese syllable once it is read as typed in a .Vn or VNI font."""
    return any(read != word and is_syllable(read) for read in (from_tcvn3(word), from_vni(word)))
