"""Many files, one submission: zips, doubles, files of elsewhere, questions asked once."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from portal.collection import services
from portal.collection.models import Archive, Submission, Upload
from portal.collection.services import refusals
from portal.collection.services.batch import batch_of
from portal.collection.services.belonging import move_upload
from portal.collection.services.beside import layout_of
from portal.collection.services.many import answer_all, correct_all, receive_files
from portal.jobs.services import drain
from tests.cast import member
from tests.collection.conftest import values_of
from tests.collection.test_workbooks_unpacking import zipped
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def dropped(opened):
    """`dropped({name: content})`: a district's draft with files sent together and read."""

    def drop(files: dict[str, bytes] | list[tuple[str, bytes]]) -> Submission:
        submission = opened()
        pairs = files.items() if isinstance(files, dict) else files
        named = [(name, ContentFile(content, name=name)) for name, content in pairs]
        receive_files(submission=submission, files=named, by=member("son_dong_officer"))
        drain()
        return submission

    return drop


def batch(submission: Submission):
    return batch_of(submission, member("son_dong_officer"))


def of_each_commune(**changes) -> dict[str, bytes]:
    return {f"{code}.xlsx": form_05(only=[code], **changes) for code in codes()}


def test_a_zip_of_all_communes_is_one_clean_submission(dropped):
    files = {f"Xã/{name}": content for name, content in of_each_commune().items()}
    submission = dropped({"cac-xa.zip": zipped({**files, "__MACOSX/._x": b"1"})})
    found = batch(submission)
    assert (len(found.files), found.recognised, found.missing) == (17, 17, [])
    assert found.rows["rows_read"] == found.rows["stored"] == 17
    archive = Archive.objects.get()
    assert (archive.state, archive.taken, len(archive.left_out)) == ("unpacked", 17, 1)
    written = services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert written.new == 17 * 7
    assert services.shortcomings(Submission.objects.get(pk=submission.pk)) == []


def test_what_is_missing_is_named(dropped):
    files = of_each_commune()
    files.popitem()
    missing = batch(dropped(files)).missing
    assert missing == [layout_of(Submission.objects.get()).unit_by_code[codes()[-1]].label]


def test_files_of_one_name_that_come_together_are_different_files(dropped):
    files = [("bieu05.xlsx", form_05(only=[code])) for code in codes()[:3]]
    assert len(batch(dropped(files)).files) == 3


def test_the_same_file_twice_is_taken_once_and_said(dropped):
    content = form_05(only=codes()[:1])
    found = batch(dropped({"a.xlsx": content, "b.xlsx": content}))
    assert [line.upload.twins for line in found.files] == [["b.xlsx"]]


def test_a_unit_in_two_files_is_listed(dropped):
    first, second = codes()[:2]
    files = {
        "a.xlsx": form_05(only=[first, second]),
        "b.xlsx": form_05(only=[first]),
        "c.xlsx": form_05(only=[second], changes={(second, "D01"): 5000}),
    }
    doubles = batch(dropped(files)).doubles
    assert {(double.files, double.differ) for double in doubles} == {
        (("a.xlsx", "b.xlsx"), False),
        (("a.xlsx", "c.xlsx"), True),
    }


def test_a_file_of_another_district_is_set_apart(dropped):
    found = batch(dropped({"a.xlsx": form_05(only=codes()[:1]), "x.xlsx": form_05(unit="219")}))
    (line,) = found.apart
    assert line.upload.belongs["unit"] == "219"
    assert line.place is None  # not this officer's
    assert [line.upload.original_name for line in found.files] == ["a.xlsx"]


def test_a_file_of_another_year_is_moved_where_it_belongs(dropped):
    submission = dropped({"x.xlsx": form_05(period="2022")})
    (line,) = batch(submission).apart
    assert line.place.period.code == "2022"
    target = move_upload(upload=line.upload, by=member("son_dong_officer"))
    drain()
    upload = Upload.objects.get(pk=line.upload.pk)
    assert (target.period.code, upload.submission_id) == ("2022", target.pk)
    assert upload.is_accepted
    assert not submission.uploads.exists()


