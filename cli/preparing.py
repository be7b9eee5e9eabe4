"""`saoluu prepare`: make the buckets that the settings name, by the key of whoever sets up the S3 server."""

import asyncio

import typer

from cli.language import say
from cli.serving import explained
from services.embedded import STORES
from shared.settings import SettingMissing, environment
from shared.storage.open import open_store
from shared.storage.port import StoreUnavailable

HELP = say("Tạo các kho mà cấu hình nêu tên.", "Make the stores that the settings name.")


def prepare() -> None:
    """Make sure of every store named by a STORE_..._URL; the services' own keys may not make buckets."""
    with explained():
        named = {place: url for place in STORES if (url := environment().get(f"store_{place}_url"))}
        if not named:
            raise SettingMissing(f"none of {', '.join(f'STORE_{place.upper()}_URL' for place in STORES)} is set")
        for place, url in named.items():
            try:
                asyncio.run(make(place, url))
            except StoreUnavailable as unmade:
                typer.echo(f"{place}: {unmade}", err=True)
                raise typer.Exit(3) from unmade
            typer.echo(f"{place}: ok")


async def make(place: str, url: str) -> None:
    """Make one store ready. Raises StoreUnavailable."""
    store = open_store(url, place)
    try:
        await store.prepare()
    finally:
        await store.close()
