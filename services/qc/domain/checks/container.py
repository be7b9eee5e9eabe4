"""Is the file what it says it is, one image, with nothing behind it?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile

PADDING = 16  # bytes with which writers fill up a file


def check_container(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Compare content, declaration and name; count images and bytes after the end; pass on what the decoder said."""
    found = page.measures
    if profile.formats and found.media_type not in profile.formats:
        yield Finding("format.not_allowed", Severity.ERROR, found.media_type, ", ".join(profile.formats))
    if found.media_type != page.declared_type:
        yield Finding("format.declared_differs", Severity.REVIEW, page.declared_type, found.media_type)
    if page.named_type is not None and found.media_type != page.named_type:
        yield Finding("format.name_differs", Severity.NOTE, page.named_type, found.media_type)
    if found.frame_count > 1:
        yield Finding("format.several_images", Severity.REVIEW, found.frame_count, 1)
    if found.bytes_after_end > 0:
        weight = Severity.NOTE if found.bytes_after_end <= PADDING else Severity.REVIEW
        yield Finding("format.bytes_after_end", weight, found.bytes_after_end, 0)
    if found.is_turned:
        yield Finding("format.turned", Severity.NOTE)
    if found.complaints:
        yield Finding("format.decoder_complained", Severity.NOTE, "; ".join(found.complaints)[:300])
