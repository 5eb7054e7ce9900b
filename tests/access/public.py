"""Public pages are for everybody; what people wrote is read by those who answer."""

from tests.access.accounts import everybody

OPEN = everybody(200)
ANSWERING = everybody(404, anonymous="login", specialist=200, clerk=200, administrator=200)


def a_public_text(cast):
    from portal.documents.models import Document

    kwargs = {"pk": Document.objects.get(number="2289").pk}
    return kwargs, kwargs


def an_incoming_letter(cast):
    from portal.documents.models import Document

    kwargs = {"pk": Document.objects.get(number="3032").pk}
    return kwargs, kwargs


def a_message(cast):
    from portal.public.services import send_feedback

    kwargs = {"pk": send_feedback(text="Trang không mở được", address="127.0.0.1").pk}
    return kwargs, kwargs


def a_filed_annex(cast):
    from tests.access.documents import a_filed_annex as filed

    return filed(cast)


def a_filed_text(cast):
    from tests.access.documents import a_filed_text as filed

    return filed(cast)


ROWS = [
    ("public:home", None, "get", OPEN),
    ("public:document_list", None, "get", OPEN),
    ("public:document_detail", a_public_text, "get", OPEN),
    ("public:document_detail", an_incoming_letter, "get", everybody(404)),
    ("public:document_file", a_filed_text, "get", OPEN),
    ("public:document_annex", a_filed_annex, "get", OPEN),
    ("public:about", None, "get", OPEN),
    ("public:feedback", None, "get", OPEN),
    ("public:feedback_sent", None, "get", OPEN),
    ("public:feedback_list", None, "get", ANSWERING),
    (
        "public:feedback_handle",
        a_message,
        "post",
        {role: 302 if status == 200 else status for role, status in ANSWERING.items()},
    ),
    ("public:robots", None, "get", OPEN),
    ("public:security", None, "get", OPEN),
]
