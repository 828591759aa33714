"""What did people answer in Typeform?"""

from __future__ import annotations

from collections.abc import Mapping

from firstcall.sources.business.scores import scores, survey_options, wave
from firstcall.sources.mapping.converters import CONVERTERS
from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, take
from firstcall.sources.signatures import signature
from firstcall.sources.source import Source, Variant

UTC = CONVERTERS["utc"]
SUBMITTED = "Submit Date (UTC)"


def _paths(question: str) -> tuple[str, ...]:
    """Return where the answer to a question stands: by its id or reference in JSON, by its text in CSV."""
    ends = ("number", "choice.label", "text", "boolean")
    return (question, *(f"answers[field.{by}={question}].{end}" for by in ("id", "ref") for end in ends))


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; raises UsageError when no question is named or the scale is none."""
    columns = {
        "response_id": take("response_id", "token", "landing_id"),
        "wave": wave(options, "submitted_at"),
        "partner_id": take("hidden.partner_id", "hidden.partner", option="partner"),
        "developer_id": take("hidden.developer_id", "hidden.developer", option="developer"),
        "submitted_at": take("submitted_at"),
        **scores(options, "1-10", _paths),
    }
    export = columns | {
        "response_id": take("#", "Network ID"),
        "wave": wave(options, SUBMITTED, read=UTC),
        "partner_id": take("partner_id", "partner", option="partner"),
        "developer_id": take("developer_id", "developer", option="developer"),
        "submitted_at": take(SUBMITTED, read=UTC),
    }
    open_ = Skip({"submitted_at": ("0001-01-01t00:00:00z",)}, "answers never submitted")
    rows = (
        Rows("surveys", columns, {"landing_id": True, "submitted_at": True}, skip=(open_,)),
        Rows("surveys", export, {SUBMITTED: True}),
    )
    return RecordMapping(rows, "a response of Typeform", lists=("items",), inside=("form_response",))


SIGNATURES = (
    signature("landing_id|response_id|token", "submitted_at", "landed_at|answers|hidden"),
    signature("event_type=form_response", "form_response"),
    signature("#", "Submit Date (UTC)"),
)

TYPEFORM = Source(
    name="typeform",
    title="Typeform responses",
    fills="surveys",
    needs="responses of the API or webhooks as JSON, or the CSV export; say which question is which score",
    identity="hidden fields `partner_id` and `developer_id`",
    certainty="fields read in an extractor's schemas, the CSV seen; scores are moved to 1–10 in proportion",
    reads="json",
    variants=(
        Variant("API", '`{"items": [{"landing_id", "answers": […]}]}`'),
        Variant("CSV", "`#`, a column a question under its text, `Submit Date (UTC)`"),
    ),
    options=survey_options("1-10"),
    maps=_maps,
    signatures=SIGNATURES,
)
