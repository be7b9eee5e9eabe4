"""A JPEG walked from its first marker to its last, and its scans looked into."""

from mmap import mmap

from shared.imaging.containers.jpeg_layout import layout_of
from shared.imaging.containers.jpeg_scans import flaws_of
from shared.imaging.containers.jpeg_tables import table_flaws
from shared.imaging.formats import sniff
from shared.imaging.measurement import Flaw
from shared.imaging.outside import Outside


def walk_jpeg(content: mmap) -> Outside:
    """Walk a JPEG and look into its scans. Raises Undecodable."""
    layout = layout_of(content)
    is_another = sniff(content[layout.end : layout.end + 64]) is not None
    flaws = [*table_flaws(layout), *flaws_of(content, layout)]
    if layout.stray_bytes:
        flaws.append(Flaw(kind="odd_structure", detail=f"{layout.stray_bytes} bytes between the parts of the JPEG"))
    return Outside(len(content) - layout.end, 2 if is_another else 1, tuple(flaws), coding=layout.coding)
