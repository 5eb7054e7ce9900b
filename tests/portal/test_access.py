"""One table: every URL × role × own or other area → status. A URL that is missing fails here."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import tests.access as tables
from tests.access import investor

CAST = {
    "officer_own": "son_dong_officer",
    "officer_other": "son_dong_officer",
    "specialist": "specialist",
    "head": "head",
    "form_checker": "form_checker",
    "leader": "leader",
    "clerk": "clerk",
    "administrator": "administrator",
    "auditor": "auditor",
}
COLUMNS = ["anonymous", *CAST]

ROWS = [
    row
    for module in pkgutil.iter_modules(tables.__path__)
    for row in importlib.import_module(f"tests.access.{module.name}").ROWS
]


def names(patterns=None, prefix=""):
    """Every URL name of the portal, with its namespaces."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield prefix + pattern.name


def test_every_url_stands_in_the_table():
    missing = set(names()) - {row[0] for row in ROWS}
    assert not missing, f"add rows to tests/access for {sorted(missing)}"


def test_the_table_names_no_url_that_is_gone():
    assert {row[0] for row in ROWS} <= set(names())


def test_every_row_says_something_for_every_role():
    for name, _, method, statuses in ROWS:
        assert set(statuses) == set(COLUMNS), f"{method} {name}: {set(statuses) ^ set(COLUMNS)}"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "given", "method", "statuses"), ROWS, ids=[f"{row[2]} {row[0]}" for row in ROWS]
)
def test_each_role_gets_the_status_of_the_table(cast, name, given, method, statuses):
    own, other = given(cast) if given else ({}, {})
    statuses = statuses | {"investor": investor.expected(name, statuses)}
    found = {}
    for column in statuses:
        client = Client()  # a browser of their own
        if column != "anonymous":
            client.force_login(cast(CAST.get(column, column)))
        kwargs = other if column == "officer_other" else own
        answer = getattr(client, method)(reverse(name, kwargs=kwargs))
        signs_in = answer.status_code == 302 and answer.url.startswith(reverse("accounts:login"))
        found[column] = "login" if signs_in else answer.status_code
        assert found[column] != 500
        if answer.streaming:
            answer.getvalue()  # a file sent in pieces is open until it is read
    assert found == statuses
