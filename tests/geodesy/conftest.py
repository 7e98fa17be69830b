import pytest


@pytest.fixture(autouse=True)
def _no_cache_of_the_user(monkeypatch):
    monkeypatch.setenv("DEPLOYGEO_CACHE", "off")
