"""Every table of data/published, typed as its source prints it: upload, answer, confirm, approve.

All through the pages, as a specialist does it; then every figure is asked for again.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ethnic_data.aggregation import answer
from ethnic_data.models import EthnicGroup, Observation
from ethnic_data.services.files import rows_of
from portal.collection.models import Submission, Upload
from portal.jobs.services import drain
from portal.units.models import AdministrativeUnit
from tests.cast import member

from . import printed_tables as printed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OTHER_NAMES = {"Sán Chay (Sán Chí + Cao Lan, merged cell)": "15", "Dân tộc thiểu số khác": "98"}


def post(client, name, pk, **data):
    return client.post(reverse(f"collection:{name}", args=[pk]), data)


def bring_in(client, content, *, dataset, unit, period, replies=()):
    """From the file to the approved submission; `replies` are (words of a question, answer)."""
    client.force_login(member("specialist"))
    url = reverse("collection:start", args=[dataset, unit, period])
    assert client.post(url, {"files": SimpleUploadedFile("bieu.xlsx", content)}).status_code == 302
    drain()
    upload = Upload.objects.latest("pk")
    for _ in range(3):
        if not upload.questions:
            break
        given = {f"cau-{n}": reply_to(one, replies) for n, one in enumerate(upload.questions)}
        assert post(client, "upload_answer", upload.pk, **given).status_code == 302
        drain()
        upload.refresh_from_db()
    assert not upload.questions
    assert [one["message"] for one in upload.issues if one["severity"] == "error"] == []
    submission = upload.submission
    assert client.get(reverse("collection:preview", args=[submission.pk])).status_code == 200
    post(client, "commit", submission.pk)
    explain(client, submission)
    seen = client.get(reverse("collection:submit", args=[submission.pk])).context["digest"]
    post(client, "submit", submission.pk, statement=seen, confirmed="1")
    client.force_login(member("head"))
    post(client, "approve", submission.pk)
    submission.refresh_from_db()
    assert submission.status == Submission.Status.APPROVED
    return submission


def reply_to(question, replies):
    """What a person answers: as told, else what the portal proposes."""
    for words, reply in replies:
        if words in question["text"]:
            return reply
    assert question["suggestion"], question
    return question["suggestion"]


def explain(client, submission):
    """The reason that a warning asks for."""
    page = client.get(reverse("collection:submit", args=[submission.pk]))
    open_ones = page.context["unexplained"]
    assert not open_ones, open_ones


def place(code, year):
    return AdministrativeUnit.objects.on(datetime.date(year, 12, 31)).get(code=code)


def group_of(row):
    if row.get("code"):
        return row["code"]
    name = row["name"]
    return OTHER_NAMES.get(name) or EthnicGroup.objects.filter(name=name).first() or "98"


def figure(code, unit, year, **about):
    found = answer(code, place(unit, year), str(year), **about)
    return found.value, found.kind


def days(submission):
    return set(
        Observation.objects.filter(submission=submission).values_list("reference_date", "kind")
    )


def test_population_of_the_province_by_group_2019(client):
    done = bring_in(
        client, printed.population_2019(), dataset="DS-DAN-TOC-TINH", unit="24", period="2019"
    )
    for row in rows_of("published/bac_giang_population_by_group_2019.csv"):
        expected = (Decimal(row["population"]), "census")
        assert figure("D03", "24", 2019, group=group_of(row)) == expected, row
    assert figure("D03", "24", 2019) == (Decimal(1803950), "census")
    assert figure("D03", "24", 2019, group="minorities")[0] == Decimal(257273)
    assert days(done) == {(datetime.date(2019, 4, 1), "census")}


def test_minorities_2014_with_their_share_in_the_same_cell(client):
    done = bring_in(
        client,
        printed.minorities_2014(),
        dataset="DTTS-TINH",
        unit="24",
        period="2014",
        replies=[("đơn vị tính “tỷ lệ %”", "yes")],
    )
    rows = rows_of("published/bac_giang_minorities_2014.csv")
    for row in rows:
        assert figure("D03", "24", 2014, group=group_of(row))[0] == Decimal(row["population"]), row
    assert figure("D03", "24", 2014, group="minorities")[0] == Decimal(200538)
    assert days(done) == {(datetime.date(2014, 12, 31), "administrative")}


def test_households_by_size_of_the_nation(client):
    done = bring_in(
        client, printed.household_size(), dataset="DT53-BIEU-4A", unit="VN", period="2019"
    )
    rows = rows_of("published/survey_2019_bieu_4a_household_size.csv")
    found = {
        (o.group.code, o.category): o.value
        for o in Observation.objects.filter(submission=done).select_related("group")
    }
    expected = {
        (row["code"], category): Decimal(row[field])
        for row in rows
        if row["code"]
        for field, category in [("households_total", ""), *((f"size_{n}",) * 2 for n in (1, 2, 3))]
    }
    assert found == expected
    for field, category in [("households_total", ""), *((f"size_{n}",) * 2 for n in (1, 2, 3))]:
        total = sum(int(row[field]) for row in rows if row["code"])
        assert total == int(rows[0][field])
        assert figure("D07", "VN", 2019, category=category)[0] == total
    assert days(done) == {(datetime.date(2019, 4, 1), "census")}


def test_toilets_of_kon_tum_keep_the_provinces_own_row(client):
    done = bring_in(
        client,
        printed.toilets_kon_tum(),
        dataset="DT53-BIEU-56",
        unit="62",
        period="2019",
        replies=[("ô để trống", "zero")],
    )
    fields = {
        "total": "",
        "septic_or_semi": "septic_or_semi",
        "other": "toilet_other",
        "none": "toilet_none",
    }
    codes = ["62", "608", "610", "611"]
    for code, row in zip(
        codes, rows_of("published/survey_2019_bieu_56_toilet_kon_tum.csv"), strict=True
    ):
        for field, category in fields.items():
            expected = (Decimal(row[field]), "sample")
            assert figure("H14", code, 2019, category=category) == expected, (row, field)
    assert days(done) == {(datetime.date(2019, 10, 1), "sample")}


def test_the_54_groups_of_two_censuses_from_one_table(client):
    days_of = {}
    for year in (2009, 2019):
        done = bring_in(
            client,
            printed.groups_of_the_nation(),
            dataset="DS-54-DAN-TOC",
            unit="VN",
            period=str(year),
        )
        [(days_of[year], kind)] = days(done)
        assert kind == "census"
    assert {days_of[2009], days_of[2019]} == {datetime.date(2009, 4, 1), datetime.date(2019, 4, 1)}
    for row in rows_of("published/viet_nam_54_groups_2009_2019.csv"):
        group = row["code"] or None
        before, after = (figure("D03", "VN", year, group=group)[0] for year in (2009, 2019))
        printed_before = Decimal(row["pop_2009"] or 0)  # blank: nobody was counted there
        assert (before, after) == (printed_before, Decimal(row["pop_2019"])), row
        if row["growth_calc"]:
            growth = ((after / before).ln() / 10 * 100).quantize(Decimal("0.01"))
            assert growth == Decimal(row["growth_calc"])
            assert row["growth_printed"] in ("", row["growth_calc"])
