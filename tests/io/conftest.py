import pytest

from deploygeo.io import Limits, read


@pytest.fixture
def read_text(tmp_path):
    """Read a text or bytes as a GeoJSON file, with some limits."""

    def reader(content, **limits):
        path = tmp_path / "f.geojson"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, limits=Limits(**limits))

    return reader
