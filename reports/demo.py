"""The demonstration's reports: test keys, one report issued and one in the making."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.conf import settings

from portal.accounts.models import User
from portal.documents.demo import load_desk
from portal.units.models import IssuingAgency

from . import sample, services
from .models import Report
from .office import demo as office_demo
from .walkthrough import LEADER, PASSPHRASE, SPECIALIST, Walkthrough, at

FOLDER = "demo"


def demo_folder() -> Path:
    return Path(settings.VAR_DIR) / FOLDER


def make_keys(*, now: datetime.datetime) -> None:
    """The test authority and its keys, once; refused outside the demonstration."""
    services.make_test_ca(
        passphrase=PASSPHRASE,
        leader=User.objects.get(username=LEADER),
        agency=IssuingAgency.objects.on(at(6, 8).date()),
        now=now,
    )


def load_demo(*, now: datetime.datetime) -> None:
    """Make keys, issue one report and leave a fresh draft; harmless when run again.

    Sơn Động has not sent its Biểu 05 of 2023 yet: the working day begins there.
    """
    if Report.objects.filter(is_demo=True).exists():
        return
    make_keys(now=now)
    load_desk(now=now)
    walk = Walkthrough(folder=demo_folder(), say=lambda words: None)
    walk.agency()
    walk.report()
    sample.load(
        now=at(20, 8),
        drafter=User.objects.get(username=SPECIALIST),
        signatory=User.objects.get(username=LEADER),
    )
    office_demo.load(by=User.objects.get(username=SPECIALIST))
