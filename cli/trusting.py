"""Whose signature on a delivery's manifest is trusted: an option of the commands that look at one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.language import say

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

UNCHECKED = say(
    "chữ ký của bản kê KHÔNG được kiểm tra: thiếu --signer-ca",
    "the signature of the manifest was NOT checked: --signer-ca is missing",
)
SignerCa = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help=say("Chứng thư gốc của bên ký bản kê (PEM)", "Root certificate of whoever signs manifests (PEM)"),
    ),
]


def trusted(path: Path | None) -> "list[Certificate]":
    """Read the certificates that are trusted to sign manifests; nobody's without a file. Raises BadParameter."""
    if path is None:
        return []
    from shared.delivery.signature import SignatureRefused, anchors_in  # only who verifies needs its library

    try:
        found = anchors_in(path)
    except (SignatureRefused, OSError) as unusable:
        raise typer.BadParameter(str(unusable)) from unusable
    if not found:
        raise typer.BadParameter(f"{path}: no certificate")
    return found
