"""XML of one namespace written as text: for files with millions of elements it takes half as long as a library."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from shared.eark.body import Body
from shared.eark.xml_writer import xml_text

GATHERED = 1 << 16
SPELLINGS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
IN_ATTRIBUTES = SPELLINGS | str.maketrans({"\n": "&#10;", "\t": "&#9;"})


class PlainXml:
    """Writes elements, one a line; attributes are named as they stand in the file, `xsi:type`."""

    def __init__(self, out: Body) -> None:
        self._out = out
        self._gathered: list[str] = []
        self._length = 0

    def write(self, text: str) -> None:
        """Write what is XML already."""
        self._gathered.append(text)
        self._length += len(text)
        if self._length >= GATHERED:
            self.flush()

    def flush(self) -> None:
        """Pass on what was gathered."""
        self._out.write("".join(self._gathered).encode())
        self._gathered, self._length = [], 0

    @contextmanager
    def within(self, tag: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """Open an element for what is written inside the block."""
        self.write(f"<{tag}{spelled(attributes)}>\n")
        yield
        self.write(f"</{tag}>\n")

    def leaf(self, tag: str, text: str) -> None:
        """Write an element that holds text."""
        self.write(leaf_of(tag, text))


def leaf_of(tag: str, text: str) -> str:
    """Spell an element that holds text."""
    return f"<{tag}>{xml_text(text).translate(SPELLINGS)}</{tag}>\n"


def spelled(attributes: Mapping[str, str] | None) -> str:
    """Write attributes as they stand behind a tag."""
    if not attributes:
        return ""
    return "".join(f' {name}="{xml_text(value).translate(IN_ATTRIBUTES)}"' for name, value in attributes.items())


@contextmanager
def plain_document(out: Body, root: str, attributes: Mapping[str, str]) -> Iterator[PlainXml]:
    """Write a UTF-8 document; the root's namespaces are among its attributes."""
    xml = PlainXml(out)
    out.write(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    with xml.within(root, attributes):
        yield xml
    xml.flush()
