"""The measurements of the catalogue go on working as the catalogue changes: few dossiers, the same steps."""

from pathlib import Path

import pytest

from bench import approving
from bench.catalog import __main__ as finding


async def test_finding_is_measured_on_both_databases(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench.catalog", "--dossiers", "300", "--questions", "30"])
    await finding.main()
    told = capsys.readouterr().out
    assert told.count("questions: median") == 2, told


async def test_approving_is_measured_until_everybody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approving, "DOSSIERS", 30)
    lines = await approving.measure_approving(tmp_path)
    assert lines[0].startswith("30 dossiers")
    assert "(30)" in lines[0]
