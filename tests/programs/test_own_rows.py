"""Who writes some rows only: their own in every door, the others' neither written nor undone."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.collection import services
from portal.collection.models import Dataset, ReportingPeriod, Submission, Upload
from portal.collection.services import refusals
from portal.collection.services.duties import duties
from programs.models import Membership, WorksPlace
from tests.cast import DAY, member, person, unit
from tests.collection.api import Machine
from tests.programs.factories import OrganisationFactory, WorksFactory
from tests.programs.test_store import (
    FIGURES,
    HEADINGS,
    commit,
    expected,
    sheet_of,
    stored,
    type_in,
)
from tests.programs.works_of_a_test import WorksStore

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def investor(works):
    """CT-001 and CT-004, in a commune of Sơn Động, are theirs; they have no area of their own."""
    made = person("chu.dau.tu", role="investor", full_name="Giáp Văn Thịnh")
    organisation = OrganisationFactory()
    Membership.objects.create(user=made, organisation=organisation)
    place = unit("220").children.filter(valid__contains=DAY).first().unit
    works_of_theirs = WorksFactory(investor=organisation)
    WorksPlace.objects.create(works=works_of_theirs, unit=place, is_main=True)
    WorksStore.owners[made.username] = {"CT-001", "CT-004"}
    return made


@pytest.fixture
def filled(sent, opened):
    submission = opened()
    type_in(submission, FIGURES)
    return Submission.objects.get(pk=submission.pk)


def test_of_a_file_the_rows_of_others_are_refused(sent, filled, investor):
    content = sheet_of(HEADINGS, (1, "CT-001", "", 9, 9), (2, "CT-002", "", 9, 9))
    upload = sent(content, into=filled, by=investor)
    [issue] = upload.errors
    assert issue["unit"] == "CT-002"
    assert "công trình này không thuộc phần bạn được nhập" in issue["message"]
    own = sent(sheet_of(HEADINGS, (1, "CT-001", "", 9, 9)), into=filled, by=investor, name="b.xlsx")
    assert commit(own).changed == 2
    assert stored(filled)["CT-002", "NSTW-DT"] == 300


def test_in_the_grid_the_rows_of_others_are_left_alone(filled, investor):
    figures = {("CT-001", "NSTW"): 5, ("CT-001", "NST"): 6, ("CT-002", "NSTW"): 7}
    checked, written = type_in(filled, figures, by=investor)
    assert [(issue.unit, issue.severity) for issue in checked.issues] == [("CT-002", "error")]
    assert written.changed == 2
    now = stored(filled)
    assert (now["CT-001", "NSTW-DT"], now["CT-002", "NSTW-DT"]) == (5, 300)
    assert "CT-002" not in str(Submission.objects.get(pk=filled.pk).typed)


def test_the_page_has_fields_for_own_rows_and_locks_the_others(client, filled, investor):
    client.force_login(investor)
    url = reverse("collection:entry", args=[filled.pk])
    own = client.get(url).content.decode()
    assert "CT-001" in own
    assert "CT-002" not in own
    assert client.get(url, {"du": "1"}).status_code == 404, "whose rows they are is not theirs"


def test_who_sees_all_and_writes_some_rows_has_the_others_locked(client, filled, works):
    officer = member("son_dong_officer")
    WorksStore.owners[officer.username] = {"CT-001"}
    client.force_login(officer)
    url = reverse("collection:entry", args=[filled.pk])
    every = client.get(url, {"du": "1"}).content.decode()
    assert 'name="o~CT-001~~NSTW"' in every
    assert "CT-002" in every
    assert 'name="o~CT-002~~NSTW"' not in every


def test_what_a_page_does_not_send_of_others_rows_stays(client, filled, investor):
    client.force_login(investor)
    url = reverse("collection:entry", args=[filled.pk])
    cells = {"o~CT-001~~NSTW": "1200,5", "o~CT-001~~NST": "0,5", "o~CT-004~~NST": "7"}
    assert client.post(url, cells).status_code == 302
    assert stored(filled) == expected(FIGURES | {("CT-001", "NST"): "0.5"})
    assert client.post(url, {**cells, "o~CT-003~~NSTW": "1"}).status_code == 302
    assert stored(filled) == expected(FIGURES | {("CT-001", "NST"): "0.5"})


def test_the_api_refuses_the_rows_of_others(filled, investor):
    machine = Machine(investor)
    rows = [{"unit": code, "values": {"NSTW": 1}} for code in ("CT-001", "CT-003")]
    status, answer = machine.put(f"bo/{filled.pk}/so-lieu", {"rows": rows})
    assert status == 422
    assert [found["unit"] for found in answer["findings"]] == ["CT-003"]
    assert stored(filled) == expected(FIGURES)


def test_files_of_others_are_neither_taken_over_nor_put_aside_nor_undone(sent, filled, investor):
    theirs = sent(sheet_of(HEADINGS, (1, "CT-002", "", 9, 9)), into=filled)
    sent(sheet_of(HEADINGS, (1, "CT-001", "", 9, 9)), into=filled, by=investor)  # same name
    services.commit_uploads(submission=filled, by=investor)
    theirs.refresh_from_db()
    assert theirs.state == Upload.State.READ
    with pytest.raises(refusals.NotOwn):
        services.discard_upload(upload=theirs, by=investor)
    commit(theirs)
    with pytest.raises(refusals.NotOwn):
        services.undo_upload(upload=Upload.objects.get(pk=theirs.pk), by=investor)
    with pytest.raises(refusals.NotAllowed):
        services.delete_draft(submission=filled, by=investor)


def test_an_investor_begins_no_correction(filled, opened, investor):
    services.submit(submission=filled, by=member("son_dong_officer"))
    services.approve(submission=filled, by=member("specialist"))
    with pytest.raises(refusals.NotAllowed):
        opened(by=investor, reason="Sửa")


def test_whoever_writes_rows_sees_nothing_of_other_datasets(client, works, investor):
    period = ReportingPeriod.objects.get(code="2024")
    of_people = services.open_submission(
        dataset=Dataset.objects.get(code="BIEU-05"),
        unit=unit("220"),
        period=period,
        by=member("son_dong_officer"),
    )
    owed = duties(periods=[period], user=investor, today=period.end)
    assert "CT-THU" in {duty.dataset.code for duty in owed}
    assert {duty.dataset.row_level for duty in owed} == {"record"}
    client.force_login(investor)
    assert client.get(of_people.get_absolute_url()).status_code == 404
    start = reverse("collection:start", args=["BIEU-05", "220", "2024"])
    assert client.get(start).status_code == 404


def test_the_template_holds_own_rows(client, works, investor):
    client.force_login(investor)
    answer = client.get(reverse("collection:template", args=["CT-THU", "220", "2024"]))
    cells = [cell.value for cell in load_workbook(BytesIO(answer.content)).worksheets[0]["B"]]
    assert [value for value in cells if str(value).startswith("CT-")] == ["CT-001", "CT-004"]


def test_an_investor_sees_no_unit_without_works_of_theirs(client, works, investor):
    period = ReportingPeriod.objects.get(code="2024")
    assert {
        duty.unit.code for duty in duties(periods=[period], user=investor, today=period.end)
    } == {"220"}
    client.force_login(investor)
    start = reverse("collection:start", args=["CT-THU", "219", "2024"])
    assert client.get(start).status_code == 404
    assert client.get(start.replace("219", "220")).status_code == 200


def test_an_investor_sees_own_values_files_and_history_only(client, sent, filled, investor):
    theirs = sent(sheet_of(HEADINGS, (1, "CT-002", "", 9, 9)), into=filled, name="nguoi-khac.xlsx")
    sent(sheet_of(HEADINGS, (1, "CT-001", "", 8, 8)), into=filled, name="cua-toi.xlsx", by=investor)
    client.force_login(investor)
    values = client.get(reverse("collection:values", args=[filled.pk])).content.decode()
    assert "CT-001" in values
    assert "CT-002" not in values
    assert "1.200,5" in values  # the sum of own rows, not 1.540,5
    assert "1.540,5" not in values
    for name in ("submission", "files", "preview"):
        page = client.get(reverse(f"collection:{name}", args=[filled.pk])).content.decode()
        assert "cua-toi.xlsx" in page
        assert "nguoi-khac.xlsx" not in page
    for name in ("upload", "upload_original"):
        assert client.get(reverse(f"collection:{name}", args=[theirs.pk])).status_code == 404
    for name in ("letter", "receipt", "dependants"):
        assert client.get(reverse(f"collection:{name}", args=[filled.pk])).status_code == 404
    _, answer = Machine(investor).get(f"bo/{filled.pk}")
    assert set(answer) == {"submission"}
    _, answer = Machine(investor).get(f"bo/{filled.pk}/so-lieu")
    assert {row["unit"] for row in answer["rows"]} == {"CT-001", "CT-004"}
