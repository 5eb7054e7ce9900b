"""Writing a report: from a template, section by section."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localtime

from portal.collection.models import ReportingPeriod
from portal.documents.citation import number_key, symbol_key
from portal.documents.models import Document
from portal.units.models import IssuingAgency
from reports import figures
from reports.models import (
    Citation,
    Level,
    Recipient,
    RepeatedNotes,
    Report,
    ReportTemplate,
    Section,
)
from reports.printing import titles
from reports.text import richtext

from .binding import bind_found
from .exhibits import placed_exhibit
from .placeholders import agency_words, period_words
from .refusals import ReportRefusal
from .trail import keep_version, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import Division, User


PLACEHOLDER = re.compile(r"\{(\w+)\}")


class NoAgency(ReportRefusal):
    message = "Chưa khai báo tên cơ quan ban hành cho ngày này. Hãy nhờ quản trị khai báo."


class UnknownDocument(ReportRefusal):
    """The template cites a document that the register does not have."""


@transaction.atomic
def create_from_template(
    *,
    template: ReportTemplate,
    period: ReportingPeriod,
    drafter: User,
    now: datetime.datetime,
    report_date: datetime.date | None = None,
    signatory: User | None = None,
    division: Division | None = None,
    symbol: str = "",
    words: Mapping[str, str] | None = None,
    recipients: Sequence[dict[str, Any]] | None = None,
    is_demo: bool = False,
) -> Report:
    """Begin a draft: the template's sections, figures, citations and recipients, copied.

    `report_date` (today) decides under which agency name and titles the report is written;
    `words` stand in place of {name} in the template's texts (they are HTML in its bodies), beside
    those of period and agency (services.placeholders);
    `symbol` and `recipients` in place of those that type and template give.

    Raises:
        NotAllowed, NoAgency, UnknownDocument, UnknownFigure
    """
    day = report_date or localtime(now).date()
    agency = agency_on(day)
    words = period_words(period) | agency_words(agency, day) | dict(words or {})
    report = begun(
        template=template,
        period=period,
        drafter=drafter,
        day=day,
        agency=agency,
        subject=_filled(template.subject, words),
        authority=template.authority,
        signatory=signatory,
        division=division,
        symbol=symbol,
        is_demo=is_demo,
    )
    names = _bind_references(report, template, now)
    names |= _place_exhibits(report, template, words, now)
    outline = _filled_outline(template.outline, words)
    _copy_outline(report, outline, names, parent=None, author=drafter, now=now)
    for position, row in enumerate(
        template.recipients if recipients is None else recipients, start=1
    ):
        filled = row | {"text": _filled(row["text"], words)}
        Recipient.objects.create(report=report, position=position, **filled)
    write_down(report, "created", "Lập dự thảo từ đề cương", who=drafter, at=now)
    return report


def agency_on(day: datetime.date) -> IssuingAgency:
    """The issuing agency as it is called on `day`. Raises NoAgency."""
    try:
        return IssuingAgency.objects.on(day)
    except IssuingAgency.DoesNotExist:
        raise NoAgency from None


def begun(
    *,
    template: ReportTemplate,
    period: ReportingPeriod,
    drafter: User,
    day: datetime.date,
    agency: IssuingAgency,
    subject: str,
    authority: str,
    signatory: User | None,
    division: Division | None = None,
    symbol: str = "",
    source: Report | None = None,
    is_demo: bool = False,
) -> Report:
    """The row of a new draft under the agency of its day, without text. Raises NotAllowed."""
    need(drafter, "reports.draft")
    own_title = signatory.title if signatory else ""
    prefix, title = titles(agency, authority, own_title=own_title)
    kind = template.document_type
    return Report.objects.create(
        template=template,
        period=period,
        document_type=kind,
        agency=agency,
        symbol=symbol or "-".join(part for part in (kind.abbreviation, agency.symbol) if part),
        subject=subject,
        report_date=day,
        drafter=drafter,
        division=division or drafter.division,
        authority=authority,
        signatory=signatory,
        signature_prefix=prefix,
        signature_title=title,
        signer_name=signatory.full_name if signatory else "",
        source=source,
        repeated_notes=source.repeated_notes if source else RepeatedNotes.FULL,
        is_demo=is_demo,
    )


def _filled(text: str, words: Mapping[str, str]) -> str:
    """A text with what stands in place of its {name}s; a name nobody gave stays."""
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def _filled_outline(
    outline: list[dict[str, Any]], words: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            **node,
            "title": _filled(node.get("title", ""), words),
            "body": _filled(node.get("body", ""), words),
            "children": _filled_outline(node.get("children", []), words),
        }
        for node in outline
    ]


def _bind_references(
    report: Report, template: ReportTemplate, now: datetime.datetime
) -> dict[tuple[str, str], str]:
    """Rows for the template's figures and citations; from (kind, name) to the row's identifier."""
    names = {}
    queries = figures.find_many(row["query"] for row in template.figures.values())
    for name, row in template.figures.items():
        figure = bind_found(
            report,
            queries.get(row["query"]) or figures.find(row["query"]),
            style=row.get("style", ""),
            parameters=row.get("parameters", {}),
            now=now,
        )
        names["figure", name] = str(figure.pk)
    for name, row in template.citations.items():
        citation = Citation.objects.create(
            report=report,
            document=cited_document(row),
            place=row.get("place", Citation.Place.NOTE),
            printed=row["printed"],
        )
        names["citation", name] = str(citation.pk)
    return names


def _place_exhibits(
    report: Report, template: ReportTemplate, words: Mapping[str, str], now: datetime.datetime
) -> dict[tuple[str, str], str]:
    """The template's tables and charts, made from today's data for the report's period."""
    names = {}
    for name, row in template.exhibits.items():
        filled = {key: _filled(text, words) for key, text in row.items()}
        names["exhibit", name] = str(placed_exhibit(report, filled, now=now).pk)
    return names


def cited_document(row: dict[str, Any]) -> Document:
    """The document of the register with that number, symbol and date.

    Raises:
        UnknownDocument: the register does not have it.
    """
    found = Document.objects.filter(
        number_key=number_key(row["number"]),
        symbol_key=symbol_key(row["symbol"]),
        date=row["date"],
    ).first()
    if found is None:
        raise UnknownDocument(
            f"Sổ văn bản chưa có {row['number']}/{row['symbol']} ngày {row['date']}. "
            "Hãy vào sổ văn bản này rồi lập lại báo cáo."
        )
    return found


def _copy_outline(
    report: Report,
    outline: list[dict[str, Any]],
    names: dict[tuple[str, str], str],
    *,
    parent: Section | None,
    author: User,
    now: datetime.datetime,
) -> None:
    def renamed(atom: richtext.Atom) -> richtext.Atom:
        key = names.get((atom.kind, atom.key), atom.key)
        return richtext.Atom(atom.kind, key, atom.text, atom.bold, atom.italic)

    for position, node in enumerate(outline, start=1):
        section = Section.objects.create(
            report=report,
            parent=parent,
            position=position,
            level=node.get("level", Level.PLAIN),
            manual_label=node.get("manual_label", ""),
            title=node.get("title", ""),
            body=richtext.write(richtext.with_atoms(richtext.read(node.get("body", "")), renamed)),
        )
        keep_version(section, author=author, now=now)
        _copy_outline(
            report, node.get("children", []), names, parent=section, author=author, now=now
        )
