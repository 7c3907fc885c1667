"""The interface for business systems as OpenAPI 3.1, made of the route table and of what the rules check.

What a value must be stands in `cases.rules` and `ratings.rules`, what a route is in its own module: here it is only put
together, so that the description cannot say otherwise than the door does. `docs/openapi.json` is made of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import msgspec

from haochaping.cases import rules
from haochaping.cases.states import Outcome
from haochaping.cases.verdicts import MESSAGES, Verdict
from haochaping.intake import arrivals, bulk, occasions, quarantine_api
from haochaping.intake.answers import TROUBLES
from haochaping.intake.dialects import NOT_IN_DIALECT
from haochaping.intake.handing_in import CLIENT_FIELDS, KEY_FIELDS
from haochaping.intake.holding import SAID
from haochaping.intake.http import Response, Route
from haochaping.intake.scope import OUT_OF_SCOPE
from haochaping.intake.signature import ALGORITHM, HEADERS
from haochaping.ratings import rules as rating_rules

Schema = dict[str, Any]

PATH: Final = "/api/v1/openapi.json"
_TEXT: Final[Schema] = {"type": "string"}
_VALUE: Final[Schema] = {"type": ["string", "number", "null"], "maxLength": rules.LONGEST_TEXT}
_UUID: Final[Schema] = {"type": "string", "format": "uuid"}
_TIME: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"
# Fields of the convention that are kept with the record without a rule for their form.
_KEPT: Final = (
    *("subMatter", "orgcode", "certKey", "certKeyGOV", "creditNum", "creditType", "handleUserName"),
    *("handleUserPageCode", "dataSource"),
)
# Of the door itself, whatever the route: a head or an address too long, an error of ours, not ready.
_ALWAYS: Final = frozenset(
    TROUBLES[code].status for code in ("address_too_long", "headers_too_large", "internal_error", "starting")
)
_WITH_BODY: Final = frozenset(TROUBLES[code].status for code in ("too_slow", "too_large", "crowded"))


@dataclass(frozen=True, slots=True)
class _Told:
    """What a route is for, what it takes, by media type, and answers, by status. `signed` is None where both are right."""

    summary: str
    answers: Mapping[int, str]
    refusals: frozenset[int]
    body: Mapping[str, Schema] | None = None
    parameters: Sequence[Schema] = ()
    signed: bool | None = True


_OCCASIONS: Final[Schema] = {
    "type": "array",
    "items": {"$ref": "#/components/schemas/Occasion"},
    "minItems": 1,
    "maxItems": bulk.MOST_RECORDS,
}
# What a 503 gave, sent back with the same submission.
_RECEIVED: Final[Schema] = {
    "name": arrivals.HEADER,
    "in": "header",
    "schema": {"type": "string", "pattern": f"^{arrivals.MARK}$"},
}
_TOLD: Final[Mapping[tuple[str, str], _Told]] = {
    ("POST", "/api/v1/occasions"): _Told(
        "Report service occasions; each record gets its verdict",
        {200: "Verdicts"},
        frozenset({*occasions.STATUS.values(), 429}),
        body={
            "application/json": _OCCASIONS,
            "application/x-ndjson": _OCCASIONS
            | {"description": "one record a line, without the array's brackets"},
        },
    ),
    ("GET", "/api/v1/quarantine"): _Told(
        "What is kept aside of one's own reports, and why",
        {200: "Quarantine"},
        frozenset({400, 401, 403, 429}),
        parameters=(
            {"name": "state", "in": "query", "schema": {"enum": list(quarantine_api.STATES)}},
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": quarantine_api.MOST},
            },
            {"name": "after", "in": "query", "schema": _UUID},
        ),
    ),
    ("POST", "/api/v1/ratings/{token}"): _Told(
        "Rate the occasion of a rating address; a business system signs it",
        {200: "Receipt", 201: "Receipt"},
        frozenset({400, 401, 403, 404, 410, 415, 422, 429}),
        body={"application/json": {"$ref": "#/components/schemas/Rating"}},
        parameters=({"name": "token", "in": "path", "required": True, "schema": _TEXT}, _RECEIVED),
        signed=None,
    ),
    ("POST", "/api/v1/ratings"): _Told(
        "Hand in a rating of an occasion by its case number and service number",
        {200: "Receipt", 201: "Receipt"},
        frozenset({400, 401, 403, 404, 410, 415, 422, 429}),
        body={"application/json": {"$ref": "#/components/schemas/HandedIn"}},
        parameters=(_RECEIVED,),
    ),
    ("GET", PATH): _Told("This description", {200: ""}, frozenset(), signed=False),
}


def described(routes: Sequence[Route]) -> tuple[Route, ...]:
    """The routes, and one more that describes all of them."""

    async def describe(*_: object) -> Response:
        return Response(200, content, "application/json; charset=utf-8")

    every = (*routes, Route("GET", PATH, describe, permission="public"))
    content = msgspec.json.encode(description(every))
    return every


def description(routes: Sequence[Route]) -> Schema:
    """The description of these routes. Raises KeyError for one that nobody has described."""
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(route.pattern, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "haochaping", "version": "1", "description": "What docs/api.md tells, as a list."},
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": name} for name in (*HEADERS, ALGORITHM)
            },
        },
    }


def _operation(route: Route) -> Schema:
    told = _TOLD[route.method, route.pattern]
    refusals = told.refusals | _ALWAYS | (_WITH_BODY if told.body else frozenset())
    answers = {str(status): _answer(status, name) for status, name in told.answers.items()}
    answers |= {str(status): _answer(status, "Error") for status in sorted(refusals)}
    operation: Schema = {"summary": told.summary, "responses": answers, "x-permission": route.permission}
    if told.parameters:
        operation["parameters"] = list(told.parameters)
    if told.body:
        content = {kind: {"schema": schema} for kind, schema in told.body.items()}
        operation["requestBody"] = {"required": True, "content": content}
    if told.signed is not False:
        signature: Schema = {name: [] for name in HEADERS}
        operation["security"] = [signature] if told.signed else [{}, signature]
    return operation


def _answer(status: int, name: str) -> Schema:
    schema: Schema = {"$ref": f"#/components/schemas/{name}"} if name else {"type": "object"}
    return {"description": HTTPStatus(status).phrase, "content": {"application/json": {"schema": schema}}}


def _schemas() -> Schema:
    verdicts = [verdict.value for verdict in Verdict]
    number: Schema = {"type": "integer", "minimum": 0}
    reason = _object({"field": _TEXT, "code": {"enum": sorted(_reasons())}, "message": _TEXT})
    result = _object(
        {
            "line": number,
            "verdict": {"enum": verdicts},
            "projectNo": {"type": ["string", "null"]},
            "serviceNumber": {"type": ["string", "null"]},
            "url": {"type": ["string", "null"]},
            "reasons": _list(reason),
        }
    )
    kept = _object(
        {
            "id": _UUID,
            "projectNo": _TEXT,
            "serviceNumber": number,
            "receivedAt": {"type": "string", "format": "date-time"},
            "state": {"enum": ["open", *(outcome for outcome in Outcome if outcome)]},
            "reasons": _list(reason),
            "steps": _list(_object({"act": _TEXT, "note": _TEXT, "at": _TEXT})),
        }
    )
    problem = _object({"field": _TEXT, "code": _TEXT, "message": _TEXT})
    told: Schema = _object({"code": _TEXT, "message": _TEXT}) | {"additionalProperties": True}
    told["properties"]["problems"] = _list(problem)
    return {
        "Occasion": _occasion(),
        "Verdicts": _object({"results": _list(result), "counts": _object(dict.fromkeys(verdicts, number))}),
        "Quarantine": _object({"records": _list(kept), "next": {"type": ["string", "null"]}}),
        "Rating": _rating(),
        "HandedIn": _rating_by_key(),
        "Receipt": _object({"receipt": _object({"number": _TEXT, "secret": _TEXT})}),
        "Error": _object({"error": told}),
    }


def _reasons() -> set[str]:
    """The codes of all that can be told of a record."""
    read = {problem.code for problem in (*bulk.UNREAD, OUT_OF_SCOPE)} | {NOT_IN_DIALECT}
    return read | rules.MESSAGES.keys() | MESSAGES.keys() | SAID.keys()


def _occasion() -> Schema:
    named = dict.fromkeys((*rules.REQUIRED, *rules.CODES, *rules.LENGTHS, *rules.NUMBERS, *rules.TIMES))
    names = [*named, *(name for name in (*rules.LONGEST, *_KEPT) if name not in named)]
    return {
        "type": "object",
        "properties": {name: _field(name) for name in names},
        "required": list(rules.REQUIRED),
        "anyOf": [{"required": ["certKey"]}, {"required": ["certKeyGOV"]}],
        "additionalProperties": _VALUE,
        "maxProperties": rules.MOST_FIELDS,
    }


def _field(name: str) -> Schema:
    """The form of one value. Numbers are taken for their digits."""
    if codes := rules.CODES.get(name):
        return {
            "enum": [*sorted(codes), *(int(code) for code in sorted(codes) if code[0] != "0" or code == "0")]
        }
    if name in rules.LENGTHS:
        return {"type": "string", "pattern": f"^[0-9A-Za-z]{{{rules.LENGTHS[name]}}}$"}
    if name in rules.NUMBERS:
        least, most = (1, rules.LARGEST_SERVICE_NUMBER) if name == "serviceNumber" else (0, 10**9 - 1)
        return {"type": ["string", "integer"], "pattern": "^[0-9]{1,9}$", "minimum": least, "maximum": most}
    if name in rules.TIMES:
        return {"type": "string", "pattern": _TIME, "description": "Asia/Shanghai"}
    if name == "areaCode":
        return {"type": ["string", "integer"], "pattern": f"^{rules.AREA}$"}
    if name == "deptCode":
        return {"type": "string", "pattern": "^[0-9A-Z]{18}$", "description": "GB 32100"}
    longest: Schema = {"maxLength": rules.LONGEST.get(name, rules.LONGEST_TEXT)}
    if name in rules.REQUIRED:
        return {"type": ["string", "number"], "minLength": 1} | longest
    return _VALUE | longest


def _rating() -> Schema:
    levels: list[str | int] = [*rating_rules.LEVELS, *rating_rules.LEVELS.values()]
    fields: Schema = {
        rating_rules.SATISFACTION: {"enum": levels},
        rating_rules.TAGS: {"anyOf": [_TEXT, _list({"type": ["string", "integer"]})]},
        rating_rules.TEXT: {"type": "string", "maxLength": rating_rules.TEXT_LIMIT},
        rating_rules.NAMED: {"enum": ["0", "1", 0, 1, False, True]},
        rating_rules.SUBMISSION: {
            "type": "string",
            "pattern": f"^[0-9a-fA-F]{{{rating_rules.SUBMISSION_LENGTH}}}$",
        },
    }
    required = [name for name in fields if name not in (rating_rules.TAGS, rating_rules.TEXT)]
    fields[rating_rules.STAFF] = {"enum": ["", *levels]}
    fields |= {name: {"type": ["string", "integer"]} for name in CLIENT_FIELDS}
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def _rating_by_key() -> Schema:
    """The same with the key; the channel is not known otherwise."""
    rating = _rating()
    rating["properties"] |= {name: _field(name) for name in KEY_FIELDS}
    rating["required"] += [*KEY_FIELDS, "pf"]
    return rating


def _object(properties: Mapping[str, Schema]) -> Schema:
    """An object of exactly these."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}
