"""What does an OpenAPI document promise about each operation, whichever version of the specification it follows?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from firstcall.sources.openapi.endpoints import (
    METHODS,
    PREFIX,
    Document,
    mapping,
    resolved,
    server_path,
    text_of,
)

Schema = Mapping[str, object]
PARAMETER = re.compile(r"\{[^}]*\}")
PLAIN = "application/json"
"""What a document of version 2 means when it names no media type."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: where it goes, what it is called, and what it takes."""

    place: str
    name: str
    required: bool
    deprecated: bool
    schema: Schema


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries, by media type."""

    required: bool
    media: Mapping[str, Schema]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as it is promised; `shape` is its route with every parameter written {}.

    Parameters are keyed by place and name, those of the path by their position: their names are nobody's business.
    `security` lists the alternatives, each the pairs of scheme and scope that suffice; an empty one lets anybody in.
    """

    method: str
    route: str
    parameters: Mapping[tuple[str, str], Parameter]
    body: Body | None
    responses: Mapping[str, Mapping[str, Schema]]
    security: tuple[frozenset[tuple[str, str]], ...]
    deprecated: bool = False
    deprecated_at: str | None = None
    sunset: str | None = None

    @property
    def shape(self) -> str:
        """The route with every parameter written {}."""
        return PARAMETER.sub("{}", self.route)

    @property
    def unversioned(self) -> str:
        """The shape without the version in it."""
        return PREFIX.sub("/", self.shape, count=1)


@dataclass(frozen=True, slots=True)
class Contract:
    """Every operation of a document by method and shape, and the version it says it is of."""

    document: Document
    operations: Mapping[tuple[str, str], Operation] = field(default_factory=dict)

    @property
    def root(self) -> Mapping[str, object]:
        """The parsed document."""
        return self.document.root


def contract(document: Document) -> Contract:
    """Return what a document promises; what is no operation is left out."""
    found = {}
    for path, said in mapping(document.root.get("paths")).items():
        item = resolved(document.root, said)
        if str(path).startswith("/") and isinstance(item, dict):
            for operation in _operations(document, str(path), item):
                found[operation.method, operation.shape] = operation
    return Contract(document, found)


def _operations(document: Document, path: str, item: Mapping[str, object]) -> Iterator[Operation]:
    base = server_path(item.get("servers"))
    given = {
        **{name: item[name] for name in METHODS if name in item},
        **mapping(item.get("additionalOperations")),
    }
    for method, said in given.items():
        if not isinstance(said, dict):
            continue
        servers = (server_path(said.get("servers")), base, document.base)
        prefix = next((found for found in servers if found is not None), "")
        route = "/" + (prefix.strip("/") + "/" + path.strip("/")).strip("/")
        yield _operation(document, (str(method).upper(), route), item, said)


def _operation(
    document: Document, where: tuple[str, str], item: Mapping[str, object], said: Mapping[str, object]
) -> Operation:
    root = document.root
    given = {**_parameters(root, item.get("parameters")), **_parameters(root, said.get("parameters"))}
    taken = said.get("consumes", root.get("consumes"))
    security = said.get("security", root.get("security"))
    method, route = where
    return Operation(
        method=method,
        route=route,
        parameters={
            _key(parameter, route): parameter
            for parameter in given.values()
            if parameter.place not in {"body", "formData"}
        },
        body=_body(root, said, taken, given),
        responses=_responses(root, said),
        security=_alternatives(security),
        deprecated=said.get("deprecated") is True,
        deprecated_at=text_of(said.get("x-deprecated-at")) or document.dated,
        sunset=text_of(said.get("x-sunset")),
    )


def _key(parameter: Parameter, route: str) -> tuple[str, str]:
    if parameter.place == "path":
        names = [name.strip("{}") for name in PARAMETER.findall(route)]
        return "path", str(names.index(parameter.name)) if parameter.name in names else parameter.name
    name = parameter.name.lower() if parameter.place == "header" else parameter.name
    return parameter.place, name


def _parameters(root: Schema, given: object) -> dict[tuple[str, str], Parameter]:
    found = {}
    for one in given if isinstance(given, list) else []:
        said = resolved(root, one)
        if not isinstance(said, dict) or "name" not in said:
            continue
        content = next(iter(mapping(said.get("content")).values()), None)
        schema = said.get("schema", mapping(content).get("schema", None if content else said))
        place, name = str(said.get("in")), str(said["name"])
        found[place, name] = Parameter(
            place,
            name,
            said.get("required") is True or place == "path",
            said.get("deprecated") is True,
            # a parameter of version 2 is its own schema, and `required` means another thing in one
            {key: value for key, value in mapping(schema).items() if key != "required" or "schema" in said},
        )
    return found


def _body(
    root: Schema, said: Schema, taken: object, given: Mapping[tuple[str, str], Parameter]
) -> Body | None:
    if "requestBody" in said:
        body = mapping(resolved(root, said["requestBody"]))
        return Body(body.get("required") is True, _media(body.get("content")))
    types = [str(name) for name in taken] if isinstance(taken, list) and taken else [PLAIN]
    for parameter in given.values():
        if parameter.place == "body":
            return Body(parameter.required, dict.fromkeys(types, parameter.schema))
    fields = [parameter for parameter in given.values() if parameter.place == "formData"]
    if not fields:
        return None
    form: Schema = {
        "type": "object",
        "properties": {parameter.name: parameter.schema for parameter in fields},
        "required": [parameter.name for parameter in fields if parameter.required],
    }
    return Body(any(parameter.required for parameter in fields), {"form": form})


def _responses(root: Schema, said: Schema) -> dict[str, Mapping[str, Schema]]:
    given = said.get("produces", root.get("produces"))
    types = [str(name) for name in given] if isinstance(given, list) and given else [PLAIN]
    found: dict[str, Mapping[str, Schema]] = {}
    for code, response in mapping(said.get("responses")).items():
        answer = mapping(resolved(root, response))
        if "schema" in answer:
            found[str(code)] = dict.fromkeys(types, mapping(answer["schema"]))
        else:
            found[str(code)] = _media(answer.get("content"))
    return found


def _media(content: object) -> dict[str, Schema]:
    return {str(name): mapping(mapping(said).get("schema")) for name, said in mapping(content).items()}


def _alternatives(given: object) -> tuple[frozenset[tuple[str, str]], ...]:
    if not isinstance(given, list) or not given:
        return (frozenset(),)
    return tuple(
        frozenset(
            (str(scheme), scope)
            for scheme, scopes in mapping(alternative).items()
            for scope in ("", *(map(str, scopes) if isinstance(scopes, list) else ()))
        )
        for alternative in given
    )
