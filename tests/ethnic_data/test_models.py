"""Groups, codes and indicators as loaded."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ethnic_data.models import Aggregation, EthnicGroup, GroupAlias, GroupCode, Indicator
from ethnic_data.services import load_reference
from ethnic_data.services.reference import UnknownAggregation, aggregation_of

pytestmark = pytest.mark.django_db


def test_there_are_54_groups_and_53_minorities():
    assert EthnicGroup.objects.listed().count() == 54
    assert EthnicGroup.objects.minorities().count() == 53
    assert EthnicGroup.objects.filter(is_very_small=True).count() == 14


def test_the_same_number_names_other_groups_in_the_other_code_system():
    system = GroupCode.System
    mine = GroupCode.objects.get(code_system=system.LIST_1979, code="04").group
    other = GroupCode.objects.get(code_system=system.CENSUS_1999_2009, code="04").group
    assert (mine.name, other.name) == ("Hoa", "Mường")


def test_both_code_systems_name_all_54_groups():
    for system in GroupCode.System:
        assert GroupCode.objects.filter(code_system=system).count() == 54


def test_families_are_in_vietnamese():
    assert EthnicGroup.objects.get(code="01").family == "Nam Á"
    assert EthnicGroup.objects.get(code="01").branch == "Việt–Mường"
    assert EthnicGroup.objects.get(code="08").family == "Mông–Dao"


def test_loading_again_changes_nothing():
    before = (EthnicGroup.objects.count(), GroupAlias.objects.count(), Indicator.objects.count())
    Indicator.objects.filter(code="D01").update(definition="Ghi chú của tỉnh")
    load_reference()
    after = (EthnicGroup.objects.count(), GroupAlias.objects.count(), Indicator.objects.count())
    assert before == after
    assert Indicator.objects.get(code="D01").definition == "Ghi chú của tỉnh"


def test_all_108_indicators_are_there_with_27_ratios():
    assert Indicator.objects.count() == 108
    assert Indicator.objects.filter(aggregation=Aggregation.RATIO).count() == 27


def test_a_ratio_names_its_parts():
    rate = Indicator.objects.with_parts().get(code="N06")
    assert (rate.numerator.code, rate.denominator.code, rate.factor) == ("N03", "D02", 100)
    assert rate.formula == "N03 / D02 × 100"


def test_parts_of_a_ratio_may_be_a_sex_or_a_category():
    sexes = Indicator.objects.with_parts().get(code="D08")
    assert (sexes.numerator_sex, sexes.denominator_sex) == ("male", "female")
    assert sexes.formula == "D03 (nam) / D03 (nữ) × 100"
    toilets = Indicator.objects.with_parts().get(code="H15")
    assert toilets.numerator_category_id == "septic_or_semi"


def test_no_english_remains_in_what_people_read():
    texts = " ".join(
        f"{one.name} {one.source} {one.definition}" for one in Indicator.objects.all()
    ).lower()
    for word in ("headline", "copy", "scope", "census", "sample", "unverified", "press", "topic"):
        assert word not in texts


@pytest.mark.parametrize(
    ("text", "kind", "names", "factor"),
    [
        ("sum", "sum", (), 1),
        ("ratio:D03/D01", "ratio", (("D03", "", ""), ("D01", "", "")), 1),
        ("ratio:X04/X06*1000", "ratio", (("X04", "", ""), ("X06", "", "")), 1000),
        (
            "ratio:D03[nam]/D03[nữ]*100",
            "ratio",
            (("D03", "male", ""), ("D03", "female", "")),
            100,
        ),
        ("mean:weight D03", "mean", (("D03", "", ""),), 1),
        ("none (attribute with period)", "none", (), 1),
    ],
)
def test_the_catalogues_words_for_adding_up_are_read(text, kind, names, factor):
    parts = aggregation_of(text)
    assert (parts.kind, parts.names, parts.factor) == (kind, names, Decimal(factor))


@pytest.mark.parametrize("text", ["", "average", "ratio:D03", "ratio:D03/D01*x", "mean"])
def test_words_nobody_taught_are_refused(text):
    with pytest.raises(UnknownAggregation):
        aggregation_of(text)


def test_a_ratio_without_parts_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.create(code="Q01", name="Thử", level="commune", aggregation="ratio")
