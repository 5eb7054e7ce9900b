"""Documents: read by all who work here; the books are the committee's; numbers the clerk's."""

from tests.access.accounts import everybody

READERS = everybody(200, anonymous="login", administrator=404)
BOOKS = READERS | {"officer_own": 404, "officer_other": 404}
EDITORS = everybody(404, anonymous="login", specialist=200, clerk=200)
NUMBERING = everybody(404, anonymous="login", clerk=200)


def doing(table):
    """The same table for an action, which answers with a redirect."""
    return {column: 302 if status == 200 else status for column, status in table.items()}


def a_text_of_law(cast):
    from portal.documents.models import Document

    kwargs = {"pk": Document.objects.get(number="2289").pk}
    return kwargs, kwargs


def an_incoming_letter(cast):
    """Not public, so that officers of districts do not find it."""
    from portal.documents.models import Document

    kwargs = {"pk": Document.objects.get(number="3032").pk}
    return kwargs, kwargs


def a_filed_text(cast):
    from django.core.files.base import ContentFile

    from portal.documents.models import Document
    from portal.documents.services import attach_file

    document = Document.objects.get(number="2289")
    attach_file(document=document, file=ContentFile(b"%PDF-1.7\n%%EOF\n", "a.pdf"))
    return {"pk": document.pk}, {"pk": document.pk}


def a_filed_annex(cast):
    from django.core.files.base import ContentFile

    from portal.documents.models import Document
    from portal.documents.services import attach_annex

    document = Document.objects.get(number="2289")
    annex = document.annexes.first() or attach_annex(
        document=document, position=1, title="Biểu", file=ContentFile(b"%PDF-1.7\n", "a.pdf")
    )
    kwargs = {"pk": document.pk, "annex_pk": annex.pk}
    return kwargs, kwargs


def a_relation(cast):
    from portal.documents.models import DocumentRelation

    kwargs = {"pk": DocumentRelation.objects.get(source__number="642").pk}
    return kwargs, kwargs


def the_outgoing_book(cast):
    return {"code": "di"}, {"code": "di"}


def a_letter_given_out(cast):
    """Given to the one division of the cast, to be handled by the specialist."""
    from tests.documents.incoming import given

    one = given(lead=cast("specialist").division, officer=cast("specialist"))
    return {"pk": one.pk}, {"pk": one.pk}


def a_case_file(cast):
    """Kept by the specialist of the cast."""
    from tests.documents.test_casefiles import case

    kwargs = {"pk": case(maker=cast("specialist")).pk}
    return kwargs, kwargs


def of_the_case_file(**more):
    def given(cast):
        kwargs = a_case_file(cast)[0] | more
        return kwargs, kwargs

    return given


def an_item(cast):
    from tests.documents.incoming import letter
    from tests.documents.test_casefiles import case, put

    one = case(maker=cast("specialist"))
    kwargs = {"pk": one.pk, "item_pk": put(one, letter("955")).pk}
    return kwargs, kwargs


def a_term(cast):
    from portal.documents.models import RetentionTerm

    kwargs = {"pk": RetentionTerm.objects.first().pk}
    return kwargs, kwargs


def a_copy_out(cast):
    from portal.documents.models import Document, KeptCopyUse

    use = KeptCopyUse.objects.create(
        document=Document.objects.get(number="527"), date="2023-01-05", reader="A",
        allowed_by="B", entered_by=cast("clerk"),
    )  # fmt: skip
    kwargs = {"pk": use.pk}
    return kwargs, kwargs


def the_clerks_file(cast):
    from portal.documents.services.preparing import prepare_case
    from tests.documents.incoming import NOW
    from tests.documents.test_casefiles import case

    one = case(maker=cast("specialist"))
    prepared = prepare_case(case_file=one, kind="case_zip", by=cast("clerk"), now=NOW)
    return {"pk": prepared.pk}, {"pk": prepared.pk}


CLERKS = everybody(404, anonymous="login", clerk=200)
KEEPERS = everybody(404, anonymous="login", specialist=302, clerk=302)
DIRECTING = everybody(404, anonymous="login", leader=302, clerk=302)
OF_THE_DIVISION = DIRECTING | {"head": 302}

