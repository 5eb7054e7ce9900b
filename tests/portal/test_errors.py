"""What a person sees when the fault is ours, or the page is not theirs."""

from __future__ import annotations

import pytest

from portal import errors


def test_the_500_page_gives_a_code_that_the_log_carries(rf, caplog, db):
    request = rf.get("/don-vi/")
    answer = errors.server_error(request)
    words = answer.content.decode()
    code = caplog.messages[-1].split()[-1]
    assert answer.status_code == 500
    assert code in words
    assert "Mã hỗ trợ" in words


@pytest.mark.django_db
def test_a_page_that_does_not_exist_shows_the_way_home(client, leader):
    client.force_login(leader)
    answer = client.get("/khong-co-trang-nay")
    assert answer.status_code == 404
    assert 'href="' in answer.content.decode()


def test_what_is_too_long_to_be_read_is_told_in_plain_words(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/tai-khoan/dang-nhap", {"username": "a" * 50})
    assert answer.status_code == 400
    assert "dài quá" in answer.content.decode()


@pytest.mark.django_db
def test_a_null_character_leads_nowhere_and_stands_for_nothing(client, specialist):
    client.force_login(specialist)
    assert client.get("/dan-toc/dieu-tra/so-sanh/%00").status_code == 404
    for asked in ("bieu=%00", "bieu=%%0000"):
        assert client.get(f"/dan-toc/he-thong-cu?{asked}").status_code == 200
