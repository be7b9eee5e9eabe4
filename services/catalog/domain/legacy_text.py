"""Vietnamese text as it was typed before Unicode: TCVN3 (the .Vn fonts) and VNI, recognised and read.

Such text reached Excel as Latin letters that only its font made Vietnamese: "Hå s¬" and "Hoà sô" both mean "Hồ sơ".
"""

import re
from functools import cache
from typing import Literal

from services.catalog.domain.syllable import is_syllable

Encoding = Literal["tcvn3", "vni"]
TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\N{SOFT HYPHEN}õøö÷ùúýûüþ¡¢§£¤¥¦",  # noqa: RUF001
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
LAST_LETTER = "ÿ"  # of Latin-1, which is all that both encodings use; most Vietnamese Unicode text goes beyond
LEAST_LETTERS = 4  # of words with marks: "½ trang" and "10 µm" say too little
WORD = re.compile(rf"(?:[^\W\d_]|[{re.escape(''.join(TCVN3))}])+")
SAYS_NOTHING = re.compile(r"[a-zA-Z]+|[b-df-hj-np-tv-xzđ]+", re.IGNORECASE)  # plain letters, or an abbreviation: QĐ
_MARKS = {"ù": 0, "ø": 1, "û": 2, "õ": 3, "ï": 4}
_TONED = {"a": "áàảãạ", "e": "éèẻẽẹ", "o": "óòỏõọ", "u": "úùủũụ", "y": "ýỳỷỹỵ", "ô": "ớờởỡợ", "ö": "ứừửữự"}
_ROUNDED = {"â": 0, "á": 1, "à": 2, "å": 3, "ã": 4, "ä": 5}
_HATTED = {"a": "âấầẩẫậ", "e": "êếềểễệ", "o": "ôốồổỗộ"}
_BREVES = {"ê": "ă", "é": "ắ", "è": "ằ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ"}
_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


@cache
def vni() -> dict[str, str]:
    """Give what each letter, or letter and mark, of VNI means."""
    table = dict(_ALONE)
    table |= {base + mark: told[place] for base, told in _TONED.items() for mark, place in _MARKS.items()}
    table |= {base + mark: told[place] for base, told in _HATTED.items() for mark, place in _ROUNDED.items()}
    table |= {"a" + mark: told for mark, told in _BREVES.items()}
    capitals = {form: told.upper() for key, told in table.items() for form in (key.upper(), key.capitalize())}
    return capitals | table


def from_tcvn3(text: str) -> str:
    """Read text typed in a .Vn font; what its capitals fonts showed large stays small."""
    return "".join(TCVN3.get(letter, letter) for letter in text)


def from_vni(text: str) -> str:
    """Read text typed in a VNI font."""
    table = vni()
    read, place = "", 0
    while place < len(text):
        length = 2 if text[place : place + 2] in table else 1
        read += table.get(text[place : place + length], text[place : place + length])
        place += length
    return read


def recognised(text: str) -> tuple[str, Encoding] | None:
    """Give text read from the encoding it clearly was typed in, or None where it is Unicode or something else.

    Clearly: words that are no Vietnamese syllables as they stand all become some when they are read so, and no word
    that is one is touched. Names and abbreviations without accents say nothing either way.
    """
    if text.isascii() or max(text) > LAST_LETTER or is_vietnamese(text):
        return None
    readings: tuple[tuple[str, Encoding], ...] = ((from_tcvn3(text), "tcvn3"), (from_vni(text), "vni"))
    likely = [(read, encoding) for read, encoding in readings if read != text and is_vietnamese(read, LEAST_LETTERS)]
    return likely[0] if len(likely) == 1 else None


def is_vietnamese(text: str, least: int = 1) -> bool:
    """Say whether every word that says anything is a Vietnamese syllable, and those have so many letters in sum."""
    words = [word for word in WORD.findall(text) if not SAYS_NOTHING.fullmatch(word)]
    return sum(map(len, words)) >= least and all(map(is_syllable, words))
