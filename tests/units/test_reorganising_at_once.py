"""Two administrators, or two workers, at the same moment: one effect, and the other is told."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections

from portal.units.models import AdministrativeUnit, Reorganisation, UnitSuccession
from portal.units.services import reorganising
from tests.at_once import together
from tests.cast import member, unit
from tests.units.test_reorganising import AN_LAC, DAY, MERGER, SPLIT, TODAY, VAN_SON, entered

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def reference(transactional_db):
    """A transactional test leaves an empty database; the reference data come back before each."""
    call_command("load_reference", verbosity=0)
    yield
    connections.close_all()


def test_of_two_administrators_who_confirm_at_once_one_is_told_of_the_other():
    one, people = entered(*MERGER), [member("administrator"), member("specialist")]

    def confirm(by):
        mine = Reorganisation.objects.get(pk=one.pk)
        return reorganising.confirm(reorganisation=mine, by=by, today=TODAY)

    results = together(*[lambda by=by: confirm(by) for by in people])
    refused = [found for found in results if isinstance(found, Exception)]
    assert [str(error) for error in refused] == [
        "Sắp xếp này đã được người khác xử lý. Tải lại trang để xem."
    ]
    enforced = together(
        *[lambda: reorganising.put_in_force(reorganisation_id=one.pk) for _ in range(2)]
    )
    assert sorted(enforced) == [False, True]
    assert UnitSuccession.objects.filter(date=DAY).count() == 2


def test_of_two_reorganisations_of_one_unit_at_once_one_takes_force_whole():
    both = [entered(*MERGER), entered(*SPLIT)]
    for one in both:
        reorganising.confirm(reorganisation=one, by=member("administrator"), today=TODAY)
    results = together(
        *[lambda pk=one.pk: reorganising.put_in_force(reorganisation_id=pk) for one in both]
    )
    won = [found for found in results if found is True]
    lost = [found for found in results if isinstance(found, reorganising.CannotReorganise)]
    assert (len(won), len(lost)) == (1, 1), results
    assert "không còn hiệu lực" in str(lost[0])
    assert AdministrativeUnit.objects.filter(code__in=[VAN_SON, AN_LAC]).on(DAY).exists()
    assert Reorganisation.objects.filter(state="in_force").count() == 1
    assert not unit(VAN_SON).in_force
