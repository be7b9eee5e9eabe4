"""Become a Tesseract that sees one folder and its own library, for so long and in so much memory.

Runs as `python -m services.ingest.reading.confined_tesseract FOLDER MEMORY SECONDS PARENT TESSERACT LIBRARY LANGUAGES
DPI`. It reads `reading.pnm` of the folder and tells hOCR on standard output. The walls that stand are the first line of
standard error.
"""

import os
import sys
from pathlib import Path

from shared.imaging.confinement import allow_processor_time, confine_program, die_with_parent
from shared.imaging.spool import READING_PAGE

LOADERS = ("lib64/ld-linux*.so*", "lib/ld-linux*.so*")
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/etc/ld.so.cache")
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
POLITE = 5  # whoever waits for an answer comes first
ALIKE = "3"  # page segmentation: find blocks and lines by itself, without asking how the page is turned


def main() -> None:
    """Raise the walls and begin."""
    folder, memory, seconds, parent, program, library, languages, dpi = sys.argv[1:]
    die_with_parent(int(parent))
    loaders = [path.resolve() for pattern in LOADERS for path in Path("/").glob(pattern)]
    readable = [path for path in map(Path, (*SYSTEM, library)) if path.exists()]
    walls = confine_program(Path(folder), int(memory), [Path(program).resolve(), *loaders], readable)
    allow_processor_time(float(seconds))
    sys.stderr.write(",".join(walls) + "\n")
    sys.stderr.flush()
    os.nice(POLITE)
    os.chdir(folder)
    words = [program, READING_PAGE, "stdout", "--tessdata-dir", library, "-l", languages, "--dpi", dpi, "--psm", ALIKE]
    os.execve(program, [*words, "-c", "tessedit_create_hocr=1"], ONE_THREAD)  # noqa: S606 - a program named by us


if __name__ == "__main__":
    main()
