"""What tests of the desk stand on: letters that came in, divisions, people in them."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from portal.accounts.models import Division
from portal.documents import services
from portal.documents.models import Document, DocumentType, Issuer
from tests.cast import member, person

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = datetime.date(2024, 3, 5)
NOW = datetime.datetime(2024, 3, 5, 9, 0, tzinfo=ZONE)


DIVISIONS = {"CS": "Phòng Chính sách", "TTĐB": "Phòng Tuyên truyền"}


def division(code="CS"):
    return Division.objects.get_or_create(code=code, defaults={"name": DIVISIONS[code]})[0]


def worker(username, code="CS", **more):
    """Somebody of a division: a specialist unless told."""
    one = person(username, **{"role": "specialist", "full_name": f"Người {username}"} | more)
    one.division = division(code)
    one.save()
    return one


def letter(number="812", *, arrived=TODAY, registered=True, **more):
    """A letter of the department of planning, entered by the clerk."""
    document = Document(
        **{
            "number": number,
            "symbol": "SKHĐT-TH",
            "date": arrived - datetime.timedelta(days=1),
            "arrival_date": arrived,
            "issuer": Issuer.objects.using_symbol("SKHĐT").first(),
            "document_type": DocumentType.objects.get(code="CV"),
            "subject": f"Về việc báo cáo kết quả số {number}",
        }
        | more
    )
    if registered:
        services.register_incoming(document=document, by=member("clerk"))
    else:
        document.direction = "incoming"
        document.save()
    return document


def given(document=None, *, by=None, **more):
    """Handed out by the leader to the division of policy, unless told otherwise."""
    return services.hand_out(
        **{
            "document": document or letter(),
            "lead": division(),
            "by": by or member("leader"),
            "now": NOW,
            "due_date": datetime.date(2024, 3, 12),
        }
        | more
    )


def outgoing(number_of_day=TODAY, *, subject="về kết quả năm 2023", **more):
    """A document of the agency, numbered from the common book."""
    from portal.documents.models import Register

    clerk = member("clerk")
    register = more.pop("register", None) or Register.objects.get(code="di")
    number = services.take_number(register=register, on=number_of_day, by=clerk)
    return services.register_outgoing(
        **{
            "register": register,
            "number": number,
            "on": number_of_day,
            "symbol": "BC-BDT",
            "document_type": DocumentType.objects.get(code="BC"),
            "subject": subject,
            "by": clerk,
        }
        | more
    )
