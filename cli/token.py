"""`saoluu token`: an access token for a credential, for commands such as curl."""

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import typer

from cli.credential import Credential, CredentialRefused
from cli.language import say
from cli.problem import ApiProblem
from cli.token_source import TokenSource

HELP = say("In một mã truy cập, sống mười phút.", "Print an access token; it lives for ten minutes.")


def token(
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh", "Credential file"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    ca: Annotated[Path | None, typer.Option(help=say("Chứng thư gốc (PEM)", "Root certificate (PEM)"))] = None,
) -> None:
    """Sign in and print the token: curl -H "Authorization: Bearer $(saoluu token --credential FILE)" ..."""
    try:
        typer.echo(asyncio.run(fetched(Credential.load(credential), url, ca)))
    except (CredentialRefused, ApiProblem, httpx.ConnectError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused


async def fetched(credential: Credential, url: str | None, ca: Path | None) -> str:
    """Give a token for a credential. Raises ApiProblem, httpx.ConnectError."""
    verify = str(ca) if ca else True
    async with httpx.AsyncClient(base_url=url or credential.url, verify=verify, timeout=30) as http:
        return await TokenSource(credential, http).current()
