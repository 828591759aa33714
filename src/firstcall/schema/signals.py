"""What else tells how the program does? Tickets, surveys, requests, incidents, changes, ecosystem."""

from __future__ import annotations

from firstcall.schema.table import Column, Table, boolean, date, integer, number, text, time


def _score(name: str, doc: str) -> Column:
    return number(name, doc, least=1, most=10)


TICKETS = Table(
    "tickets",
    "signals",
    "One row per support ticket.",
    (
        text("ticket_id", "Id of the ticket.", required=True),
        text("partner_id", "Who asked."),
        text("developer_id", "Person who asked."),
        time("opened_at", "When it was opened.", required=True),
        time("resolved_at", "When it was resolved."),
        text("topic", "What it was about."),
        text("product", "API product."),
        text("method", "HTTP method of the endpoint."),
        text("route", "Path template of the endpoint."),
    ),
    key=("ticket_id",),
    happened="opened_at",
)

SURVEYS = Table(
    "surveys",
    "signals",
    "One row per answer to the developer survey.",
    (
        text("response_id", "Id of the answer.", required=True),
        text("wave", "Wave, such as 2026Q3.", required=True),
        text("partner_id", "Organisation."),
        text("developer_id", "Person."),
        time("submitted_at", "When.", required=True),
        _score("documentation", "Documentation quality, 1 to 10."),
        _score("reliability", "API reliability, 1 to 10."),
        _score("support", "Support responsiveness, 1 to 10."),
        _score("ease", "Ease of integration, 1 to 10."),
        text("comment", "In their own words."),
    ),
    key=("response_id",),
    happened="submitted_at",
)

SURVEY_INVITES = Table(
    "survey_invites",
    "signals",
    "One row per person asked.",
    (
        text("wave", "Wave.", required=True),
        text("developer_id", "Person.", required=True),
        time("sent_at", "When.", required=True),
    ),
    key=("wave", "developer_id"),
    happened="sent_at",
)

FEEDBACK = Table(
    "feedback",
    "signals",
    "One row per short opinion on onboarding, a page, sample code or an SDK.",
    (
        time("time", "When.", required=True),
        text("kind", "About what.", "onboarding", "docs", "sample_code", "sdk", "other", required=True),
        text("subject", "Page, sample or SDK."),
        text("partner_id", "Organisation."),
        text("developer_id", "Person."),
        integer("rating", "1 to 5.", least=1, most=5),
        text("comment", "In their own words."),
    ),
    happened="time",
)

REQUESTS = Table(
    "requests",
    "signals",
    "One row per thing developers asked for.",
    (
        text("request_id", "Id of the request.", required=True),
        text("partner_id", "Who asked."),
        text("kind", "Kind of request.", "bug", "feature", "docs"),
        time("opened_at", "When it was asked.", required=True),
        time("deployed_at", "When the answer was deployed."),
    ),
    key=("request_id",),
    happened="opened_at",
)

INCIDENTS = Table(
    "incidents",
    "signals",
    "One row per incident.",
    (
        text("incident_id", "Id of the incident.", required=True),
        text("title", "What happened.", required=True),
        text("severity", "How bad.", "critical", "major", "partial", "degraded", "maintenance"),
        text("products", "API products hit, separated by commas."),
        time("started_at", "When it began.", required=True),
        time("detected_at", "When it was noticed."),
        time("resolved_at", "When it was over."),
        text("detected_by", "Who noticed.", "monitoring", "customer"),
        boolean("integration_related", "It hit integrations."),
        integer("commitment_minutes", "Promised minutes to resolution."),
        text("narrative_url", "Where the story is told."),
        text("timeline", "Timeline."),
        text("cause", "Cause."),
        text("reproducible_test", "Test that shows it."),
        time("postmortem_at", "When the postmortem was published."),
        integer("actions_total", "Actions agreed."),
        integer("actions_done", "Actions done."),
        integer("actions_on_time", "Actions done in time."),
        text("recurrence_of", "Incident it repeats."),
    ),
    key=("incident_id",),
    happened="started_at",
)

CONTRACT_CHANGES = Table(
    "contract_changes",
    "signals",
    "One row per change of an API's contract.",
    (
        text("product", "API product.", required=True),
        text("version", "Version it came with.", required=True),
        time("released_at", "When.", required=True),
        text("kind", "Kind of change.", "breaking", "deprecation", "addition", "fix", required=True),
        boolean("behind_new_version", "Old callers kept the old contract."),
        integer("notice_days", "Days of notice."),
        text("detail", "What changed."),
    ),
    happened="released_at",
)

CONTRIBUTIONS = Table(
    "contributions",
    "signals",
    "One row per contribution to the program's open parts.",
    (
        time("time", "When.", required=True),
        text("kind", "Kind.", "pull_request", "issue", "adapter", "sample_app", "forum", required=True),
        boolean("external", "It came from outside."),
        time("accepted_at", "When it was accepted."),
        time("resolved_at", "When it was closed."),
        text("author_hash", "Hash of the author."),
    ),
    happened="time",
)

INTEGRATIONS = Table(
    "integrations",
    "signals",
    "One row per third-party integration.",
    (
        text("integration_id", "Id of the integration.", required=True),
        text("partner_id", "Who built it."),
        text("type", "Type.", "marketplace", "adapter", "sample", "custom", required=True),
        text("target", "Deployment target."),
        time("started_at", "When work began."),
        time("live_at", "When it went live."),
        integer("installs", "Installs."),
        integer("active_installs", "Active installs."),
    ),
    key=("integration_id",),
    happened="started_at",
)

MILESTONES = Table(
    "milestones",
    "signals",
    "One row per event that charts are annotated with.",
    (
        date("date", "Day.", required=True),
        text("label", "What happened.", required=True),
        text("kind", "Kind.", "launch", "pricing", "content", "docs", "incident", "experiment"),
        text("url", "Where it is told."),
    ),
    happened="date",
)

ASSIGNMENTS = Table(
    "assignments",
    "signals",
    "Who saw which variant of an experiment.",
    (
        text("experiment", "Experiment.", required=True),
        text("unit_id", "Partner or developer.", required=True),
        text("variant", "Variant.", required=True),
        time("assigned_at", "When.", required=True),
    ),
    key=("experiment", "unit_id"),
    happened="assigned_at",
)

TABLES = (
    TICKETS,
    SURVEYS,
    SURVEY_INVITES,
    FEEDBACK,
    REQUESTS,
    INCIDENTS,
    CONTRACT_CHANGES,
    CONTRIBUTIONS,
    INTEGRATIONS,
    MILESTONES,
    ASSIGNMENTS,
)
