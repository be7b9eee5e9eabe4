"""`saoluu verify`: are these packages whole and true?"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import shared.delivery
import shared.eark
from cli.answering import Answering
from cli.language import is_english, say
from cli.trusting import UNCHECKED, SignerCa, trusted
from shared.delivery.folder import PACKED, has_manifest, is_delivery
from shared.delivery.manifest import FILE, SIGNATURE
from shared.delivery.receipt import ReceiptRefused
from shared.delivery.receipt_file import ReceiptsRefused
from shared.delivery.verify import DeliveryFault, faults_of
from shared.eark.fault import Fault, printable
from shared.eark.layout import METS
from shared.eark.verify import verify_package
from shared.texts import Language, Texts

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

HELP = say(
    "Kiểm tra gói tin chỉ bằng chính các tệp của gói.",
    "Check packages with nothing but their files.",
)
RECEIPTS = say(
    "Ghi xác nhận đã ký của bên nhận vào tệp này, để mang đến trung tâm",
    "Write the receiver's signed receipts into this file, to be carried to the centre",
)
REPLACE = say(
    "Thay những câu trả lời cũ trong tệp xác nhận chưa mang đi",
    "Replace earlier answers in a file of receipts that was not carried yet",
)
UNPROVEN = say(
    "bản kê đã được ký nhưng chữ ký không được kiểm tra: cần --signer-ca để lập xác nhận",
    "the manifest is signed, and its signature would not be checked: receipts need --signer-ca",
)
RECEIPT_KEY = "Ed25519 key that receipts are signed with (PEM)"
MEANT_WRONGLY = 2
IN_A_PACKAGE = (METS, "metadata", "representations")
WORDS = Texts([Path(str(package.__file__)).with_name("faults.toml") for package in (shared.eark, shared.delivery)])


def verify(
    paths: Annotated[
        list[Path], typer.Argument(help=say("Thư mục gói, tệp ZIP hoặc TAR", "Package folders, ZIP or TAR files"))
    ],
    signer_ca: SignerCa = None,
    receipts: Annotated[Path | None, typer.Option(dir_okay=False, help=RECEIPTS)] = None,
    receipt_key: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help=say("Khóa Ed25519 để ký xác nhận (PEM)", RECEIPT_KEY)),
    ] = None,
    replace_receipts: Annotated[bool, typer.Option("--replace-receipts", help=REPLACE)] = False,
) -> None:
    """Check packages on disk; a folder that is no package is searched for packages, however deep.

    A folder with a delivery's manifest, at any depth too, is held against that, and its signature against
    `--signer-ca`; a delivery's folder without one is at fault. Prints a line `path: code: detail` for each fault and
    `path: OK` for each good package. Exits 0 when all are good, else 1.
    `--receipts` is for a receiver without a network: a signed answer for each package of a delivery that is here.
    With one of the two it tells of packages under no delivery's manifest, and exits 1 where no delivery is.
    """
    language: Language = "en" if is_english() else "vi"
    anchors, answering = trusted(signer_ca), answering_into(receipts, receipt_key, replaces=replace_receipts)
    found = {path: deliveries_in(path) for path in paths}
    deliveries = [each for path in paths for each in found[path]]
    if answering is not None and not anchors:
        demand_unsigned(deliveries)
    told = {each: look_at_delivery(each, anchors, language) for each in deliveries}
    faulty = any(not fault.is_note for faults in told.values() for fault in faults)
    checked: dict[Path, list[Fault]] = {}
    for asked in paths:
        packages = list(packages_in(asked))
        checked |= {path: look_at_package(path, language) for path in packages}
        if anchors or answering is not None:
            faulty = tell_unheld(asked, packages, found[asked]) or faulty
    faulty = faulty or any(checked.values())
    if answering is not None:
        for folder, wrong in told.items():
            for line in answering.answer(folder, wrong, checked):
                typer.echo(line, err=True)
        typer.echo(answering.told(), err=True)
        faulty = faulty or answering.stale > 0
    raise typer.Exit(1 if faulty else 0)


def look_at_package(path: Path, language: Language) -> list[Fault]:
    """Tell what is wrong with a package, or that nothing is; gives what was found."""
    shown, faults = printable(str(path)), verify_package(path)
    for fault in faults:
        place = f"{shown}/{fault.path}" if fault.path else shown
        particulars = f" ({fault.detail})" if fault.detail else ""
        typer.echo(f"{place}: {fault.code}: {WORDS.say(fault.code, language)}{particulars}")
    if not faults:
        typer.echo(f"{shown}: OK")
    return faults


def tell_unheld(asked: Path, packages: Sequence[Path], deliveries: Sequence[Path]) -> bool:
    """Tell of packages that no delivery's manifest is about; says whether a packed one has no delivery here at all."""
    held = set(deliveries)
    unheld = [each for each in packages if each not in held and (each.is_dir() or each.parent not in held)]
    if count := len(unheld):
        told = say(
            f"{count} gói tin không được đối chiếu với bản kê bàn giao nào, nên không chữ ký nào nói gì về chúng",
            f"{count} packages are held against no delivery's manifest, so nobody's signature says anything of them",
        )
        typer.echo(f"{printable(str(asked))}: {told}")
    return not deliveries and any(each.is_file() for each in packages)


