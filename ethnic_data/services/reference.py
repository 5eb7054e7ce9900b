"""Load the groups with all their names and codes, and the indicators with their formulas."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db import transaction

from ethnic_data.models import (
    Aggregation,
    Category,
    Dimension,
    EthnicGroup,
    GroupAlias,
    GroupCode,
    GroupKind,
    Indicator,
    LocalGroup,
    Sex,
    group_key,
)
from portal.units.names import fold, sort_key

from .files import rows_of

# rows that published tables need beside the 54; 55 and 99 as in the census, 98 is ours
EXTRA_GROUPS = [
    ("55", "Người nước ngoài", GroupKind.FOREIGN, False, ["Nước ngoài"]),
    (
        "98",
        "Dân tộc khác",
        GroupKind.OTHER,
        True,
        [
            "Các dân tộc khác",
            "Dân tộc thiểu số khác",
            "Các dân tộc thiểu số khác",
            "DTTS khác",
            "Khác",
            "Dân tộc khác/không xác định/nước ngoài",
        ],
    ),
    ("99", "Không xác định", GroupKind.UNDETERMINED, False, ["Chưa xác định", "Không rõ"]),
]
# spellings seen in publications that the list of other names does not have
DRIFT = {
    "05": ["Khme", "Khơme"],
    "08": ["H'Mông", "Hmông", "Mông (Hmông)"],
    "12": ["Ê đê"],
    "15": ["Sán Chí", "Sán Chỉ", "Cao Lan - Sán Chí", "Sán Chay (Cao Lan, Sán Chí)"],
    "18": ["Sán Rìu"],
    "20": ["M'nông"],
    "21": ["Rắc Glây", "Raglai"],
    "22": ["Stiêng"],
    "27": ["Giê Triêng", "Giẻ Triêng"],
}
LOCAL_GROUPS = {"15": ["Sán Chí", "Cao Lan"]}
# the part of the minorities of an indicator that is reported for all groups
MINORITY_PARTS = {"D02": "D01", "D04": "D03", "N03": "N01", "N04": "N02"}
# whose groups the distinct count counts
COUNTED = {"D09": "D03"}
NO_UNIT = "-"


@transaction.atomic
def load_groups() -> None:
    """The 54 groups, the extra rows, both code systems, other names and local groups."""
    if EthnicGroup.objects.exists():
        return
    rows = rows_of("ethnic_groups.csv")
    EthnicGroup.objects.bulk_create([*map(_listed_group, rows), *_extra_groups()])
    by_code = {group.code: group for group in EthnicGroup.objects.all()}
    GroupCode.objects.bulk_create(
        GroupCode(group=by_code[row["code"]], code_system=system, code=row[column])
        for row in rows
        for system, column in (
            (GroupCode.System.LIST_1979, "code"),
            (GroupCode.System.CENSUS_1999_2009, "alt_code_1999_2009"),
        )
    )
    LocalGroup.objects.bulk_create(
        LocalGroup(group=by_code[code], name=name, key=group_key(name))
        for code, names in LOCAL_GROUPS.items()
        for name in names
    )
    _load_aliases(rows, by_code)


def _listed_group(row: dict[str, str]) -> EthnicGroup:
    family, branch = _family(row["language_family"])
    return EthnicGroup(
        code=row["code"],
        name=row["name"],
        ascii_name=row["ascii_name"],
        name_key=group_key(row["name"]),
        sort_key=sort_key(row["name"]),
        family=family,
        branch=branch,
        is_very_small=row["very_small"] == "yes",
        counts_as_minority=row["code"] != "01",
    )


def _family(text: str) -> tuple[str, str]:
    """ "Austroasiatic (Nam Á): Việt–Mường" is the family "Nam Á", the branch "Việt–Mường"."""
    found = re.fullmatch(r"[^(]*\(([^)]*)\)(?::\s*(.*))?", text)
    if found is None:
        return text, ""
    return found[1], found[2] or ""


def _extra_groups() -> Iterator[EthnicGroup]:
    for code, name, kind, counts, _ in EXTRA_GROUPS:
        yield EthnicGroup(
            code=code,
            name=name,
            ascii_name=fold(name).capitalize(),
            name_key=group_key(name),
            sort_key=sort_key(name),
            kind=kind,
            counts_as_minority=counts,
        )


def _load_aliases(rows: list[dict[str, str]], by_code: dict[str, EthnicGroup]) -> None:
    """Each name once; a name of several groups asks, an official name of one of them does not."""
    spelt: dict[str, str] = {}
    owners: dict[str, set[str]] = defaultdict(set)
    sharing: dict[str, set[str]] = defaultdict(set)
    for code, name in _alias_names(rows):
        key = group_key(name)
        if key and key != by_code[code].name_key:
            owners[spelt.setdefault(name.casefold(), name)].add(code)
            sharing[key].add(code)
    official = {group.name_key for group in by_code.values()}
    GroupAlias.objects.bulk_create(
        GroupAlias(
            name=name,
            key=group_key(name),
            needs_confirmation=len(sharing[group_key(name)]) > 1
            and group_key(name) not in official,
        )
        for name in owners
    )
    aliases = {alias.name: alias for alias in GroupAlias.objects.all()}
    GroupAlias.groups.through.objects.bulk_create(
        GroupAlias.groups.through(groupalias=aliases[name], ethnicgroup=by_code[code])
        for name, codes in owners.items()
        for code in sorted(codes)
    )


def _alias_names(rows: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """(code, name) of everything a group is called. "Nốp (Tu Lốp)" is two names."""
    for row in rows:
        for text in row["other_names"].split(";"):
            for name in re.split(r"[()]", text):
                if name.strip():
                    yield row["code"], name.strip()
        yield row["code"], row["gso_variant_hyphenated"]
        yield row["code"], row["ascii_name"]
    for source in (DRIFT, LOCAL_GROUPS, {code: more for code, *_, more in EXTRA_GROUPS}):
        for code, some in source.items():
            for name in some:
                yield code, name


@transaction.atomic
def load_categories() -> None:
    """The dimensions and categories that are not there yet."""
    Dimension.objects.bulk_create(
        (Dimension(position=n, **row) for n, row in enumerate(rows_of("dimensions.csv"), start=1)),
        ignore_conflicts=True,
    )
    dimensions = dict(Dimension.objects.values_list("code", "pk"))
    Category.objects.bulk_create(
        (
            Category(
                dimension_id=dimensions[row["dimension"]],
                code=row["code"],
                name=row["name"],
                name_key=fold(row["name"]),
                aliases=[name for name in row["aliases"].split(";") if name],
                position=n,
                is_verified=row["verified"] == "yes",
                source=row["source"],
            )
            for n, row in enumerate(rows_of("categories.csv"), start=1)
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def load_indicators() -> None:
    """The indicators of the catalogue that are not there yet, with their parts."""
    rows = rows_of("indicators.csv")
    known = set(Indicator.objects.values_list("code", flat=True))
    fresh = [(n, row) for n, row in enumerate(rows, start=1) if row["code"] not in known]
    if not fresh:
        return
    words = {row["code"]: row for row in rows_of("indicator_words.csv")}
    categories = _category_codes()
    parts = {row["code"]: aggregation_of(row["aggregation"], categories) for _, row in fresh}
    # rows that name other rows come last: the database checks every row as it comes
    fresh.sort(key=lambda item: bool(parts[item[1]["code"]].names))
    Indicator.objects.bulk_create(
        _indicator(n, row, words.get(row["code"], {}))
        for n, row in fresh
        if not parts[row["code"]].names and row["code"] not in COUNTED
    )
    ids = dict(Indicator.objects.values_list("code", "pk"))
    Indicator.objects.bulk_create(
        _indicator(n, row, words.get(row["code"], {}), parts[row["code"]], ids)
        for n, row in fresh
        if row["code"] not in ids
    )
    ids = dict(Indicator.objects.values_list("code", "pk"))
    for part, whole in MINORITY_PARTS.items():
        if part in parts:
            Indicator.objects.filter(code=part).update(all_groups=ids[whole])


def _category_codes() -> dict[str, str]:
    """Codes by folded name, without the names that several categories share ("khác")."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code, name, aliases in Category.objects.values_list("code", "name", "aliases"):
        for spelt in (name, *aliases):
            codes[group_key(spelt)].add(code)
    return {key: found.pop() for key, found in codes.items() if len(found) == 1}


