"""The committed templates as CloudFormation will see them: expanded offline, conditions decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from samcli.lib.translate.sam_template_validator import SamTemplateValidator
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader

ROOT = Path(__file__).resolve().parents[2]
PRIMARY = "template.yaml"
PERSPECTIVE = "perspective.yaml"

#: What switches the canary on.
CANARY = {"CanaryName": "canary.example.com", "CanaryZoneId": "Z0123456789ABC"}
#: What must be given beyond the defaults, per template.
GIVEN = {
    PRIMARY: {
        "MailFrom": "ca@example.com",
        "CaaDomains": "ca.example.com",
        "DcvDomain": "example.com",
        "PerspectiveArns": "arn:aws:lambda:eu-central-1:123456789012:function:look",
        "FurtherIssuingKeyArns": "arn:aws:kms:us-east-1:123456789012:key/issuing-2",
        "FurtherRootKeyArns": "arn:aws:kms:us-east-1:123456789012:key/root-2",
    },
    PERSPECTIVE: {"PerspectiveName": "eu-central-1", "PerspectiveRir": "RIPE"},
}
_GONE = object()  # AWS::NoValue


@cache
def source(name: str) -> Any:
    """A template as written."""
    return yaml_parse((ROOT / name).read_text())


@cache
def expanded(name: str) -> Any:
    """A template after the SAM translator, which runs here without AWS."""
    validator = SamTemplateValidator(
        yaml_parse((ROOT / name).read_text()),
        ManagedPolicyLoader(boto3.client("iam", region_name="us-east-1")),
        region="us-east-1",
    )
    return yaml_parse(validator.get_translated_template_if_valid())


@cache
def resources(name: str, stage: str = "production", **given: str) -> dict[str, Any]:
    """The resources of a deployment: conditions decided, parameters filled in, references kept."""
    template = expanded(name)
    deciding = _Deciding(template, {**GIVEN[name], "Stage": stage, **given})
    return {
        logical_id: deciding.decide(resource)
        for logical_id, resource in template["Resources"].items()
        if "Condition" not in resource or deciding.holds(resource["Condition"])
    }


def of_type(name: str, kind: str, stage: str = "production", **given: str) -> dict[str, Any]:
    """The properties of all resources of one type, by logical id."""
    return {
        logical_id: resource["Properties"]
        for logical_id, resource in resources(name, stage, **given).items()
        if resource["Type"] == kind
    }


def statements(policy: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The statements of one policy document, Action and Resource always lists."""
    for each in policy["Statement"]:
        yield {**each, "Action": _list(each["Action"]), "Resource": _list(each.get("Resource", []))}


def allowed_to(
    name: str, role: str, stage: str = "production", **given: str
) -> list[dict[str, Any]]:
    """Every Allow statement that a role has: its own, attached, and put on it from outside."""
    found = resources(name, stage, **given)
    properties = found[role]["Properties"]
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    for arn in properties.get("ManagedPolicyArns", []):
        if isinstance(arn, dict) and arn.get("Ref") in found:
            documents.append(found[arn["Ref"]]["Properties"]["PolicyDocument"])
    for policy in of_type(name, "AWS::IAM::Policy", stage, **given).values():
        if {"Ref": role} in policy["Roles"]:
            documents.append(policy["PolicyDocument"])
    return [
        statement
        for document in documents
        for statement in statements(document)
        if statement["Effect"] == "Allow"
    ]


def role_of(function: Mapping[str, Any]) -> str:
    """The logical id of a function's role."""
    role: str = function["Role"]["Fn::GetAtt"][0]
    return role


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Deciding:
    """Decides conditions and puts parameter values in; other intrinsics stay as they are."""

    def __init__(self, template: Mapping[str, Any], given: Mapping[str, str]) -> None:
        declared = template["Parameters"]
        self._conditions = template.get("Conditions", {})
        self._values = {
            key: given.get(key, declaration.get("Default")) for key, declaration in declared.items()
        }
        for key, declaration in declared.items():
            if declaration["Type"] == "CommaDelimitedList":
                self._values[key] = str(self._values[key]).split(",")

    def holds(self, condition: Any) -> bool:
        """Whether a condition, by name or written out, is true."""
        if isinstance(condition, str):
            return self.holds(self._conditions[condition])
        ((operator, arguments),) = condition.items()
        if operator == "Condition":
            return self.holds(arguments)
        if operator == "Fn::Not":
            return not self.holds(arguments[0])
        if operator == "Fn::Or":
            return any(self.holds(each) for each in arguments)
        if operator == "Fn::And":
            return all(self.holds(each) for each in arguments)
        if operator == "Fn::Equals":
            left, right = (self._plain(each) for each in arguments)
            return bool(left == right)
        raise NotImplementedError(operator)

    def _plain(self, value: Any) -> Any:
        """The text of a condition's operand."""
        if isinstance(value, dict) and "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return separator.join(self.decide(parts))
        return self.decide(value)

    def decide(self, node: Any) -> Any:
        """`node` with its Fn::If decided and references to parameters filled in."""
        if isinstance(node, list):
            decided = [self.decide(each) for each in node]
            return [each for each in decided if each is not _GONE]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Fn::If"}:
            condition, then, otherwise = node["Fn::If"]
            return self.decide(then if self.holds(condition) else otherwise)
        if set(node) == {"Ref"}:
            if node["Ref"] == "AWS::NoValue":
                return _GONE
            return self._values.get(node["Ref"], dict(node))
        pairs = {key: self.decide(value) for key, value in node.items()}
        return {key: value for key, value in pairs.items() if value is not _GONE}
