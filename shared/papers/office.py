"""Who issues papers and where, as the settings tell; what they do not tell is written in by hand."""

from dataclasses import dataclass
from typing import Self

from shared.settings import ServiceSettings

FONTS = "/usr/share/fonts/truetype/croscore"  # of the Debian package fonts-croscore: Tinos, as wide as Times New Roman


class OfficeSettings(ServiceSettings):
    """What papers cannot know by themselves, told once for every service that prints.

    `office_agency` and `office_superior` name who issues them and the body above it, `office_place` where; what is
    empty is written in by hand. `office_fonts` is the folder of the printed papers' face: Times New Roman where it is
    licensed, else Tinos.
    """

    office_agency: str = ""
    office_superior: str = ""
    office_place: str = ""
    office_fonts: str = FONTS


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues a paper, the body above it, and the place."""

    agency: str = ""
    superior: str = ""
    place: str = ""

    @classmethod
    def of(cls, settings: OfficeSettings) -> Self:
        """Take what the settings tell."""
        return cls(settings.office_agency, settings.office_superior, settings.office_place)
