"""All services in one process: SQLite files, folders and in-process events under one data folder."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from fastapi import FastAPI

from shared.app import compose
from shared.auth.tokens import TokenChecker
from shared.bus.open import open_bus
from shared.service import Service

Hourly = Callable[[], Awaitable[None]]

STORES = ("incoming", "derived", "archive", "reserve")
SERVICES = ("identity", "catalog", "ingest", "qc", "handover", "reporting")


def part(service: str) -> ModuleType:
    """Give the main module of a service: it has `Settings` and `assemble(settings) -> Service`."""
    if service not in SERVICES:
        raise ValueError(f"services are {', '.join(SERVICES)}")
    return import_module(f"services.{service}.main")


def folder_of(service: str) -> Path:
    """Give the folder of a service's code, where its migrations are."""
    return Path(__file__).parent / service


def embedded_settings(service: str, data: Path) -> Mapping[str, str]:
    """Give the settings of a service whose everything lies under one data folder."""
    data = data.absolute()
    stores = {name: (data / "stores" / name).as_uri() for name in STORES}
    return {
        "database_url": f"sqlite+aiosqlite:///{data / service / service}.db",
        "bus_url": "memory:",
        "identity_keys_url": (data / "identity" / "keys.json").as_uri(),
        **{f"store_{name}_url": url for name, url in stores.items()},
        "ingest_scrubs": "true",
        "registers_kept": "false" if service == "identity" else "true",
    }


def embedded_service(service: str, data: Path, **further: str) -> Service:
    """Assemble one service on a data folder."""
    module = part(service)
    made: Service = module.assemble(module.Settings(**embedded_settings(service, data), **further))
    return made


def with_hourly(service: Service, further: Hourly) -> Service:
    """Have a service do something further every hour."""

    async def both() -> None:
        if service.hourly is not None:
            await service.hourly()
        await further()

    return replace(service, hourly=both)


def embedded_app(data: Path, public_url: str, hourly: Hourly | None = None) -> FastAPI:
    """Assemble the whole system on a data folder; its databases must have been migrated.

    `hourly` is done besides what ingest does every hour: what reaches over several services is not its own.
    """
    services = [
        embedded_service(name, data, **({"identity_public_url": public_url} if name == "identity" else {}))
        for name in SERVICES
    ]
    if hourly is not None:
        services = [with_hourly(each, hourly) if each.name == "ingest" else each for each in services]
    keys = embedded_settings("identity", data)["identity_keys_url"]
    return compose(services, TokenChecker(keys), open_bus("memory:"))
