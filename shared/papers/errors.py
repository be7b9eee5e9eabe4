"""What can go wrong while a paper is printed."""

from shared.errors import ArchiveError


class FontMissing(ArchiveError):
    """The face that papers are printed in is not installed."""

    code = "font_missing"


class PaperNotSet(ArchiveError):
    """A paper could not be typeset as it was meant."""

    code = "paper_not_set"
