"""Many documents read, then signed one by one with one passphrase."""

import pytest
from django.urls import reverse

from reports import services
from reports.models import Certificate, Report, ReportEvent, Signature, Status
from reports.services import opening, queue
from reports.signing.keys import KeyNotOpened
from tests.cast import member, person
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("laid_out_once")]


@pytest.fixture
def reports():
    first = stage.to_sign(stage.draft())
    found = [first, *(stage.to_sign(stage.sample_again(first)) for _ in range(2))]
    stage.certificates(first)
    return found


def read(*reports):
    for report in reports:
        services.note_read(report=report, by=member("leader"), now=stage.NOW)


def batch(reports, **given):
    told = {
        "keys": [report.pk for report in reports],
        "by": member("leader"),
        "passphrase": stage.PASSPHRASE,
        "clock": lambda: stage.NOW,
    }
    found = services.SigningBatch(**(told | given))
    results = list(found)
    found.close()
    return results


def test_what_was_read_is_signed_with_one_opened_key(reports, monkeypatch):
    read(*reports)
    opened = []
    open_pkcs12 = opening.open_pkcs12
    monkeypatch.setattr(
        opening, "open_pkcs12", lambda *told: opened.append(1) or open_pkcs12(*told)
    )
    assert [result.is_signed for result in batch(reports)] == [True] * 3
    assert opened == [1]
    assert {stage.fresh(report).status for report in reports} == {Status.SIGNED}


def test_what_was_not_opened_is_not_signed_and_the_others_are(reports):
    read(reports[0], reports[2])
    results = batch(reports)
    assert [result.is_signed for result in results] == [True, False, True]
    assert "Chưa mở đọc" in results[1].words
    assert stage.fresh(reports[1]).status == Status.TO_SIGN


def test_a_lost_file_stops_its_own_signature_alone(reports):
    from django.core.files.storage import default_storage

    read(*reports)
    default_storage.delete(reports[1].rendering.files.get().file.name)
    assert [result.is_signed for result in batch(reports)] == [True, False, True]


def test_a_fault_of_ours_stops_one_signature_alone_and_is_told_in_words(reports, monkeypatch):
    read(*reports)
    sign_with = queue.sign_with

    def faulty(act, report, tool, **given):
        if report.pk == reports[1].pk:
            raise ZeroDivisionError
        return sign_with(act, report, tool, **given)

    monkeypatch.setattr(queue, "sign_with", faulty)
    results = batch(reports)
    assert [result.is_signed for result in results] == [True, False, True]
    assert "Hệ thống đang bận" in results[1].words


def test_a_report_sent_back_meanwhile_is_not_signed(reports):
    read(*reports)
    found = services.SigningBatch(
        keys=[report.pk for report in reports],
        by=member("leader"),
        passphrase=stage.PASSPHRASE,
        clock=lambda: stage.NOW,
    )
    results = iter(found)
    assert next(results).is_signed
    services.return_report(report=reports[1], by=member("leader"), reason="Sai số", now=stage.NOW)
    assert [result.is_signed for result in results] == [False, True]
    found.close()


def test_a_wrong_passphrase_signs_nothing(reports, caplog):
    read(*reports)
    with pytest.raises(KeyNotOpened):
        batch(reports, passphrase="mã sai bí mật")
    assert not Signature.objects.exists()
    assert "mã sai bí mật" not in caplog.text


def test_only_ones_own_are_signed(reports):
    other = person("lanh.dao.khac", role="leader", full_name="Vi Thị Hoa")
    with pytest.raises(services.NothingChosen):
        batch(reports, by=other)
    with pytest.raises(services.NotAllowed):
        batch(reports, by=member("clerk"))


def test_a_new_layout_must_be_read_anew(reports):
    read(reports[0])
    services.return_report(report=reports[0], by=member("leader"), reason="Sai", now=stage.NOW)
    again = stage.to_sign(stage.fresh(reports[0]))
    assert services.read_among([again], member("leader")) == set()


def test_time_runs_out_and_the_rest_waits_for_the_next_request(reports, monkeypatch):
    read(*reports)
    monkeypatch.setattr(queue, "SECONDS_AT_ONCE", -1.0)
    results = batch(reports)
    assert not any(result.is_signed for result in results)
    assert "nhập lại mật khẩu" in results[0].words


def test_reading_is_kept_once(reports):
    read(reports[0], reports[0])
    assert ReportEvent.objects.filter(kind="read").count() == 1


