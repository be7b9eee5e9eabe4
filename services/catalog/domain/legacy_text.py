"""Vietnamese text as it was typed before Unicode: TCVN3 (the .Vn fonts) and VNI, and how each is read.

Such text reached Excel as Latin letters that only its font made Vietnamese: "Hå s¬" and "Hoà sô" both mean "Hồ sơ".
"""

import re
from functools import cache
from typing import Literal, get_args

Encoding = Literal["tcvn3", "vni"]
ENCODINGS = get_args(Encoding)
TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\N{SOFT HYPHEN}õøö÷ùúýûüþ¡¢§£¤¥¦",  # noqa: RUF001
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
LETTER = "[a-zA-ZÀ-ÖØ-öø-ɏ\u1e00-\u1eff\u0300-\u036f]"
WORD = re.compile(rf"(?:{LETTER}|[{re.escape(''.join(TCVN3))}])+")  # of other scripts no letter says anything
MARKED = re.compile("[À-ÖØ-öø-ÿ]")
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
    return vni_signs().sub(lambda sign: table[sign[0]], text)


@cache
def vni_signs() -> re.Pattern[str]:
    """Give what finds a letter with its mark, or a letter that VNI has for itself."""
    return re.compile("|".join(sorted(map(re.escape, vni()), key=len, reverse=True)))


def is_all_tcvn3(text: str) -> bool:
    """Say whether every letter with a mark is one that TCVN3 has."""
    return all(sign in TCVN3 for sign in MARKED.findall(text))


def is_all_vni(text: str) -> bool:
    """Say whether every letter with a mark is one that VNI has, or stands behind the letter that it marks."""
    return not MARKED.search(vni_signs().sub("", text))