class Parts:
    """What "ratio:D03[nam]/D03[nữ]*100" says: kind, the parts it names, the factor."""

    def __init__(self, kind: str, names: tuple[tuple[str, str, str], ...], factor: Decimal) -> None:
        self.kind, self.names, self.factor = kind, names, factor


class UnknownAggregation(Exception):
    """The catalogue says how to add up in words that nobody has taught."""


_OPERAND = r"([A-Z]\w*)(?:\[([^\]]*)\])?"
_RATIO = re.compile(rf"ratio:{_OPERAND}/{_OPERAND}(?:\*([0-9.]+))?")
_MEAN = re.compile(r"mean:weight ([A-Z]\w*)")
_SEXES = {"nam": Sex.MALE, "nu": Sex.FEMALE}


def aggregation_of(text: str, categories: Mapping[str, str] | None = None) -> Parts:
    """Read one cell of the catalogue. `categories` are codes by folded name.

    Grammar: sum | ratio:NUM[part]/DEN[part]*FACTOR | mean:weight CODE | count_true |
    distinct_count | none (remark). `part` is a sex (nam, nữ) or the name of a category.

    Raises:
        UnknownAggregation: other words, or a part that is in no catalogue.
    """
    text = text.strip()
    if found := _RATIO.fullmatch(text):
        above, above_part, below, below_part, factor = found.groups()
        known = categories or {}
        names = (_narrowed(above, above_part, known), _narrowed(below, below_part, known))
        return Parts(Aggregation.RATIO, names, Decimal(factor or 1))
    if found := _MEAN.fullmatch(text):
        return Parts(Aggregation.MEAN, ((found[1], "", ""),), Decimal(1))
    kind = text.split(" ")[0]
    if kind in ("sum", "count_true", "distinct_count", "none"):
        return Parts(kind, (), Decimal(1))
    raise UnknownAggregation(text)


