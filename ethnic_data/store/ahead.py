"""Keep the difference that was found while a file was read, until the file is taken over.

It takes as long to find as everything else of taking over a large file that changes little. It is
used again only where nothing can have come in between: no value of the submission was written
(triggers count that), nothing happened to the submission or the file (a mended cell is an event),
and the codes of the file are the units, groups and columns that they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ethnic_data.models import ForeseenChanges

from .placing import COLUMNS, ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.collection.models import Submission, Upload

MOST = 250_000  # differences of one file that are kept
VERSION = "SELECT number FROM ethnic_data_valuesversion WHERE submission_id = %(submission)s"
CODES = f"""
SELECT coalesce(sum(hashtextextended(told, 0)::numeric), 0) FROM (
    SELECT DISTINCT concat_ws('|', 'u', r.unit, u.id) FROM {ROWS}
    WHERE r.upload_id = ANY (%(uploads)s)
    UNION ALL
    SELECT DISTINCT concat_ws('|', 'g', r."group", g.id) FROM {ROWS}
    WHERE r.upload_id = ANY (%(uploads)s)
    UNION ALL
    SELECT DISTINCT concat_ws('|', 'c', k."table", k.place, k.indicator_id, k.group_id, k.sex,
                              k.category)
    FROM (SELECT DISTINCT upload_id, "table" FROM collection_stagedrow
          WHERE upload_id = ANY (%(uploads)s)) r
    JOIN {COLUMNS}
) named (told)
"""  # noqa: S608 - constants
KEEP = """
INSERT INTO ethnic_data_foreseenchanges (upload_id, version, event, readings, codes, new, changed,
    removed, lines, places, olds)
SELECT %(upload)s, %(version)s, %(event)s, %(readings)s, %(codes)s, %(new)s, %(changed)s,
    %(removed)s, coalesce(array_agg(line), '{}'), coalesce(array_agg(place), '{}'),
    coalesce(array_agg(old), '{}')
FROM ethnic_data_change
"""
TAKE = """
INSERT INTO ethnic_data_change (upload_id, line, place, old)
SELECT upload_id, line, place, old
FROM ethnic_data_foreseenchanges, unnest(lines, places, olds) AS c (line, place, old)
WHERE upload_id = %(upload)s
"""


def version_of(cursor: Any, given: Mapping[str, Any], *, held: bool = False) -> int:
    """How often the submission's values were written; `held` lets nobody write until we end."""
    cursor.execute(VERSION + (" FOR UPDATE" if held else ""), given)
    found = cursor.fetchone()
    return int(found[0]) if found else 0


def keep_ahead(
    cursor: Any,
    submission: Submission,
    upload: Upload,
    given: Mapping[str, Any],
    *,
    version: int,
    counts: Mapping[str, int],
) -> None:
    """Keep `ethnic_data_change`, found when the values had `version`, for `taken_ahead`."""
    of_kind = {kind: counts.get(kind, 0) for kind in ("new", "changed", "removed")}
    is_all_new = not set(counts) - {"new"}
    if is_all_new or sum(of_kind.values()) > MOST or version_of(cursor, given) != version:
        return
    ForeseenChanges.objects.filter(upload__submission=submission).delete()
    stamp = {"version": version, **_stamp(cursor, submission, upload, given)}
    cursor.execute(KEEP, {**given, **stamp, **of_kind})


def taken_ahead(
    cursor: Any, submission: Submission, upload: Upload, given: Mapping[str, Any]
) -> tuple[int, int, int] | None:
    """Fill `ethnic_data_change` with what was kept: (new, changed, removed); None if it lapsed."""
    kept = ForeseenChanges.objects.filter(upload=upload).defer("lines", "places", "olds").first()
    if kept is None:
        return None
    if kept.version != version_of(cursor, given, held=True):
        return None
    stamp = _stamp(cursor, submission, upload, given)
    if stamp != {name: getattr(kept, name) for name in stamp}:
        return None
    cursor.execute(TAKE, given)
    cursor.execute("ANALYZE ethnic_data_change")
    ForeseenChanges.objects.filter(upload=upload).delete()
    return kept.new, kept.changed, kept.removed


def _stamp(
    cursor: Any, submission: Submission, upload: Upload, given: Mapping[str, Any]
) -> dict[str, Any]:
    """What must be the same later, beside the values themselves."""
    last = submission.events.order_by("-pk").values_list("pk", flat=True).first()
    cursor.execute(CODES, given)
    return {"event": last or 0, "readings": upload.readings, "codes": cursor.fetchone()[0]}
