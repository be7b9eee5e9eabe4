"""A dossier of 100,000 pages is described in little memory: what is known and what is written lie in files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MOST_MIB = 150  # with the interpreter and all libraries in it
COMMON = """
import json
from hashlib import sha256
from shared.eark.build import build_package, reading_path
from shared.eark.description import DOCUMENTS, PAGES, READINGS, DossierContent, ReadingFile
from shared.eark.kept import Kept
from shared.eark.layout import PREMIS, page_path
from shared.eark.package import PackageFile, PackagePage
from shared.eark.premis import Actor, PreservationEvent, PreservedObject, preservation_file
from shared.events.catalog import DocumentDescription
from tests.sample_package import DOSSIER, FONDS, MADE_AT, MASTERS, SIP, described, form_of

NUMBERS = range(1, 100_001)

def file(path, media_type, number):
    digest = sha256(str(number).encode()).hexdigest()
    return PackageFile(path, number, digest, number, media_type, MADE_AT)

def page(number):
    return PackagePage(number, 1, file(page_path(number, "image/jpeg"), "image/jpeg", number), f"scan {number}.jpg")

def document(number):
    return DocumentDescription(number=number, title=f"Quyết định {number}", first_page=number, last_page=number)

pages = Kept(PAGES, map(page, NUMBERS))
"""
MASTERS_OF_PAGES = """
acted = ((Actor("station-1", "hardware"), "implementer"),)
objects = (PreservedObject("file", (("path", each.file.path),), each.file) for each in pages)
events = (PreservationEvent("ingestion", MADE_AT, acted, (("path", each.file.path),)) for each in pages)
story = preservation_file(PREMIS, MASTERS, MADE_AT, objects, events)
made = build_package(described(MASTERS), DossierContent(FONDS, DOSSIER, (document(1),), pages), [story])
"""
SIP_OF_DOCUMENTS = """
form = form_of("SIP", "tt05-2025")

def reading(number):
    path = reading_path(form, DOSSIER.file_code, number)
    return ReadingFile(number, 1, file(path, "application/pdf", number))

documents, readings = Kept(DOCUMENTS, map(document, NUMBERS)), Kept(READINGS, map(reading, NUMBERS))
made = build_package(
    described(SIP, form=form, copies=2), DossierContent(FONDS, DOSSIER, documents, pages, readings=readings)
)
"""
TELL = """
size = sum(each.file.size for each in made)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))  # getrusage remembers who started us
mib = int(status["VmHWM"].split()[0]) / 1024
print(json.dumps({"size": size, "mib": mib}))
"""


@pytest.mark.parametrize("making", [MASTERS_OF_PAGES, SIP_OF_DOCUMENTS], ids=["masters of pages", "SIP of documents"])
def test_a_hundred_thousand_are_described_in_little_memory(making: str) -> None:
    root = Path(__file__).parents[2]
    program = COMMON + making + TELL
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True)
    told = json.loads(ran.stdout)
    assert told["size"] > 100 << 20
    assert told["mib"] < MOST_MIB
