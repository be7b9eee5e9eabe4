"""Credential files: who a program is, kept where only its owner can read it."""

import json
import os
import stat
from pathlib import Path
from typing import Self
from uuid import UUID

from pydantic import BaseModel, SecretStr

from cli.language import say


class CredentialRefused(Exception):
    """A credential file that cannot be used, with the reason in words."""


class Credential(BaseModel):
    """Where to sign in and as whom."""

    url: str
    account_id: UUID
    secret: SecretStr
    name: str = ""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a credential file. Raises CredentialRefused when others could read it, or it is none."""
        try:
            mode = path.stat().st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise CredentialRefused(
                    say(f"{path}: người khác đọc được; chạy chmod 600", f"{path}: others can read it; run chmod 600")
                )
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValueError) as unusable:
            raise CredentialRefused(f"{path}: {unusable}") from unusable

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the file so that it was never readable by others. Raises CredentialRefused when it exists."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if overwrite:
            path.unlink(missing_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as taken:
            raise CredentialRefused(say(f"{path} đã có", f"{path} exists already")) from taken
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            told = self.model_dump(mode="json") | {"secret": self.secret.get_secret_value()}
            json.dump(told, file, ensure_ascii=False, indent=2)
            file.flush()
            os.fsync(file.fileno())
