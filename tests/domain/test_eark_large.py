"""A dossier of 100,000 pages is described in little memory: what is written goes to a file, not into lists."""

import json
import subprocess
import sys
from pathlib import Path

MOST_SECONDS, MOST_MIB = 20, 150  # of a processor, and of memory with the interpreter and all libraries in it
PROGRAM = """
import json, time
from hashlib import sha256
from shared.eark.build import build_package
from shared.eark.description import DossierContent
from shared.eark.layout import PREMIS, page_path
from shared.eark.package import PackageFile, PackagePage
from shared.eark.premis import Actor, PreservationEvent, PreservedObject, preservation_file
from tests.sample_package import DOCUMENTS, DOSSIER, FONDS, MADE_AT, MASTERS, described

def page(number):
    digest = sha256(str(number).encode()).hexdigest()
    file = PackageFile(page_path(number, "image/jpeg"), number, digest, number, "image/jpeg", MADE_AT)
    return PackagePage(number, 1, file, f"scan {number}.jpg")

pages = tuple(page(number) for number in range(1, 100_001))
acted = ((Actor("station-1", "hardware"), "implementer"),)
objects = (PreservedObject("file", (("path", each.file.path),), each.file) for each in pages)
events = (PreservationEvent("ingestion", MADE_AT, acted, (("path", each.file.path),)) for each in pages)
story = preservation_file(PREMIS, MASTERS, MADE_AT, objects, events)
made = build_package(described(MASTERS), DossierContent(FONDS, DOSSIER, DOCUMENTS, pages), [story])
size = sum(each.file.size for each in made)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))  # getrusage remembers who started us
mib = int(status["VmHWM"].split()[0]) / 1024
print(json.dumps({"size": size, "seconds": time.process_time(), "mib": mib}))
"""


def test_a_hundred_thousand_pages_are_described_in_little_time_and_memory() -> None:
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, check=True, capture_output=True, text=True)
    told = json.loads(ran.stdout)
    assert told["size"] > 100 << 20
    assert told["seconds"] < MOST_SECONDS
    assert told["mib"] < MOST_MIB
