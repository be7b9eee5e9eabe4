"""Handover's own settings."""

from shared.eark.profile import DEFAULT_OF_IMAGES
from shared.papers.office import OfficeSettings


class HandoverSettings(OfficeSettings):
    """How many packages are built at once, what signs manifests, and how packages of images are written.

    `handover_certificate` is the PKCS#12 file, or the key in a token (`pkcs11:`, RFC 7512), that manifests are signed
    with; `handover_certificate_password_file` holds its password or PIN. Without a certificate manifests are not
    signed, and deliveries say so.
    `handover_timestamp_url` is an RFC 3161 service: where it is set, nothing is signed without a timestamp.

    `handover_masters_profile` names how packages of images beside the circular's are written (`shared/eark/profiles`);
    how all others are is agreed with the receiver.
    """

    handover_builders: int = 1
    handover_certificate: str = ""
    handover_certificate_password_file: str = ""
    handover_timestamp_url: str = ""
    handover_masters_profile: str = DEFAULT_OF_IMAGES
