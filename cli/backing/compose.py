"""The secrets of the containers, made once and kept: `python -m cli.backing.compose FOLDER` (`make secrets`).

Each service gets a file with its own ways in and no other's; each server gets what it must know of the services.
"""

import json
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cli.backing.accounts import S3Key, bus_definitions, s3_identities
from cli.backing.memory import Memory
from cli.backing.private_file import write_private
from cli.backing.rights import SCRUBBER, STORE_RIGHTS, StoreRights, bucket_of, environment_of
from services.embedded import SERVICES, STORES

HOSTS = {"incoming": "s3", "derived": "s3", "archive": "s3", "reserve": "s3-reserve"}
ADMIN = "admin"
OPERATOR = "operator"


def main() -> None:
    """Make the files in the folder that is named; secrets made before stay, what the servers read is written anew."""
    folder = Path(sys.argv[1])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in written(Memory(folder)).items():
        write_private(folder / name, text)
        if name.endswith(".json"):  # read inside a container by a user we do not know; the folder is ours alone
            (folder / name).chmod(0o644)


def written(memory: Memory) -> dict[str, str]:
    """Give the files by name."""
    accounts = {service: memory.secret(f"account {service}") for service in SERVICES}
    roles = {f"{service}_password": memory.secret(f"role {service}") for service in SERVICES}
    keys = {host: keys_to(host, memory) for host in sorted(set(HOSTS.values()))}

    def environment(name: str, service: str) -> dict[str, str]:
        return environment_of(
            name,
            database_url=f"postgresql+asyncpg://{service}:{roles[f'{service}_password']}@postgres/{service}",
            bus_url=f"amqp://{service}:{accounts[service]}@rabbitmq:5672/",
            store_url=partial(store_url, keys, name),
        )

    environments = {service: environment(service, service) for service in SERVICES}
    database_urls = {name: told[name] for told in environments.values() for name in told if "_DATABASE_" in name}
    operator = {"RABBITMQ_USER": OPERATOR, "RABBITMQ_PASSWORD": memory.secret(f"account {OPERATOR}")}
    return {
        **{f"{service}.env": lines(told) for service, told in environments.items()},
        f"{SCRUBBER}.env": lines(environment(SCRUBBER, "ingest")),
        "migrate.env": lines(database_urls),
        "prepare.env": lines({f"STORE_{place.upper()}_URL": store_url(keys, ADMIN, place) for place in STORES}),
        "postgres.env": lines({"POSTGRES_PASSWORD": memory.secret("superuser"), **roles}),
        "operator.env": lines(operator),  # for a person: the broker keeps only a digest
        "rabbitmq.json": json.dumps(bus_definitions((OPERATOR, operator["RABBITMQ_PASSWORD"]), accounts)),
        **{
            f"{host}.json": json.dumps(s3_identities((ADMIN, own[ADMIN]), own, rights_on(host)))
            for host, own in keys.items()
        },
    }


def rights_on(host: str) -> dict[str, StoreRights]:
    """Give what each service may do on one of the S3 servers."""
    here = {
        service: {place: held for place, held in rights.items() if HOSTS[bucket_of(place)] == host}
        for service, rights in STORE_RIGHTS.items()
    }
    return {service: rights for service, rights in here.items() if rights}


def keys_to(host: str, memory: Memory) -> dict[str, S3Key]:
    """Give the keys to one of the S3 servers, for everybody who may enter it."""
    names = (ADMIN, *rights_on(host))
    return {
        name: S3Key(memory.secret(f"{host} {name} access")[:20], memory.secret(f"{host} {name} secret"))
        for name in names
    }


def store_url(keys: Mapping[str, Mapping[str, S3Key]], name: str, place: str) -> str:
    """Give the URL of a store with somebody's key."""
    key = keys[HOSTS[place]][name]
    return f"s3+http://{key.access}:{key.secret}@{HOSTS[place]}:8333/{place}"


def lines(variables: Mapping[str, str]) -> str:
    """Write variables as an environment file."""
    return "".join(f"{name}={value}\n" for name, value in variables.items())


if __name__ == "__main__":
    main()
