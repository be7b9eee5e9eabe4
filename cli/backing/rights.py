"""What each service may do on the servers of the full mode: the least that its code needs, and the one place for it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from shared.bus.rabbit import DEAD_EXCHANGE, EXCHANGE, queue_name
from shared.events.listeners import LISTENERS
from shared.register.head import ROOT as REGISTERS


class Right(StrEnum):
    """What may be done in a bucket, as S3 calls it. Whoever may add may also overwrite: S3 keeps no right for that."""

    FIND = "s3:ListBucket"
    READ = "s3:GetObject"
    ADD = "s3:PutObject"
    REMOVE = "s3:DeleteObject"


StoreRights = Mapping[str, frozenset[Right]]
"""Rights by place: a bucket, or what lies below a folder of it (`archive/registers/qc`)."""

READING = frozenset({Right.READ})
LAYING = frozenset({Right.READ, Right.ADD})
ADDING = frozenset({Right.FIND, Right.READ, Right.ADD})
KEEPING = ADDING | {Right.REMOVE}


def own_register(service: str) -> StoreRights:
    """Let a service lay down its register in both stores: under its own name there, and nowhere else."""
    return {f"{place}/{REGISTERS}/{service}": LAYING for place in ("archive", "reserve")}


STORE_RIGHTS: dict[str, StoreRights] = {
    "catalog": own_register("catalog"),
    "ingest": {"incoming": KEEPING, "archive": ADDING, "reserve": ADDING},
    "qc": {"incoming": READING, "derived": KEEPING, **own_register("qc")},
    "handover": {"archive": READING, "reserve": READING, **own_register("handover")},
    "reporting": own_register("reporting"),
    "scrubber": {"archive": ADDING, "reserve": ADDING},
}
SCRUBBER = "scrubber"  # a process of ingest: it works on ingest's database, and with keys of its own


def policy(rights: StoreRights) -> str:
    """Write rights as an S3 policy; SeaweedFS's own words (`Write:bucket`) would let whoever may add also delete.

    Only whole buckets can be listed.
    """
    statements = [
        {"Effect": "Allow", "Action": sorted(held - {Right.FIND}), "Resource": [f"arn:aws:s3:::{bucket}/*"]}
        for bucket, held in rights.items()
    ]
    found = [f"arn:aws:s3:::{bucket}" for bucket, held in rights.items() if Right.FIND in held]
    if found:
        statements.append({"Effect": "Allow", "Action": [Right.FIND], "Resource": found})
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def bus_permission(service: str) -> dict[str, str]:
    """Give the names a service may configure, write to and read from on the broker, as regular expressions.

    A publisher declares the queues of its listeners, so it may read those as well: they hold only what it said itself.
    It writes to the exchange of undeliverable messages because a queue that names one asks that of who declares it.
    """
    said, heard = names_said(service), names_heard(service)
    queues = [queue_name(service, name) for name in heard]
    queues += [
        queue_name(listener, event.name) for event, by in LISTENERS.items() if event.name in said for listener in by
    ]
    graveyards = [f"{queue}.dead" for queue in queues]
    return {
        "configure": one_of([EXCHANGE, DEAD_EXCHANGE, *queues, *graveyards]),
        "write": one_of([*([EXCHANGE] if said else []), DEAD_EXCHANGE, *queues, *graveyards]),
        "read": one_of([EXCHANGE, DEAD_EXCHANGE, *queues]),
    }


def topic_permission(service: str) -> dict[str, str]:
    """Give the events a service may say, and those it may have sent to a queue, as regular expressions."""
    said = names_said(service)
    return {"write": one_of(said), "read": one_of([*said, *names_heard(service)])}


def names_said(service: str) -> list[str]:
    """Give the wire names of the events a service publishes: they begin with its own."""
    return [event.name for event in LISTENERS if event.name.startswith(f"{service}.")]


def names_heard(service: str) -> list[str]:
    """Give the wire names of the events a service listens to."""
    return [event.name for event, listeners in LISTENERS.items() if service in listeners]


def one_of(names: Iterable[str]) -> str:
    """Match these names whole and nothing else; no names match nothing but the empty one, as the broker wants it."""
    return f"^({'|'.join(re.escape(name) for name in sorted(set(names)))})$"


def environment_of(service: str, *, database_url: str, bus_url: str, store_url: Callable[[str], str]) -> dict[str, str]:
    """Give the variables of one service: its database, its account on the bus, its key to the stores it works with.

    The scrubber is given ingest's database and account.
    """
    prefix = "ingest" if service == SCRUBBER else service
    buckets = {bucket_of(place): None for place in STORE_RIGHTS.get(service, {})}
    stores = {f"STORE_{bucket.upper()}_URL": store_url(bucket) for bucket in buckets}
    registers = {"REGISTERS_KEPT": "true"} if service in STORE_RIGHTS and service != SCRUBBER else {}
    return {f"{prefix.upper()}_DATABASE_URL": database_url, "BUS_URL": bus_url, **stores, **registers}


def bucket_of(place: str) -> str:
    """Give the bucket that a place is in."""
    return place.partition("/")[0]
