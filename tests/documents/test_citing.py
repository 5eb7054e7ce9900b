"""A field that names a document offers those of the register while somebody types."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portal.documents.forms.citing import document_named
from tests.programs.factories import decision
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db
OPTION = re.compile(r'<option value="([^"]+)">')


def offered(client, **typed):
    answer = client.get(reverse("documents:document_offers"), typed)
    assert answer.status_code == 200
    return OPTION.findall(answer.text)


def test_a_number_or_words_of_the_subject_offer_documents(client, specialist):
    document = decision(on(10, 1), "8765")
    client.force_login(specialist)
    assert offered(client, document="8765") == ["8765/QĐ-UBND ngày 10/01/2023"]
    assert "8765/QĐ-UBND ngày 10/01/2023" in offered(
        client, **{"van-ban-document": "giao ke hoach"}
    )
    assert document_named("8765/QĐ-UBND ngày 10/01/2023", by=specialist) == document


@pytest.mark.parametrize("typed", ["", "\0", "²", "x" * 5000, "%%", "'; --"])
def test_what_nothing_matches_offers_little_and_is_no_fault(client, specialist, typed):
    client.force_login(specialist)
    assert len(offered(client, document=typed)) <= 12


def test_the_field_is_a_text_field_with_a_list_of_its_own(client, specialist):
    client.force_login(specialist)
    html = client.get(reverse("programs:assignment_create")).text
    assert 'list="id_document-goi-y"' in html
    assert '<datalist id="id_document-goi-y">' in html
    assert f'hx-get="{reverse("documents:document_offers")}"' in html
