"""A second description (OpenAPI 3.1): pages and calls that need no key, beside the API proper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ..domain.numbers_html import DATA, PAGES
from . import answers, public_shapes
from .openapi import untitled

HTML, JSON, FORM = "text/html", "application/json", "application/x-www-form-urlencoded"
_REFERENCE = "#/components/schemas/{model}"
_DESCRIPTION = (
    "What anybody may open or call without a key: the page of an approval by e-mail, reports of"
    " problems with certificates, revocation by proof of key, and the public numbers. Calls are"
    " limited by source address. Pages are English or Korean."
)
_LANGUAGE = {"lang": "`ko` or `en`; else the browser's language."}
_MESSAGE = {"id": "The mail's id, as in its link."}
_LATER = frozenset({429, 503})  # with Retry-After


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One method of a path: what it takes and what it gives.

    `takes` is a model with the media types of its body; `gives` says for each status what it means
    and, by media type, the model of the body; "" for a page.
    """

    summary: str
    gives: Mapping[int, tuple[str, Mapping[str, str]]]
    takes: tuple[str, tuple[str, ...]] | None = None
    path: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None


_PAGE = {HTML: ""}
_PROBLEMS = {JSON: "Problems"}
_EITHER = {HTML: "", JSON: "Problems"}
_MANY, _BUSY = "Too many calls from this address.", "Busy; nothing was changed."

_APPROVAL = {
    200: ("The form; or that it was approved already.", _PAGE),
    404: ("No such mail.", _PAGE),
    410: ("The order is over, the mail too old, or its form was tried too often.", _PAGE),
    429: (_MANY, _PAGE),
    503: (_BUSY, _PAGE),
}
_FORM_SHOWN = {200: ("The form.", _PAGE), 429: (_MANY, _PAGE)}

CALLS: Mapping[tuple[str, str], Call] = {
    ("/v2/approve/{id}", "get"): Call(
        summary="Show what a mail asks to approve; changes nothing",
        gives=_APPROVAL,
        path=_MESSAGE,
        query=_LANGUAGE,
    ),
    ("/v2/approve/{id}", "head"): Call(
        summary="The same without the page", gives=_APPROVAL, path=_MESSAGE, query=_LANGUAGE
    ),
    ("/v2/approve/{id}", "post"): Call(
        summary="Approve a name",
        gives={
            **_APPROVAL,
            200: ("Approved, now or before.", _PAGE),
            400: ("Another value or form than the page's; the form again.", _PAGE),
        },
        takes=("ApprovalForm", (FORM,)),
        path=_MESSAGE,
        query=_LANGUAGE,
    ),
    ("/v2/problem-report", "get"): Call(
        summary="Show the form for reports", gives=_FORM_SHOWN, query=_LANGUAGE
    ),
    ("/v2/problem-report", "head"): Call(
        summary="The same without the page", gives=_FORM_SHOWN, query=_LANGUAGE
    ),
    ("/v2/problem-report", "post"): Call(
        summary="Report a problem with a certificate (BR 4.9.3)",
        gives={
            201: ("Received; a page for a form.", {HTML: "", JSON: "ProblemReceived"}),
            400: ("Not taken; every flaw is named. The form again for a form.", _EITHER),
            429: (_MANY, _EITHER),
            503: (_BUSY, _EITHER),
        },
        takes=("ProblemReport", (JSON, FORM)),
        query=_LANGUAGE,
    ),
    ("/v2/revoke-by-key/challenge", "get"): Call(
        summary="Get a challenge for a proof of key",
        gives={
            200: ("Made, for any number alike.", {JSON: "Challenge"}),
            400: ("No serial number.", _PROBLEMS),
            429: (_MANY, _PROBLEMS),
            503: (_BUSY, _PROBLEMS),
        },
        query={"serial_number": "The certificate's, hexadecimal; colons are allowed."},
    ),
    ("/v2/revoke-by-key", "post"): Call(
        summary="Revoke a certificate by proof of its key (BR 4.9.12)",
        gives={
            200: ("Nothing more to revoke: it is revoked or expired.", {JSON: "KeyRevoked"}),
            202: ("Begun; on the CRL within minutes.", {JSON: "KeyRevoked"}),
            400: ("No proof, or its challenge was used for something else.", _PROBLEMS),
            404: ("Not exactly a certificate of ours.", _PROBLEMS),
            429: (_MANY, _PROBLEMS),
            503: (_BUSY, _PROBLEMS),
        },
        takes=("KeyRevocation", (JSON, FORM)),
    ),
    (f"/{DATA}", "get"): Call(
        summary="The public numbers, for programs",
        gives={200: ("Written every 15 minutes.", {JSON: "PublicNumbers"})},
    ),
    **{
        (f"/{name}", "get"): Call(
            summary=f"The public numbers, for people ({language})",
            gives={200: ("Written every 15 minutes.", _PAGE)},
        )
        for language, (name, _) in PAGES.items()
    },
}
#: The numbers stand beside the CRLs (template output NumbersUrl).
_PUBLISHED = {"url": "https://{host}", "variables": {"host": {"default": "crl.example"}}}


