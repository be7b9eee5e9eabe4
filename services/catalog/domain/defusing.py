"""Text that a spreadsheet would take for a formula, made harmless in a CSV file and read back as it was.

In a workbook a cell says itself that it is text; in a CSV file only its first character tells.
"""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"  # as in Excel, where it is typed before what shall stay text


def defused(text: str) -> str:
    """Put a quote before text that would be computed, or that begins with such a quote."""
    return QUOTE + text if text.startswith(DANGEROUS) or is_defused(text) else text


def undefused(text: str) -> str:
    """Take such a quote away."""
    return text[1:] if is_defused(text) else text


def is_defused(text: str) -> bool:
    """Say whether text begins with a quote that keeps it from being computed."""
    return text.startswith(QUOTE) and text.lstrip(QUOTE).startswith(DANGEROUS)
