"""What a reading form says of itself: XMP (ISO 16684-1), and the same in the older document information."""

from dataclasses import dataclass
from datetime import datetime
from unicodedata import category
from xml.sax.saxutils import escape

from shared.clock import VIETNAM

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>
<dc:identifier>{identifier}</dc:identifier>
<dc:source>{source}</dc:source>
<xmp:CreatorTool>{tool}</xmp:CreatorTool><pdf:Producer>{tool}</pdf:Producer>
<xmp:CreateDate>{at}</xmp:CreateDate><xmp:ModifyDate>{at}</xmp:ModifyDate><xmp:MetadataDate>{at}</xmp:MetadataDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """Title, the body whose records these are, the form's own identifier, the masters it was made of, when, with what.

    `at` is cut to seconds: the older information knows no smaller part, and both must say the same.
    """

    title: str
    creator: str
    identifier: str
    source: str
    at: datetime
    tool: str

    def packet(self) -> bytes:
        """Write the XMP packet."""
        names = ("title", "creator", "identifier", "source", "tool")
        told = {name: escape(plain(getattr(self, name))) for name in names}
        at = self.at.astimezone(VIETNAM).isoformat(timespec="seconds")
        return PACKET.format(**told, at=at).encode()

    def information(self) -> dict[str, str]:
        """Give the document information."""
        at = self.at.astimezone(VIETNAM).strftime("D:%Y%m%d%H%M%S+07'00'")
        names = {"/Title": self.title, "/Author": self.creator, "/Creator": self.tool, "/Producer": self.tool}
        return {**{name: plain(value) for name, value in names.items()}, "/CreationDate": at, "/ModDate": at}


def plain(text: str) -> str:
    """Leave out what XML cannot hold: controls, halves of characters, and what will never be one."""
    return "".join(each for each in text if category(each) not in ("Cc", "Cs", "Cn"))