def test_a_direction_is_kept_with_the_signature(reports):
    read(reports[0])
    batch(reports[:1], directions={reports[0].pk: "Đôn đốc hai xã còn thiếu."})
    event = reports[0].events.get(kind="directed")
    assert (event.note, event.who) == ("Đôn đốc hai xã còn thiếu.", member("leader"))


def test_of_an_endless_direction_the_beginning_is_kept(reports):
    told = services.direct(
        report=reports[0], by=member("leader"), text="Giao " * 50_000, now=stage.NOW
    )
    assert len(told.note) == 12_000


def test_a_direction_is_the_signatorys(reports):
    told = {"report": reports[0], "text": "x", "now": stage.NOW}
    other = person("lanh.dao.khac", role="leader", full_name="Vi Thị Hoa")
    with pytest.raises(services.NotTheSignatory):
        services.direct(by=other, **told)
    with pytest.raises(services.NotAllowed):
        services.direct(by=member("head"), **told)
    with pytest.raises(services.ReportRefusal, match="Hãy ghi"):
        services.direct(by=member("leader"), **(told | {"text": " \n"}))


class TestPages:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, reports):
        client.force_login(member("leader"))

    def sign(self, client, keys, passphrase=stage.PASSPHRASE, **more):
        answer = client.post(
            reverse("reports:sign_many"), {"chon": keys, "passphrase": passphrase} | more
        )
        is_streamed = answer.streaming
        text = b"".join(answer.streaming_content) if is_streamed else answer.content
        return answer, text.decode()

    def test_opening_marks_as_read_and_ticks(self, client, reports):
        queue_page = reverse("reports:signing_queue")
        before = client.get(queue_page).content.decode()
        assert before.count("Chưa đọc") == 3
        client.get(reverse("reports:sign", args=[reports[0].pk]))
        after = client.get(queue_page).content.decode()
        assert (after.count("Chưa đọc"), after.count("Đã đọc")) == (2, 1)
        assert after.count(" checked") == 1

    def test_results_come_one_by_one(self, client, reports):
        read(*reports)
        answer, text = self.sign(client, [report.pk for report in reports])
        assert answer.status_code == 200
        assert text.count("Mức chữ ký PAdES B-B") == 3
        assert "3/3" in text
        assert "Đã ký 3 văn bản" in text
        assert text.rstrip().endswith("</html>")
        assert stage.PASSPHRASE not in text
        assert answer.headers["Cache-Control"] == "no-store"

    def test_a_wrong_passphrase_is_said_beside_the_list(self, client, reports):
        read(*reports)
        _, text = self.sign(client, [reports[0].pk], "sai")
        assert "mật khẩu không đúng" in text
        assert "sai" not in text.split("passphrase")[1][:200]
        assert not Signature.objects.exists()

    @pytest.mark.parametrize(
        "keys", [[], ["x"], ["-1"], ["9" * 40], ["0"], ["1\0"], ["１"], ["1.5", ""]]
    )
    def test_nonsense_is_answered_in_words(self, client, keys):
        _, text = self.sign(client, keys)
        assert "Chưa chọn văn bản nào" in text

    def test_without_a_certificate_the_page_says_so(self, client):
        Certificate.objects.all().delete()
        page = client.get(reverse("reports:signing_queue")).content.decode()
        assert "Chưa đăng ký chứng thư số" in page

    def test_an_empty_queue_says_so(self, client):
        other = person("lanh.dao.khac", role="leader", full_name="Vi Thị Hoa")
        client.force_login(other)
        page = client.get(reverse("reports:signing_queue")).content.decode()
        assert "Không có văn bản nào chờ" in page

    def test_a_long_queue_costs_no_more_queries(
        self, client, reports, django_assert_max_num_queries
    ):
        read(*reports)
        assert Report.objects.count() == 3
        with django_assert_max_num_queries(16):
            client.get(reverse("reports:signing_queue"))

    def test_nothing_is_left_open_when_the_reader_goes_away(self, client, reports):
        read(*reports)
        closed = []
        batch_type = services.SigningBatch
        original = batch_type.close
        batch_type.close = lambda batch: closed.append(1) or original(batch)
        try:
            answer = client.post(
                reverse("reports:sign_many"),
                {"chon": [report.pk for report in reports], "passphrase": stage.PASSPHRASE},
            )
            answer.close()
        finally:
            batch_type.close = original
        assert closed
