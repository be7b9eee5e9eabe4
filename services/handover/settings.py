"""Handover's own settings."""

from shared.settings import ServiceSettings


class HandoverSettings(ServiceSettings):
    """How many packages are built at once."""

    handover_builders: int = 1
