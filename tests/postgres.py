"""A PostgreSQL cluster of its own for the tests, on loopback, gone when they end.

Where the server or its Python driver is not installed the tests that want it are not collected,
unless XLKPI_REQUIRE_POSTGRES is set: then they run, and fail.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "s3cret-Wort"
REQUIRED = bool(os.environ.get("XLKPI_REQUIRE_POSTGRES"))


def tool(name: str) -> str | None:
    """A server program, which Debian keeps out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(found[0]) if found else None)


def wanted() -> bool:
    installed = tool("initdb") and tool("pg_ctl") and all(
        importlib.util.find_spec(name) for name in ("sqlalchemy", "psycopg"))
    return REQUIRED or bool(installed)


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a fresh server with a user ``ops`` and a password."""
    folder = Path(tempfile.mkdtemp(prefix="xlkpi-postgres-"))
    secret = folder / "secret"
    secret.write_text(PASSWORD, encoding="utf-8")
    if os.getuid() == 0:  # the server refuses to run as root
        for path in (folder, secret):
            shutil.chown(path, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    try:
        run("initdb", "-D", data, "-U", "ops", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql://ops:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(name: str, *words: object) -> None:
    program = tool(name)
    assert program, f"{name} is not installed"
    switch = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    done = subprocess.run([*switch, program, *map(str, words)], capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr
