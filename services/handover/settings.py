"""Handover's own settings."""

from shared.eark.profile import DEFAULT, DEFAULT_OF_IMAGES
from shared.settings import ServiceSettings

FONTS = "/usr/share/fonts/truetype/croscore"  # of the Debian package fonts-croscore: Tinos, as wide as Times New Roman


class HandoverSettings(ServiceSettings):
    """How many packages are built at once, and what the papers of a delivery cannot know by themselves.

    `handover_agency` and `handover_superior` name who hands over and the body above it, `handover_place` where; what
    is empty is written in by hand. `handover_fonts` is the folder of the printed papers' face: Times New Roman where
    it is licensed, else Tinos.

    `handover_profile` names how packages of reading forms are written, `handover_masters_profile` how those of images
    are (`shared/eark/profiles`).
    """

    handover_builders: int = 1
    handover_agency: str = ""
    handover_superior: str = ""
    handover_place: str = ""
    handover_fonts: str = FONTS
    handover_profile: str = DEFAULT
    handover_masters_profile: str = DEFAULT_OF_IMAGES
