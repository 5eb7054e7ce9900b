"""A reorganisation: foreseen, put in force, undone."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.collection.models import Dataset, Notice, ReportingPeriod, Submission
from portal.units import crosswalk
from portal.units.forms import ReorganisationForm, written
from portal.units.models import (
    AdministrativeUnit,
    Level,
    Reorganisation,
    UnitAncestor,
    UnitMembership,
    UnitParent,
    UnitShare,
    UnitSuccession,
)
from portal.units.services import reorganising
from portal.units.services.foreseeing import foreseen, left_open
from portal.units.services.planning import plan_of
from programs.models import Programme, Target
from tests.cast import member, person, unit

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 1)
TODAY = datetime.date(2026, 11, 25)
NOW = datetime.date(2025, 12, 31)
D58 = datetime.date(2025, 7, 1)
VAN_SON, AN_LAC = "07621", "07654"  # two communes of today's Bắc Ninh


def entered(*rows: str, day: datetime.date = DAY) -> Reorganisation:
    form = ReorganisationForm(
        {"decision": "NQ 9", "date": day.isoformat(), "table": "\n".join(rows)}
    )
    assert form.is_valid(), form.errors
    return reorganising.enter(
        decision="NQ 9", date=day, items=form.cleaned_data["items"], by=member("administrator")
    )


def problems(*rows: str) -> str:
    return " ".join(one.words for one in plan_of(entered(*rows)).problems)


def done(*rows: str, day: datetime.date = DAY) -> Reorganisation:
    one = entered(*rows, day=day)
    reorganising.confirm(reorganisation=one, by=member("administrator"), today=TODAY)
    assert reorganising.put_in_force(reorganisation_id=one.pk)
    one.refresh_from_db()
    return one


MERGER = (f"{VAN_SON};{AN_LAC};An Sơn;xã;24;;6000", f"{AN_LAC};{AN_LAC};An Sơn;xã;24;;4000")
SPLIT = (f"{VAN_SON};{VAN_SON};Vân Sơn;xã;24;0,6", f"{VAN_SON};99001;Hữu Sản;xã;24;0,4")


def state_of_units():
    return (
        sorted(AdministrativeUnit.objects.values_list("pk", "code", "name", "valid")),
        sorted(UnitParent.objects.values_list("unit", "parent", "valid")),
        sorted(UnitAncestor.objects.values_list("unit", "ancestor", "valid")),
        sorted(UnitMembership.objects.values_list("unit", "unit_list", "valid", "zone")),
        UnitSuccession.objects.count(),
        sorted(
            (u, t, str(w), v)
            for u, t, w, v in UnitShare.objects.values_list("unit", "target", "weight", "valid")
        ),
    )


def test_two_communes_become_one_and_the_tree_stays_whole():
    done(*MERGER)
    new = unit(AN_LAC, on=DAY)
    assert new.full_name == "Xã An Sơn"
    assert unit(AN_LAC, on=NOW).valid.upper == DAY
    below = AdministrativeUnit.objects.on(DAY).within(unit("24", on=DAY), on=DAY)
    assert below.communes().count() == 98
    back = crosswalk.crosswalk(NOW).get(unit=new, target=unit(VAN_SON, on=NOW))
    assert back.weight == Decimal("0.6")


def test_a_split_goes_by_its_weights_and_is_an_estimate():
    done(*SPLIT)
    rows = UnitSuccession.objects.filter(date=DAY)
    assert {row.kind for row in rows} == {"split"}
    assert all(row.weight_is_estimate for row in rows)
    assert len(crosswalk.vintages()) == 4


def test_the_dry_run_writes_nothing():
    before = state_of_units()
    assert plan_of(entered(*MERGER)).problems == []
    assert state_of_units() == before


def test_what_is_in_force_can_be_undone_to_the_last_row():
    before = state_of_units()
    one = done(*MERGER)
    reorganising.undo(reorganisation=one)
    assert state_of_units() == before


def test_a_level_that_ends_leaves_its_communes_to_the_province():
    """A district of today is made for it, with one commune below."""
    district = AdministrativeUnit.objects.create(
        code="220", name="Sơn Động", kind="huyện", level=Level.DISTRICT, valid=(D58, None)
    )
    province = unit("24", on=NOW)
    UnitParent.objects.create(unit=district, parent=province, valid=(D58, None))
    UnitParent.objects.filter(unit=unit(VAN_SON, on=NOW)).update(parent=district)
    done("220;;;;;;")
    link = UnitParent.objects.get(unit=unit(VAN_SON, on=DAY), valid__contains=DAY)
    assert link.parent == province
    assert not AdministrativeUnit.objects.on(DAY).districts().exists()


def test_a_unit_ends_without_a_successor():
    done(f"{VAN_SON};;;;;;")
    assert not AdministrativeUnit.objects.on(DAY).filter(code=VAN_SON).exists()
    assert UnitSuccession.objects.get(date=DAY).kind == "abolished"


def test_children_follow_a_parent_that_changes_its_name():
    done("24;24;Kinh Bắc;tỉnh;VN;;")
    new = unit("24", on=DAY)
    assert UnitParent.objects.filter(parent=new, valid__contains=DAY).count() == 99
    ancestors = UnitAncestor.objects.filter(unit=unit(VAN_SON, on=DAY), valid__contains=DAY)
    assert set(ancestors.values_list("ancestor__code", flat=True)) == {"24", "VN"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([f"{VAN_SON};99001;Mới;xã;24;0,5"], "phải bằng đúng 1"),
        ([f"{VAN_SON};{AN_LAC};Mới;xã;24"], "đang là mã của"),
        ([f"{VAN_SON};99001;Mới;xã;777"], "Không tìm thấy cấp trên"),
        ([f"{VAN_SON};99001;Mới;xã;{AN_LAC}"], "không cao hơn"),
        ([f"{VAN_SON};99001;Mới;xã;24;0,5", f"{VAN_SON};;;;;0,5"], "vừa kết thúc vừa"),
        ([f"{VAN_SON};99001;Mới;xã;24", f"{AN_LAC};99001;Khác;xã;24"], "khác dòng 1"),
        ([f"{VAN_SON};99001;Mới;xã;24", "24;99001;Mới;xã;24"], "khác cấp"),
        ([], "Chưa có dòng nào"),
        (["24;24;A;tỉnh;VN;0,5", "24;99024;B;tỉnh;VN;0,5"], "chưa có cấp trên mới"),
    ],
)
def test_what_is_wrong_is_said_and_cannot_be_confirmed(rows, words):
    if not rows:
        one = reorganising.enter(decision="x", date=DAY, items=[], by=member("administrator"))
    else:
        one = entered(*rows)
    assert words in " ".join(problem.words for problem in plan_of(one).problems)
    with pytest.raises(reorganising.CannotReorganise):
        reorganising.confirm(reorganisation=one, by=member("administrator"), today=TODAY)


@pytest.mark.parametrize(
    "row",
    [
        "xx;1;A;xã;24",
        "07621;1;;;24",
        "07621;1;A;xã;24;2",
        "07621;1;A;xã;24;0,0000001",
        "07621;1;A;xã;24;;-3",
        "07621;1;A;xã;24;NaN",
        "07621;a b;A;xã;24",
        f"07621;1;{'A' * 200};xã;24",
    ],
)
def test_a_row_that_cannot_be_read_is_told_by_its_number(row):
    form = ReorganisationForm({"decision": "x", "date": "2026-01-01", "table": row})
    assert not form.is_valid()
    assert "Dòng" in str(form.errors) or "mã" in str(form.errors)


def test_two_administrators_at_once_do_it_once():
    one = entered(*MERGER)
    again = Reorganisation.objects.get(pk=one.pk)
    reorganising.confirm(reorganisation=one, by=member("administrator"), today=TODAY)
    with pytest.raises(reorganising.CannotReorganise, match="người khác"):
        reorganising.confirm(reorganisation=again, by=member("administrator"), today=TODAY)
    assert reorganising.put_in_force(reorganisation_id=one.pk)
    assert not reorganising.put_in_force(reorganisation_id=one.pk)


def test_of_two_that_speak_of_one_unit_the_second_is_refused():
    first, second = entered(*MERGER), entered(*SPLIT)
    for one in (first, second):
        reorganising.confirm(reorganisation=one, by=member("administrator"), today=TODAY)
    assert reorganising.put_in_force(reorganisation_id=first.pk)
    with pytest.raises(reorganising.CannotReorganise, match="không còn hiệu lực"):
        reorganising.put_in_force(reorganisation_id=second.pk)


def test_a_future_one_waits_for_its_day(run_jobs):
    one = entered(*MERGER, day=datetime.date(2030, 1, 1))
    reorganising.confirm(reorganisation=one, by=member("administrator"), today=TODAY)
    assert reorganising.ask_for_due(today=TODAY) == 0
    assert reorganising.ask_for_due(today=datetime.date(2030, 1, 1)) == 1


def test_an_officers_area_follows_a_merger_and_waits_after_a_split():
    officer = _in(person("an.lac", role="officer", full_name="Lò Thị Na", area="220"), AN_LAC)
    other = _in(person("van.son", role="officer", full_name="Vi Văn Tư", area="220"), VAN_SON)
    foreseen = {c.subject.split()[0]: c for c in _consequences(*MERGER)}
    assert not any(c.open_work for c in foreseen.values())
    one = done(*MERGER)
    for who in (officer, other):
        who.refresh_from_db()
        assert who.area == unit(AN_LAC, on=DAY)
    reorganising.undo(reorganisation=one)
    other.refresh_from_db()
    assert other.area == unit(VAN_SON, on=NOW)
    assert [c.open_work for c in _consequences(*SPLIT) if "van.son" in c.subject] == [True]


def test_a_split_leaves_open_what_somebody_must_decide_until_it_is_decided():
    one = done(*SPLIT)
    officer = _in(person("van.son", role="officer", full_name="Vi Văn Tư", area="220"), VAN_SON)
    assert ["van.son" in told.subject for told in left_open([one]) if told.url] == [True]
    User.objects.filter(pk=officer.pk).update(area=unit("99001", on=DAY))
    assert not [told for told in left_open([one]) if "van.son" in told.subject]


def test_open_work_waits_on_the_page_and_on_the_administrators_home(client, administrator):
    _in(person("van.son", role="officer", full_name="Vi Văn Tư", area="220"), VAN_SON)
    one = done(*SPLIT)
    client.force_login(administrator)
    for path in (one.get_absolute_url(), "/viec"):
        text = client.get(path, follow=True).content.decode()
        assert "Vi Văn Tư (van.son), Xã Vân Sơn" in text, path


def test_people_whose_area_changes_are_told_and_told_again_when_it_is_undone():
    moved = _in(person("an.lac", role="officer", full_name="Lò Thị Na", area="220"), AN_LAC)
    other = _in(person("van.son", role="officer", full_name="Vi Văn Tư", area="220"), VAN_SON)
    one = done(*MERGER)
    told = Notice.objects.get(person=moved)
    assert told.text == "Từ 01/01/2026, địa bàn của bạn là Xã An Sơn."
    Notice.objects.filter(pk=told.pk).update(seen_at=one.in_force_at)
    reorganising.undo(reorganisation=one)
    assert Notice.objects.of(moved).first().text.endswith("Địa bàn của bạn là Xã An Lạc.")
    assert not Notice.objects.of(other).exists()
    done(*SPLIT)
    assert "được chia từ 01/01/2026" in Notice.objects.of(other).get().text


def test_an_area_chosen_by_hand_since_is_kept_when_it_is_undone():
    officer = _in(person("an.lac", role="officer", full_name="Lò Thị Na", area="220"), AN_LAC)
    one = done(*MERGER)
    officer.refresh_from_db()
    officer.area = unit("07615", on=DAY)
    officer.save()
    reorganising.undo(reorganisation=one)
    officer.refresh_from_db()
    assert officer.area == unit("07615", on=DAY)


def test_what_holds_on_to_a_new_unit_is_named_when_undoing(client, administrator):
    one = done(*MERGER)
    _in(person("moi", role="officer", full_name="Lý Văn Mới", area="220"), AN_LAC, on=DAY)
    client.force_login(administrator)
    page = client.post(f"/don-vi/sap-xep/{one.pk}/undo", follow=True)
    assert "Còn 1 bản ghi “tài khoản” gắn với đơn vị mới" in page.content.decode()
    one.refresh_from_db()
    assert one.state == "in_force"


def test_programmes_keep_what_they_hold_and_say_so():
    old = unit(VAN_SON, on=NOW)
    programme = Programme.objects.first()
    assert programme is not None
    Target.objects.create(
        programme=programme,
        code="T-1",
        name="Giảm nghèo",
        unit=old,
        direction="down",
        unit_of_measure="%",
        position=1,
        confidence="high",
        indicator_code="",
    )
    subjects = {told.subject: told.open_work for told in _consequences(*MERGER)}
    assert subjects["Xã Vân Sơn: 1 mục tiêu"] is False
    one = done(*MERGER)
    Target.objects.filter(code="T-1").update(unit=unit(AN_LAC, on=DAY))
    with pytest.raises(reorganising.CannotReorganise, match="1 mục tiêu của Xã An Sơn"):
        reorganising.undo(reorganisation=one)


def test_a_draft_is_mended_and_one_that_is_confirmed_is_not(client, administrator):
    one = entered(SPLIT[0])
    client.force_login(administrator)
    path = f"/don-vi/sap-xep/{one.pk}/sua"
    assert SPLIT[0].replace(";", "; ") in client.get(path).content.decode()
    given = {"decision": "NQ 10", "date": "01/02/2026", "table": "\n".join(SPLIT)}
    assert client.post(path, given).status_code == 302
    one.refresh_from_db()
    assert (one.decision, one.items.count()) == ("NQ 10", 2)
    reorganising.confirm(reorganisation=one, by=administrator, today=NOW)
    assert client.get(path).status_code == 404


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(1, 999_999), st.integers(0, 99_999), st.integers(1, 4))
def test_what_was_entered_is_shown_as_it_can_be_read_again(part, people, line):
    rows = "\n" * (line - 1) + f"{VAN_SON};{VAN_SON};Vân Sơn;xã;24;0,{part:06};{people}"
    form = ReorganisationForm({"decision": "NQ", "date": "01/01/2026", "table": rows})
    assert form.is_valid(), form.errors
    one = reorganising.enter(
        decision="NQ", date=DAY, items=form.cleaned_data["items"], by=member("administrator")
    )
    again = ReorganisationForm(written(one) | {"date": "01/01/2026"})
    assert again.is_valid(), again.errors
    (item,) = again.cleaned_data["items"]
    kept = one.items.get()
    assert (item.position, item.weight, item.people) == (kept.position, kept.weight, kept.people)
    assert (item.new_code, item.new_name, item.parent_code) == (VAN_SON, "Vân Sơn", "24")
    one.delete()


def test_nothing_is_undone_once_something_was_collected():
    one = done(*MERGER)
    period, _ = ReportingPeriod.objects.get_or_create(
        code="2026",
        defaults={"label": "Năm 2026", "start": DAY, "end": datetime.date(2026, 12, 31)},
    )
    Submission.objects.create(
        dataset=Dataset.objects.first(),
        unit=unit(AN_LAC, on=DAY),
        period=period,
        created_by=member("administrator"),
    )
    with pytest.raises(reorganising.CannotReorganise, match="1 bộ số liệu"):
        reorganising.undo(reorganisation=one)


def test_the_administrator_enters_looks_and_confirms(client, administrator, run_jobs):
    client.force_login(administrator)
    rows = "\n".join(MERGER)
    given = {"decision": "NQ 9/2026", "date": "2026-01-01", "table": rows}
    page = client.post("/don-vi/sap-xep/moi", given, follow=True)
    text = page.content.decode()
    assert "Xã An Sơn" in text
    assert "Xác nhận" in text
    one = Reorganisation.objects.get()
    sheet = client.get(f"/don-vi/sap-xep/{one.pk}/bang-tinh")
    assert sheet.content[:2] == b"PK"
    client.post(f"/don-vi/sap-xep/{one.pk}/confirm")
    run_jobs()
    one.refresh_from_db()
    assert one.state == "in_force"
    assert "Hoàn tác" in client.get(f"/don-vi/sap-xep/{one.pk}").content.decode()
    client.post(f"/don-vi/sap-xep/{one.pk}/undo")
    one.refresh_from_db()
    assert one.state == "undone"


def test_a_table_that_cannot_be_read_comes_back_as_it_was(client, administrator):
    client.force_login(administrator)
    given = {"decision": "NQ 9", "date": "2026-01-01", "table": "xx;1;A;xã;24"}
    text = client.post("/don-vi/sap-xep/moi", given).content.decode()
    assert "Dòng 1" in text
    assert "xx;1;A;xã;24" in text
    assert not Reorganisation.objects.exists()


def test_the_dry_run_of_a_whole_province_asks_few_questions(
    client, administrator, django_assert_max_num_queries
):
    """98 communes at once, each with the same name: the number of queries stays."""
    codes = AdministrativeUnit.objects.on(NOW).communes().values_list("code", flat=True)
    one = entered(*(f"{code};{code};Tên {code};xã;24" for code in codes))
    client.force_login(administrator)
    with django_assert_max_num_queries(30):
        assert client.get(f"/don-vi/sap-xep/{one.pk}").status_code == 200


def _in(who, code, on=NOW):
    who.area = unit(code, on=on)
    who.save()
    return who


def _consequences(*rows):
    return foreseen(plan_of(entered(*rows)))


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_sequence_keeps_totals_weights_and_tree(data):
    """Mergers, splits and new names, one after another; shares add up to 1, the tree is whole."""
    from django.db import transaction

    with transaction.atomic():
        first = list(crosswalk.communes(NOW).values_list("pk", flat=True))
        for step in range(data.draw(st.integers(1, 4))):
            day = DAY + datetime.timedelta(days=step)
            done(*_rows(data, day, step), day=day)
            _is_whole(day, first)
        transaction.set_rollback(True)


def _rows(data, day, step) -> list[str]:
    eve = day - datetime.timedelta(days=1)
    codes = list(crosswalk.communes(eve).order_by("code").values_list("code", flat=True))[:8]
    kind = data.draw(st.sampled_from(["merge", "split", "rename"]))
    chosen = data.draw(st.permutations(codes))[:2]
    if kind == "merge":
        people = data.draw(st.integers(0, 9999))
        return [f"{code};9{step}000;Gộp;xã;24;;{people + 1}" for code in chosen]
    if kind == "split":
        part = Decimal(data.draw(st.integers(1, 999_999))) / 1_000_000
        return [
            f"{chosen[0]};9{step}00{n};Tách {n};xã;24;{weight}"
            for n, weight in enumerate([part, 1 - part])
        ]
    return [f"{chosen[0]};{chosen[0]};Tên mới {step};xã;24"]


def _is_whole(day, first) -> None:
    on = AdministrativeUnit.objects.on(day)
    assert on.within(unit("24", on=day), on=day).communes().count() == on.communes().count()
    weights: dict[int, Decimal] = {}
    for pk, weight in (
        UnitShare.objects.on(day)
        .filter(unit__in=first, target__level=Level.COMMUNE)
        .values_list("unit", "weight")
    ):
        weights[pk] = weights.get(pk, Decimal(0)) + weight
    assert set(weights) == set(first)
    assert set(weights.values()) == {Decimal(1)}
