"""Paper size from pixels and resolution, and how many A4 pages it counts for.

A4 1, A3 2, A2 4, A1 8, A0 16; a page more than 10 % over a size counts as the next. Industry practice, not seen in
law (TT 04/2014/TT-BNV uses a coefficient instead), so the tolerance is a parameter.
"""

MM_PER_INCH = 25.4
LONG_SIDES = (("A4", 297.0, 1), ("A3", 420.0, 2), ("A2", 594.0, 4), ("A1", 841.0, 8), ("A0", 1189.0, 16))
SHORT_SIDES = {"A4": 210.0, "A3": 297.0, "A2": 420.0, "A1": 594.0, "A0": 841.0}


def paper_of(width: int, height: int, dpi: tuple[float, float] | None, tolerance: float = 0.1) -> tuple[str, int]:
    """Give the paper's name and its A4 equivalents; without a resolution a page counts as one A4."""
    if dpi is None or min(dpi) <= 1:
        return "unknown", 1
    sides = sorted((width / dpi[0] * MM_PER_INCH, height / dpi[1] * MM_PER_INCH))
    for name, long_side, count in LONG_SIDES:
        if sides[1] <= long_side * (1 + tolerance) and sides[0] <= SHORT_SIDES[name] * (1 + tolerance):
            return name, count
    return "A0+", 16
