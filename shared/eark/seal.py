"""The last line of a METS file: a processing instruction with the SHA-256 of every byte before it.

METS vouches for all other files of a package; nothing in a folder vouches for the root METS itself. This line finds a
byte that rotted in it. It is no proof against intent: that is what manifests, receipts and signatures are for.
"""

import re
from hashlib import sha256

from shared.eark.body import Body

PATTERN = re.compile(rb"<\?saoluu-sha256 ([0-9a-f]{64})\?>\n")
LENGTH = len(b"<?saoluu-sha256 ?>\n") + 64


def seal(body: Body) -> Body:
    """Write its seal behind a document."""
    body.write(f"<?saoluu-sha256 {body.sha256}?>\n".encode())
    return body


def sealed(body: bytes) -> bytes:
    """Give the document with its seal; a processing instruction after the root leaves it valid (XML 1.0 §2.8)."""
    return body + f"<?saoluu-sha256 {sha256(body).hexdigest()}?>\n".encode()


class SealCheck:
    """Takes a sealed document in any portions and says whether its seal is whole."""

    def __init__(self) -> None:
        self._digest = sha256()
        self._held = b""

    def update(self, chunk: bytes) -> None:
        """Add the next bytes; the last 83 are held back, for they may be the seal."""
        bytes_so_far = self._held + chunk
        cut = max(0, len(bytes_so_far) - LENGTH)
        self._digest.update(bytes_so_far[:cut])
        self._held = bytes_so_far[cut:]

    @property
    def is_there(self) -> bool:
        """Say whether the document ends in a seal, be it broken: packages of other programs have none."""
        return b"<?saoluu-sha256" in self._held

    @property
    def whole(self) -> bool:
        """Say whether the document ends in a seal that fits all before it."""
        seal = PATTERN.fullmatch(self._held)
        return seal is not None and seal[1].decode() == self._digest.hexdigest()
