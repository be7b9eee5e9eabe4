"""Handover's own settings."""

from shared.eark.profile import DEFAULT_OF_IMAGES
from shared.settings import ServiceSettings

FONTS = "/usr/share/fonts/truetype/croscore"  # of the Debian package fonts-croscore: Tinos, as wide as Times New Roman


class HandoverSettings(ServiceSettings):
    """How many packages are built at once, and what the papers of a delivery cannot know by themselves.

    `handover_agency` and `handover_superior` name who hands over and the body above it, `handover_place` where; what
    is empty is written in by hand. `handover_fonts` is the folder of the printed papers' face: Times New Roman where
    it is licensed, else Tinos.

    `handover_certificate` is the PKCS#12 file that manifests are signed with, `handover_certificate_password_file`
    holds its password; without a certificate manifests are not signed, and deliveries say so.
    `handover_timestamp_url` is an RFC 3161 service: where it is set, nothing is signed without a timestamp.

    `handover_masters_profile` names how packages of images beside the circular's are written (`shared/eark/profiles`);
    how all others are is agreed with the receiver.
    """

    handover_builders: int = 1
    handover_agency: str = ""
    handover_superior: str = ""
    handover_place: str = ""
    handover_fonts: str = FONTS
    handover_certificate: str = ""
    handover_certificate_password_file: str = ""
    handover_timestamp_url: str = ""
    handover_masters_profile: str = DEFAULT_OF_IMAGES
