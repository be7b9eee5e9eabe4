"""XML written as a stream: one element a line, nothing held but the open elements."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

from lxml import etree

from shared.eark.body import Body

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Put U+FFFD for every character that XML 1.0 §2.2 forbids; the catalog takes none, but once it did."""
    return text if text.isascii() and text.isprintable() else NOT_XML.sub("\ufffd", text)


class XmlWriter:
    """Writes elements of one default namespace; attributes without a value are left away."""

    def __init__(self, stream: Any, namespace: str) -> None:  # noqa: ANN401 (lxml names no type for its stream)
        self._stream = stream
        self._namespace = namespace

    @contextmanager
    def within(self, tag: str, attributes: Mapping[str, str | None] | None = None) -> Iterator[None]:
        """Open an element for what is written inside the block."""
        with self._stream.element(f"{{{self._namespace}}}{tag}", present(attributes)):
            self._stream.write("\n")
            yield
        self._stream.write("\n")

    def leaf(self, tag: str, text: str = "", attributes: Mapping[str, str | None] | None = None) -> None:
        """Write an element that holds text or nothing."""
        with self._stream.element(f"{{{self._namespace}}}{tag}", present(attributes)):
            if text:
                self._stream.write(xml_text(text))
        self._stream.write("\n")


def present(attributes: Mapping[str, str | None] | None) -> dict[str, str]:
    """Keep the attributes that have a value."""
    return {name: xml_text(value) for name, value in (attributes or {}).items() if value is not None}


@contextmanager
def document(
    out: BytesIO | Body | IO[bytes],
    root: str,
    prefixes: Mapping[str | None, str],
    attributes: Mapping[str, str | None],
    *,
    standalone: bool | None = None,
) -> Iterator[XmlWriter]:
    """Write a UTF-8 document whose root and elements are in the default namespace, `prefixes[None]`."""
    namespace = prefixes[None]
    with etree.xmlfile(out, encoding="UTF-8") as stream:
        stream.write_declaration(standalone=standalone)
        with stream.element(f"{{{namespace}}}{root}", present(attributes), nsmap=dict(prefixes)):
            stream.write("\n")
            yield XmlWriter(stream, namespace)
    out.write(b"\n")
