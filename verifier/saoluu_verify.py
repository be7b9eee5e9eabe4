#!/usr/bin/env python3
"""Check packages that an archive handed over, with nothing but Python (3.10 or newer) and the files themselves.

    python3 saoluu_verify.py PACKAGE_OR_DELIVERY... [--ca CA.pem]

A package is a folder with METS.xml in it, or a ZIP or TAR of one such folder (E-ARK CSIP, METS 1.12). A delivery is a
folder with manifest.jsonl in it, beside the packages' ZIPs; where only the rest of such a folder is there, the manifest
is missing, and that is told. Checked of a package: names, one top folder, every file that METS refers to (mdRef,
FLocat, mptr) by existence, size and digest, and that METS lists all that is there. A package that Saoluu made is held
against more: every METS against the seal in its last line, the top folder against the OBJID, names and empty folders,
and its ZIP against the one way to spell it: files stored, one behind the other, nothing before, between or behind them,
nothing said twice or in two ways.
Checked of a delivery: the manifest, size and SHA-256 of every ZIP it lists, no ZIP beside those, and every package.
The signature on a manifest is checked by `openssl cms -verify`, against the certificates of --ca, at the time of its
timestamp where `openssl ts -verify` trusts that by the same certificates, else today; where it was not checked, that is
said. Exit 0: everything that was checked is right (with --ca the signature too); 1: it is not;
2: wrongly called.

Published apart from the deliveries: code that comes with the goods proves nothing.
"""

import argparse
import calendar
import hashlib
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import unicodedata
import zipfile
from array import array
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

METS_NAME = "METS.xml"
MANIFEST, SIGNATURE = "manifest.jsonl", "manifest.jsonl.p7s"
MARKS = {MANIFEST, SIGNATURE, "medium.json", "left-out.jsonl"}
MARKS_BESIDE_PACKAGES = {"receipts.jsonl", "inventory.sha256"}
PAPERS, PAPER_TITLES = "papers", ("statistical-list", "dossier-list", "minutes")
METS = "http://www.loc.gov/METS/ "
XLINK_HREF = "http://www.w3.org/1999/xlink href"
DIGESTS = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
CHUNK = 1 << 20
MOST_FILES = 2_000_000
LARGEST_METS = 1 << 30
DEEPEST = 200
MOST_BLOW_UP = 200  # times a compressed file may grow
LARGEST_NUMBER, LONGEST_LINE = 1_000_000, 1 << 16
OURS = "Saoluu"
SEAL = re.compile(rb"<\?saoluu-sha256 ([0-9a-f]{64})\?>\n")
SEAL_LENGTH, SEAL_BEGIN = 83, b"<?saoluu-sha256"
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF
LOCAL_HEADER, DIRECTORY_ENTRY = struct.Struct("<4s5H3I2H"), struct.Struct("<4s2H4H3I5H2I")
END, END_64, LOCATOR_64 = struct.Struct("<4s4H2IH"), struct.Struct("<4sQ2H2I4Q"), struct.Struct("<4sIQI")
UTF_8_NAME, SECOND_NAME = 1 << 11, 0x7075
ODD_FLAGS = 1 | 1 << 3 | 1 << 6 | 1 << 13  # encrypted, or sums told behind the file
LARGEST_SIGNATURE = 1 << 20
OCTETS, GENERALIZED_TIME, UNSIGNED = 0x04, 0x18, 0xA1  # tags of DER
TIMESTAMP = bytes.fromhex("2a864886f70d010910020e")  # id-aa-timeStampToken (RFC 3161)
SIGNED, NOT_CHECKED, WRONG = "checked", "NOT checked", "wrong"


class Wrong(Exception):
    """Something is wrong; `where` is the file it is about."""

    def __init__(self, code, where="", detail=""):
        super().__init__(code, where, detail)
        self.code, self.where, self.detail = code, where, detail


# ---------------------------------------------------------------- names


def safe_name(name):
    """Say whether a name stays inside its folder on any system."""
    parts = name.split("/")
    is_plain = name.isprintable() and "\\" not in name and ":" not in name and len(name) <= 4096
    return is_plain and not any(part in ("", ".", "..") for part in parts)


def plain_name(name):
    """Say whether a name can be used on every system, as all names in our packages can."""
    return not set(name) & set('*?"<>|')


def folded(name):
    """Spell a name as systems see it that do not tell case or Unicode forms apart."""
    return unicodedata.normalize("NFC", name).casefold()


def folder_of(objid):
    """Name the top folder of a package of ours."""
    return re.sub("[^A-Za-z0-9_-]", "_", objid)


