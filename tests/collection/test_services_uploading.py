"""Taking files in, what they leave open, cells put right on the page."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from portal.collection import services
from portal.collection.models import Upload
from portal.collection.services import refusals
from portal.collection.services.uploading import hash_of
from portal.jobs.services import drain
from tests.cast import member
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_file_is_kept_as_it_came_and_hashed(sent):
    content = form_05()
    upload = sent(content, name="Biểu 05 – Sơn Động.xlsx")
    with upload.file.open("rb") as kept:
        assert kept.read() == content
    assert upload.original_name == "Biểu 05 – Sơn Động.xlsx"
    assert len(upload.sha256) == 64
    assert "Sơn" not in upload.file.name


STRANGE = ["../../etc/passwd", "a\\b\\c.xlsx", "x" * 400 + ".xlsx", "\x00\n"]


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_name_does_no_harm(sent, name):
    upload = sent(form_05(), name=name)
    assert upload.file.name.startswith("collection/uploads/")
    assert "/" not in upload.original_name
    assert 0 < len(upload.original_name) <= 200


def test_a_file_over_the_limit_is_refused_and_not_kept(opened, settings, tmp_path):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(refusals.FileTooLarge):
        services.receive_upload(
            submission=opened(),
            file=ContentFile(b"x" * 11),
            name="to.xlsx",
            by=member("son_dong_officer"),
        )
    assert not Upload.objects.exists()
    assert not list(tmp_path.glob("media/collection/uploads/*"))


def test_an_empty_file_is_refused(opened):
    with pytest.raises(refusals.FileEmpty):
        services.receive_upload(
            submission=opened(), file=ContentFile(b""), name="a", by=member("son_dong_officer")
        )


def test_a_waiting_file_sent_again_is_not_taken_twice(sent):
    content = form_05()
    first = sent(content)
    assert sent(content, into=first.submission, name="khac.xlsx") == first


def test_a_corrected_file_of_the_same_name_replaces_the_waiting_one(sent):
    wrong = sent(form_05(changes={(codes()[0], "D02"): 9999}))
    right = sent(into=wrong.submission)
    wrong.refresh_from_db()
    assert (wrong.state, right.is_accepted) == ("discarded", True)


def test_nothing_is_taken_into_a_submitted_submission(submitted, sent):
    with pytest.raises(refusals.NotEditable):
        sent(into=submitted())


def unclear_file():
    return form_05(changes={(codes()[0], "D01"): "1.234"})


def test_what_a_file_leaves_open_is_asked_and_the_answer_read(sent):
    upload = sent(unclear_file())
    assert [question["id"] for question in upload.questions] == ["number_style"]
    assert not upload.is_accepted
    options = [option["value"] for option in upload.questions[0]["options"]]
    chosen = next(value for value in options if value.startswith("1.234"))
    services.answer_questions(
        upload=upload, answers={"number_style": chosen}, by=member("son_dong_officer")
    )
    drain()
    upload.refresh_from_db()
    assert upload.questions == []
    assert upload.staged.get(unit=codes()[0], measure="D01").value == 1234


def test_an_answer_that_was_no_option_is_refused(sent):
    upload = sent(unclear_file())
    for answers in ({"number_style": "khác"}, {"column:x": "D01"}):
        with pytest.raises(refusals.AnswerUnknown):
            services.answer_questions(upload=upload, answers=answers, by=member("son_dong_officer"))


def test_a_cell_put_right_on_the_page_is_read_in_place_of_the_file_s(sent, son_dong_officer):
    upload = sent(form_05(changes={(codes()[0], "N03"): "hai", (codes()[1], "N03"): "x y"}))
    services.correct_cells(
        upload=upload,
        texts={("Bieu 05", "E3"): "ba", ("Bieu 05", "E4"): " 61 "},
        by=son_dong_officer,
    )
    drain()
    upload.refresh_from_db()
    assert [issue["cell"] for issue in upload.errors] == ["E3"]
    assert [item["cell"] for item in upload.corrections] == ["E3", "E4"]
    services.correct_cells(upload=upload, texts={("Bieu 05", "E3"): "60"}, by=son_dong_officer)
    drain()
    upload.refresh_from_db()
    assert upload.is_accepted
    staged = {value.cell: value.value for value in upload.staged.filter(measure="N03")}
    assert (staged["E3"], staged["E4"]) == (60, 61)
    with upload.file.open("rb") as kept:
        assert hash_of(kept) == upload.sha256
    notes = upload.submission.events.filter(what="typed").values_list("note", flat=True)
    assert "bieu05.xlsx, ô E4: “x y” → “61”" in notes


def test_only_a_cell_that_was_read_can_be_put_right(sent, son_dong_officer):
    upload = sent(form_05(changes={(codes()[0], "N03"): "hai"}))
    for texts in ({("Bieu 05", "E3"): "  "}, {("khác", "E3"): "1"}, {}):
        with pytest.raises(refusals.NothingToCorrect):
            services.correct_cells(upload=upload, texts=texts, by=son_dong_officer)
