"""What the checks look at: the measures of a page and what was said of it when it was sent."""

from dataclasses import dataclass
from functools import cached_property

from shared.imaging.measurement import Measures
from shared.imaging.resolution import Dpi, Resolution, true_resolution


@dataclass(frozen=True)
class LookedAt:
    """A decoded page: its measures, the media type its sender declared, the type its file name says (or None).

    `is_drawing` says that it shows a map or a drawing, which are scanned finer.
    """

    measures: Measures
    declared_type: str
    named_type: str | None
    is_drawing: bool = False

    @property
    def tagged_dpi(self) -> Dpi | None:
        """Give the resolution that the file tells, true or not."""
        measures = self.measures
        if measures.dpi_x is None or measures.dpi_y is None:
            return None
        return measures.dpi_x, measures.dpi_y

    @cached_property
    def resolution(self) -> Resolution:
        """Give the true resolution as far as it can be known, and where it is from."""
        return true_resolution(self.tagged_dpi, self.measures.width, self.measures.height)