def resolved(href, base):
    """Give the path inside the package that a reference means. Raises Wrong."""
    told = urlsplit(href)
    if told.scheme or told.netloc or told.query or told.fragment:
        raise Wrong("reference_leads_out", href)
    path = unquote(told.path, errors="strict")
    while path.startswith("./"):
        path = path[2:]
    if not safe_name(path):
        raise Wrong("reference_leads_out", href)
    return base + path


# ---------------------------------------------------------------- where the files are


class Folder:
    """A package that lies open on a disk."""

    def __init__(self, path):
        self.path, self.sizes, self.folders = path, {}, set()
        self.top = os.path.basename(os.path.realpath(path))
        self._walk(path, "")

    def _walk(self, folder, base, depth=0):
        if depth > DEEPEST:
            raise Wrong("too_deep", base)
        with os.scandir(folder) as entries:
            for entry in entries:
                name, facts = base + entry.name, entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(facts.st_mode):
                    self.folders.add(name)
                    self._walk(entry.path, name + "/", depth + 1)
                elif not stat.S_ISREG(facts.st_mode):
                    raise Wrong("no_plain_file", name)
                elif not safe_name(name):
                    raise Wrong("name_unsafe", repr(name))
                else:
                    self.sizes[name] = facts.st_size
                if len(self.sizes) > MOST_FILES:
                    raise Wrong("too_many_files")

    def chunks(self, name):
        """Read a file."""
        with open(os.path.join(self.path, *name.split("/")), "rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def demand_spelling(self):
        """A folder can be spelt in one way only."""

    def close(self):
        """Let go."""


class Zip:
    """A package in a ZIP with one top folder."""

    def __init__(self, path):
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as wrong:
            raise Wrong("zip_unreadable", "", str(wrong)) from wrong
        self.sizes, self.folders, self._infos, self._path = {}, set(), {}, path
        entries = self._zip.infolist()
        if len(entries) > MOST_FILES:
            raise Wrong("too_many_files")
        names = [self._name(info) for info in entries]
        if len({folded(name) for name in names}) != len(names):
            raise Wrong("name_twice")
        tops = {name.partition("/")[0] for name in names}
        if len(tops) != 1:
            raise Wrong("not_one_top_folder", "", ", ".join(sorted(tops)[:5]))
        self.top = names[0].partition("/")[0]
        for info, name in zip(entries, names, strict=True):
            inside = name.partition("/")[2]
            if info.is_dir():
                self.folders |= {inside} if inside else set()
            else:
                self.sizes[inside], self._infos[inside] = info.file_size, info
        if "" in self.sizes:
            raise Wrong("file_beside_top_folder", names[0])
        self._demand_apart(os.path.getsize(path))
        self._demand_one_name(entries)

    def _name(self, info):
        name = info.filename[:-1] if info.is_dir() else info.filename
        if info.orig_filename != info.filename or not safe_name(name):
            raise Wrong("name_unsafe", repr(info.orig_filename))
        self._demand_plain(info)
        return name

    @staticmethod
    def _demand_plain(info):
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Wrong("no_plain_file", info.filename)
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Wrong("zip_unreadable", info.filename, "encrypted or packed in an unusual way")
        is_stored = info.compress_type == zipfile.ZIP_STORED
        if is_stored and info.file_size != info.compress_size:
            raise Wrong("zip_unreadable", info.filename, "two sizes")
        if info.file_size > CHUNK and info.file_size > MOST_BLOW_UP * info.compress_size:
            raise Wrong("zip_bomb", info.filename)

    def _demand_apart(self, whole):
        end = 0
        for start, length in sorted((info.header_offset, info.compress_size) for info in self._infos.values()):
            if start < end:
                raise Wrong("zip_bomb", "", "files lie over each other")
            end = start + 30 + length
        if end > whole:
            raise Wrong("zip_unreadable", "", "it ends too early")
        if sum(self.sizes.values()) > MOST_BLOW_UP * whole:
            raise Wrong("zip_bomb")

    def _demand_one_name(self, entries):
        with open(self._path, "rb") as file:
            for info in entries:
                header = LOCAL_HEADER.unpack(exactly(file, info.header_offset, LOCAL_HEADER.size))
                name = exactly(file, None, header[-2])
                demand_one_name(name, info.extra)
                demand_one_name(name, exactly(file, None, header[-1]))

    def chunks(self, name):
        """Read a file; what the ZIP says of it is checked on the way."""
        left = self.sizes[name]
        try:
            with self._zip.open(self._infos[name]) as file:
                while chunk := file.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise Wrong("zip_bomb", name, "more bytes than told")
                    yield chunk
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as wrong:
            raise Wrong("zip_unreadable", name, str(wrong)) from wrong
        except Exception as wrong:
            if type(wrong).__module__ == "zlib":
                raise Wrong("zip_unreadable", name, str(wrong)) from wrong
            raise

    def demand_spelling(self):
        """Demand the one way in which our ZIPs are spelt. Raises Wrong."""
        with open(self._path, "rb") as file:
            demand_zip_spelling(file, os.path.getsize(self._path))

    def close(self):
        """Let go."""
        self._zip.close()


def demand_zip_spelling(file, length):
    """Demand files stored one behind the other from the first byte on, then the directory, the end, and nothing more.

    Headers before the files must say what the directory says. Raises Wrong.
    """
    count, size, begin, end = end_of_zip(file, length)
    if begin + size != end:
        raise Wrong("zip_layout", "", "the directory does not end where the end begins")
    if exactly(file, end, length - end) != spelt_end(count, size, begin):
        raise Wrong("zip_spelling", "", "at its end")
    entries, used = [], 0
    file.seek(begin)
    while used < size and len(entries) <= count:
        entry, taken = directory_entry(file)
        entries.append(entry)
        used += taken
    if used != size or len(entries) != count:
        raise Wrong("zip_layout", "", "the directory has other entries than it says")
    reached = 0
    for at, said in sorted(entries):
        if at != reached:
            raise Wrong("zip_layout", "", f"a file begins at {at} instead of {reached}")
        reached = end_of_file(file, at, said)
    if reached != begin:
        raise Wrong("zip_layout", "", f"the directory begins at {begin} instead of {reached}")


def end_of_zip(file, length):
    """Give how many entries the directory has, its length, where it begins, and where the records of the end begin."""
    at = length - END.size
    signature, *found, comment = END.unpack(exactly(file, at, END.size))
    if signature != b"PK\5\6" or comment:
        raise Wrong("zip_layout", "", "something lies behind its end")
    wide_at = at - LOCATOR_64.size
    locator = LOCATOR_64.unpack(exactly(file, wide_at, LOCATOR_64.size)) if wide_at > END_64.size else (b"",)
    if locator[0] == b"PK\6\7":
        at = wide_at - END_64.size
        signature, told, _, _, *wide = END_64.unpack(exactly(file, at, END_64.size))
        if locator[1:] != (0, at, 1) or (signature, told) != (b"PK\6\6", END_64.size - 12):
            raise Wrong("zip_layout", "", "ZIP64")
        most = (FULL_16,) * 4 + (FULL_32,) * 2
        if any(short not in (full, long) for short, long, full in zip(found, wide, most, strict=True)):
            raise Wrong("zip_header_disagrees", "", "ZIP64")
        found = wide
    disk, first_disk, here, count, size, begin = found
    if (disk, first_disk, here) != (0, 0, count):
        raise Wrong("zip_layout", "", "several disks")
    return count, size, begin, at


def directory_entry(file):
    """Read the next entry of the directory: where its file begins and what is said of it, and the bytes it took."""
    head = exactly(file, None, DIRECTORY_ENTRY.size)
    told = DIRECTORY_ENTRY.unpack(head)
    signature, _, _, flags, method, time, date, crc, packed, size, names, extras, comments, disk, _, _, at = told
    name, extra = exactly(file, None, names), exactly(file, None, extras)
    found = head + name + extra + exactly(file, None, comments)
    if signature != b"PK\1\2" or disk not in (0, FULL_16):
        raise Wrong("zip_layout", "", "no entry of a directory")
    size, packed, at = widened(extra, (size, packed, at))
    if method or flags & ODD_FLAGS or size != packed:
        raise Wrong("zip_compressed", name.decode("utf-8", "replace"), "packed, encrypted, or with its sums behind it")
    if found != spelt_in_directory(name, size, crc, (time, date), at):
        raise Wrong("zip_spelling", name.decode("utf-8", "replace"), "in the directory")
    return (at, (flags, method, time, date, crc, packed, size, name)), len(found)


def end_of_file(file, at, said):
    """Give where a file ends whose header says what the directory said. Raises Wrong."""
    head = exactly(file, at, LOCAL_HEADER.size)
    signature, _, flags, method, time, date, crc, packed, size, names, extras = LOCAL_HEADER.unpack(head)
    name, extra = exactly(file, None, names), exactly(file, None, extras)
    size, packed = widened(extra, (size, packed))
    if signature != b"PK\3\4" or (flags, method, time, date, crc, packed, size, name) != said:
        raise Wrong("zip_header_disagrees", name.decode("utf-8", "replace"))
    if head + name + extra != spelt_before_file(name, size, crc, (time, date)):
        raise Wrong("zip_spelling", name.decode("utf-8", "replace"), "before the file")
    return at + LOCAL_HEADER.size + names + extras + size


def zip64_field(*numbers):
    """Give the ZIP64 field for the numbers that do not fit where they belong; empty for none."""
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""


def spelt_before_file(name, size, crc, moment):
    """Give the one way to spell the header before a file."""
    extra = zip64_field(size, size) if size >= FULL_32 else b""
    short = min(size, FULL_32)
    told = (45 if extra else 20, UTF_8_NAME, 0, *moment, crc, short, short, len(name), len(extra))
    return LOCAL_HEADER.pack(b"PK\3\4", *told) + name + extra


def spelt_in_directory(name, size, crc, moment, at):
    """Give the one way to spell an entry of the directory: by Unix, a plain file that its owner may write."""
    extra = zip64_field(*((size, size) if size >= FULL_32 else ()), *((at,) if at >= FULL_32 else ()))
    version, short = 45 if extra else 20, min(size, FULL_32)
    told = (3 << 8 | version, version, UTF_8_NAME, 0, *moment, crc, short, short, len(name), len(extra))
    return DIRECTORY_ENTRY.pack(b"PK\1\2", *told, 0, 0, 0, 0o100644 << 16, min(at, FULL_32)) + name + extra


def spelt_end(count, size, begin):
    """Give the one way to spell what follows the directory."""
    short = END.pack(
        b"PK\5\6", 0, 0, min(count, FULL_16), min(count, FULL_16), min(size, FULL_32), min(begin, FULL_32), 0
    )
    if count < FULL_16 and size < FULL_32 and begin < FULL_32:
        return short
    wide = END_64.pack(b"PK\6\6", END_64.size - 12, 3 << 8 | 45, 45, 0, 0, count, count, size, begin)
    return wide + LOCATOR_64.pack(b"PK\6\7", 0, begin + size, 1) + short


def widened(extra, numbers):
    """Put the numbers of a ZIP64 field in place of those that are all ones. Raises Wrong."""
    field = dict(fields_of(extra)).get(1, b"")
    wide = [each for (each,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]
    if numbers.count(FULL_32) > len(wide):
        raise Wrong("zip_layout", "", "ZIP64")
    return tuple(wide.pop(0) if number == FULL_32 else number for number in numbers)


def fields_of(extra):
    """Give the fields of an extra field, each with its kind."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        yield kind, extra[4 : 4 + length]
        extra = extra[4 + length :]


def demand_one_name(name, extra):
    """Refuse a field that gives a file a second name, which some readers take. Raises Wrong."""
    if any(kind == SECOND_NAME and field[5:] != name for kind, field in fields_of(extra)):
        raise Wrong("zip_header_disagrees", name.decode("utf-8", "replace"), "a second name (0x7075)")


def exactly(file, at, length):
    """Read so many bytes, from a place or from here. Raises Wrong."""
    if at is not None:
        file.seek(max(0, at))
    found = file.read(length)
    if len(found) != length:
        raise Wrong("zip_unreadable", "", "it ends too early")
    return found


class Tar:
    """A package in a TAR, not packed any further, with one top folder."""

    def __init__(self, path):
        try:
            self._tar = tarfile.open(path, "r:")  # noqa: SIM115 (closed by `close`)
            self.sizes, self.folders, self._infos, tops = {}, set(), {}, set()
            for info in self._tar:
                self._note(info, tops)
        except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError, MemoryError) as wrong:
            raise Wrong("tar_unreadable", "", str(wrong)) from wrong
        if len(tops) != 1:
            raise Wrong("not_one_top_folder", "", ", ".join(sorted(tops)[:5]))
        self.top = tops.pop()
        if len({folded(name) for name in self.sizes}) != len(self.sizes):
            raise Wrong("name_twice")
        if self._tar.offset != os.path.getsize(path):
            self._demand_nothing(path, self._tar.offset)

    def _note(self, info, tops):
        name = info.name
        if not safe_name(name):
            raise Wrong("name_unsafe", repr(name))
        top, _, inside = name.partition("/")
        tops.add(top)
        if info.isdir():
            self.folders |= {inside} if inside else set()
            return
        if not info.isreg() or info.issparse():
            raise Wrong("no_plain_file", name)
        if not inside:
            raise Wrong("file_beside_top_folder", name)
        if inside in self.sizes:
            raise Wrong("name_twice", name)
        self.sizes[inside], self._infos[inside] = info.size, info
        if len(self.sizes) > MOST_FILES:
            raise Wrong("too_many_files")

    @staticmethod
    def _demand_nothing(path, end):
        with open(path, "rb") as file:
            file.seek(end)
            while chunk := file.read(CHUNK):
                if chunk.strip(b"\0"):
                    raise Wrong("tar_unreadable", "", "something lies behind its end")

    def chunks(self, name):
        """Read a file."""
        left = self.sizes[name]
        try:
            with self._tar.extractfile(self._infos[name]) as file:
                while chunk := file.read(CHUNK):
                    left -= len(chunk)
                    yield chunk
        except (tarfile.TarError, EOFError, ValueError) as wrong:
            raise Wrong("tar_unreadable", name, str(wrong)) from wrong
        if left:
            raise Wrong("tar_unreadable", name, "it ends too early")

    def demand_spelling(self):
        """Nothing that METS does not prove is told apart in a TAR."""

    def close(self):
        """Let go."""
        self._tar.close()


def opened(path):
    """Open a package as what it is. Raises Wrong, OSError."""
    if os.path.isdir(path):
        return Folder(path)
    with open(path, "rb") as file:
        begin = file.read(512)
    is_tar = begin[257:262] == b"ustar" and not begin.startswith(b"PK")
    return Tar(path) if is_tar else Zip(path)


# ---------------------------------------------------------------- METS


class Mets:
    """What one METS file refers to: files with size and digest, and further METS files."""

    def __init__(self, path):
        self.path, self.base = path, path.rpartition("/")[0] + "/" if "/" in path else ""
        self.files, self.pointers, self.objid, self.program = [], [], "", ""
        self._sum, self._held = hashlib.sha256(), b""
        self._open = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = False
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse  # no document type, so no entity is ever declared
        self._parser.EntityDeclHandler = self._parser.ExternalEntityRefHandler = self._refuse
        self._length = 0

    def feed(self, chunk):
        """Read on. Raises Wrong."""
        self._length += len(chunk)
        if self._length > LARGEST_METS:
            raise Wrong("mets_too_large", self.path)
        held = self._held + chunk  # the last bytes may be the seal, which is of all before it
        self._sum.update(held[:-SEAL_LENGTH])
        self._held = held[-SEAL_LENGTH:]
        self._parse(chunk, False)

    def finish(self):
        """Say that it is over. Raises Wrong."""
        self._parse(b"", True)

    def _parse(self, chunk, is_last):
        try:
            self._parser.Parse(chunk, is_last)
        except (expat.ExpatError, ValueError) as wrong:
            raise Wrong("mets_unreadable", self.path, str(wrong)) from wrong

    def _refuse(self, *_):
        raise Wrong("mets_unreadable", self.path, "a document type or an entity")

    def _start(self, tag, facts):
        if not self._open:
            if tag != METS + "mets":
                raise Wrong("mets_unreadable", self.path, "its root is " + tag)
            self.objid = facts.get("OBJID", "")
        if len(self._open) > DEEPEST:
            raise Wrong("mets_unreadable", self.path, "too deep")
        if tag == METS + "mdRef":
            self._list(facts, facts)
        elif tag == METS + "FLocat":
            self._list(facts, next((each for name, each in reversed(self._open) if name == METS + "file"), {}))
        elif tag == METS + "mptr" and facts.get("LOCTYPE") == "URL":
            self.pointers.append(resolved(facts.get(XLINK_HREF, ""), self.base))
        if len(self.files) > MOST_FILES:
            raise Wrong("too_many_files", self.path)
        self._open.append((tag, facts if tag in (METS + "file", METS + "agent") else {}))

    def _text(self, text):
        if len(self._open) > 1 and self._open[-1][0] == METS + "name":
            agent = self._open[-2][1]
            if agent.get("ROLE") == "CREATOR" and agent.get("OTHERTYPE") == "SOFTWARE":
                self.program += text

    @property
    def is_ours(self):
        """Say whether our program made it, as it says itself."""
        return self.program == OURS or SEAL_BEGIN in self._held

    @property
    def is_sealed(self):
        """Say whether it ends in a seal that fits all before it."""
        seal = SEAL.fullmatch(self._held)
        return seal is not None and seal[1].decode() == self._sum.hexdigest()

    def _end(self, _tag):
        self._open.pop()

    def _list(self, place, facts):
        if place.get("LOCTYPE") != "URL":
            raise Wrong("reference_leads_out", self.path, "LOCTYPE " + place.get("LOCTYPE", ""))
        path = resolved(place.get(XLINK_HREF, ""), self.base)
        name, size = DIGESTS.get(facts.get("CHECKSUMTYPE", "")), facts.get("SIZE", "")
        digest = facts.get("CHECKSUM", "")
        if name is None or not re.fullmatch("[0-9]{1,18}", size):
            raise Wrong("unproven", path, "METS gives no size, or no digest of SHA-256, SHA-384 or SHA-512")
        self.files.append((path, int(size), name, digest.lower()))


# ---------------------------------------------------------------- a package


def faults_of_package(path):
    """Give what is wrong with a package, as (code, where, detail); nothing for a good one."""
    try:
        source = opened(path)
    except Wrong as wrong:
        return [wrong.args]
    except OSError as failed:
        return [("unreadable", "", failed.strerror or str(failed))]
    try:
        return sorted(set(Inspection(source).run()))
    except Wrong as wrong:
        return [wrong.args]
    except OSError as failed:
        return [("unreadable", failed.filename or "", failed.strerror or str(failed))]
    finally:
        source.close()


def slashes_of(path):
    """Give where the folders of a path end."""
    return [at for at, each in enumerate(path) if each == "/"]


class Inspection:
    """One pass over a package: from the root METS to the last file, each read once."""

    def __init__(self, source):
        self._source, self._faults, self._read, self._listed = source, [], set(), {}

    def run(self):
        """Give the faults."""
        if METS_NAME not in self._source.sizes:
            return [("mets_missing", METS_NAME, "")]
        known = self._follow()
        for path, file in self._listed.items():
            if path not in self._read:
                self._check(file)
        if known[0].is_ours:
            self._hold_ours(known)
        unlisted = self._source.sizes.keys() - self._listed.keys() - {METS_NAME}
        return self._faults + [("file_unlisted", name, "") for name in unlisted]

    def _follow(self):
        """Read the root METS and every one that it points to."""
        waiting, pointed, known = [self._mets(METS_NAME, None)], {METS_NAME}, []
        while waiting:
            mets = waiting.pop()
            known.append(mets)
            self._note(mets.files)
            for pointer in set(mets.pointers) - pointed:
                pointed.add(pointer)
                if pointer not in self._listed:
                    self._faults.append(("unproven", pointer, "pointed to, but not listed with a digest"))
                elif pointer in self._source.sizes:
                    waiting.append(self._mets(pointer, self._listed[pointer]))
        return known

    def _hold_ours(self, known):
        """Hold a package of ours against what only ours promise."""
        self._faults += [("seal_broken", mets.path, "") for mets in known if mets.is_ours and not mets.is_sealed]
        if self._source.top != folder_of(known[0].objid):
            self._faults.append(("folder_name_wrong", "", self._source.top))
        names = [self._source.top, *self._source.sizes, *self._source.folders]
        self._faults += [("name_unsafe", name, "") for name in names if not plain_name(name)]
        if len({folded(name) for name in names[1:]}) != len(names) - 1:
            self._faults.append(("name_twice", "", ""))
        parents = {path[:at] for path in [*self._source.sizes, *self._listed] for at in slashes_of(path)}
        self._faults += [("folder_unlisted", name, "") for name in self._source.folders - parents]
        self._source.demand_spelling()

    def _note(self, files):
        for file in files:
            if self._listed.setdefault(file[0], file) != file or file[0] == METS_NAME:
                self._faults.append(("listed_differently", file[0], ""))

    def _mets(self, path, file):
        mets = Mets(path)
        if file is None:
            for chunk in self._source.chunks(path):
                mets.feed(chunk)
        else:
            self._check(file, mets.feed)
        mets.finish()
        return mets

    def _check(self, file, take=None):
        path, size, name, expected = file
        self._read.add(path)
        if path not in self._source.sizes:
            self._faults.append(("file_missing", path, ""))
            return
        if self._source.sizes[path] != size:
            self._faults.append(("size_wrong", path, f"{self._source.sizes[path]} instead of {size}"))
            if take is None:
                return
        digest = hashlib.new(name)
        for chunk in self._source.chunks(path):
            digest.update(chunk)
            if take is not None:
                take(chunk)
        if digest.hexdigest() != expected:
            self._faults.append(("digest_wrong", path, name))


# ---------------------------------------------------------------- a delivery


def canonical(value):
    """Spell a line of a manifest in its one way."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def line_of(line):
    """Read a line. Raises Wrong."""
    try:
        value = json.loads(line)
        if not isinstance(value, dict) or canonical(value) + b"\n" != line:
            raise ValueError("not spelt canonically")
    except (ValueError, RecursionError) as wrong:
        raise Wrong("manifest_unreadable", MANIFEST, str(wrong)) from wrong
    return value


def entries_of(path):
    """Give the head of a manifest, then each package: number, name of its ZIP, size, SHA-256. Raises Wrong."""
    with open(path, "rb") as file:
        head = line_of(file.readline(LONGEST_LINE + 1))
        if head.get("format") != "saoluu.delivery.v1":
            raise Wrong("manifest_unreadable", MANIFEST, "another format")
        yield head
        while line := file.readline(LONGEST_LINE + 1):
            told = line_of(line)
            number, name = told.get("number"), told.get("file")
            size, digest = told.get("size"), told.get("sha256")
            if not whole(number, 1, LARGEST_NUMBER) or not whole(size, 0, 1 << 62):
                raise Wrong("manifest_unreadable", MANIFEST, "a number that cannot be")
            if not matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}[.]zip", name) or not matches("[0-9a-f]{64}", digest):
                raise Wrong("manifest_unreadable", MANIFEST, "a name or a digest that cannot be")
            yield number, name, size, digest


def whole(value, least, most):
    """Say whether a value is a whole number within limits."""
    return type(value) is int and least <= value <= most


def matches(pattern, value):
    """Say whether a value is a text of a form."""
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_delivery(folder):
    """Say whether a folder is a delivery, be its manifest gone; receipts, lists and papers lie elsewhere too."""
    names = set(os.listdir(folder)) if os.path.isdir(folder) else set()
    if names & {METS_NAME, "metadata", "representations"}:
        return False
    if names & MARKS:
        return True
    papers = os.path.join(folder, PAPERS)
    titles = {os.path.splitext(name)[0] for name in os.listdir(papers)} if os.path.isdir(papers) else set()
    is_beside = any(name.lower().endswith((".zip", ".tar")) for name in names)
    return is_beside and bool(names & MARKS_BESIDE_PACKAGES or titles & set(PAPER_TITLES))


def has_manifest(folder):
    """Say whether a folder holds a manifest, and no link to one."""
    path = os.path.join(folder, MANIFEST)
    return os.path.isfile(path) and not os.path.islink(path)


def faults_of_delivery(folder, tell):
    """Give what is wrong with a delivery and its packages; nothing for a good one. The order of packages is free."""
    faults, seen, count, size_sum = [], array("B"), 0, 0
    try:
        entries = entries_of(os.path.join(folder, MANIFEST))
        head = next(entries)
        for number, name, size, digest in entries:
            while number >= len(seen):
                seen.extend(bytes(max(1024, number + 1 - len(seen))))
            if seen[number]:
                raise Wrong("manifest_unreadable", MANIFEST, f"package {number} twice")
            seen[number], count, size_sum = 1, count + 1, size_sum + size
            found = faults_of_listed(os.path.join(folder, name), size, digest)
            tell(name, found)
            faults += [(code, name + ("/" + where if where else ""), detail) for code, where, detail in found]
        if (count, size_sum) != (head.get("package_count"), head.get("byte_count")):
            raise Wrong("manifest_unreadable", MANIFEST, "its first line counts other packages")
        there = sum(1 for entry in os.scandir(folder) if entry.name.lower().endswith(".zip"))
        missing = sum(1 for code, where, _ in faults if code == "package_missing")
        if there != count - missing:
            faults.append(("package_unlisted", "", f"{there} ZIPs are there, {count - missing} of them listed"))
    except Wrong as wrong:
        faults.append(wrong.args)
    except OSError as failed:
        faults.append(("unreadable", failed.filename or "", failed.strerror or str(failed)))
    return faults


def faults_of_listed(path, size, digest):
    """Give what is wrong with a ZIP that a manifest lists, inside and outside."""
    if not os.path.isfile(path) or os.path.islink(path):
        return [("package_missing", "", "")]
    if os.path.getsize(path) != size:
        return [("size_wrong", "", f"{os.path.getsize(path)} instead of {size}")]
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return faults_of_package(path) if found.hexdigest() == digest else [("digest_wrong", "", "sha256")]


# ---------------------------------------------------------------- the signature on a manifest


def signature_of(folder, ca):
    """Check the signature on a manifest by openssl; gives the outcome and, in words, why.

    The signer's certificate must be good at the time of a trusted timestamp; where there is none, today.
    """
    signature = os.path.join(folder, SIGNATURE)
    if not os.path.isfile(signature):
        return NOT_CHECKED, "the manifest is not signed"
    if ca is None:
        return NOT_CHECKED, "no certificates were given (--ca)"
    openssl = shutil.which("openssl")
    if openssl is None:
        return NOT_CHECKED, "openssl is not installed"
    moment, why = moment_of(signature, ca, openssl)
    command = [openssl, "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", signature]
    command += ["-content", os.path.join(folder, MANIFEST), "-CAfile", ca, "-no-CApath", "-purpose", "any"]
    command += ["-attime", str(moment)] if moment is not None else []
    failure = failure_of([*command, "-out", os.devnull])
    if not failure:
        return SIGNED, "openssl, " + why
    if moment is None and "certificate has expired" in failure:
        return WRONG, f"a certificate has expired, and nothing proves that it signed before that: {why}"
    return WRONG, f"{failure[-300:]} ({why})"


def failure_of(command):
    """Run openssl; gives what it complains of, nothing where it is content."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    return "" if done.returncode == 0 else " ".join(done.stderr.split()) or f"exit {done.returncode}"


def moment_of(signature, ca, openssl):
    """Give when a signature was there already, by its timestamp (RFC 3161) if that is trusted, else None; and in words.

    The timestamping service's own certificate must have been good at the time that it tells.
    """
    try:
        with open(signature, "rb") as file:
            signed, token = signature_and_token(file.read(LARGEST_SIGNATURE))
        if not token:
            return None, "it has no timestamp"
        moment = time_of(token)
    except (ValueError, IndexError, OverflowError):
        return None, "its timestamp cannot be read"
    with tempfile.TemporaryDirectory() as place:
        paths = [os.path.join(place, name) for name in ("signed", "token")]
        for path, body in zip(paths, (signed, token), strict=True):
            with open(path, "wb") as file:
                file.write(body)
        command = [openssl, "ts", "-verify", "-data", paths[0], "-in", paths[1], "-token_in", "-CAfile", ca]
        failure = failure_of([*command, "-attime", str(moment)])
    told = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
    return (None, "its timestamp is not trusted") if failure else (moment, "at the time of its timestamp, " + told)


def signature_and_token(cms):
    """Give the bytes of the one signature in a CMS (RFC 5652), and its timestamp's, if any. Raises ValueError."""
    [(_, content)] = der_parts(cms)
    [_, (_, content)] = der_parts(content)
    [(_, signed)] = der_parts(content)
    [(_, signer)] = der_parts(der_parts(signed)[-1][1])
    fields = der_parts(signer)
    [signature] = [value for tag, value in fields if tag == OCTETS]
    attributes = [der_parts(each) for tag, value in fields if tag == UNSIGNED for _, each in der_parts(value)]
    tokens = [values for (_, name), (_, values) in attributes if name == TIMESTAMP]
    if len(tokens) > 1 or any(len(der_parts(token)) != 1 for token in tokens):
        raise ValueError("not one timestamp")
    return signature, tokens[0] if tokens else b""


def time_of(token):
    """Give the time that a timestamp tells, in seconds since 1970. Raises ValueError."""
    [(_, content)] = der_parts(token)
    [_, (_, content)] = der_parts(content)
    [(_, signed)] = der_parts(content)
    [_, (_, content)] = der_parts(der_parts(signed)[2][1])
    [(_, octets)] = der_parts(content)
    [(_, told)] = der_parts(octets)
    [spelt] = [value.decode("ascii") for tag, value in der_parts(told) if tag == GENERALIZED_TIME]
    if not matches("[0-9]{14}([.][0-9]+)?Z", spelt):
        raise ValueError("no time in UTC")
    return calendar.timegm(time.strptime(spelt[:14], "%Y%m%d%H%M%S"))


def der_parts(body):
    """Give the values that stand one behind the other in DER, each as its tag and its content. Raises ValueError."""
    parts, at = [], 0
    while at < len(body):
        tag, length, at = body[at], body[at + 1], at + 2
        if length > 0x7F:
            count = length & 0x7F
            length, at = int.from_bytes(body[at : at + count], "big"), at + count
            if length < 0x80 or length.bit_length() <= 8 * (count - 1):
                raise ValueError("not DER")
        if at + length > len(body):
            raise ValueError("cut off")
        parts.append((tag, body[at : at + length]))
        at += length
    return parts


# ---------------------------------------------------------------- the command line


def shown(text):
    """Give a text without anything that a terminal would act on."""
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in str(text))


