"""The stand-alone verifier as its users run it: a file of its own, by a Python that has nothing but itself."""

import subprocess
import sys
from pathlib import Path

VERIFIER = Path(__file__).parents[1] / "verifier" / "saoluu_verify.py"


def verified(*arguments: object, path: str | None = None) -> tuple[int, str]:
    """Run the verifier; gives its exit code and what it printed. `path` is where it finds programs."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments)]
    environment = {"PYTHONIOENCODING": "utf-8", "PATH": "/usr/bin:/bin" if path is None else path}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr
