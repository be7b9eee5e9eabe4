"""Ports that nobody else takes."""

import subprocess
import sys

from cli.backing import ports


def test_ports_lie_outside_the_range_of_outgoing_calls_and_are_kept_from_other_runs() -> None:
    low, high = map(int, ports.EPHEMERAL.read_text().split())
    chosen = ports.choose(5, beside=10_000)
    assert len(set(chosen)) == 5
    assert not [port for port in chosen if low <= port <= high or low <= port + 10_000 <= high]
    ask = "import sys; from cli.backing import ports; print([ports.keep(int(port)) for port in sys.argv[1:]])"
    both = [str(number) for port in chosen for number in (port, port + 10_000)]
    words = [sys.executable, "-c", ask, *both]
    answer = subprocess.run(words, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str([False] * 10)
