"""A token in software (SoftHSM) for tests: a real PKCS#11 module, with a key and its certificate inside."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, ObjectClass
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "271828"


@dataclass(frozen=True)
class SoftToken:
    """A token by its label; every test has its own, for a program opens the module only once."""

    label: str
    pin_file: Path

    def uri(self, name: str = "seal") -> str:
        """Give the address of a key in it."""
        return f"pkcs11:token={self.label};object={name}?module-path={MODULE}"

    def put(self, key: rsa.RSAPrivateKey, certificate: x509.Certificate, name: str = "seal") -> None:
        """Put a key and its certificate into it."""
        plain = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        hidden = decode_rsa_private_key(plain)
        shown = decode_x509_certificate(certificate.public_bytes(Encoding.DER))
        token = pkcs11.lib(MODULE).get_token(token_label=self.label)
        with token.open(rw=True, user_pin=PIN) as session:
            session.create_object({**hidden, Attribute.LABEL: name, Attribute.ID: name.encode(), Attribute.TOKEN: True})
            ids = {Attribute.LABEL: name, Attribute.ID: name.encode(), Attribute.TOKEN: True}
            session.create_object({**shown, **ids, Attribute.CLASS: ObjectClass.CERTIFICATE})


def configured(folder: Path) -> None:
    """Give the module a folder of its own for all tokens of this run, before it is opened."""
    if "SOFTHSM2_CONF" not in os.environ:
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")


def soft_token(folder: Path, label: str) -> SoftToken:
    """Make a token and the file of its PIN."""
    told = ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "31415926"]
    subprocess.run(["/usr/bin/softhsm2-util", *told], check=True, capture_output=True)
    pin_file = folder / f"{label}.pin"
    pin_file.write_text(f"{PIN}\n")
    pkcs11.lib(MODULE).reinitialize()
    return SoftToken(label, pin_file)
