"""The tree of a programme, its targets, and what the database refuses."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from programs.models import (
    Applicability,
    Component,
    Phase,
    Programme,
    PublishedCapital,
    Target,
    TargetValue,
)
from programs.models.targets import read_printed
from tests.cast import unit
from tests.programs.factories import ComponentFactory, ProgrammeFactory, TargetFactory

pytestmark = pytest.mark.django_db


def refused(name: str):
    """The database itself refuses, by the constraint of that name."""
    return pytest.raises(IntegrityError, match=name)


def test_the_tree_lists_projects_in_order_with_subprojects_before_contents():
    programme = Programme.objects.get(code="1719")
    tree = programme.components.as_tree()
    assert [branch.component.code for branch in tree] == [f"DA{n}" for n in range(1, 11)]
    assert [branch.component.code for branch in tree[2].below] == [
        "DA3.TDA1",
        "DA3.TDA2",
        "DA3.TDA3",
    ]
    assert [b.component.code for b in tree[9].walk()][-1] == "DA10.TDA3"
    assert sum(1 + branch.size for branch in tree) == 48


def test_the_tree_takes_one_query(django_assert_num_queries):
    programme = Programme.objects.get(code="1719")
    with django_assert_num_queries(1):
        programme.components.as_tree()


def test_a_project_cannot_hang_below_another():
    project = ComponentFactory()
    with refused("component_stands_where_it_belongs"):
        ComponentFactory(programme=project.programme, parent=project)


def test_a_subproject_cannot_stand_alone():
    with refused("component_stands_where_it_belongs"):
        ComponentFactory(kind="subproject")


def test_a_content_cannot_hang_below_a_content():
    project = ComponentFactory()
    content = ComponentFactory(programme=project.programme, parent=project, kind="content")
    with refused("không đúng loại"):
        ComponentFactory(programme=project.programme, parent=content, kind="content")


def test_a_component_cannot_hang_below_another_programmes():
    with refused("thuộc chương trình khác"):
        ComponentFactory(parent=ComponentFactory(), kind="subproject")


def test_a_project_with_subprojects_cannot_become_one():
    project = ComponentFactory()
    ComponentFactory(programme=project.programme, parent=project, kind="subproject")
    other = ComponentFactory(programme=project.programme)
    with refused("không còn hợp"):
        Component.objects.filter(pk=project.pk).update(kind="subproject", parent=other)


def test_a_form_hears_in_vietnamese_why_a_parent_does_not_fit():
    project = ComponentFactory()
    stranger = ComponentFactory.build(
        programme=ProgrammeFactory(), parent=project, kind="subproject"
    )
    with pytest.raises(ValidationError, match="Cấp trên thuộc chương trình khác"):
        stranger.full_clean()
    inside = ComponentFactory.build(programme=project.programme, parent=project, kind="project")
    with pytest.raises(ValidationError, match="không thể thuộc cấp này"):
        inside.full_clean()


def test_a_code_is_used_once_in_a_programme():
    project = ComponentFactory(code="X1")
    with refused("component_code_once"):
        ComponentFactory(programme=project.programme, code="X1")


def test_two_phases_cannot_share_a_day():
    programme = Programme.objects.get(code="1719")
    with refused("phase_one_at_a_time"):
        Phase.objects.create(
            programme=programme,
            name="Xen giữa",
            valid=DateRange(datetime.date(2025, 6, 1), datetime.date(2026, 6, 1)),
        )


def test_subproject_one_of_project_nine_is_not_carried_out_in_bac_giang():
    province = unit("24")
    components = Component.objects.filter(programme__code="1719")
    excluded = components.excluded_from(province, on=datetime.date(2023, 11, 1))
    assert [component.code for component in excluded] == ["DA9.TDA1"]
    assert not components.excluded_from(province, on=datetime.date(2021, 1, 1)).exists()


def test_what_hangs_below_an_excluded_component_is_excluded_too():
    project = ComponentFactory()
    subproject = ComponentFactory(programme=project.programme, parent=project, kind="subproject")
    content = ComponentFactory(programme=project.programme, parent=subproject, kind="content")
    Applicability.objects.create(
        component=project,
        unit=unit("24"),
        applies=False,
        valid=DateRange(datetime.date(2023, 1, 1), None),
        basis="thử",
    )
    excluded = project.programme.components.excluded_from(unit("24"), on=datetime.date(2023, 11, 1))
    assert set(excluded) == {project, subproject, content}


def test_two_rules_about_one_component_cannot_hold_on_one_day():
    rule = Applicability.objects.get(component__code="DA9.TDA1")
    with refused("applicability_once_at_a_time"):
        Applicability.objects.create(
            component=rule.component,
            unit=rule.unit,
            applies=True,
            valid=DateRange(datetime.date(2024, 1, 1), None),
            basis="thử",
        )


@pytest.mark.parametrize(
    ("printed", "threshold", "strict"),
    [
        (">98", Decimal("98"), True),
        ("<15", Decimal("15"), True),
        ("2.5", Decimal("2.5"), False),
        ("2,5", Decimal("2.5"), False),
        ("100 (cơ bản không còn xã, thôn ĐBKK)", Decimal("100"), False),
        ("1/2", None, False),
        ("4/2/3", None, False),
        ("cơ bản hoàn thành", None, False),
        ("", None, False),
    ],
)
def test_a_plain_printed_value_is_read_and_any_other_left_alone(printed, threshold, strict):
    assert read_printed(printed) == (threshold, strict)


@pytest.mark.parametrize(
    ("printed", "direction", "actual", "met"),
    [
        (">3", "up", "3", False),
        (">3", "up", "3.1", True),
        ("90", "up", "90", True),
        ("90", "up", "89.9", False),
        ("<15", "down", "15", False),
        ("<15", "down", "14.9", True),
        ("10", "down", "10", True),
        ("1/2", "up", "1", None),
    ],
)
def test_a_target_is_met_by_its_own_direction(printed, direction, actual, met):
    value = TargetValue.objects.create(
        target=TargetFactory(direction=direction), year=2025, printed=printed
    )
    assert value.is_met_by(Decimal(actual)) is met


def test_a_target_has_one_value_a_year():
    value = TargetValue.objects.create(target=TargetFactory(), year=2025, printed="98")
    with refused("target_value_once"):
        TargetValue.objects.create(target=value.target, year=2025, printed="99")


def test_published_money_is_positive_and_has_a_source():
    figure = PublishedCapital.objects.first()
    with refused("published_capital_positive"), transaction.atomic():
        PublishedCapital.objects.filter(pk=figure.pk).update(amount=0)
    with refused("published_capital_has_source"):
        PublishedCapital.objects.filter(pk=figure.pk).update(source="")


def test_the_programme_in_force_is_the_one_shown_first():
    later = ProgrammeFactory()
    assert Programme.objects.latest_begun(datetime.date(2026, 11, 1)) == later
    assert Programme.objects.latest_begun(datetime.date(2023, 11, 1)).code == "1719"
    assert Programme.objects.latest_begun(datetime.date(2000, 1, 1)).code == "1719"


def test_targets_of_the_province_are_told_from_those_of_the_nation():
    assert [t.code for t in Target.objects.of_province()] == ["BG01", "BG02", "BG03"]


def test_components_stand_in_the_order_of_their_numbers():
    programme = ProgrammeFactory()
    for number in (10, 9, 2, 1):
        ComponentFactory(programme=programme, number=number, code=f"DA{number}")
    found = Component.objects.filter(programme=programme).in_order()
    assert [one.code for one in found] == ["DA1", "DA2", "DA9", "DA10"]
