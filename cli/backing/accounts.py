"""Accounts as the servers read them at their start: RabbitMQ's definitions, SeaweedFS's identities."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cli.backing.rights import StoreRights, bus_permission, policy, topic_permission
from shared.bus.rabbit import EXCHANGE

ADMIN_ACTIONS = ("Admin", "Read", "Write", "List", "Tagging")


@dataclass(frozen=True, slots=True)
class S3Key:
    """What an S3 server knows somebody by."""

    access: str
    secret: str


def s3_identities(
    admin: tuple[str, S3Key], keys: Mapping[str, S3Key], rights: Mapping[str, StoreRights]
) -> dict[str, object]:
    """Write what SeaweedFS reads: one identity that may do everything, and others with the rights they were given."""
    name, key = admin
    others = [{"name": each, "credentials": credentials(keys[each]), "policyNames": [each]} for each in rights]
    return {
        "identities": [{"name": name, "credentials": credentials(key), "actions": list(ADMIN_ACTIONS)}, *others],
        "policies": [{"name": each, "content": policy(held)} for each, held in rights.items()],
    }


def credentials(key: S3Key) -> list[dict[str, str]]:
    """Write a key as SeaweedFS does."""
    return [{"accessKey": key.access, "secretKey": key.secret}]


def bus_definitions(admin: tuple[str, str], passwords: Mapping[str, str]) -> dict[str, object]:
    """Write what RabbitMQ reads: an administrator, and an account a service, held to its own queues and events."""
    name, password = admin
    return {
        "vhosts": [{"name": "/"}],
        "users": [
            {"name": name, **hashed(password), "tags": "administrator"},
            *({"name": service, **hashed(own), "tags": ""} for service, own in passwords.items()),
        ],
        "permissions": [
            {"user": name, "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
            *({"user": service, "vhost": "/", **bus_permission(service)} for service in passwords),
        ],
        "topic_permissions": [
            {"user": service, "vhost": "/", "exchange": EXCHANGE, **topic_permission(service)} for service in passwords
        ],
    }


def hashed(password: str) -> dict[str, str]:
    """Give a password as RabbitMQ keeps it: four bytes of salt, then the SHA-256 of salt and password."""
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
    }
