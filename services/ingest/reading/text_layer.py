"""Lay the invisible words of a page over its image."""

from services.ingest.reading.glyphless import ADVANCE, UNITS, Characters
from services.ingest.reading.page_text import Line, PageText

INVISIBLE = 3  # text rendering mode (ISO 32000-1 §9.3.6)
NARROWEST_GAP = 0.02  # of the letters' size: a space has some width, also between words that touch


def text_layer(text: PageText, page: tuple[float, float], characters: Characters) -> bytes:
    """Give the content that writes a page's text where it stands; `page` is the page's size in points."""
    scale = page[0] / text.width, page[1] / text.height
    lines = (piece for line in text.lines for piece in written(line, scale, page[1], characters))
    return b"\n".join([b"BT", b"%d Tr" % INVISIBLE, *lines, b"ET"]) if text.lines else b""


def written(line: Line, scale: tuple[float, float], height: float, characters: Characters) -> list[bytes]:
    """Write a line: each word stretched over its place, the spaces over the gaps, so that both copy as they read.

    A leaning line is laid level, at the height of its middle: words at different heights are different lines to most
    viewers, and a phrase over two of them is found by none.
    """
    across, down = scale
    size = line.size * down
    letter = size * ADVANCE / UNITS
    middle = (line.words[0].left + line.words[-1].right) / 2 - line.left
    y = height - (line.baseline + line.slope * middle) * down
    pieces = [b"/F %.2f Tf" % size]
    for word, following in zip(line.words, (*line.words[1:], None), strict=True):
        width = (word.right - word.left) * across
        code = characters.encoded(word.text)
        stretch = 100 * width / (letter * max(1, len(code) // 2))
        place = b"1 0 0 1 %.3f %.3f Tm" % (word.left * across, y)
        pieces.append(b"%s %.2f Tz <%s> Tj" % (place, stretch, code.hex().encode()))
        if following is not None:
            gap = max((following.left - word.right) * across, size * NARROWEST_GAP)
            pieces.append(b"%.2f Tz <%s> Tj" % (100 * gap / letter, characters.encoded(" ").hex().encode()))
    return pieces
