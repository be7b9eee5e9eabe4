"""Prometheus finds every process of the containers, and the address at which it gets its tokens.

Checked here: the configuration against docker-compose.yml and the routes, and, on a machine that has promtool (Debian
package `prometheus`), by promtool. Prometheus itself is not started.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from services.embedded import SERVICES
from services.identity.api import router as identity
from shared.auth.policy import ON_EVERY_SERVICE, POLICY
from shared.auth.roles import Role

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "prometheus" / "prometheus.yml"


def job() -> dict[str, Any]:
    (only,) = yaml.safe_load(FILE.read_text())["scrape_configs"]
    told: dict[str, Any] = only
    return told


def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return told


def test_every_process_of_ours_that_runs_on_is_scraped() -> None:
    services = compose()["services"]
    ours = {name for name, told in services.items() if {"serve", "work", "scrub"} & set(told.get("command", []))}
    (targets,) = job()["static_configs"]
    assert set(targets["targets"]) == ours > set(SERVICES)
    for name in ours:
        command = services[name]["command"]
        assert command[0] == "scrub" or command[1] == name.removesuffix("-worker")
        assert "8071" in command or command[0] == "serve", "the default port"
    assert services["ingest-scrubber"]["command"][0] == "scrub"


def test_it_fetches_its_own_tokens_as_a_monitor() -> None:
    oauth = job()["oauth2"]
    paths = {route.path: route.name for route in identity.routes}  # type: ignore[attr-defined]
    asked = urlsplit(oauth["token_url"])
    assert (asked.scheme, asked.netloc) == ("https", "identity:8071")
    assert POLICY[f"identity.{paths[asked.path.removeprefix('/identity')]}"] is None, "anyone may ask there"
    assert Role.MONITOR in (ON_EVERY_SERVICE["metrics"] or ())
    held = {f"/run/secrets/{name}" for name in compose()["services"]["prometheus"]["secrets"]}
    assert {oauth["client_secret_file"], oauth["tls_config"]["ca_file"], job()["tls_config"]["ca_file"]} <= held


def test_its_configuration_has_only_fields_that_prometheus_knows() -> None:
    assert job().keys() == {"job_name", "scheme", "tls_config", "oauth2", "static_configs", "relabel_configs"}
    assert job()["oauth2"].keys() == {"client_id", "client_secret_file", "token_url", "tls_config"}
    assert {key for each in job()["relabel_configs"] for key in each} <= {
        "source_labels",
        "target_label",
        "regex",
        "replacement",
    }
    if promtool := shutil.which("promtool"):  # what it says counts more, where it is installed
        words = [promtool, "check", "config", "--syntax-only", str(FILE)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
