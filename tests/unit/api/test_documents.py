"""Generated documents are committed, and never stale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tools.render_openapi import BEGIN, END, openapi_text, stale, template_text
from vouchsafe.api.gateway import definition_body
from vouchsafe.api.openapi import describe, model_named
from vouchsafe.api.routes import ROUTES, Function

ROOT = Path(__file__).parents[3]


def test_nothing_generated_is_stale() -> None:
    assert [path.name for path in stale(ROOT)] == []


def test_a_changed_definition_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "openapi.json").write_text(openapi_text().replace("Vouchsafe", "Other"))
    template = f"Resources:\n  Api:\n    {BEGIN}\n    DefinitionBody: {{}}\n    {END}\n"
    (tmp_path / "template.yaml").write_text(template)
    names = {"openapi.json", "openapi-public.json"}
    assert {path.name for path in stale(tmp_path)} == {*names, "template.yaml"}
    (tmp_path / "template.yaml").write_text(template_text(template))
    assert {path.name for path in stale(tmp_path)} == names


def test_a_template_without_markers_is_an_error() -> None:
    with pytest.raises(ValueError, match="lacks the lines"):
        template_text("Resources: {}\n")


def test_every_route_names_models_that_exist() -> None:
    for route in ROUTES:
        named = [m for m in route.responses.values() if m is not None and "/" not in m]
        for name in [*named, *([route.request] if route.request else [])]:
            assert model_named(name).model_fields is not None


def test_every_path_variable_is_described_and_every_reference_leads_somewhere() -> None:
    document = describe()
    for path, methods in document["paths"].items():
        variables = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        for operation in methods.values():
            described = operation.get("parameters", [])
            assert {p["name"] for p in described if p["in"] == "path"} == variables
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    text = json.dumps(document)
    assert set(_references(text)) <= known


def _references(text: str) -> list[str]:
    return [part.partition('"')[0] for part in text.split('"$ref": "')[1:]]


def test_operation_ids_are_unique() -> None:
    methods = [m for path in describe()["paths"].values() for m in path.values()]
    ids = [operation["operationId"] for operation in methods]
    assert len(ids) == len(set(ids))


def test_the_gateway_sends_every_route_to_its_function_and_the_rest_to_unknown() -> None:
    paths = definition_body()["paths"]
    for route in ROUTES:
        assert f"${{{route.function.logical_id}.Arn}}" in json.dumps(
            paths[route.path][route.method.lower()]
        )
    for path in ("/", "/{proxy+}"):
        assert set(paths[path]) == {"get", "post", "put", "patch", "delete", "head", "options"}
        assert Function.UNKNOWN.logical_id in json.dumps(paths[path])
    assert "UnknownRouteFunction" in json.dumps(paths["/v2/request"]["delete"])


def test_no_two_names_are_given_to_one_variable_place() -> None:
    names: dict[tuple[str, ...], set[str]] = {}
    for route in ROUTES:
        parts = route.path.split("/")
        for position, part in enumerate(parts):
            if part.startswith("{"):
                names.setdefault(tuple(parts[:position]), set()).add(part)
    assert all(len(spelled) == 1 for spelled in names.values())


def test_the_gateways_own_refusals_have_the_vendors_form() -> None:
    for response in definition_body()["x-amazon-apigateway-gateway-responses"].values():
        body = json.loads(response["responseTemplates"]["application/json"])
        assert set(body["errors"][0]) == {"code", "message"}
