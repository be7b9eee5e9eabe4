"""`saoluu verify`: are these packages whole and true?"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import shared.delivery
import shared.eark
from cli.language import is_english, say
from cli.trusting import UNCHECKED, SignerCa, trusted
from shared.delivery.manifest import FILE
from shared.delivery.verify import faults_of, is_delivery
from shared.eark.fault import printable
from shared.eark.layout import METS
from shared.eark.verify import verify_package
from shared.texts import Language, Texts

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

HELP = say(
    "Kiểm tra gói tin chỉ bằng chính các tệp của gói.",
    "Check packages with nothing but their files.",
)
PACKED = (".zip", ".tar")
IN_A_PACKAGE = (METS, "metadata", "representations")
WORDS = Texts([Path(str(package.__file__)).with_name("faults.toml") for package in (shared.eark, shared.delivery)])


def verify(
    paths: Annotated[
        list[Path], typer.Argument(help=say("Thư mục gói, tệp ZIP hoặc TAR", "Package folders, ZIP or TAR files"))
    ],
    signer_ca: SignerCa = None,
) -> None:
    """Check packages on disk; a folder that is no package is searched for packages, however deep.

    A folder with a delivery's manifest is held against that too, and its signature against `--signer-ca`. Prints a line
    `path: code: detail` for each fault and `path: OK` for each good package. Exits 0 when all are good, else 1.
    """
    language: Language = "en" if is_english() else "vi"
    anchors = trusted(signer_ca)
    told = [look_at_delivery(each, anchors, language) for path in paths for each in deliveries_in(path)]
    faulty = any(told)
    for path in (package for asked in paths for package in packages_in(asked)):
        shown = printable(str(path))
        faults = verify_package(path)
        faulty = faulty or bool(faults)
        for fault in faults:
            place = f"{shown}/{fault.path}" if fault.path else shown
            particulars = f" ({fault.detail})" if fault.detail else ""
            typer.echo(f"{place}: {fault.code}: {WORDS.say(fault.code, language)}{particulars}")
        if not faults:
            typer.echo(f"{shown}: OK")
    raise typer.Exit(1 if faulty else 0)


def deliveries_in(path: Path) -> list[Path]:
    """Give the deliveries of a path: itself, or the folders in it, as `saoluu pull` lays them."""
    if is_delivery(path) or not path.is_dir():
        return [path] if is_delivery(path) else []
    return sorted(each for each in path.iterdir() if not each.is_symlink() and is_delivery(each))


def look_at_delivery(folder: Path, anchors: "Sequence[Certificate]", language: Language) -> bool:
    """Tell what is wrong with a delivery, and whether its signature was looked at; say whether anything was wrong."""
    faults = asyncio.run(faults_of(folder, anchors))
    shown = printable(str(folder))
    for fault in faults:
        place = f"{shown}/{fault.file}" if fault.file else shown
        particulars = f" ({printable(fault.detail)})" if fault.detail else ""
        typer.echo(f"{place}: {fault.code}: {WORDS.say(fault.code, language)}{particulars}")
    if not anchors:
        typer.echo(f"{shown}/{FILE}: " + UNCHECKED)
    elif all(fault.is_note for fault in faults):
        typer.echo(f"{shown}/{FILE}: OK")
    return not all(fault.is_note for fault in faults)


def packages_in(path: Path) -> Iterator[Path]:
    """Give the packages of a path: itself, or the folders, ZIPs and TARs below a folder that is none.

    What has a METS.xml in its root, or a folder as only packages have, is a package, be it damaged. Links are not
    followed. A folder in which there is nothing to check gives itself, to be found wanting.
    """
    if not path.is_dir() or any((path / name).exists() for name in IN_A_PACKAGE):
        yield path
        return
    try:
        entries = sorted(each for each in path.iterdir() if not each.is_symlink())
    except OSError:
        yield path
        return
    folders = [each for each in entries if each.is_dir() and contains_packages(each)]
    below = [each for each in entries if each in folders or (each.is_file() and each.suffix.lower() in PACKED)]
    for each in below:
        yield from packages_in(each)
    if not below:
        yield path


def contains_packages(folder: Path) -> bool:
    """Say whether a folder is a package, or has one, packed or not, somewhere below it."""
    return any(
        name in IN_A_PACKAGE or name.lower().endswith(PACKED)
        for _, folders, files in os.walk(folder)
        for name in (*folders, *files)
    )
