"""The main thread through every floor: workbooks in, a genuine report out; and only what the data
changed changes in it."""

from __future__ import annotations

import difflib
import io
import json
import subprocess
from collections import Counter

import openpyxl
import pikepdf
import pytest
from django.core.management import call_command

from reports import services
from reports.demo import make_keys
from reports.walkthrough import FilesRefused, Walkthrough, at
from tests.reports.printed_sample import sample_words

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("walkthrough")]


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker):
    """The demo province, loaded once for this module and rolled back after it."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            from ethnic_data.demo import load_demo
            from portal.accounts.demo import load_accounts

            load_accounts()
            load_demo(now=at(1, 8))
            yield
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture
def walk(province, db, settings, tmp_path):
    settings.SIGNING_DIR = tmp_path / "signing"
    make_keys(now=at(1, 8))
    return Walkthrough(folder=tmp_path / "demo", say=lambda words: None)


def words_of(pdf: bytes) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode().split()


def evidence_of(pdf: bytes) -> dict:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (name,) = document.attachments
        return json.loads(document.attachments[name].get_file().read_bytes())


def issued(report) -> bytes:
    return services.issued_file(report).content()


def changed_workbook(walk: Walkthrough, figures: dict[str, int]):
    """The agency's workbook of the first walk with other figures, found by their codes' rows."""
    path = walk.folder / "cntt-co-quan.xlsx"
    book = openpyxl.load_workbook(path)
    places = {}
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            words = str(cell.value or "")
            for measure, value in figures.items():
                if words == measure or words.startswith(NAMES[measure]):
                    target = next(
                        c for c in book.worksheets[0][cell.row][cell.column :] if is_number(c.value)
                    )
                    target.value = value
                    places[measure] = (book.worksheets[0].title, target.coordinate)
    changed = walk.folder / "cntt-sua.xlsx"
    book.save(changed)
    return changed, places


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


NAMES = {
    "K14": "Số video tuyên truyền",
    "K06": "Số cán bộ, công chức có chứng chỉ tin học",
}


def test_the_thread_ends_genuine_with_the_samples_words(walk):
    report = walk.run()
    pdf = issued(report)
    assert services.verify_file(pdf).verdict.as_dict()["genuine"]
    wanted, found = Counter(sample_words()), Counter(words_of(pdf))
    missing = sum((wanted - found).values())
    assert missing <= 0.02 * sum(wanted.values())


def test_with_three_videos_and_one_official_uncertified_only_those_places_change(walk):
    first = issued(walk.run())
    workbook, places = changed_workbook(walk, {"K14": 3, "K06": 20})
    assert set(places) == {"K14", "K06"}
    second = issued(walk.run(cntt=workbook))
    changes = [
        (" ".join(before), " ".join(after))
        for before, after in changed_words(words_of(first), words_of(second))
    ]
    assert ("02", "03") in changes
    assert ("100%", "95,2%") in changes
    rest = [pair for pair in changes if pair not in [("02", "03"), ("100%", "95,2%")]]
    assert all(is_number_of_document(pair) for pair in rest), rest
    attached = json.dumps(evidence_of(second), ensure_ascii=False)
    for sheet, cell in places.values():
        assert workbook.name in attached
        assert sheet in attached
        assert f'"{cell}"' in attached


def changed_words(before: list[str], after: list[str]):
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            yield before[i1:i2], after[j1:j2]


def is_number_of_document(pair: tuple[str, str]) -> bool:
    """The report's own number, which differs because two reports were issued."""
    return all(word.split("/")[0].strip(":").isdigit() for word in pair)


def test_a_given_workbook_with_a_mistake_stops_before_anything_is_written(walk, tmp_path):
    junk = tmp_path / "junk.xlsx"
    junk.write_bytes(b"not a workbook")
    with pytest.raises(FilesRefused, match=r"junk\.xlsx"):
        walk.run(cntt=junk)


def test_production_refuses_the_walk(settings, capsys):
    settings.DEMO = False
    with pytest.raises(Exception, match="make demo-report"):
        call_command("demo_report")
