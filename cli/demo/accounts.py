"""The people and machines of the demo, each with an account of its own, made over HTTP by the administrator."""

from dataclasses import dataclass
from pathlib import Path

import httpx

from cli.client import ApiClient
from cli.credential import Credential
from shared.auth.roles import Role

PEOPLE = {
    "archivist": Role.ARCHIVIST,
    "approver": Role.APPROVER,
    "inspector": Role.INSPECTOR,
    "handover-officer": Role.HANDOVER_OFFICER,
    "auditor": Role.AUDITOR,
}
MACHINES = {"station-1": Role.STATION, "national-archives": Role.RECEIVER}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody's credential, by name."""

    credentials: dict[str, Credential]

    def client(self, name: str) -> ApiClient:
        """Give a client that acts as somebody."""
        return ApiClient(self.credentials[name])


async def hire(url: str, setup_token: str, folder: Path) -> Cast:
    """Take the setup link, make the administrator, have him make everybody else; credential files go to `folder`."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as anyone:
        answer = await anyone.post("/identity/setup", json={"token": setup_token, "name": "administrator"})
        answer.raise_for_status()
    found = {"administrator": credential_of(url, "administrator", answer.json())}
    async with ApiClient(found["administrator"]) as administrator:
        for kind, roles in (("person", PEOPLE), ("machine", MACHINES)):
            for name, role in roles.items():
                made = await administrator.post("/identity/accounts", {"name": name, "kind": kind, "roles": [role]})
                found[name] = credential_of(url, name, made)
    for name, credential in found.items():
        credential.save(folder / f"{name}.json", overwrite=True)
    return Cast(found)


def credential_of(url: str, name: str, made: dict[str, dict[str, str]]) -> Credential:
    """Read a credential out of the answer that made an account."""
    return Credential.model_validate({"url": url, "name": name, **made["credential"]})
