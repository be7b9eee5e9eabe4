"""The check of a package with nothing but its files."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path, PurePosixPath

from shared.eark.errors import UnsafePath
from shared.eark.fault import Damaged, Fault
from shared.eark.folder_source import FolderSource
from shared.eark.layout import DOSSIER, EAD, METS, fits
from shared.eark.mets_reader import LARGEST, Listed, MetsReader
from shared.eark.names import folder_name
from shared.eark.record_check import check_record
from shared.eark.simpledc_check import Told, check_descriptions, is_description, read_simpledc
from shared.eark.source import Source
from shared.eark.tar_source import TarSource, is_tar
from shared.eark.zip_source import ZipSource


def verify_package(path: Path) -> list[Fault]:
    """Give everything that is wrong with a package folder, ZIP or TAR, in order of file; nothing for a good one.

    Checked: one top folder named for the OBJID (CSIPSTR1), names, METS and what it lists (existence, size, SHA-256,
    media type), that nothing is there unlisted, and that the descriptions agree: dossier.json, or the circular's own.
    Every file is read once. Hostile input gives faults, never an exception; what cannot be trusted as a whole gives
    the one fault that says so.
    """
    try:
        with closing(open_source(path)) as source:
            faults = Inspection(source).run()
            return sorted(set(faults), key=lambda fault: (fault.path, fault.code, fault.detail))
    except Damaged as damaged:
        return [damaged.fault]
    except OSError as failed:
        return [Fault.of("unreadable", "", failed.strerror or type(failed).__name__)]


def open_source(path: Path) -> Source:
    """Open a package as what it is on disk. Raises Damaged, OSError."""
    if not path.exists():
        raise Damaged("not_found")
    if path.is_dir():
        return FolderSource(path)
    if path.is_file():
        return TarSource(path) if is_tar(path) else ZipSource(path)
    raise Damaged("not_a_package")


class Inspection:
    """One pass over a package."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults = source.faults
        self.read: set[str] = set()
        self.told: dict[str, Told | None] = {}

    def run(self) -> list[Fault]:
        """Follow METS from the root to the last file."""
        if METS not in self.source.sizes:
            self.faults.append(Fault.of("mets_missing", METS))
            return self.faults
        root = self.read_mets(METS, None)
        if root is None:
            return self.faults
        self.check_top(root.objid)
        if root.is_ours and (misspelt := self.source.misspelt):
            self.faults.append(Fault.of("zip_spelling", misspelt[0], f"+{len(misspelt) - 1}" * (len(misspelt) > 1)))
        representations = self.follow(root)
        listed = root.listed + [file for reader in representations for file in reader.listed]
        body = bytearray()
        for file in listed:
            if file.path not in self.read:
                self.read_listed(file, body)
        if len(representations) == len(set(root.pointers)):  # else the list is not whole, and every file would be odd
            self.check_listing(listed)
            self.check_story(bytes(body), root, representations)
        return self.faults

    def read_listed(self, file: Listed, body: bytearray) -> None:
        """Prove a file, keeping what descriptions say."""
        if file.path == DOSSIER:
            self.check_file(file, body.extend)
        elif is_description(file.path):
            text = bytearray()
            if self.check_file(file, text.extend):
                self.told[file.path] = read_simpledc(bytes(text))
        else:
            self.check_file(file)

    def check_top(self, objid: str) -> None:
        """Demand that the top folder is named for the OBJID."""
        try:
            expected = folder_name(objid)
        except UnsafePath:
            self.faults.append(Fault.of("mets_incomplete", METS, "OBJID"))
            return
        if self.source.top != expected:
            self.faults.append(Fault.of("folder_name_wrong", "", f"{self.source.top} != {expected}"))

    def follow(self, root: MetsReader) -> list[MetsReader]:
        """Read every METS that the root points to, and hold pointers and listings against each other."""
        listed = {file.path: file for file in root.listed if file.path.endswith(f"/{METS}")}
        for path in listed.keys() ^ set(root.pointers):
            self.faults.append(Fault.of("representation_unlinked", path))
        readers = [self.read_mets(path, listed[path]) for path in sorted(listed.keys() & set(root.pointers))]
        return [reader for reader in readers if reader is not None]

    def read_mets(self, path: str, listed: Listed | None) -> MetsReader | None:
        """Read a METS, proving it on the way where it is listed; None when it cannot be read."""
        reader = MetsReader(path)
        try:
            if listed is None:
                for chunk in self.source.chunks(path):
                    reader.feed(chunk)
            elif not self.check_file(listed, reader.feed):
                return None
            reader.finish()
        except Damaged as damaged:
            self.faults.append(damaged.fault)
            return None
        self.faults += reader.faults
        return reader

    def check_file(self, listed: Listed, take: Callable[[bytes], None] | None = None) -> bool:
        """Prove one file against its listing, handing its bytes on; say whether it was read to its end."""
        self.read.add(listed.path)
        if not fits(listed.path, listed.media_type):
            self.faults.append(Fault.of("media_type_implausible", listed.path, listed.media_type))
        size = self.source.sizes.get(listed.path)
        if size is None:
            self.faults.append(Fault.of("file_missing", listed.path))
            return False
        try:
            digest = self.digest(listed.path, take)
        except Damaged as damaged:
            self.faults.append(damaged.fault)
            return False
        if size != listed.size:
            self.faults.append(Fault.of("size_wrong", listed.path, f"{size} != {listed.size}"))
        elif digest != listed.sha256:
            self.faults.append(Fault.of("sha256_wrong", listed.path, f"{digest} != {listed.sha256}"))
        return True

    def digest(self, path: str, take: Callable[[bytes], None] | None) -> str:
        """Give the SHA-256 of a file, handing its bytes on. Raises Damaged, and what `take` raises."""
        if take is not None and self.source.sizes[path] > LARGEST:
            raise Damaged("unreadable", path, f"> {LARGEST} B")
        digest = sha256()
        for chunk in self.source.chunks(path):
            digest.update(chunk)
            if take is not None:
                take(chunk)
        return digest.hexdigest()

    def check_listing(self, listed: list[Listed]) -> None:
        """Demand that every file but the root METS is listed, and once, and that a folder is there for a file."""
        times = Counter(file.path for file in listed)
        self.faults += [Fault.of("listed_twice", path) for path, count in times.items() if count > 1]
        self.faults += [Fault.of("file_unlisted", path) for path in self.source.sizes.keys() - times.keys() - {METS}]
        needed = {
            str(folder) for path in self.source.sizes.keys() | times.keys() for folder in PurePosixPath(path).parents
        }
        self.faults += [Fault.of("folder_unlisted", path) for path in self.source.folders - needed]

    def check_story(self, body: bytes, root: MetsReader, representations: list[MetsReader]) -> None:
        """Hold the descriptions against METS: the circular's where there are some, and dossier.json.

        A package of the circular has that only where it corrects an older one.
        """
        is_circular = any(path.casefold() == EAD.casefold() for path in self.told) and any(self.told.values())
        if is_circular:
            self.faults += check_descriptions(self.told, root, representations)
        if is_circular and DOSSIER not in self.read:
            return
        data = [file for reader in representations for file in reader.listed if "/data/" in file.path]
        self.check_dossier(body, root, data)

    def check_dossier(self, body: bytes, root: MetsReader, data: list[Listed]) -> None:
        """Hold dossier.json against METS; one that is already known to be damaged says nothing."""
        if DOSSIER not in self.read:
            self.faults.append(Fault.of("dossier_missing", DOSSIER))
        elif not any(fault.path == DOSSIER for fault in self.faults):
            self.faults += check_record(body, root, data)
