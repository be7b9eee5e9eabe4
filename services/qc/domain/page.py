"""What the checks look at: the measures of a page and what was said of it when it was sent."""

from dataclasses import dataclass

from shared.imaging.measurement import Measures


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A decoded page: its measures, the media type its sender declared, the type its file name says (or None).

    `is_drawing` says that it shows a map or a drawing, which are scanned finer.
    """

    measures: Measures
    declared_type: str
    named_type: str | None
    is_drawing: bool = False

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Give the resolution, where the file has one."""
        measures = self.measures
        if measures.dpi_x is None or measures.dpi_y is None:
            return None
        return measures.dpi_x, measures.dpi_y
