"""What did people contribute and ask for on GitHub, and what was released?"""

from __future__ import annotations

import re
from typing import Any

from firstcall.sources.mapping.mapping import Node, RecordMapping, Rows, Skip, always, constant, take
from firstcall.sources.paging import LinkHeader
from firstcall.sources.pull import Endpoint, Pull, UrlBlank
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

OURS = dict.fromkeys(("owner", "member", "collaborator"), "false")
PLACE = re.compile(r"https?://[^/]+/(?:repos/)?([^/]+/[^/]+)/(?:issues|pull|pulls)/(\d+)")
KINDS = (
    ("bug", "bug"),
    ("defect", "bug"),
    ("doc", "docs"),
    ("enhancement", "feature"),
    ("feature", "feature"),
)


def _name(whole: Any, _currency: str) -> str | None:  # noqa: ANN401 - an issue or pull request
    """Return owner/repository#number."""
    place = PLACE.match(str(whole.get("html_url") or whole.get("url") or ""))
    return f"{place[1]}#{place[2]}" if place else None


def _kind(labels: object, _currency: str) -> str | None:
    """Return what is asked for, by the first label that says it."""
    listed = labels if isinstance(labels, list) else []
    names = [str(each.get("name") if isinstance(each, dict) else each).lower() for each in listed]
    return next((kind for name in names for word, kind in KINDS if word in name), None)


def _machine(node: Node) -> bool:
    return node.find("user.type") == "Bot" or str(node.find("user.login") or "").endswith("[bot]")


def _release(whole: Any, _currency: str) -> str:  # noqa: ANN401 - a release
    """Return the repository and the release's name."""
    place = re.match(r"https?://[^/]+/(?:repos/)?[^/]+/([^/]+)/", str(whole.get("html_url") or ""))
    name = whole.get("name") or whole.get("tag_name")
    return f"{place[1]} {name}" if place else str(name)


BOTS = Skip(_machine, "issues and pull requests of machines")
DONE = Skip(
    {"state_reason": ("not_planned", "duplicate")},
    "issues closed as not planned or as duplicates",
    ends=True,
)
WORK = {
    "thing": take("", read=_name),
    "time": take("created_at"),
    "external": take("author_association", values=OURS, otherwise="true"),
    "resolved_at": take("closed_at"),
    "author_hash": take("user.login", read="hash"),
}
ACCEPTED = {"kind": constant("pull_request"), "accepted_at": take("merged_at", "pull_request.merged_at")}


def _is_pull(node: Node) -> bool:
    listed = node.find("pull_request") is not None or node.find("head") is not None
    return listed and node.find("created_at") is not None and node.find("user") is not None


def _is_issue(node: Node) -> bool:
    return not _is_pull(node) and node.find("number") is not None and node.find("created_at") is not None


MAPPING = RecordMapping(
    (
        Rows("contributions", WORK | ACCEPTED, _is_pull, skip=(BOTS,), identity="thing", version="updated_at"),
        Rows("contributions", WORK | {"kind": constant("issue")}, _is_issue, skip=(BOTS,), identity="thing",
             version="updated_at"),
        Rows("requests", {
            "request_id": take("", read=_name),
            "kind": take("labels", read=_kind),
            "partner_id": take(option="partner"),
            "opened_at": take("created_at"),
            "deployed_at": take("closed_at"),
        }, _is_issue, skip=(BOTS, DONE), version="updated_at"),
        Rows("milestones", {
            "release": take("html_url", "tag_name"),
            "date": take("published_at"),
            "label": take("", read=_release),
            "kind": constant("launch"),
            "url": take("html_url"),
        }, {"tag_name": True}, identity="release",
            skip=(Skip({"draft": ("true",)}, "drafts of releases"), Skip({"prerelease": ("true",)}, "pre-releases"))),
    ),
    "an issue, pull request or release of GitHub",
    lists=("items",),
    inside=("issue", "release"),
)  # fmt: skip

PULL = Pull(
    base="https://api.github.com",
    auth="bearer",
    rights="read issues, pull requests and contents",
    headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
    blanks=(UrlBlank("repository", "OWNER/NAME"),),
    endpoints=(
        Endpoint("issues", "/repos/{repository}/issues", "",
                 (("state", "all"), ("sort", "updated"), ("direction", "asc"), ("per_page", "100")),
                 (LinkHeader(),), ("since", "{since}"), changed="updated_at"),
        Endpoint("releases", "/repos/{repository}/releases", "", (("per_page", "100"),), (LinkHeader(),)),
    ),
)  # fmt: skip

SIGNATURES = (
    signature("author_association", "user.login"),
    signature("head.ref", "base.ref", "user.login"),
    signature("tag_name", "prerelease|published_at|draft"),
)

GITHUB = Source(
    name="github",
    title="GitHub issues, pull requests and releases",
    fills="contributions",
    needs="issues, pull requests and releases of the REST API as JSON",
    identity="authors are hashed; owners, members and collaborators are ours, all others come from outside",
    certainty="fields read in the vendor's OpenAPI document; samples built from documentation",
    reads="json",
    variants=(Variant("REST", "a list, or one a line; an issue is a request too, done when it is closed"),),
    options=(Option("partner", "path in an issue that names the partner"),),
    also=("requests", "milestones"),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
