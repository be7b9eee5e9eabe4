#!/usr/bin/env python3
"""Check packages that an archive handed over, with nothing but Python (3.10 or newer) and the files themselves.

    python3 saoluu_verify.py PACKAGE_OR_DELIVERY... [--ca CA.pem]

A package is a folder with METS.xml in it, or a ZIP or TAR of one such folder (E-ARK CSIP, METS 1.12). A delivery is a
folder with manifest.jsonl in it, beside the packages' ZIPs. Checked of a package: names, one top folder, every file
that METS refers to (mdRef, FLocat, mptr) by existence, size and digest, and that METS lists all that is there.
Checked of a delivery: the manifest, size and SHA-256 of every ZIP it lists, no ZIP beside those, and every package.
The signature on a manifest is checked by `openssl cms -verify`, against the certificates of --ca; where it was not
checked, that is said. Exit 0: everything that was checked is right (with --ca the signature too); 1: it is not;
2: wrongly called.

Published apart from the deliveries: code that comes with the goods proves nothing.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from array import array
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

METS_NAME = "METS.xml"
MANIFEST, SIGNATURE = "manifest.jsonl", "manifest.jsonl.p7s"
METS = "http://www.loc.gov/METS/ "
XLINK_HREF = "http://www.w3.org/1999/xlink href"
DIGESTS = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
CHUNK = 1 << 20
MOST_FILES = 2_000_000
LARGEST_METS = 1 << 30
DEEPEST = 200
MOST_BLOW_UP = 200  # times a compressed file may grow
LARGEST_NUMBER, LONGEST_LINE = 1_000_000, 1 << 16
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
        self.path, self.sizes = path, {}
        self._walk(path, "")

    def _walk(self, folder, base, depth=0):
        if depth > DEEPEST:
            raise Wrong("too_deep", base)
        with os.scandir(folder) as entries:
            for entry in entries:
                name, facts = base + entry.name, entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(facts.st_mode):
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

    def close(self):
        """Let go."""


class Zip:
    """A package in a ZIP with one top folder."""

    def __init__(self, path):
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as wrong:
            raise Wrong("zip_unreadable", "", str(wrong)) from wrong
        self.sizes, self._infos = {}, {}
        entries = self._zip.infolist()
        if len(entries) > MOST_FILES:
            raise Wrong("too_many_files")
        names = [self._name(info) for info in entries]
        if len({name.casefold() for name in names}) != len(names):
            raise Wrong("name_twice")
        tops = {name.partition("/")[0] for name in names}
        if len(tops) != 1:
            raise Wrong("not_one_top_folder", "", ", ".join(sorted(tops)[:5]))
        for info, name in zip(entries, names, strict=True):
            inside = name.partition("/")[2]
            if not info.is_dir():
                self.sizes[inside], self._infos[inside] = info.file_size, info
        if "" in self.sizes:
            raise Wrong("file_beside_top_folder", names[0])
        self._demand_apart(os.path.getsize(path))

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

    def close(self):
        """Let go."""
        self._zip.close()


class Tar:
    """A package in a TAR, not packed any further, with one top folder."""

    def __init__(self, path):
        try:
            self._tar = tarfile.open(path, "r:")  # noqa: SIM115 (closed by `close`)
            self.sizes, self._infos, tops = {}, {}, set()
            for info in self._tar:
                self._note(info, tops)
        except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError, MemoryError) as wrong:
            raise Wrong("tar_unreadable", "", str(wrong)) from wrong
        if len(tops) != 1:
            raise Wrong("not_one_top_folder", "", ", ".join(sorted(tops)[:5]))
        if len({name.casefold() for name in self.sizes}) != len(self.sizes):
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
        self.files, self.pointers, self.objid = [], [], ""
        self._open = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = False
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.StartDoctypeDeclHandler = self._refuse  # no document type, so no entity is ever declared
        self._parser.EntityDeclHandler = self._parser.ExternalEntityRefHandler = self._refuse
        self._length = 0

    def feed(self, chunk):
        """Read on. Raises Wrong."""
        self._length += len(chunk)
        if self._length > LARGEST_METS:
            raise Wrong("mets_too_large", self.path)
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
        self._open.append((tag, facts if tag == METS + "file" else {}))

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


class Inspection:
    """One pass over a package: from the root METS to the last file, each read once."""

    def __init__(self, source):
        self._source, self._faults, self._read, self._listed = source, [], set(), {}

    def run(self):
        """Give the faults."""
        if METS_NAME not in self._source.sizes:
            return [("mets_missing", METS_NAME, "")]
        waiting, pointed = [self._mets(METS_NAME, None)], {METS_NAME}
        while waiting:
            mets = waiting.pop()
            self._note(mets.files)
            for pointer in set(mets.pointers) - pointed:
                pointed.add(pointer)
                if pointer not in self._listed:
                    self._faults.append(("unproven", pointer, "pointed to, but not listed with a digest"))
                elif pointer in self._source.sizes:
                    waiting.append(self._mets(pointer, self._listed[pointer]))
        for path, file in self._listed.items():
            if path not in self._read:
                self._check(file)
        unlisted = self._source.sizes.keys() - self._listed.keys() - {METS_NAME}
        return self._faults + [("file_unlisted", name, "") for name in unlisted]

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


def signature_of(folder, ca):
    """Check the signature on a manifest by openssl; gives the outcome and, in words, why."""
    signature = os.path.join(folder, SIGNATURE)
    if not os.path.isfile(signature):
        return NOT_CHECKED, "the manifest is not signed"
    if ca is None:
        return NOT_CHECKED, "no certificates were given (--ca)"
    openssl = shutil.which("openssl")
    if openssl is None:
        return NOT_CHECKED, "openssl is not installed"
    command = [openssl, "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", signature]
    command += ["-content", os.path.join(folder, MANIFEST), "-CAfile", ca, "-no-CApath", "-purpose", "any"]
    done = subprocess.run([*command, "-out", os.devnull], capture_output=True, text=True, errors="replace")
    return (SIGNED, "openssl") if done.returncode == 0 else (WRONG, " ".join(done.stderr.split())[-300:])


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
    if not os.path.isdir(path) or not os.path.isfile(os.path.join(path, MANIFEST)):
        faults = faults_of_package(path)
        report(path, faults)
        return not faults
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
