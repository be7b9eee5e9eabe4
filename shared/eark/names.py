"""Names: from codes of people to names of folders, by one rule."""

import re
import unicodedata
from hashlib import sha256
from uuid import UUID

from shared.eark.errors import UnsafePath

LONGEST = 80
TAKEN = frozenset({"registers", "damaged"})  # the folders of a store that hold no packages
OUTSIDE_RULE = re.compile(r"[^A-Za-z0-9_-]")
OUTSIDE_URN = re.compile(r"[^A-Za-z0-9._-]")
LIKE_DIGEST = re.compile(r"-[0-9a-f]{8}\Z")
SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}"
PATH = re.compile(rf"{SEGMENT}(?:/{SEGMENT})*\Z")


def path_name(code: str) -> str:
    """Make a code fit to name a folder: letters, digits, `_` and `-` stay, every other character becomes `_`.

    Never empty, at most 80 characters, never a folder that a store keeps for something else. Two codes never share a
    name: where the rule had to change something, or the code looks as if it had, eight digits of its SHA-256 follow. A
    code typed in another Unicode form (NFD) is the same code.
    """
    typed = unicodedata.normalize("NFC", code)
    name = OUTSIDE_RULE.sub("_", typed)[: LONGEST - 9]
    if name == typed and name and name not in TAKEN and not LIKE_DIGEST.search(name):
        return name
    return f"{name or '_'}-{sha256(typed.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def urn_part(code: str) -> str:
    """Give a code as a URN can hold it: other characters become `_`."""
    return OUTSIDE_URN.sub("_", unicodedata.normalize("NFC", code)) or "_"


def archive_objid(fonds_code: str, package: UUID) -> str:
    """Give the OBJID of an archival package: `urn:{fonds code}:uuid:{UUID}` (Circular 05/2025/TT-BNV, Annex I)."""
    return f"urn:{urn_part(fonds_code)}:uuid:{str(package).upper()}"


def submission_objid(package: UUID) -> str:
    """Give the OBJID of a submission package: `uuid-{UUID}` (Circular 05/2025/TT-BNV, Annex III)."""
    return f"uuid-{str(package).upper()}"


def folder_name(objid: str) -> str:
    """Give the name of the one top folder of a package (CSIPSTR1): its OBJID by the rule of path names.

    No digest is added: an OBJID ends in a UUID. Raises UnsafePath for an OBJID that is empty or over 200 characters.
    """
    if not 0 < len(objid) <= 200:
        raise UnsafePath(f"no folder can be named {objid[:80]!r}")
    return OUTSIDE_RULE.sub("_", objid)


def safe_path(path: str) -> str:
    """Give back a path of `[A-Za-z0-9._-]` segments joined by `/`, none beginning with a dot. Raises UnsafePath."""
    if not PATH.match(path):
        raise UnsafePath(f"not a path inside a package: {path[:200]!r}")
    return path
