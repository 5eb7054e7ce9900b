"""The scan of the cover letter, sent as a form with a file: the one thing here that is not JSON."""

from __future__ import annotations

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from portal.access import SignedInRequest
from portal.collection.forms.sending import LETTER_BYTES, SubmitForm
from portal.collection.services.review import attach_letter

from .door import Answer, Declined
from .found import submission_of
from .shapes import whole_shape

UNREADABLE = (
    ValueError,
    BadRequest,
    MultiPartParserError,
    SuspiciousOperation,
    UnreadablePostError,
)
MOST_BYTES = LETTER_BYTES + 2**16  # the scan, and the lines of the form around it


def send_letter(request: SignedInRequest, pk: int) -> Answer:
    """`number`, `date` and `scan` take the place of the letter that was there.

    Raises:
        Declined: 400 unreadable, 413 too large, 415 no form, 422 with what is wrong with a field.
    """
    found = submission_of(request, pk)
    form = _form_of(request, has_scan=bool(found.cover_letter_file))
    if not found.dataset.wants_cover_letter:
        raise Declined(422, "no_letter", "Biểu này không cần công văn kèm theo.")
    if not form.is_valid():
        problems = [
            {"field": name, "message": message}
            for name, messages in form.errors.items()
            for message in messages
        ]
        raise Declined(422, "letter", "Công văn chưa nhận được; chưa ghi gì.", problems=problems)
    attach_letter(submission=found, letter=form.cover_letter, by=request.user)
    return whole_shape(submission_of(request, pk))


def _form_of(request: SignedInRequest, *, has_scan: bool) -> SubmitForm:
    if request.content_type != "multipart/form-data":
        raise Declined(415, "content_type", "Gửi nội dung kiểu multipart/form-data.")
    try:
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            raise Declined(413, "too_large", "Bản chụp công văn không quá 20 MB.")
        return SubmitForm(request.POST, request.FILES, has_scan=has_scan)
    except UNREADABLE as error:
        raise Declined(400, "unreadable", "Không nhận đủ nội dung. Hãy gửi lại.") from error
