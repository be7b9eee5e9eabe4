"""Vietnamese syllables, and those of names from the highlands: whether a written word can be one."""

import re
import unicodedata
from functools import lru_cache

TONES = frozenset("\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}"
                  "\N{COMBINING DOT BELOW}")  # fmt: skip
LONGEST = 12  # "nghiêng" has seven letters, and each mark may stand apart
ONSET = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
NUCLEUS = (
    "uyê|uya|uyu|uây|uôi|oai|oay|oao|oeo|iêu|yêu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|"
    "ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
CODA = "ch|c|m|ng|nh|n|p|t"
SYLLABLE = re.compile(f"(?:{ONSET})?(?:{NUCLEUS})(?:{CODA})?")
HIGHLAND_ONSET = f"{ONSET}|[bcdđghklmpst]?[rl]|mn|[sx]t|chr"
HIGHLAND = re.compile(f"(?:{HIGHLAND_ONSET})?(?:{NUCLEUS}|ea)(?:{CODA}|[khlrs])?")
TONED_CONSONANT = re.compile(f"[b-df-hj-np-tv-xz][{''.join(sorted(TONES))}]")
STOPPED = ("ch", "c", "p", "t")
STOPPED_TONES = frozenset("\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}")


def is_syllable(word: str) -> bool:
    """Say whether a word of letters can be a Vietnamese syllable: parts that exist, and at most one tone.

    A syllable that ends in a stop has one of two tones; this is what tells "gỏt" from a word.
    """
    return len(word) <= LONGEST and _is_syllable(word)


@lru_cache(maxsize=1 << 14)  # the language has some seven thousand
def _is_syllable(word: str) -> bool:
    if TONED_CONSONANT.search(unicodedata.normalize("NFD", word.lower())):
        return False  # ñ is none of ours
    bare, tones = untoned(word.lower())
    if len(tones) > 1 or not SYLLABLE.fullmatch(bare):
        return False
    return not bare.endswith(STOPPED) or set(tones) <= STOPPED_TONES


def is_highland_name(word: str) -> bool:
    """Say whether a word can be part of a name like Đắk Lắk, Krông Pắc or Xtiêng, as maps in Vietnamese spell it."""
    if len(word) > LONGEST or not word[:1].isupper():
        return False
    if TONED_CONSONANT.search(unicodedata.normalize("NFD", word.lower())):
        return False
    bare, tones = untoned(word.lower())
    return len(tones) <= 1 and HIGHLAND.fullmatch(bare) is not None


def untoned(word: str) -> tuple[str, str]:
    """Give a word without its tones, and these; the marks of ă, â, ê, ô, ơ, ư stay."""
    apart = unicodedata.normalize("NFD", word)
    kept = "".join(letter for letter in apart if letter not in TONES)
    return unicodedata.normalize("NFC", kept), "".join(letter for letter in apart if letter in TONES)