def test_a_file_is_not_moved_to_a_stranger_s_district(dropped):
    submission = dropped({"x.xlsx": form_05(unit="219")})
    with pytest.raises(refusals.Refused, match="ngoài địa bàn"):
        move_upload(upload=submission.uploads.get(), by=member("son_dong_officer"))


def test_one_question_of_many_files_is_asked_once(dropped):
    codes_ = codes()[:3]
    files = {
        f"{code}.xlsx": form_05(only=[code], changes={(code, "D01"): "1.200"}) for code in codes_
    }
    submission = dropped(files)
    questions = batch(submission).questions
    if questions:  # the style is asked of every file
        (question,) = questions
        assert len(question["files"]) == 3
        answers = {question["id"]: question["options"][0]["value"]}
        answer_all(submission=submission, answers=answers, by=member("son_dong_officer"))
        drain()
    assert not batch(submission).questions
    assert all(line.upload.is_accepted for line in batch(submission).files)


def test_cells_of_several_files_are_mended_together(dropped):
    first, second = codes()[:2]
    files = {
        "a.xlsx": form_05(only=[first], changes={(first, "N03"): "hai"}),
        "b.xlsx": form_05(only=[second], changes={(second, "N03"): "ba"}),
    }
    submission = dropped(files)
    errors = batch(submission).errors
    assert len(errors) == 2
    texts = {(issue["upload"].pk, issue["sheet"], issue["cell"]): "3" for issue in errors}
    correct_all(submission=submission, texts=texts, by=member("son_dong_officer"))
    drain()
    assert batch(submission).errors == []
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert {value.value for key, value in values_of(submission).items() if key.measure == "N03"} \
        == {3}  # fmt: skip


def test_a_refused_zip_says_why_and_leaves_nothing(dropped):
    submission = dropped({"x.zip": zipped({"../a.csv": b"1"})})
    assert not submission.uploads.exists()
    (archive,) = batch(submission).archives
    assert "ra ngoài thư mục" in archive.problem


def test_the_page_shows_the_batch_in_few_queries(
    client, dropped, son_dong_officer, django_assert_max_num_queries
):
    files = of_each_commune()
    first = codes()[0]
    files[f"{first}.xlsx"] = form_05(only=[first], changes={(first, "N03"): "hai"})
    files["khac.xlsx"] = form_05(unit="219")
    submission = dropped({"cac-xa.zip": zipped(files)})
    client.force_login(son_dong_officer)
    with django_assert_max_num_queries(60):
        page = client.get(f"/so-lieu/bo/{submission.pk}/cac-tep")
    for words in ("17 tệp", "Sửa tại đây", "Huyện Lục Ngạn", "Đối chiếu chung", "Xem trước 16"):
        assert words in page.text


def test_many_files_are_sent_without_scripts(client, opened, son_dong_officer):
    submission = opened()
    client.force_login(son_dong_officer)
    files = [ContentFile(form_05(only=[code]), name=f"{code}.xlsx") for code in codes()[:2]]
    answer = client.post(f"/so-lieu/bo/{submission.pk}/tai-len", {"files": files})
    assert answer.url == f"/so-lieu/bo/{submission.pk}/cac-tep"
    assert "Đã đọc" in client.get(answer.url).text
    drain()
    assert client.get(f"{answer.url}/tien-do").status_code == 302
    assert "2 tệp · đã nhận diện 2" in client.get(answer.url).text


def test_a_cell_is_mended_in_the_preview(client, dropped, son_dong_officer):
    submission = dropped({"a.xlsx": form_05(only=codes()[:1])})
    client.force_login(son_dong_officer)
    preview = f"/so-lieu/bo/{submission.pk}/xem-truoc"
    page = client.get(preview)
    upload = submission.uploads.get()
    assert 'aria-label="Sửa ô E3' in page.text
    mend = {"upload": upload.pk, "sheet": "Bieu 05", "cell": "E3", "text": "61", "ve": "xem-truoc"}
    answer = client.post(f"/so-lieu/bo/{submission.pk}/cac-tep/sua-o", mend)
    assert answer.url == preview
    assert upload.staged.get(cell="E3").value == 61
    assert upload.submission.uploads.get().is_accepted