def report(name, faults):
    """Tell of a package or delivery."""
    for code, where, detail in faults:
        place = f"{name}/{where}" if where else name
        print(f"{shown(place)}: {code}" + (f" ({shown(detail)})" if detail else ""))
    if not faults:
        print(shown(name) + ": OK")


def check(path, ca):
    """Check one package or delivery; say whether it is right."""
    if not is_delivery(path):
        faults = faults_of_package(path)
        report(path, faults)
        if ca is not None:
            print(f"{shown(path)}: signature {NOT_CHECKED}: held against no delivery's manifest")
        return not faults and (ca is None or os.path.isdir(path))
    if not has_manifest(path):
        report(path, [("manifest_missing", MANIFEST, "")])
        return False
    faults = faults_of_delivery(path, report)
    outside = [fault for fault in faults if not fault[1].lower().partition("/")[0].endswith(".zip")]
    report(path, outside) if outside or not faults else None
    outcome, why = signature_of(path, ca)
    print(f"{shown(path)}: signature of the manifest {outcome}: {shown(why)}")
    return not faults and (outcome == SIGNED or (outcome == NOT_CHECKED and ca is None))


def main(arguments=None):
    """Check what was named."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("paths", nargs="+", metavar="PACKAGE_OR_DELIVERY")
    parser.add_argument("--ca", metavar="CA.pem", help="certificates that manifests must be signed under")
    told = parser.parse_args(arguments)
    results = [check(path, told.ca) for path in told.paths]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
