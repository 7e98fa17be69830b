"""A PostGIS server of our own: on loopback, with its data in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import shapely

from .work import Points


class AbsentError(Exception):
    """What a peer needs is not here; says what."""


def _programs() -> Path:
    """Return the folder of initdb and pg_ctl: of the newest server, or as the path says."""
    newest = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    found = newest[-1] if newest else shutil.which("initdb")
    if found is None:
        raise AbsentError("no PostgreSQL server: install postgresql and postgis")
    return Path(found).resolve().parent


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """A server that is stopped, and its folder removed, at the end."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._programs = _programs()
        # The server refuses to run as root: then it runs as the user that its package made.
        self._user: str | None = None
        if os.geteuid() == 0:
            try:
                self._user = pwd.getpwnam("postgres").pw_name
            except KeyError:
                raise AbsentError("PostgreSQL does not run as root, and no user postgres") from None

    def __enter__(self) -> Server:
        try:
            import psycopg
        except ImportError:
            raise AbsentError("no psycopg: pip install 'deploygeo[bench]'") from None
        self._folder = Path(tempfile.mkdtemp(prefix="deploygeo-bench-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        try:
            self._run("initdb", "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-sync")
            port = _free_port()
            options = (
                f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' "
                "-c fsync=off -c autovacuum=off -c jit=off -c max_parallel_workers_per_gather=0 "
                "-c shared_buffers=256MB -c work_mem=64MB"
            )
            self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")
            self.connection = psycopg.connect(
                host="127.0.0.1", port=port, user="bench", dbname="postgres", autocommit=True
            )
            try:
                self.connection.execute("create extension postgis")
            except psycopg.Error as error:
                raise AbsentError(f"no PostGIS: {error}".splitlines()[0]) from None
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        if self._folder is not None:
            if (self._folder / "data" / "postmaster.pid").exists():
                self._run("pg_ctl", "-m", "immediate", "stop")
            shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        assert self._folder is not None
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        subprocess.run(
            command,
            check=True,
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )

    def cpu_s(self) -> float:
        """Return the processor time of this connection's process."""
        pid = self.connection.info.backend_pid
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class PostGIS:
    """`geography`, with the territory as one row."""

    def __init__(self, server: Server, polygon: shapely.Geometry) -> None:
        self.server = server
        self.run = server.connection.execute
        self.run("create table territory (g geography)")
        self.run("insert into territory values (%s::bytea::geography)", [shapely.to_wkb(polygon)])
        row = self.run("select postgis_lib_version(), current_setting('server_version')").fetchone()
        assert row is not None
        self.version = f"PostGIS {row[0]} (PostgreSQL {row[1].split()[0]})"

    def cpu_s(self) -> float:
        return self.server.cpu_s()

    def load(self, points: Points, range_m: np.ndarray | float = 0.0) -> int:
        """Load points into the table `point`; return how many."""
        self.run("drop table if exists point")
        self.run("create table point (id int, lon float8, lat float8, m float8)")
        far = np.broadcast_to(range_m, len(points)).tolist()
        with self.server.connection.cursor().copy("copy point from stdin") as copy:
            for i, row in enumerate(
                zip(points.lon.tolist(), points.lat.tolist(), far, strict=True)
            ):
                copy.write_row((i, *row))
        self.run("alter table point add g geography")
        self.run("update point set g = st_point(lon, lat)::geography")
        self.run("vacuum analyze point")
        return len(points)

    def decide(self, size: int) -> np.ndarray:
        rows = self.run("select p.id from point p, territory t where st_dwithin(p.g, t.g, p.m)")
        hit = np.zeros(size, dtype=bool)
        hit[[row[0] for row in rows.fetchall()]] = True
        return hit

    def distance_m(self, size: int) -> np.ndarray:
        rows = self.run("select st_distance(p.g, t.g) from point p, territory t order by p.id")
        return np.array([row[0] for row in rows.fetchall()])

    def buffer(self, range_m: float, polygon: shapely.Geometry) -> shapely.Geometry:
        row = self.run(
            "select st_asbinary(st_buffer(%s::bytea::geography, %s)::geometry)",
            [shapely.to_wkb(polygon), range_m],
        ).fetchone()
        assert row is not None
        return shapely.from_wkb(row[0])
