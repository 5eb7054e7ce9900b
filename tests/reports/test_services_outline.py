"""The tree of sections: moved by several people, never broken."""

import pytest

from reports import services
from reports.models import Section
from reports.references import nodes_of
from reports.text.outline import DEEPEST, Place, Way, seen
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


def move(section, way, *, by="specialist", as_seen=""):
    return services.move_section(
        section=section, way=way, by=member(by), now=stage.NOW, as_seen=as_seen
    )


def place(section, parent, after=None, *, by="specialist", as_seen=""):
    return services.place_section(
        section=section,
        place=Place(parent and parent.pk, after and after.pk),
        by=member(by),
        now=stage.NOW,
        as_seen=as_seen,
    )


def labels(report):
    return {node.row.title or node.row.excerpt: node.label for node in nodes_of(report)}


def added(report, title, *, parent=None, level="arabic"):
    return services.add_section(
        report=report,
        by=member("specialist"),
        now=stage.NOW,
        title=title,
        level=level,
        parent=parent,
    )


def test_sections_are_added_moved_and_taken_out(report):
    drafter = member("specialist")
    parent = stage.section(report, "Đánh giá tình hình")
    added = services.add_section(
        report=report,
        by=drafter,
        now=stage.NOW,
        title="Nguyên nhân",
        level="arabic",
        parent=parent,
    )

    assert labels(report)["Nguyên nhân"] == "3."
    assert services.move_section(section=added, way=Way.UP, by=drafter, now=stage.NOW)
    assert labels(report)["Nguyên nhân"] == "2."
    assert labels(report)["Những khó khăn, tồn tại"] == "3."
    with pytest.raises(services.SectionHasMore):
        services.remove_section(section=parent, by=drafter, now=stage.NOW)
    services.remove_section(section=added, by=drafter, now=stage.NOW)
    assert "Nguyên nhân" not in labels(report)
    assert added.versions.count() == 1


def test_in_and_out_number_the_section_and_what_is_below_anew(report):
    top, other = added(report, "Phần A", level="roman"), added(report, "Phần B", level="roman")
    child = added(report, "Con", parent=other)
    grandchild = added(report, "Cháu", parent=child, level="decimal")
    before = labels(report)
    assert (before["Con"], before["Cháu"]) == ("1.", "1.1.")
    assert move(other, Way.IN)
    after = labels(report)
    assert (after["Phần B"], after["Con"], after["Cháu"]) == ("1.", "1.1.", "1.1.1.")
    assert move(Section.objects.get(pk=other.pk), Way.OUT)
    assert labels(report) == before
    assert Section.objects.get(pk=grandchild.pk).level == "decimal"
    assert report.events.filter(kind="section_moved").count() == 2
    assert not move(top, Way.OUT)


def test_a_section_is_put_anywhere_but_into_itself(report):
    one, two = added(report, "Một", level="roman"), added(report, "Hai", level="roman")
    inside = added(report, "Trong", parent=one)
    place(inside, two)
    assert Section.objects.get(pk=inside.pk).parent_id == two.pk
    with pytest.raises(services.SectionInItself):
        place(two, inside)
    with pytest.raises(services.SectionInItself):
        place(two, two)
    place(two, None)
    assert nodes_of(report)[0].row.pk == two.pk


def test_places_of_other_reports_and_unknown_ones_are_refused(report):
    section = stage.section(report, "nguồn nhân lực")
    foreign = stage.sample_again(report).sections.first()
    for parent, after in [(foreign, None), (None, foreign), (None, section)]:
        with pytest.raises(services.OutlineChanged):
            place(section, parent, after)
    with pytest.raises(services.OutlineChanged):
        services.place_section(
            section=section, place=Place(10**18, None), by=member("specialist"), now=stage.NOW
        )


def test_an_annex_stays_outside_and_nothing_goes_too_deep(report):
    annex = added(report, "Biểu", level="annex")
    with pytest.raises(services.AnnexInside):
        place(annex, stage.section(report, "nguồn nhân lực"))
    deep = added(report, "1")
    for n in range(2, DEEPEST + 1):
        deep = added(report, str(n), parent=deep, level="decimal")
    with pytest.raises(services.TooDeep):
        added(report, "quá", parent=deep, level="decimal")
    with pytest.raises(services.TooDeep):
        place(added(report, "khác"), deep)


def test_the_later_of_two_is_told_who_moved_and_nothing_moves(report):
    one, two = added(report, "Một"), added(report, "Hai")
    mark = seen(nodes_of(report))
    move(two, Way.UP, by="head", as_seen=mark)
    now = labels(report)
    with pytest.raises(services.OutlineChanged, match="Trần Văn Bình vừa sắp xếp lại mục lục"):
        move(one, Way.UP, as_seen=mark)
    assert labels(report) == now


def test_a_section_taken_out_meanwhile_is_not_moved(report):
    one = added(report, "Một")
    services.remove_section(section=one, by=member("head"), now=stage.NOW)
    with pytest.raises(services.OutlineChanged):
        move(one, Way.UP)
    with pytest.raises(services.OutlineChanged):
        added(report, "Con", parent=one)


def test_words_and_versions_are_not_touched_by_a_move(report):
    section = stage.section(report, "nguồn nhân lực")
    before = (section.revision, section.body, section.versions.count())
    move(section, Way.IN) or move(section, Way.UP)
    section.refresh_from_db()
    assert (section.revision, section.body, section.versions.count()) == before