def demand_unsigned(deliveries: Sequence[Path]) -> None:
    """End before anything is read where a signed manifest would be answered for by nobody's word. Raises Exit."""
    for folder in deliveries:
        if (folder / SIGNATURE).exists() and has_manifest(folder):
            typer.echo(f"{printable(str(folder / SIGNATURE))}: signature_unchecked: {UNPROVEN}", err=True)
            raise typer.Exit(MEANT_WRONGLY)


def answering_into(receipts: Path | None, key: Path | None, *, replaces: bool) -> Answering | None:
    """Make ready to write receipts, where they are asked for. Raises BadParameter."""
    if receipts is None and replaces:
        raise typer.BadParameter(say("--replace-receipts cần --receipts", "--replace-receipts needs --receipts"))
    if receipts is None:
        return None
    if key is None:
        raise typer.BadParameter(say("--receipts cần --receipt-key", "--receipts needs --receipt-key"))
    try:
        return Answering(receipts, key.read_text("ascii"), replaces)
    except (ReceiptsRefused, ReceiptRefused, ValueError, OSError) as unusable:
        raise typer.BadParameter(f"{receipts}, {key}: {printable(str(unusable))}") from unusable


def deliveries_in(path: Path) -> list[Path]:
    """Give the deliveries of a path, however deep: itself, and the folders below it, as `saoluu pull` lays them.

    A package is none, nor is anything in it, whatever its files are called. Links are not followed.
    """
    found = []
    for folder, folders, files in os.walk(path):
        if any(name in IN_A_PACKAGE for name in (*folders, *files)):
            folders.clear()
        elif is_delivery(Path(folder)):
            found.append(Path(folder))
    return sorted(found)


def look_at_delivery(folder: Path, anchors: "Sequence[Certificate]", language: Language) -> list[DeliveryFault]:
    """Tell what is wrong with a delivery, and whether its signature was looked at; gives what was found."""
    faults = asyncio.run(faults_of(folder, anchors))
    shown = printable(str(folder))
    for fault in faults:
        place = f"{shown}/{fault.file}" if fault.file else shown
        particulars = f" ({printable(fault.detail)})" if fault.detail else ""
        typer.echo(f"{place}: {fault.code}: {WORDS.say(fault.code, language)}{particulars}")
    if not anchors and has_manifest(folder):
        typer.echo(f"{shown}/{FILE}: " + UNCHECKED)
    elif anchors and all(fault.is_note for fault in faults):
        typer.echo(f"{shown}/{FILE}: OK")
    return faults


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
