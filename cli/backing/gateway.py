"""A gateway of our own: nginx in front of services on several ports, one address for all of them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import httpx

from cli.backing import process
from cli.backing.private_file import write_private
from cli.backing.problem_pages import maps, pages
from cli.backing.process import Launch
from cli.backing.server import Server

PACKAGE = "nginx-light"

CONFIGURATION = """\
{user}
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    client_max_body_size 0;
    client_header_timeout 15s;
    client_body_timeout 30s;
{maps}
    server {{
        listen 127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Connection "";
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_request_buffering off;
        proxy_buffering off;
        proxy_read_timeout 300s;
        location = /livez {{ return 200; }}
        location / {{ return 404; }}
{locations}
{pages}
    }}
}}
"""


class Gateway(Server):
    """nginx on 127.0.0.1: `/catalog/...` goes to the catalog's port, and so on; bodies pass through unbuffered.

    It runs as one process: a master would rewrite its title and environment, by which our processes are found again.
    """

    name: ClassVar[str] = "nginx"
    port_names: ClassVar[tuple[str, ...]] = ("http",)

    def __init__(self, folder: Path, services: Mapping[str, int]) -> None:
        """Take a folder, and the port of each service."""
        super().__init__(folder)
        self._services = services

    @property
    def url(self) -> str:
        """Give the one address."""
        return f"http://127.0.0.1:{self.ports['http']}"

    def _program(self) -> Path:
        return self._find_program("nginx", [Path("/usr/sbin")], PACKAGE)

    def _launch(self) -> None:
        (self.folder / "temporary").mkdir(mode=0o700, exist_ok=True)
        locations = "\n".join(
            f"        location = /{name} {{ return 404; }}\n"
            f"        location /{name}/ {{ proxy_pass http://127.0.0.1:{port}; }}"
            for name, port in self._services.items()
        )
        settings = self.folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        places = {"folder": self.folder, "port": self.ports["http"], "locations": locations}
        written = CONFIGURATION.format(user=user, maps=maps(), pages=pages(), **places)
        write_private(settings, written)
        process.launch(
            Launch([self._program(), "-c", settings, "-p", self.folder], self.folder, self._log), self.folder
        )

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/livez", timeout=2, trust_env=False).is_success
        except httpx.TransportError:
            return False
