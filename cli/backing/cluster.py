"""A fresh PostgreSQL cluster, made by initdb as the user it will run as."""

import shutil
import subprocess
from pathlib import Path

from cli.backing.errors import FolderClosed, NotReady
from cli.backing.private_file import write_private
from cli.backing.process import bare_environment
from cli.language import say

SUPERUSER = "postgres"


def make(place: Path, initdb: Path, password: str, user: str | None) -> None:
    """Make a cluster with passwords for everybody, UTF-8 and the order of code points; all of it or nothing.

    Raises FolderClosed when `user` (None: ourselves) cannot pass through a folder above, NotReady when initdb fails.
    """
    unfinished = place.with_name(place.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password_file = unfinished.with_suffix(".password")
    try:
        write_private(password_file, password)
        if user:
            shutil.chown(unfinished, user, user)
            shutil.chown(password_file, user)
            demand_way_in(unfinished, user)
        run_initdb([initdb, "-D", unfinished, f"--pwfile={password_file}"], user)
    finally:
        password_file.unlink(missing_ok=True)
    unfinished.rename(place)


def run_initdb(words: list[str | Path], user: str | None) -> None:
    """Run initdb to its end; raises NotReady with what it said."""
    rules = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", f"--username={SUPERUSER}"]
    done = subprocess.run(
        [*words, *rules],
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotReady(f"initdb: {done.stderr.strip()}")


def demand_way_in(folder: Path, user: str) -> None:
    """Raise FolderClosed with the first folder on the way down that the user cannot enter."""
    for step in [*reversed(folder.parents), folder]:
        entered = subprocess.run(
            ["test", "-x", step], user=user, group=user, extra_groups=[], cwd="/", env=bare_environment(), check=False
        )
        if entered.returncode:
            raise FolderClosed(
                say(
                    f"Người dùng {user} không vào được thư mục {step}. Hãy chạy: chmod o+x {step}",
                    f"The user {user} cannot enter the folder {step}. Run: chmod o+x {step}",
                ),
                folder=str(step),
                user=user,
            )
