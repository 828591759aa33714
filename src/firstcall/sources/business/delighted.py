"""What did people answer in Delighted?"""

from __future__ import annotations

from collections.abc import Mapping

from firstcall.errors import UnknownName
from firstcall.sources.business.scores import SCORES, scores, survey_options, wave
from firstcall.sources.mapping.converters import CONVERTERS
from firstcall.sources.mapping.mapping import RecordMapping, Rows, take
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

MAIN = "score"
EPOCH = CONVERTERS["epoch_seconds"]


def _paths(question: str) -> tuple[str, ...]:
    """Return where the answer to a question stands; `score` is the survey's own question."""
    if question == MAIN:
        return ("score",)
    places = (f"additional_answers[question.id={question}]", f"additional_answers[question.text={question}]")
    return tuple(f"{place}.value{end}" for place in places for end in ("", ".free_response", ".choice.text"))


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; raises UnknownName for another score than the four, UsageError for no scale."""
    meant = options.get("score", "ease")
    if meant not in SCORES:
        raise UnknownName("score", meant, SCORES)
    asked = {meant: MAIN} | {name: value for name, value in options.items() if name != "score"}
    columns = {
        "response_id": take("id"),
        "wave": wave(options, "created_at", read=EPOCH),
        "partner_id": take("person_properties.partner_id", "person_properties.company", option="partner"),
        "developer_id": take("person_properties.developer_id", "person.id", "person", option="developer"),
        "submitted_at": take("updated_at", "created_at", read="epoch_seconds"),
        "comment": take("comment"),
        **scores(asked, "0-10", _paths),
    }
    rows = Rows("surveys", columns, {"id": True, "score": True, "created_at": True}, version="updated_at")
    return RecordMapping((rows,), "a response of Delighted", lists=("responses",), inside=("event_data",))


SIGNATURES = (
    signature("survey_type", "score", "person"),
    signature("event_type=survey_response.*", "event_data"),
)

DELIGHTED = Source(
    name="delighted",
    title="Delighted responses",
    fills="surveys",
    needs="survey responses of the API as JSON; say which of our scores the survey's question is",
    identity="person properties `partner_id` and `developer_id`, else the person's id",
    certainty="fields from memory; 0–10 becomes 1–10 in proportion; samples built from documentation",
    reads="json",
    variants=(Variant("API", "`id`, `person`, `score`, `created_at` in epoch seconds"),),
    options=(
        Option("score", "which of our scores the survey's own question is", "ease"),
        *survey_options("0-10"),
    ),
    maps=_maps,
    signatures=SIGNATURES,
)
