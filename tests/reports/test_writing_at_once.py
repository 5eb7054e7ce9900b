"""Two people writing one draft in the same moment."""

import pytest
from django.db import connections

from reports import services
from reports.models import Section
from reports.references import nodes_of
from reports.text.outline import Way, seen
from tests.at_once import together
from tests.cast import member
from tests.reports import stage

from .test_services_outline import added, move, place

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def report(reference_data):
    yield stage.draft()
    connections.close_all()


@pytest.fixture
def section(report):
    return stage.section(report, "nguồn nhân lực")


def test_two_people_moving_at_once_never_break_the_tree(report):
    one, two = added(report, "Một", level="roman"), added(report, "Hai", level="roman")
    keys = {node.row.pk for node in nodes_of(report)}
    member("specialist"), member("head")
    for _ in range(4):
        mark = seen(nodes_of(report))
        results = together(
            lambda mark=mark: place(one, two, as_seen=mark),
            lambda mark=mark: place(two, one, by="head", as_seen=mark),
        )
        refused = [isinstance(result, services.OutlineChanged) for result in results]
        assert sorted(refused) == [False, True], results
        assert {node.row.pk for node in nodes_of(report)} == keys
        inner = Section.objects.get(pk__in=[one.pk, two.pk], parent__in=[one.pk, two.pk])
        move(inner, Way.OUT)


def test_of_two_saves_at_once_one_is_kept_and_the_other_told(section):
    revision = section.revision
    people = [member("specialist"), member("head")]

    def save(by):
        return services.edit_section(
            section=Section.objects.get(pk=section.pk),
            title=section.title,
            body=f"<p>{by.full_name}</p>",
            by=by,
            now=stage.NOW,
            revision=revision,
        )

    results = together(*[lambda by=by: save(by) for by in people])
    told = [result for result in results if isinstance(result, services.EditedMeanwhile)]
    assert len(told) == 1
    section.refresh_from_db()
    assert section.revision == revision + 1
    assert told[0].latest.body == section.body
