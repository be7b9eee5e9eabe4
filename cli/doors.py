"""When the system may be heard beyond its own machine: with a certificate, and once somebody is in charge."""

import asyncio
import ipaddress
from pathlib import Path
from typing import NoReturn

import typer
from sqlalchemy.exc import DBAPIError

from cli.language import say
from services.identity.models import plumbing
from services.identity.operations.setup import has_admin
from shared.database import Database, DatabaseUnavailable

USAGE, NOT_NOW = 2, 3


def is_beyond(host: str) -> bool:
    """Say whether others than this machine can reach what listens there."""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def demand_certificate(host: str, certificate: Path | None, key: Path | None) -> None:
    """Refuse to be heard beyond this machine in the clear."""
    if is_beyond(host) and not (certificate and key):
        refuse(
            say(
                "Muốn lắng nghe ngoài máy này phải có --certificate và --key.",
                "Listening beyond this machine needs --certificate and --key.",
            )
        )


def demand_admin(host: str, database_url: str) -> None:
    """Refuse to be heard beyond this machine while identity's database knows no enabled administrator.

    Until then whoever gets hold of the setup link makes himself one. The database must have been migrated.
    """
    if is_beyond(host) and not asyncio.run(somebody_is_in_charge(database_url)):
        refuse(
            say(
                "Muốn lắng nghe ngoài máy này phải có một quản trị viên đang được phép vào. Hãy tạo trên máy này: "
                "saoluu account add TÊN --role admin --credential TỆP [--data THƯ_MỤC], "
                "hoặc chạy lần đầu ở 127.0.0.1 rồi theo liên kết thiết lập.",
                "Listening beyond this machine needs an administrator who is let in. Make one on this machine: "
                "saoluu account add NAME --role admin --credential FILE [--data DIR], "
                "or start on 127.0.0.1 first and follow the setup link.",
            )
        )


async def somebody_is_in_charge(database_url: str) -> bool:
    """Ask identity's database for an administrator; leaves with its own exit code when it cannot answer."""
    database = Database(database_url, plumbing)
    try:
        return await has_admin(database)
    except (DatabaseUnavailable, DBAPIError):
        refuse(
            say(
                "Không hỏi được cơ sở dữ liệu của identity xem đã có quản trị viên chưa: "
                "nó không trả lời, hoặc chưa qua saoluu migrate.",
                "Identity's database does not say whether there is an administrator: "
                "it does not answer, or has not been through saoluu migrate.",
            ),
            NOT_NOW,
        )
    finally:
        await database.close()


def refuse(reason: str, code: int = USAGE) -> NoReturn:
    """Say why nothing listens, and leave."""
    typer.echo(reason, err=True)
    raise typer.Exit(code)
