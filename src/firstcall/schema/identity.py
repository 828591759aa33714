"""Who is calling? Partners, developers, their credentials, and what people did before the first call."""

from __future__ import annotations

from firstcall.schema.table import Table, secret, text, time
from firstcall.schema.usage import ENVIRONMENTS

PARTNER_STATUSES = ("pending", "approved", "rejected", "suspended", "deleted", "test", "duplicate")
JOURNEY_STEPS = (
    "discovered",
    "registered",
    "docs_viewed",
    "quickstart_viewed",
    "terms_accepted",
    "product_selected",
    "credentials_requested",
    "credentials_issued",
    "approval_requested",
    "approved",
    "webhook_configured",
    "production_requested",
    "went_live",
    "trial_started",
    "trial_ended",
    "poc_started",
    "poc_completed",
    "identified",
)
"""Journey steps with a meaning of their own."""

PARTNERS = Table(
    "partners",
    "identity",
    "One row per organisation that registered.",
    (
        text("partner_id", "Id of the organisation.", required=True),
        text("name", "Its name.", required=True),
        time("registered_at", "When it registered.", required=True),
        text(
            "status",
            "Its standing; the current one applies to its past.",
            *PARTNER_STATUSES,
            default="approved",
        ),
        text("segment", "Segment, such as enterprise."),
        text("country", "ISO 3166 country."),
        text("channel", "Acquisition source."),
        text("manager", "Partner manager."),
        text("merged_into", "The partner that this one became; reversible."),
    ),
    key=("partner_id",),
    happened="registered_at",
)

DEVELOPERS = Table(
    "developers",
    "identity",
    "One row per person who signed up.",
    (
        text("developer_id", "Id of the person.", required=True),
        text("partner_id", "Organisation the person belongs to."),
        time("signed_up_at", "When the account was created.", required=True),
        text("name", "Display name."),
        secret("email_hash", "Hash of the address; an address is hashed on import."),
    ),
    key=("developer_id",),
    happened="signed_up_at",
)

CREDENTIALS = Table(
    "credentials",
    "identity",
    "Which consumer id belongs to whom, and from when until when. Resolved when asked.",
    (
        secret("consumer", "Credential, app or key id as the gateway reports it.", required=True),
        text("partner_id", "Organisation it belongs to.", required=True),
        text("developer_id", "Person it belongs to."),
        text("app", "Application it was made for."),
        text(
            "environment",
            "Environment it was made for, as told; a call's own environment comes from the rules.",
            *ENVIRONMENTS,
        ),
        text("product", "API product it opens."),
        time("valid_from", "First moment it belongs to them; absent means always."),
        time("valid_to", "First moment it no longer does; absent means still."),
    ),
    key=("consumer", "valid_from"),
)

JOURNEY = Table(
    "journey",
    "identity",
    "One row per thing somebody did in the portal or the documentation.",
    (
        time("time", "When.", required=True),
        text("partner_id", "Organisation, when known."),
        text("developer_id", "Person, when known."),
        text("anonymous_id", "Visitor, until `identified` joins it to a developer."),
        text(
            "step",
            f"What was done. With a meaning of their own: {', '.join(JOURNEY_STEPS)}; others can stand in a funnel.",
            required=True,
        ),
        text("subject", "Page, product or plan it was about."),
    ),
    happened="time",
)

TABLES = (PARTNERS, DEVELOPERS, CREDENTIALS, JOURNEY)
