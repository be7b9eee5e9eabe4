"""Vietnamese text: tidied for keeping, folded for searching, and free of what nobody sees.

Signs without width, those that turn the direction of text, and numbers that are no sign at all (U+FFFE) make one title
look like another. Of them only the
joiners U+200C and U+200D stay, and only after a letter that needs them: Cham, Khmer, Arabic, the scripts of India. A
letter that runs from right to left tells that itself; what chooses between forms of a Han character is none of these.
"""

import re
import unicodedata

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
UNSEEN = re.compile(
    "[\ufdd0-\ufdef\ufffe\uffff\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
    "|(?<![\u0600-\u1cff\ua800-\uabff])[\u200c\u200d]"
)
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs by name that show nothing
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"})  # Co and Cn may be Nôm in a font of its own
_STROKED = str.maketrans("đĐÐðƉɖ", "dDDdDd")  # and the letters that look like it


def tidied(text: str) -> str:
    """Give text in composed Unicode (NFC) on one line, with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidied_lines(text: str) -> str:
    """Give a longer text tidied line by line, so that its paragraphs stay."""
    return "\n".join(tidied(line) for line in text.splitlines()).strip()


def folded(text: str) -> str:
    """Give text in lower case without accents; đ and what looks like it by hand: Unicode leaves them."""
    apart = unicodedata.normalize("NFD", text.translate(_STROKED))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def seen(text: str) -> str:
    """Give text without what nobody sees; text of which nothing is seen becomes empty."""
    if text.isascii():
        return text
    bare = UNSEEN.sub("", text)
    return bare if is_visible(bare) or not bare.strip() else ""


def unseen_in(text: str) -> list[str]:
    """Give the signs of a text that nobody sees, by their numbers in Unicode: all of them where nothing is seen."""
    bare = seen(text)
    signs = [] if bare == text else UNSEEN.findall(text) or list(text.strip())
    return list(dict.fromkeys(f"U+{ord(sign):04X}" for sign in signs))


def is_visible(text: str) -> bool:
    """Say whether anything of a text shows: marks need a letter to stand on."""
    return any(sign not in BLANKS and unicodedata.category(sign) not in UNSHOWN for sign in text)
