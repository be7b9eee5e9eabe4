"""Whole numbers in Vietnamese words, as they stand in minutes: 1.015.004 is một triệu không trăm mười lăm nghìn …"""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ((10**6, "triệu"), (10**3, "nghìn"), (1, ""))
BILLION = 10**9


def in_words(number: int) -> str:
    """Say a number that is not negative. Raises ValueError for one that is."""
    if number < 0:
        raise ValueError("there are no fewer than none")
    return " ".join(words_of(number, is_leading=True)) or DIGITS[0]


def words_of(number: int, *, is_leading: bool) -> list[str]:
    """Say a number, nothing for zero: groups of three digits under triệu, nghìn and one, each nine digits under tỷ."""
    words: list[str] = []
    if number >= BILLION:
        words = [*words_of(number // BILLION, is_leading=is_leading), "tỷ"]
    for scale, name in SCALES:
        group = number % BILLION // scale % 1000
        if group:
            words += [*group_of(group, is_leading=is_leading and not words), *([name] if name else [])]
    return words


def group_of(number: int, *, is_leading: bool) -> list[str]:
    """Say 1 to 999; a group that does not lead always tells its hundred, so that none can be overheard."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [DIGITS[hundreds], "trăm"] if hundreds or not is_leading else []
    if tens > 1:
        words += [DIGITS[tens], "mươi"]
    elif tens == 1:
        words += ["mười"]
    elif ones and words:
        words += ["linh"]
    if ones == 1 and tens > 1:
        return [*words, "mốt"]
    if ones == 5 and tens:
        return [*words, "lăm"]
    return [*words, DIGITS[ones]] if ones else words


def grouped(number: int) -> str:
    """Write a number with a point before each three digits: 1.015.004."""
    return f"{number:,}".replace(",", ".")
