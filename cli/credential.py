"""Credential files: who a program is, kept where only its owner can read it."""

import json
import os
import stat
from pathlib import Path
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from cli.language import say


class CredentialRefused(Exception):
    """A credential file that cannot be used, with the reason in words."""


class Credential(BaseModel):
    """Where to sign in and as whom; `secret` never shows in a print or a log."""

    model_config = ConfigDict(frozen=True)

    url: str
    account_id: UUID
    secret: SecretStr
    name: str = ""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a credential file. Raises CredentialRefused when others could read it, or it is none."""
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                content = file.read()
        except OSError as unreadable:
            raise CredentialRefused(f"{path}: {unreadable.strerror}") from unreadable
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise CredentialRefused(
                say(f"{path}: người khác đọc được; chạy chmod 600", f"{path}: others can read it; run chmod 600")
            )
        try:
            return cls.model_validate_json(content)
        except ValidationError:  # whose words would quote the file, and with it the secret
            raise CredentialRefused(
                say(f"{path}: không phải tệp định danh", f"{path}: this is no credential file")
            ) from None

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the file, whole or not at all, and never readable by others.

        Raises CredentialRefused when it exists and may not be overwritten, or cannot be written.
        """
        shown = self.model_dump(mode="json") | {"secret": self.secret.get_secret_value()}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(shown, ensure_ascii=False, indent=2) + "\n", overwrite)
        except OSError as failure:
            raise CredentialRefused(f"{failure.filename or path}: {failure.strerror}") from failure


def write_whole(path: Path, content: str, overwrite: bool) -> None:
    """Write a file for its owner alone, whole or not at all. Raises CredentialRefused when it exists and must stay."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(create(temporary), "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not overwrite:
            os.close(create(path))  # takes the name, or finds it taken
        temporary.replace(path)
    except FileExistsError as taken:
        raise CredentialRefused(say(f"{path} đã có", f"{path} exists already")) from taken
    finally:
        temporary.unlink(missing_ok=True)


def create(path: Path) -> int:
    """Open a file that did not exist before, for its owner alone; gives the descriptor. Raises FileExistsError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
