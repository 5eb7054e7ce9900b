"""Two officers answer the same page in the same second: two pages, one effect, both told of."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from portal.collection import services
from portal.collection.models import SubmissionEvent
from portal.jobs.services import drain
from tests.cast import member, person
from tests.collection.conftest import values_of
from tests.collection.test_services_at_once import together
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def reference(transactional_db):
    call_command("load_reference", verbosity=0)
    yield
    connections.close_all()


@pytest.fixture
def officers(reference):
    """Two officers of one district, each at a browser of their own."""
    people = [
        member("son_dong_officer"),
        person("vi.van.sau", role="officer", full_name="Vi Văn Sáu", area="220"),
    ]
    clients = [Client(raise_request_exception=False) for _ in people]
    for client, who in zip(clients, people, strict=True):
        client.force_login(who)
    return list(zip(people, clients, strict=True))


def received(submission, by, name, content):
    return services.receive_upload(
        submission=submission, file=ContentFile(content), name=name, by=by
    )


def shown(client, answer):
    """The page that a person lands on."""
    assert answer.status_code in (200, 302, 409), answer.status_code
    page = client.get(answer.url, follow=True) if answer.status_code == 302 else answer
    assert page.status_code in (200, 409)
    return page.content.decode()


def history(submission, what):
    return set(
        SubmissionEvent.objects.filter(submission=submission, what=what).values_list(
            "who__username", flat=True
        )
    )


def test_two_officers_take_the_same_file_over_in_the_same_second(officers, opened):
    submission = opened()
    received(submission, officers[0][0], "a.xlsx", form_05())
    drain()
    address = reverse("collection:commit", args=[submission.pk])
    answers = together(*[lambda client=client: client.post(address) for _, client in officers])
    pages = [shown(client, answer) for (_, client), answer in zip(officers, answers, strict=True)]
    assert sum("119" in page and "Đã ghi nhận" in page for page in pages) >= 1
    assert len(values_of(submission)) == 119
    assert SubmissionEvent.objects.filter(submission=submission, what="committed").count() == 1


def test_two_officers_send_the_same_rows_and_take_them_over_in_the_same_second(officers, opened):
    """Each with a file of the same communes that agree: every value once, both files in history."""
    submission = opened()
    address = reverse("collection:commit", args=[submission.pk])
    files = [
        received(submission, who, f"{who.username}.xlsx", form_05(only=codes()[:count]))
        for count, (who, _) in enumerate(officers, 4)
    ]
    assert files[0].pk != files[1].pk
    drain()
    answers = together(*[lambda client=client: client.post(address) for _, client in officers])
    for (_, client), answer in zip(officers, answers, strict=True):
        shown(client, answer)
    assert len(values_of(submission)) == 5 * 7
    assert {upload.state for upload in submission.uploads.all()} == {"committed"}
    assert history(submission, "uploaded") == {who.username for who, _ in officers}
    told = SubmissionEvent.objects.filter(submission=submission, what="committed")
    assert told.count() == 2, "one line for each file"


def test_two_officers_type_the_same_cell_in_the_same_second(officers, opened):
    """One is stored; the other is shown the conflict, says again, and is in the history too."""
    submission = opened()
    received(submission, officers[0][0], "a.xlsx", form_05())
    drain()
    services.commit_uploads(submission=submission, by=officers[0][0])
    address = reverse("collection:entry", args=[submission.pk])
    cell = f"o~{codes()[0]}~~N03"
    given = []
    for (_, client), text in zip(officers, ("41", "42"), strict=True):
        page = client.get(address)
        base = json.loads(page.context["opened_with"])
        given.append({**base, "goc": page.context["opened_with"], cell: text})
    answers = together(
        *[
            lambda client=client, fields=fields: client.post(address, fields)
            for (_, client), fields in zip(officers, given, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    late = next(index for index, answer in enumerate(answers) if answer.status_code == 409)
    page = shown(officers[late][1], answers[late])
    assert "vừa ghi" in page
    typed = given[late][cell]
    assert f'value="{typed}"' in page
    again = {**given[late], "goc": answers[late].context["opened_with"]}
    assert officers[late][1].post(address, again).status_code == 302
    stored = {v.value for k, v in values_of(submission).items() if k.unit == codes()[0]}
    assert Decimal(typed) in stored
    assert len(values_of(submission)) == 119
    assert history(submission, "typed") == {who.username for who, _ in officers}
