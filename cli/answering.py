"""Receipts of a receiver who has no network: what a check found is signed into a file that is carried to the centre."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.language import say
from cli.pull.judging import MOST_REASONS, digest_of, reason, reasons_of
from shared.delivery.manifest import FILE, ManifestEntry
from shared.delivery.manifest_file import ManifestFile
from shared.delivery.receipt import sign, statement
from shared.delivery.receipt_file import ReceiptLine, append, receipts_in
from shared.delivery.verify import DeliveryFault, place_in
from shared.eark.fault import Fault, printable

OF_PACKAGES = frozenset(f"package_{what}" for what in ("missing", "differs", "unlisted", "rejected", "replaced"))


@dataclass
class Answering:
    """Writes receipts into a file, with the receiver's private key (PEM); who is answered for there stays so.

    Raises ReceiptsRefused, ReceiptRefused, OSError.
    """

    place: Path
    key: str
    written: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "rejected": 0})
    known: int = 0
    absent: int = 0

    def __post_init__(self) -> None:
        sign(b"", self.key)  # a key that is none is told before hours of reading
        self._answered = {each.package_id for each in receipts_in(self.place)} if self.place.exists() else set()

    def answer(
        self, folder: Path, faults: Sequence[DeliveryFault], checked: Mapping[Path, Sequence[Fault]]
    ) -> Iterator[str]:
        """Answer for every package of a delivery that is here; gives what a person must hear.

        A delivery whose manifest or signature is not right is not answered for: nobody knows what it should be.
        """
        if unproven := [fault.code for fault in faults if fault.code not in OF_PACKAGES]:
            yield f"✗ {printable(str(folder))}: " + say("không lập xác nhận: ", "no receipts: ") + ", ".join(unproven)
            return
        differing = {fault.file for fault in faults if fault.code == "package_differs"}
        manifest, made = ManifestFile(folder / FILE), list[ReceiptLine]()
        for entry in manifest.entries():
            place = place_in(folder, entry)
            if place not in checked:
                self.absent += 1
            elif entry.package_id in self._answered:
                self.known += 1
            else:
                made.append(self._receipt(manifest, entry, place, None if entry.file in differing else checked[place]))
        append(self.place, made)
        for receipt in made:
            self._answered.add(receipt.package_id)
            self.written[receipt.answer] += 1

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
