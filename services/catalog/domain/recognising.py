"""Whether text was typed before Unicode: read only on evidence, kept and told where that is too little.

Letters that French has, too, are none: "Laï-Thiêu" would be "Lạ-Thiêu" in VNI, "Hué" a word in TCVN3. Evidence are
signs that French does not put into a word, in a word that is Vietnamese only when it is read so; files are of one
encoding throughout, so what speaks in one cell counts for all.
"""

import re
from collections.abc import Iterator
from typing import Literal

from services.catalog.domain.legacy_text import TCVN3, WORD, Encoding, from_tcvn3, from_vni, is_all_tcvn3, is_all_vni
from services.catalog.domain.syllable import is_highland_name, is_syllable

Choice = Literal["recognise", "keep"]
Typed = Literal["recognise", "keep", "unicode", "tcvn3", "vni"]
LEAST_LETTERS = 4  # of words with marks: "½ trang" and "10 µm" say too little
SURELY_MIXED = 2  # words
SAYS_NOTHING = re.compile(r"[a-zA-Z]+|[b-df-hj-np-tv-xzđ]+", re.IGNORECASE)  # plain letters, or an abbreviation: QĐ
UNICODE_LATIN = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")  # both encodings end at Latin-1
FOREIGN = re.compile("[¡-ÿ]")
VIETNAMESE = str.maketrans("", "", "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")
FRENCH = "àâçéèêëîïôûùüÿÀÂÇÉÈÊËÎÏÔÛÙÜ"
_NOT_FRENCH = "".join(sign for sign in TCVN3 if sign not in FRENCH)
STRONG = {
    "tcvn3": re.compile(f"[{re.escape(_NOT_FRENCH)}]|(?<=[a-z])[ÀÂÇÉÈÊËÎÏÔÛÙÜ]"),
    "vni": re.compile("[øõáåãäúñöíìóòæØÕÁÅÃÄÚÑÖÍÌÓÒÆ]|[aA][âàêÂÀÊ]|[eE][âàÂÀ]|[oO][âàÂÀ]"),
}
CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ¡¢§£¤¥¦")
PLAIN = re.compile("[a-zA-Z]")  # "½" alone is no word
SMALL = re.compile("[a-z]")


def recognised(text: str, typed: Typed = "recognise") -> tuple[str, Encoding] | None:
    """Give text read from the encoding it was typed in, None where it is Unicode, something else, or nobody can tell.

    `typed` is what its file says, as far as that is known.
    """
    if typed in ("keep", "unicode"):
        return None
    known = [each for each in readings(text) if typed in ("recognise", each[1])]
    if len(known) != 1:
        return None
    read, encoding = known[0]
    return (read, encoding) if typed == encoding or has_evidence(text, encoding) else None


def likely(text: str) -> tuple[str, Encoding] | None:
    """Give text read from the only encoding that makes it Vietnamese, on however little evidence."""
    known = readings(text)
    return known[0] if len(known) == 1 else None


def readings(text: str) -> list[tuple[str, Encoding]]:
    """Give how text may be read: words that are no Vietnamese syllables as they stand all become some, no sign stays.

    Names and abbreviations without accents say nothing either way.
    """
    if text.isascii() or UNICODE_LATIN.search(text) or is_vietnamese(text):
        return []
    found: list[tuple[str, Encoding]] = []
    if is_all_tcvn3(text):
        found.append((raised(text, from_tcvn3(text)), "tcvn3"))
    if is_all_vni(text):
        found.append((from_vni(text), "vni"))
    return [each for each in found if each[0] != text and is_vietnamese(each[0], LEAST_LETTERS)]


def doubt_of(text: str, typed: Typed = "recognise") -> str:
    """Say what is told of text that is kept as it stands: nothing, that it is `perhaps_legacy` or `mixed_encodings`."""
    if typed == "keep" or text.isascii():
        return ""
    if UNICODE_LATIN.search(text):
        if not FOREIGN.search(text.translate(VIETNAMESE)):
            return ""
        old = sum(1 for _ in old_words(text))
        return "" if not old else "mixed_encodings" if old >= SURELY_MIXED and typed != "unicode" else "perhaps_legacy"
    return "perhaps_legacy" if readings(text) or any(old_words(text)) else ""


def evidence_in(text: str) -> Encoding | None:
    """Say which encoding text surely was typed in."""
    known = recognised(text)
    return known[1] if known else None


def has_evidence(text: str, encoding: Encoding) -> bool:
    """Say whether a word of a text speaks for an encoding."""
    return any(encoding == each for each in old_words(text))


def old_words(text: str) -> Iterator[Encoding]:
    """Give the encodings that words speak for: with signs that are not French, Vietnamese only when they are read."""
    for word in WORD.findall(text):
        if word.isascii() or not PLAIN.search(word) or is_syllable(word):
            continue
        if STRONG["tcvn3"].search(word) and is_all_tcvn3(word) and is_syllable(from_tcvn3(word)):
            yield "tcvn3"
        if STRONG["vni"].search(word) and is_all_vni(word) and is_syllable(from_vni(word)):
            yield "vni"


def raised(text: str, read: str) -> str:
    """Give what was read of a .Vn font, its toned letters in capitals where the rest of the word is.

    These fonts have no toned capitals. One capital alone may begin a word: it counts if all words are in capitals.
    """
    words = [(each.start(), each.end()) for each in WORD.finditer(text)]
    in_capitals = [
        not SMALL.search(text[begin:end]) and sum(sign in CAPITALS for sign in text[begin:end]) > 1
        for begin, end in words
    ]
    is_all = not SMALL.search(text) and any(
        is_word and is_syllable(read[begin:end]) for is_word, (begin, end) in zip(in_capitals, words, strict=True)
    )
    letters = list(read)
    for is_word, (begin, end) in zip(in_capitals, words, strict=True):
        if is_word or is_all:
            letters[begin:end] = read[begin:end].upper()
    return "".join(letters)


def is_vietnamese(text: str, least: int = 1) -> bool:
    """Say whether every word that says anything is a Vietnamese syllable, and those have so many letters in sum.

    Names of the highlands, which are Vietnamese otherwise spelt, stand among them and count for nothing.
    """
    words = [word for word in WORD.findall(text) if not SAYS_NOTHING.fullmatch(word)]
    syllables = [word for word in words if is_syllable(word)]
    is_all = all(is_syllable(word) or is_highland_name(word) for word in words)
    return is_all and sum(map(len, syllables)) >= least