def describe_public() -> dict[str, Any]:
    """The whole document as plain JSON values."""
    paths: dict[str, dict[str, Any]] = {}
    for (path, method), call in CALLS.items():
        beside = {} if path.startswith("/v2/") else {"servers": [_PUBLISHED]}
        paths.setdefault(path, beside)[method] = _operation(path, method, call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vouchsafe, for anybody", "version": "2", "description": _DESCRIPTION},
        "servers": [{"url": "/services"}],
        "security": [],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _operation(path: str, method: str, call: Call) -> dict[str, Any]:
    name = path.strip("/").replace("v2/", "").replace("/{id}", "")
    responses = {str(s): _response(s, *said) for s, said in sorted(call.gives.items())}
    operation: dict[str, Any] = {
        "operationId": f"{method}_{name.translate(str.maketrans('-/.', '___'))}",
        "summary": call.summary,
        "responses": responses if method != "head" else _bare(responses),
    }
    described = [("path", n, t) for n, t in (call.path or {}).items()]
    described += [("query", n, t) for n, t in (call.query or {}).items()]
    if described:
        operation["parameters"] = [
            {
                "name": name,
                "in": kind,
                "required": kind == "path" or name == "serial_number",
                "description": text,
                "schema": {"type": "string"},
            }
            for kind, name, text in described
        ]
    if call.takes is not None:
        model, media = call.takes
        content = {each: {"schema": {"$ref": _REFERENCE.format(model=model)}} for each in media}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _response(status: int, description: str, bodies: Mapping[str, str]) -> dict[str, Any]:
    content = {
        media: {"schema": {"$ref": _REFERENCE.format(model=model)} if model else {"type": "string"}}
        for media, model in bodies.items()
    }
    wait = {"description": "Seconds.", "schema": {"type": "integer"}}
    headers = {"headers": {"Retry-After": wait}} if status in _LATER else {}
    return {"description": description, **headers, "content": content}


def _bare(responses: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        status: {name: part for name, part in response.items() if name != "content"}
        for status, response in responses.items()
    }


def model_of(name: str) -> type[BaseModel]:
    """The model of that name. Raises AttributeError for a name that is none."""
    model: type[BaseModel] = getattr(public_shapes, name, None) or getattr(answers, name)
    return model


def _schemas() -> dict[str, Any]:
    named = {call.takes[0] for call in CALLS.values() if call.takes}
    for call in CALLS.values():
        named |= {model for _, bodies in call.gives.values() for model in bodies.values() if model}
    models = [(model_of(name), "validation") for name in sorted(named)]
    _, document = models_json_schema(
        models,  # type: ignore[arg-type]
        ref_template=_REFERENCE,
    )
    definitions: dict[str, Any] = untitled(document["$defs"])
    return dict(sorted(definitions.items()))
