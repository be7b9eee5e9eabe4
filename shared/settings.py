"""Settings that every service reads from its environment, once: all that differs between the two ways to run."""

import os
from typing import Self

from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingMissing(Exception):
    """A setting that has no default is not in the environment."""


class ServiceSettings(BaseSettings):
    """Where a service finds its database, the bus, the stores and identity's public keys.

    The database is the service's own, so its variable is too: CATALOG_DATABASE_URL and so on; the rest is common.
    Several variables hold secrets inside their URLs: they are never logged. `registers_kept` says that the service
    keeps its register in archive and reserve (docs/decisions/0018).
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str
    bus_url: str = "memory:"
    identity_keys_url: str
    store_incoming_url: str = ""
    store_derived_url: str = ""
    store_archive_url: str = ""
    store_reserve_url: str = ""
    registers_kept: bool = False

    @classmethod
    def of(cls, service: str) -> Self:
        """Read the settings of a service. Raises SettingMissing with the variable's name."""
        variable = f"{service.upper()}_DATABASE_URL"
        for needed in (variable, "IDENTITY_KEYS_URL"):
            if not os.environ.get(needed):
                raise SettingMissing(f"{needed} is not set")
        return cls.model_validate({**environment(), "database_url": os.environ[variable]})


def environment() -> dict[str, str]:
    """Give the environment with lower-case names."""
    return {name.lower(): value for name, value in os.environ.items()}
