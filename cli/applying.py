"""What `saoluu import` is asked for: a file to send, or a dry run to do as it was shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import typer

from cli.client import ApiClient
from cli.language import say

ONE_OF_TWO = say("Cần một tệp, hoặc --apply", "Give a file, or --apply")
OF_THE_RUN = say("Lần chạy thử đã định sẵn: {}", "The dry run has settled it: {}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file with how it is to be read, or the dry run that is to be done; how it is read was settled then."""

    file: Path | None
    run: UUID | None
    fonds: str
    layout: str
    level: str | None
    dry_run: bool
    valid_rows: bool
    encoding: str | None = None

    def demand_one(self) -> None:
        """Raise BadParameter unless one of the two is asked for, and nothing that contradicts it."""
        if (self.file is None) == (self.run is None):
            raise typer.BadParameter(ONE_OF_TWO)
        settled = {"--fonds": self.fonds, "--layout": self.layout, "--level": self.level, "--dry-run": self.dry_run}
        settled["--encoding"] = self.encoding
        if self.run and (told := [name for name, value in settled.items() if value]):
            raise typer.BadParameter(OF_THE_RUN.format(", ".join(told)))

    @property
    def asked(self) -> Mapping[str, str]:
        """Give what is asked of the catalog; which rows go in is as in the dry run where nothing else is said."""
        if self.run:
            return {"valid_rows": "true"} if self.valid_rows else {}
        asked = {"dry_run": str(self.dry_run).lower(), "valid_rows": str(self.valid_rows).lower()}
        chosen = (("layout", self.layout), ("level", self.level), ("encoding", self.encoding))
        return asked | {name: text for name, text in chosen if text}


async def order_run(client: ApiClient, wanted: Wanted) -> dict[str, Any]:
    """Order that a dry run be done as it was shown. Raises ApiProblem."""
    answer = await client.send("POST", f"/catalog/imports/{wanted.run}/apply", params=dict(wanted.asked))
    told: dict[str, Any] = answer.json()
    return told


def how_to_apply(wanted: Wanted, name: str) -> Iterator[str]:
    """Say how to do exactly what was shown, of a dry run only."""
    if wanted.dry_run:
        yield say("Thực hiện đúng như trên: ", "To do just that: ") + f"saoluu import --apply {name}"
