"""How alike two pages are by their fingerprints."""


def likeness_of(one: str, other: str) -> float:
    """Say how alike two pages are, 0 to 1; fingerprints are hexadecimal digits as measuring/likeness.py gives them."""
    differing = int(one, 16) ^ int(other, 16)
    return round(1 - 2 * differing.bit_count() / (4 * len(one)), 4)
