"""What the layout engine is spared: programs and modules at the start, boxes for numbers."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reports.rendering import Paragraph, Text, render_pdf
from reports.rendering.unbroken import with_joiners
from tests.reports.printed_sample import sample_report
from tests.reports.signed_sample import SIGNED_AT, tool

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FIRST = """
import json, subprocess, sys
started = []
def heard(event, args):
    if event == "subprocess.Popen":
        started.append(str(args[0]))
sys.addaudithook(heard)
import bench.cold, runpy
runpy.run_module("bench.cold", run_name="__main__")
from weasyprint.pdf import fonts
from weasyprint.text.ffi import harfbuzz_subset
seldom = ("fontTools.subset", "fontTools.varLib.instancer", "pikepdf", "lxml.etree", "django")
known = [name for name in seldom if name in sys.modules]
options = fonts.subset.Options(hinting=False)
print(json.dumps([started, known, type(options).__module__, harfbuzz_subset is not None]))
"""


def test_the_first_report_starts_no_program_and_imports_nothing_it_does_not_need():
    told = subprocess.run(
        [sys.executable, "-c", FIRST], cwd=ROOT, capture_output=True, text=True, check=True
    )
    started, known, options, makes_subsets = json.loads(told.stdout)
    assert started == []
    assert known == []
    assert makes_subsets, "the engine's libraries are found all the same"
    assert options == "fontTools.subset", "what is put off comes when it is called"


def test_numbers_stay_whole_in_lines_of_every_length_and_leave_no_trace_in_the_text():
    chance = random.Random(5)  # noqa: S311
    numbers = ("17/QĐUBQGCDĐT", "488/KH-UBND", "01/2022/TT-UBDT", "a_b@bacgiang.gov.vn")
    words = [chance.choice((*numbers, "vùng", "đồng bào", "dân tộc", "ở")) for _ in range(1500)]
    report = replace(
        sample_report(), blocks=(Paragraph((Text(" ".join(words)),)),), notes=(), recipients=()
    )
    done = render_pdf(report, evidence={}, title="Thử", now=SIGNED_AT)
    assert "\u2060" in done.html
    text = tool("pdftotext", done.pdf, "-layout")
    assert "\u2060" not in text
    for number in numbers:
        assert text.count(number) == words.count(number)


def test_only_spans_of_plain_words_become_joiners():
    plain, marked = '<span class="whole">1/KH-UBND</span>', '<span class="whole">2/<b>a</b></span>'
    assert with_joiners(f"số<span> </span>{plain} {marked}") == (
        f"số 1/\u2060KH-\u2060UBND {marked}"
    )
    years = with_joiners('<span class="whole">2021 - 2025</span>')
    assert years == "2021 \u2060-\u2060 \u20602025"
