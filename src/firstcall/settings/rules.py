"""How does a call get its environment, traffic class, route and product when the gateway does not say?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Environment = Literal["production", "sandbox", "unknown"]
TrafficClass = Literal["external", "internal", "synthetic", "bot", "agent"]


class Section(BaseModel):
    """A frozen part of the settings; keys it does not know are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)


def _several(given: object) -> object:
    return (given,) if isinstance(given, str) else given


Globs = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One glob or a list of them; any may match. `*` stands for any characters, `?` for one."""


class Match(Section):
    """Patterns by attribute of a call: all the attributes named have to match, by any of their globs."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.patterns:
            keys = ", ".join(type(self).model_fields)
            raise ValueError(f'a rule matches by at least one of {keys}; source = "*" matches every call')
        return self

    @property
    def patterns(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (attribute, globs) for each attribute that the rule looks at."""
        return tuple((name, globs) for name in type(self).model_fields if (globs := getattr(self, name)))


class EnvironmentMatch(Match):
    """What an environment is told by."""

    host: Globs = Field(default=(), description="Host name the call was sent to.")
    stage: Globs = Field(default=(), description="Deployment stage as the gateway names it.")
    path: Globs = Field(default=(), description="Path of the request.")
    consumer: Globs = Field(default=(), description="Credential, app or key id as the gateway reports it.")
    source: Globs = Field(default=(), description="Name of the gateway connection.")
    key_prefix: Globs = Field(default=(), description="Beginning of the consumer, as in sk_test_*.")


class EnvironmentRule(Section):
    """Calls that match belong to the environment; the first rule wins, no rule means unknown."""

    match: EnvironmentMatch = Field(description="Globs by attribute; all have to match.")
    environment: Environment = Field(description="Environment of the calls that match.")


class TrafficMatch(Match):
    """What a class of traffic is told by."""

    user_agent: Globs = Field(default=(), description="User agent of the client.")
    consumer: Globs = Field(default=(), description="Credential, app or key id as the gateway reports it.")
    client_ip: Globs = Field(
        default=(), description="Address of the client: a glob, or a network as in 10.0.0.0/8."
    )
    path: Globs = Field(default=(), description="Path of the request.")
    host: Globs = Field(default=(), description="Host name the call was sent to.")
    source: Globs = Field(default=(), description="Name of the gateway connection.")


class TrafficRule(Section):
    """Calls that match are of the class; the first rule wins, no rule means external."""

    match: TrafficMatch = Field(description="Globs by attribute; all have to match.")
    traffic_class: TrafficClass = Field(alias="class", description="Class of the calls that match.")


class RouteMatch(Match):
    """What a route is told by."""

    path: Globs = Field(
        default=(), description="Path of the request: a glob, or a template as in /users/{id}."
    )
    method: Globs = Field(default=(), description="Method of the request.")
    host: Globs = Field(default=(), description="Host name the call was sent to.")
    source: Globs = Field(default=(), description="Name of the gateway connection.")


class RouteRule(Section):
    """Calls that match are counted under the route; the first rule wins."""

    match: RouteMatch = Field(description="Globs by attribute; all have to match.")
    route: str = Field(description="Route template of the calls that match.", pattern=r"^/\S*$")
    product: str | None = Field(default=None, description="Product of the calls that match.")


class ProductMatch(Match):
    """What a product is told by."""

    host: Globs = Field(default=(), description="Host name the call was sent to.")
    path: Globs = Field(default=(), description="Path of the request.")
    source: Globs = Field(default=(), description="Name of the gateway connection.")


class ProductRule(Section):
    """Calls that match and carry no product get this one; the first rule wins."""

    match: ProductMatch = Field(description="Globs by attribute; all have to match.")
    product: str = Field(description="Product of the calls that match.", min_length=1)


class VersionMatch(Match):
    """What a version is told by."""

    host: Globs = Field(default=(), description="Host name the call was sent to.")
    path: Globs = Field(default=(), description="Path of the request.")
    stage: Globs = Field(default=(), description="Deployment stage as the gateway names it.")
    source: Globs = Field(default=(), description="Name of the gateway connection.")


class VersionRule(Section):
    """Calls that match and carry no version get this one; the first rule wins, no rule means as the path says."""

    match: VersionMatch = Field(description="Globs by attribute; all have to match.")
    version: str = Field(description="API version of the calls that match.", min_length=1)