def _narrowed(code: str, part: str | None, categories: Mapping[str, str]) -> tuple[str, str, str]:
    if not part:
        return code, "", ""
    if sex := _SEXES.get(fold(part)):
        return code, sex, ""
    if group_key(part) not in categories:
        raise UnknownAggregation(part)
    return code, "", categories[group_key(part)]


def _indicator(
    position: int,
    row: dict[str, str],
    words: dict[str, str],
    parts: Parts | None = None,
    ids: dict[str, int] | None = None,
) -> Indicator:
    parts = parts or aggregation_of(row["aggregation"])
    indicator = Indicator(
        code=row["code"],
        name=row["name_vi"],
        name_key=fold(row["name_vi"]),
        unit_of_measure="" if row["unit"] == NO_UNIT else row["unit"],
        level=row["level"],
        disaggregation=[part for part in row["disaggregation"].split(";") if part != "-"],
        aggregation=parts.kind,
        factor=parts.factor,
        definition=words.get("definition", ""),
        source=words.get("source", ""),
        position=position,
    )
    if ids is None:
        return indicator
    if parts.kind == Aggregation.RATIO:
        (above, above_sex, above_category), (below, below_sex, below_category) = parts.names
        indicator.numerator_id, indicator.denominator_id = ids[above], ids[below]
        indicator.numerator_sex, indicator.numerator_category_id = above_sex, above_category or None
        indicator.denominator_sex = below_sex
        indicator.denominator_category_id = below_category or None
    if parts.kind == Aggregation.MEAN:
        indicator.weight_id = ids[parts.names[0][0]]
    if row["code"] in COUNTED:
        indicator.counted_id = ids[COUNTED[row["code"]]]
    return indicator
