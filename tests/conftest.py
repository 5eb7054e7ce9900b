"""The suite's servers, reference data and cast."""

from __future__ import annotations

import contextlib
import os

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.embedded import embedded_servers


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the suite starts a pair of servers, unless others were named."""
    if "DATABASE_URL" in os.environ or hasattr(config, "workerinput"):
        return
    stack = contextlib.ExitStack()
    stack.enter_context(embedded_servers(settings.EMBEDDED, durable=False))
    config.add_cleanup(stack.close)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Reference data once per database: units, groups, indicators."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True)
def media_in_a_folder_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SIGNING_DIR = tmp_path / "signing"


@pytest.fixture
def run_jobs(django_capture_on_commit_callbacks):
    """Do every waiting job in this process, as a worker would."""
    from portal.jobs import services

    return services.drain


@pytest.fixture
def cast(db):
    """`cast("leader")` gives the person of that name, made on first use."""
    from tests.cast import member

    return member


def _fixture(name: str):
    @pytest.fixture(name=name)
    def give(cast):
        return cast(name)

    return give


son_dong_officer = _fixture("son_dong_officer")
luc_ngan_officer = _fixture("luc_ngan_officer")
specialist = _fixture("specialist")
head = _fixture("head")
form_checker = _fixture("form_checker")
leader = _fixture("leader")
clerk = _fixture("clerk")
administrator = _fixture("administrator")
auditor = _fixture("auditor")
investor = _fixture("investor")


@pytest.fixture
def reference_data(transactional_db):
    """For transactional tests, which begin with empty tables: load the reference data again."""
    from django.core.management import call_command

    call_command("load_reference", verbosity=0)


@pytest.fixture
def send_list(client, run_jobs):
    """Send a file of a list as somebody; what was read of it."""
    from portal.collection.models import ListImport

    def sent(user, which, content, name="so.xlsx"):
        client.force_login(user)
        url = reverse("collection:list_start", args=[which])
        answer = client.post(url, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.content.decode()
        run_jobs()
        return ListImport.objects.latest("pk")

    return sent


@pytest.fixture
def confirm_list(client, run_jobs):
    def confirmed(one):
        client.post(reverse("collection:list_confirm", args=[one.pk]))
        run_jobs()
        one.refresh_from_db()
        return one

    return confirmed
