import pytest

from reports import services, tasks  # noqa: F401 - tasks declares the jobs
from tests.cast import member
from tests.reports import pki as local

_laid_out = []


@pytest.fixture(scope="module")
def pki():
    """A local authority with its services."""
    with local.Pki() as found:
        yield found


@pytest.fixture
def laid_out_once(monkeypatch):
    """For tests of what comes after the layout: the first file of the process is reused."""
    lay_out = services.lay_out

    def once(report, **given):
        if not _laid_out:
            _laid_out.append(lay_out(report, **given))
        return _laid_out[0]

    monkeypatch.setattr(services, "lay_out", once)


@pytest.fixture
def sign_in(client):
    def enter(name):
        client.force_login(member(name))
        return client

    return enter
