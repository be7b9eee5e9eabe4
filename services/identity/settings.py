"""Identity's own settings."""

from shared.settings import ServiceSettings


class IdentitySettings(ServiceSettings):
    """Where people reach the system. The public keys are also written to IDENTITY_KEYS_URL when that is a file."""

    identity_public_url: str = "http://127.0.0.1:8071"
