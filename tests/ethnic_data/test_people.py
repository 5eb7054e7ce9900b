"""What a list of people may hold, what it counts, and who is told of it."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from ethnic_data.aggregation.people import people_counts
from ethnic_data.models import (
    CouncilDeputy,
    CouncilTerm,
    PeopleAccess,
    PrestigiousPerson,
    RecognitionLevel,
)
from ethnic_data.services import people as services
from portal.units.models import AdministrativeUnit
from tests.access.people import a_commune_of, a_deputy, a_person, common

pytestmark = pytest.mark.django_db
RECOGNISED = datetime.date(2023, 4, 6)
NOW = datetime.datetime(2023, 11, 1, 8, tzinfo=datetime.UTC)


def refused(**change):
    """What the database says to a person with `change`."""
    person = a_person("220")
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        PrestigiousPerson.objects.filter(pk=person.pk).update(**change)
    return str(error.value)


def test_nobody_is_recognised_twice_at_once():
    person = a_person("220")
    with pytest.raises(IntegrityError), transaction.atomic():
        PrestigiousPerson.objects.create(
            category="elder",
            recognised_by="5/QĐ-UBND",
            recognised_date=datetime.date(2023, 5, 1),
            **common("220"),
        )
    services.remove_prestigious(
        person=person,
        decision="9/QĐ-UBND",
        date=datetime.date(2023, 6, 1),
        reason="moved",
        by=person.changed_by,
        now=NOW,
    )
    again = PrestigiousPerson.objects.create(
        category="elder",
        recognised_by="12/QĐ-UBND",
        recognised_date=datetime.date(2023, 9, 1),
        **common("220"),
    )
    assert again.pk != person.pk


@pytest.mark.parametrize(
    "change",
    [
        {"sex": "other"},
        {"birth_year": 1899},
        {"birth_year": 2010},
        {"recognised_by": ""},
        {"removed_date": datetime.date(2023, 6, 1)},
        {"removed_date": RECOGNISED, "removed_by": "9/QĐ", "removed_reason": "died"},
        {"full_name": "", "name_key": ""},
        {"education": "phd"},
    ],
    ids=lambda change: ",".join(change),
)
def test_the_database_refuses_what_no_list_may_hold(change):
    refused(**change)


def test_the_commune_is_there_on_the_day_of_recognition():
    gone = AdministrativeUnit.objects.communes().filter(
        is_reference=False, valid__endswith__lte=RECOGNISED
    )
    unit = (
        gone.first()
        or AdministrativeUnit.objects.communes()
        .filter(is_reference=False, valid__startswith__gt=RECOGNISED)
        .first()
    )
    assert "chưa có hoặc không còn" in refused(unit=unit)


def test_a_prestigious_person_lives_in_a_commune():
    district = AdministrativeUnit.objects.districts().filter(is_reference=False).first()
    assert "không phải là cấp đơn vị" in refused(unit=district)


def test_a_deputy_is_at_least_21_when_elected():
    deputy = a_deputy("220")
    CouncilDeputy.objects.filter(pk=deputy.pk).update(birth_year=2000)
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilDeputy.objects.filter(pk=deputy.pk).update(birth_year=2001)


def test_the_council_of_a_district_ends_with_the_district():
    fields = common("220") | {"unit": AdministrativeUnit.objects.get(code="220", level="district")}
    CouncilDeputy.objects.create(
        term=CouncilTerm.objects.get(name="2021–2026"),
        elected_date=datetime.date(2021, 5, 23),
        **fields,
    )
    assert CouncilDeputy.objects.on(datetime.date(2025, 6, 30)).count() == 1
    assert CouncilDeputy.objects.on(datetime.date(2025, 7, 1)).count() == 0


def test_who_recognises_is_a_matter_of_the_day():
    levels = [
        RecognitionLevel.objects.on(datetime.date(*day)).level
        for day in ((2019, 1, 21), (2024, 1, 1), (2025, 8, 1))
    ]
    assert levels == ["province", "district", "commune"]
    assert RecognitionLevel.objects.on(datetime.date(2010, 1, 1)) is None


def test_a_removal_is_said_once(specialist):
    person = a_person("220")
    removal = {
        "decision": "9/QĐ-UBND",
        "date": datetime.date(2023, 6, 1),
        "reason": "died",
        "by": specialist,
        "now": NOW,
    }
    services.remove_prestigious(person=person, **removal)
    with pytest.raises(services.NotOnTheList):
        services.remove_prestigious(person=person, **removal)
    person.refresh_from_db()
    assert not PrestigiousPerson.objects.on(datetime.date(2023, 6, 1)).exists()
    assert PrestigiousPerson.objects.on(datetime.date(2023, 5, 31)).count() == 1


def test_a_proposal_to_remove_says_why(specialist):
    person = a_person("220")
    with pytest.raises(ValidationError, match="lý do"):
        services.review_prestigious(
            person=person, year=2023, outcome="to_remove", note="", by=specialist, now=NOW
        )
    services.review_prestigious(
        person=person, year=2023, outcome="kept", note="", by=specialist, now=NOW
    )
    services.review_prestigious(
        person=person, year=2023, outcome="to_remove", note="Đã chuyển đi", by=specialist, now=NOW
    )
    assert person.reviews.count() == 1
    assert not PrestigiousPerson.objects.all().not_reviewed(2023).exists()


def test_a_decision_of_the_register_is_linked(specialist):
    from portal.documents.models import Document

    document = Document.objects.exclude(number=None).exclude(symbol="").first()
    person = a_person("220")
    person.recognised_by = document.number_and_symbol
    services.save_person(person=person, by=specialist, now=NOW)
    assert person.recognised_document == document


# counts


def test_the_counts_are_those_of_the_list():
    for district, sex, born, code in (
        ("220", "male", 1950, "02"),
        ("220", "female", 1990, "07"),
        ("219", "female", 1985, "01"),
    ):
        person = a_person(district)
        person.sex, person.birth_year, person.group = sex, born, group(code)
        person.is_party_member = sex == "male"
        person.save()
    counts = people_counts(PrestigiousPerson.objects.all(), on=datetime.date(2023, 11, 1))
    assert (counts.total, counts.minorities, counts.women, counts.party) == (3, 2, 2, 1)
    assert counts.young == 2
    assert {line.label: line.count for line in counts.by_group} == {"Tày": 1, "Nùng": 1, "Kinh": 1}
    assert sum(line.count for line in counts.by_age) == counts.total
    assert sum(line.count for line in counts.by_unit) == counts.total


def group(code):
    from ethnic_data.models import EthnicGroup

    return EthnicGroup.objects.get(code=code)


# the log


def test_the_log_is_only_ever_added_to(specialist):
    services.record_access(which="deputies", what="listed", by=specialist, count=3)
    row = PeopleAccess.objects.get()
    with pytest.raises(IntegrityError, match="không sửa"), transaction.atomic():
        PeopleAccess.objects.filter(pk=row.pk).update(count=0)
    with (
        pytest.raises(IntegrityError, match="không sửa"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM ethnic_data_peopleaccess")


def test_every_look_and_every_export_leaves_a_row(client, leader):
    person = a_person("220")
    client.force_login(leader)
    asked = {"q": "son", "gioi": "female", "ngay": "31/12/2023"}
    client.get(reverse("ethnic_data:prestigious_list"), asked)
    client.get(person.get_absolute_url())
    client.get(reverse("ethnic_data:prestigious_export", args=["csv"]))
    rows = list(PeopleAccess.objects.order_by("pk").values_list("what", "who", "person_id"))
    assert rows == [
        ("listed", leader.pk, None),
        ("read", leader.pk, person.pk),
        ("exported", leader.pk, None),
    ]
    told = PeopleAccess.objects.order_by("pk").first().detail
    assert told == "Họ và tên: son; Giới tính: nữ; Vào ngày: 31/12/2023"


def test_an_officer_sees_the_own_area_only(client, son_dong_officer):
    own, other = a_person("220"), a_person("219")
    client.force_login(son_dong_officer)
    page = client.get(reverse("ethnic_data:prestigious_list"))
    assert [one.pk for one in page.context["page_obj"]] == [own.pk]
    assert page.context["counts"].total == 1
    exported = client.get(reverse("ethnic_data:prestigious_export", args=["csv"]))
    assert len(exported.content.decode("utf-8-sig").strip().splitlines()) == 2
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["deputy_list", "prestigious_list"])
def test_a_list_asks_the_database_a_bounded_number_of_times(
    client, leader, django_assert_max_num_queries, name
):
    maker = a_deputy if name == "deputy_list" else a_person
    for district in ("215", "217", "218", "219", "220"):
        maker(district)
    client.force_login(leader)
    client.get(reverse(f"ethnic_data:{name}"))
    with django_assert_max_num_queries(16):
        client.get(reverse(f"ethnic_data:{name}"))


def test_nonsense_in_the_address_is_left_out(client, leader):
    a_person("220")
    client.force_login(leader)
    page = client.get(
        reverse("ethnic_data:prestigious_list"),
        {"don_vi": "x", "dan_toc": "99999", "gioi": "?", "ngay": "31/02/2023", "page": "zz"},
    )
    assert page.status_code == 200
    assert page.context["counts"].total == 1


# the forms


def test_a_person_is_added_in_the_browser(client, son_dong_officer):
    client.force_login(son_dong_officer)
    commune = a_commune_of("220")
    given = {
        "full_name": "  Vi   Thị Hoa ",
        "birth_year": 1970,
        "sex": "female",
        "group": group("02").pk,
        "unit": commune.pk,
        "category": "elder",
        "recognised_by": "217/QĐ-UBND",
        "recognised_date": "2023-04-06",
    }
    response = client.post(reverse("ethnic_data:prestigious_create"), given)
    person = PrestigiousPerson.objects.get()
    assert response.url == person.get_absolute_url()
    assert (person.full_name, person.changed_by) == ("Vi Thị Hoa", son_dong_officer)
    again = client.post(reverse("ethnic_data:prestigious_create"), given)
    assert "đang có trong danh sách" in again.content.decode()
    assert PrestigiousPerson.objects.count() == 1


def test_a_form_names_what_is_wrong_and_keeps_what_was_typed(client, specialist):
    client.force_login(specialist)
    given = {
        "full_name": "Lý Văn Bình",
        "birth_year": 2010,
        "sex": "male",
        "group": group("02").pk,
        "unit": a_commune_of("220").pk,
        "term": CouncilTerm.objects.get(name="2021–2026").pk,
        "elected_date": "2021-05-23",
        "left_date": "2022-01-01",
    }
    page = client.post(reverse("ethnic_data:deputy_create"), given).content.decode()
    assert "đủ 21 tuổi" in page
    assert "phải có ngày (sau ngày bầu) và lý do" in page
    assert "Lý Văn Bình" in page
    assert not CouncilDeputy.objects.exists()


def test_no_officer_adds_a_person_elsewhere(client, son_dong_officer):
    client.force_login(son_dong_officer)
    given = {
        "full_name": "Lý Văn Bình",
        "birth_year": 1960,
        "sex": "male",
        "group": group("02").pk,
        "unit": a_commune_of("219").pk,
        "category": "elder",
        "recognised_by": "1/QĐ-UBND",
        "recognised_date": "2023-04-06",
    }
    client.post(reverse("ethnic_data:prestigious_create"), given)
    assert not PrestigiousPerson.objects.exists()
