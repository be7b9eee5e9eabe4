"""The newest head of each service's register that its own database knows, as far as databases can be reached.

On a data folder that is every service that keeps a register. Where several servers run the system, only ingest's
database is reached from here: what the others wrote last, only the stores tell.
"""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import make_url

from services.embedded import SERVICES, embedded_settings, part
from shared.database import Database
from shared.register.writing import last_head

HERE = "ingest"


def keeping(data: Path) -> list[str]:
    """Name the services of a data folder that keep a register and have a database."""
    settings = {service: embedded_settings(service, data) for service in SERVICES}
    return [
        service
        for service, told in settings.items()
        if told["registers_kept"] == "true" and (data / service / f"{service}.db").is_file()
    ]


def databases_beside(database_url: str) -> Mapping[str, str]:
    """Give the databases that lie in the data folder of ingest's, by service; ingest's alone behind a server."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return {HERE: database_url}
    data = Path(url.database).absolute().parent.parent
    found = {service: embedded_settings(service, data)["database_url"] for service in keeping(data)}
    return {**found, HERE: database_url}


async def known_heads(database_url: str) -> dict[str, str | None]:
    """Give the newest head that each database knows, None where none was ever written. Raises DatabaseUnavailable."""
    heads: dict[str, str | None] = {}
    for service, url in databases_beside(database_url).items():
        database = Database(url, part(service).plumbing)
        try:
            heads[service] = await last_head(database)
        finally:
            await database.close()
    return heads
