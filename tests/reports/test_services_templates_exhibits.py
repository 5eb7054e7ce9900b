"""Tables and charts of templates: put in by hand, asked anew for the period of each report."""

import pytest
from django.http import QueryDict

from portal.collection.models import ReportingPeriod
from portal.collection.services.periods import periods_of
from reports import services
from reports.models import ReportTemplate
from reports.services import templates
from reports.services.exhibits import placed_exhibit
from tests.cast import member
from tests.programs.factories import line_of_works, pay
from tests.programs.test_ledger import on
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def draft():
    used = ReportTemplate.objects.current().get(code="2289/QĐ-TTg")
    return templates.new_version(template=used, by=member("specialist"))


def inserted(template, **told):
    told = {"kind": "table", "source": "programme", "by": member("specialist")} | told
    told.setdefault("query", f"chuong-trinh={line_of_works().programme.code}")
    return templates.insert_exhibit(template=template, today=stage.DAY, **told)


@pytest.mark.parametrize(
    ("rhythm", "asked", "kept"),
    [
        ("yearly", "2022,2023", "{nam_truoc},{nam}"),
        ("yearly", "2021,2022,2023", "{nam_truoc_2},{nam_truoc},{nam}"),
        ("yearly", "2019,2023", "2019,{nam}"),  # a survey's year is one by itself
        ("quarterly", "2023-Q1,2023-Q2,2022-Q2", "{nam_truoc}-Q2,{nam}-Q1,{ma_ky}"),
        ("monthly", "2023-Q2", "{nam}-Q2"),
        ("monthly", "2022,2023", "{nam_truoc},{nam}"),
    ],
)
def test_the_newest_period_of_a_table_is_that_of_the_report(draft, rhythm, asked, kept):
    for code in asked.split(","):
        if not ReportingPeriod.objects.filter(code=code).exists():
            next(one for one in periods_of(int(code[:4])) if one.code == code).save()
    ReportTemplate.objects.filter(pk=draft.pk).update(rhythm=rhythm)
    name = inserted(draft, source="explorer", query=f"ct=N03&ky={asked}&hang=ky")
    draft.refresh_from_db()
    told = QueryDict(draft.exhibits[name]["query"])
    assert ",".join(told.getlist("ky")) == kept


def test_a_table_is_put_into_a_section_and_reports_make_it_for_their_period(draft):
    line = line_of_works()
    pay(line, "300.125", on(31, 3))
    query = f"chuong-trinh={line.programme.code}&nam=2023&den_ngay=31/03/2023&bang=area"
    name = inserted(draft, query=query, title="Vốn quý I")
    templates.place_exhibit(template=draft, by=member("specialist"), name=name, key="mo-dau")
    templates.edit_exhibit(
        template=draft, by=member("specialist"), name=name, title="Vốn năm {nam}",
        caption="Theo sổ.", orientation="landscape",
    )  # fmt: skip
    inserted(draft, query=query, kind="chart")  # not placed: dropped when put into use
    templates.publish(template=draft, by=member("head"), now=stage.NOW)
    template = ReportTemplate.objects.get(pk=draft.pk)
    assert list(template.exhibits) == [name]
    report = services.create_from_template(
        template=template,
        period=stage.submission_period(),
        drafter=member("specialist"),
        now=stage.NOW,
        report_date=stage.DAY,
    )
    (exhibit,) = report.exhibits.all()
    assert (exhibit.title, exhibit.is_landscape) == ("Vốn năm 2023", True)
    assert "den_ngay" not in exhibit.query  # the last day of the period is to come
    assert exhibit.rows[-1][2][2][0] == "300,125"


def test_a_period_that_is_not_there_is_not_shown_as_another(draft):
    row = {"kind": "table", "source": "explorer", "query": "ct=N03&ky=2099"}
    exhibit = placed_exhibit(stage.draft(), row, now=stage.NOW)
    assert exhibit.problem == "Chưa có kỳ báo cáo 2099."
    with pytest.raises(services.ExhibitRefused, match="2099"):
        inserted(draft, source="explorer", query="ct=N03&ky=2099")


def test_what_a_template_cannot_hold_is_refused_with_a_sentence(draft):
    for wrong in (
        {"kind": "la"},
        {"source": "la"},
        {"query": "chuong-trinh=9999"},
        {"query": f"ct=N03&ky=2023&pl={'x' * 2000}", "source": "explorer"},
    ):
        with pytest.raises(services.ExhibitRefused):
            inserted(draft, **wrong)
    ReportTemplate.objects.filter(pk=draft.pk).update(unit_level="commune")
    with pytest.raises(templates.NoTablesInSheets):
        inserted(draft)
    ReportTemplate.objects.filter(pk=draft.pk).update(unit_level="")
    name = inserted(draft, source="explorer", query="ct=N03&ky=2023")
    told = {"template": draft, "by": member("specialist")}
    templates.place_exhibit(**told, name=name, key="mo-dau")
    with pytest.raises(templates.NoTablesInSheets):
        templates.edit_facts(**told, facts={"unit_level": "commune"})
    texts = {"title": "", "caption": "", "orientation": "portrait"}
    with pytest.raises(templates.UnknownInTemplate):
        templates.edit_exhibit(**told, name="la", **texts)
    with pytest.raises(services.ReportRefusal, match="trang dọc"):
        templates.edit_exhibit(**told, name=name, **texts | {"orientation": "chéo"})
    with pytest.raises(services.NotAllowed):
        inserted(draft, by=member("leader"))
