"""Receipts of a receiver who has no network: what a check found is signed into a file that is carried to the centre."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.language import say
from cli.pull.judging import MOST_REASONS, digest_of, reason, reasons_of
from shared.delivery.manifest import FILE, ManifestEntry
from shared.delivery.manifest_file import ManifestFile
from shared.delivery.receipt import sign, statement
from shared.delivery.receipt_file import ReceiptLine, append, receipts_in, replace
from shared.delivery.verify import DeliveryFault, place_in
from shared.eark.fault import Fault, printable

OF_PACKAGES = frozenset(f"package_{what}" for what in ("missing", "differs", "unlisted", "rejected", "replaced"))


@dataclass
class Answering:
    """Writes receipts into a file, with the receiver's private key (PEM).

    An answer that is there stays, for it may be on its way; one that is not what was found now is named, and written
    anew only where that was asked for (`replaces`). Raises ReceiptsRefused, ReceiptRefused, OSError.
    """

    place: Path
    key: str
    replaces: bool = False
    written: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "rejected": 0})
    known: int = 0
    stale: int = 0
    absent: int = 0

    def __post_init__(self) -> None:
        sign(b"", self.key)  # a key that is none is told before hours of reading
        kept = receipts_in(self.place) if self.place.exists() else ()
        self._answered = {each.package_id: each for each in kept}

    def answer(
        self, folder: Path, faults: Sequence[DeliveryFault], checked: Mapping[Path, Sequence[Fault]]
    ) -> Iterator[str]:
        """Answer for every package of a delivery that is here; gives what a person must hear.

        A delivery whose manifest or signature is not right is not answered for: nobody knows what it should be.
        """
        if unproven := [fault.code for fault in faults if fault.code not in OF_PACKAGES]:
            yield f"✗ {printable(str(folder))}: " + say("không lập xác nhận: ", "no receipts: ") + ", ".join(unproven)
            return
        made, anew = list[ReceiptLine](), list[ReceiptLine]()
        for receipt, place in self._found(folder, faults, checked):
            kept = self._answered.get(receipt.package_id)
            if kept is None:
                made.append(receipt)
            elif (kept.answer, kept.sha256) == (receipt.answer, receipt.sha256):
                self.known += 1
            elif self.replaces:
                anew.append(receipt)
            else:
                self.stale += 1
                yield f"✗ {printable(str(place))}: receipt_stale: " + stale(kept, receipt)
        append(self.place, made)
        if anew:
            replace(self.place, anew)
        for receipt in (*made, *anew):
            self._answered[receipt.package_id] = receipt
            self.written[receipt.answer] += 1

    def _found(
        self, folder: Path, faults: Sequence[DeliveryFault], checked: Mapping[Path, Sequence[Fault]]
    ) -> Iterator[tuple[ReceiptLine, Path]]:
        """Give the receipt that each package of a delivery deserves which is here, and where it lies."""
        differing = {fault.file for fault in faults if fault.code == "package_differs"}
        manifest = ManifestFile(folder / FILE)
        for entry in manifest.entries():
            place = place_in(folder, entry)
            if place in checked:
                yield self._receipt(manifest, entry, place, None if entry.file in differing else checked[place]), place
            else:
                self.absent += 1

    def _receipt(
        self, manifest: ManifestFile, entry: ManifestEntry, place: Path, faults: Sequence[Fault] | None
    ) -> ReceiptLine:
        """Make the receipt for a package; `faults` are None where its bytes are not those announced."""
        digest = entry.sha256 if faults is not None else digest_of(place)
        differs = [reason("bytes_differ", f"sha256: {digest} instead of {entry.sha256}")]
        reasons = (differs if faults is None else reasons_of(faults))[:MOST_REASONS]
        answer = "rejected" if reasons else "accepted"
        said = statement(entry.package_id, entry.objid, answer, digest, reasons)
        facts = {"answer": answer, "sha256": digest, "reasons": reasons, "signature": sign(said, self.key)}
        named = {"delivery_id": manifest.head.delivery_id, "package_id": entry.package_id, "objid": entry.objid}
        return ReceiptLine.model_validate({**named, **facts})

    def told(self) -> str:
        """Say what was written."""
        accepted, rejected = self.written["accepted"], self.written["rejected"]
        return f"{printable(str(self.place))}: " + say(
            f"chấp nhận {accepted} gói, từ chối {rejected}, đã trả lời {self.known}, không có ở đây {self.absent}",
            f"{accepted} accepted, {rejected} rejected, {self.known} answered before, {self.absent} not here",
        )


def stale(kept: ReceiptLine, found: ReceiptLine) -> str:
    """Say that the answer which the file keeps is not what was found, and what can be done."""
    vi = {"accepted": "chấp nhận", "rejected": "từ chối"}
    return say(
        f"tệp giữ câu trả lời cũ ({vi[kept.answer]}), nay là {vi[found.answer]}; "
        "chưa mang tệp đi thì chạy lại với --replace-receipts",
        f"the file keeps an earlier answer ({kept.answer}), now it is {found.answer}; "
        "if the file was not carried yet, run this again with --replace-receipts",
    )
