"""What did people answer in SurveyMonkey?"""

from __future__ import annotations

from collections.abc import Mapping

from firstcall.sources.business.scores import scores, survey_options, wave
from firstcall.sources.mapping.converters import dated
from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, take
from firstcall.sources.signatures import signature
from firstcall.sources.source import Source, Variant

EXPORTED = dated("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")
"""How the export writes times: month first, with a half of the day or without."""


def _paths(question: str) -> tuple[str, ...]:
    """Return where the answer to a question stands: by its id in JSON, by its heading in CSV."""
    answer = f"pages.*.questions[id={question}].answers.0"
    return (question, *(f"{answer}.{end}" for end in ("choice_metadata.weight", "simple_text", "text")))


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; raises UsageError when no question is named or the scale is none."""
    columns = {
        "response_id": take("id"),
        "wave": wave(options, "date_created"),
        "partner_id": take("custom_variables.partner_id", "custom_variables.partner", option="partner"),
        "developer_id": take("custom_variables.developer_id", "recipient_id", option="developer"),
        "submitted_at": take("date_modified", "date_created"),
        **scores(options, "1-5", _paths),
    }
    export = columns | {
        "response_id": take("Respondent ID"),
        "wave": wave(options, "End Date", "Start Date", read=EXPORTED),
        "partner_id": take("partner_id", "Custom Data 1", option="partner"),
        "developer_id": take("developer_id", option="developer"),
        "submitted_at": take("End Date", "Start Date", read=EXPORTED),
    }
    open_ = Skip(
        lambda node: node.find("response_status") not in {None, "completed"}, "answers not completed"
    )
    rows = (
        Rows("surveys", columns, {"survey_id": True, "pages": True}, skip=(open_,), version="date_modified"),
        Rows("surveys", export, {"Respondent ID": True, "Collector ID": True}),
    )
    return RecordMapping(rows, "a response of SurveyMonkey", lists=("data",), head=2)


SIGNATURES = (
    signature("survey_id", "pages", "response_status|collector_id"),
    signature("Respondent ID", "Collector ID"),
)

SURVEYMONKEY = Source(
    name="surveymonkey",
    title="SurveyMonkey responses",
    fills="surveys",
    needs="`responses/bulk?simple=true` of the API as JSON, or the CSV export; say which question is which score",
    identity="custom variables `partner_id` and `developer_id`, the first column of custom data",
    certainty="fields read in an extractor's schemas, the CSV's heading seen; scores are moved to 1–10 in proportion",
    reads="json",
    variants=(
        Variant("API", '`{"data": [{"id", "pages": […]}]}`; weights, else the answer\'s text'),
        Variant("CSV", "two lines of headings: `Respondent ID`, …, and what each column of a question is"),
    ),
    options=survey_options("1-5"),
    maps=_maps,
    signatures=SIGNATURES,
)