ROWS = [
    ("documents:document_list", None, "get", READERS),
    ("documents:document_offers", None, "get", READERS),
    ("documents:document_export", None, "get", READERS),
    ("documents:document_detail", a_text_of_law, "get", READERS),
    ("documents:document_detail", an_incoming_letter, "get", BOOKS),
    ("documents:document_file", a_filed_text, "get", READERS),
    ("documents:document_annex", a_filed_annex, "get", READERS),
    ("documents:document_file", an_incoming_letter, "get", everybody(404, anonymous="login")),
    ("documents:document_create", None, "get", EDITORS),
    ("documents:document_update", a_text_of_law, "get", EDITORS),
    ("documents:incoming_create", None, "get", NUMBERING),
    ("documents:outgoing_create", None, "get", NUMBERING),
    ("documents:relation_create", a_text_of_law, "post", doing(EDITORS)),
    (
        "documents:relation_delete",
        a_relation,
        "post",
        # the relation is gone once the first who may has taken it away
        everybody(404, anonymous="login", specialist=302),
    ),
    ("documents:assignment_list", None, "get", BOOKS),
    ("documents:assignment_detail", a_letter_given_out, "get", BOOKS),
    (
        "documents:hand_out",
        an_incoming_letter,
        "get",
        everybody(404, anonymous="login", leader=200, clerk=200),
    ),
    ("documents:pass_for_information", an_incoming_letter, "post", DIRECTING),
    (
        "documents:assignment_start",
        a_letter_given_out,
        "post",
        OF_THE_DIVISION | {"specialist": 302},
    ),
    (
        "documents:assignment_answer",
        a_letter_given_out,
        "post",
        OF_THE_DIVISION | {"specialist": 302},
    ),
    ("documents:assignment_reassign", a_letter_given_out, "post", OF_THE_DIVISION),
    ("documents:assignment_no_answer", a_letter_given_out, "post", OF_THE_DIVISION),
    ("documents:assignment_extend", a_letter_given_out, "post", DIRECTING),
    ("documents:assignment_support", a_letter_given_out, "post", DIRECTING),
    ("documents:assignment_reopen", a_letter_given_out, "post", DIRECTING),
    (
        "documents:assignment_case_file",
        a_letter_given_out,
        "post",
        OF_THE_DIVISION | {"specialist": 302},
    ),
    ("documents:case_file_list", None, "get", BOOKS),
    (
        "documents:case_file_create",
        None,
        "get",
        everybody(404, anonymous="login", specialist=200, head=200, clerk=200),
    ),
    ("documents:case_file", a_case_file, "get", BOOKS),
    # the head keeps what the own division has made
    (
        "documents:case_file_update",
        a_case_file,
        "get",
        everybody(404, anonymous="login", specialist=200, head=200, clerk=200),
    ),
    ("documents:case_file_put_in", a_case_file, "post", KEEPERS | {"head": 302}),
    (
        "documents:case_file_take_out",
        an_item,
        "post",
        # the document is gone from the file once the first who may has taken it out
        everybody(404, anonymous="login", specialist=302),
    ),
    ("documents:case_file_order", a_case_file, "post", KEEPERS | {"head": 302}),
    ("documents:case_file_close", a_case_file, "post", KEEPERS | {"head": 302}),
    ("documents:case_file_reopen", a_case_file, "post", KEEPERS | {"head": 302}),
    ("documents:case_file_export", of_the_case_file(what="muc-luc"), "post", doing(BOOKS)),
    (
        "documents:case_file_export",
        of_the_case_file(what="khac"),
        "post",
        everybody(404, anonymous="login"),
    ),
    ("documents:case_file_metadata", of_the_case_file(ending="xml"), "get", BOOKS),
    ("documents:case_file_metadata", of_the_case_file(ending="xlsx"), "get", BOOKS),
    ("documents:retention_list", None, "get", CLERKS),
    ("documents:retention_update", a_term, "get", CLERKS),
    ("documents:statistics", None, "get", BOOKS),
    ("documents:book_list", None, "get", BOOKS),
    ("documents:prepared_file", the_clerks_file, "get", CLERKS),
    ("documents:prepared_progress", the_clerks_file, "get", CLERKS),
    ("documents:prepared_download", the_clerks_file, "get", everybody(404, anonymous="login")),
    ("documents:dispatch_list", None, "get", BOOKS),
    ("documents:copy_use_list", None, "get", BOOKS),
    ("documents:copy_returned", a_copy_out, "post", doing(CLERKS)),
    ("documents:register_create", None, "get", CLERKS),
    ("documents:register_list", None, "get", BOOKS),
    ("documents:register_detail", the_outgoing_book, "get", BOOKS),
    ("documents:register_print", the_outgoing_book, "get", BOOKS),
    ("documents:number_take", the_outgoing_book, "post", doing(NUMBERING)),
    ("documents:number_void", the_outgoing_book, "post", doing(NUMBERING)),
    ("documents:numbering_set", the_outgoing_book, "post", doing(NUMBERING)),
    ("documents:old_book", the_outgoing_book, "post", doing(NUMBERING)),
]
