"""Who may do what: one role per function, written out, and nothing on everything."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.infrastructure.templates import (
    PERSPECTIVE,
    PRIMARY,
    allowed_to,
    of_type,
    resources,
    role_of,
    statements,
)

STAGES = ("staging", "production")
BOTH = (PRIMARY, PERSPECTIVE)
#: AWS gives these actions no resource to name.
TRACING = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
}
LOG_DELIVERY = {
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
}
READING_METRICS = {"cloudwatch:GetMetricData"}
QUERY = "dynamodb:Query"
ROOT_KEY = {"Fn::GetAtt": ["RootKey", "Arn"]}
ISSUING_KEY = {"Fn::GetAtt": ["IssuingKey", "Arn"]}
MANAGED_KEYS_KEY = {"Fn::GetAtt": ["ManagedKeysKey", "Arn"]}
#: An encryption context that names an order and a certificate, whichever.
BOUND = {
    "StringLike": {
        "kms:EncryptionContext:order": "?*",
        "kms:EncryptionContext:certificate": "?*",
    }
}
EVIDENCE_KEY = {"Fn::GetAtt": ["EvidenceKey", "Arn"]}
FURTHER_ROOT = "arn:aws:kms:us-east-1:123456789012:key/root-2"  # as templates.GIVEN names them
FURTHER_ISSUING = "arn:aws:kms:us-east-1:123456789012:key/issuing-2"


def roles(name: str) -> list[str]:
    return list(of_type(name, "AWS::IAM::Role"))


def on_everything(name: str, stage: str) -> set[str]:
    """The actions that some role may do on `*`."""
    return {
        action
        for role in roles(name)
        for statement in allowed_to(name, role, stage)
        if "*" in statement["Resource"]
        for action in statement["Action"]
    }


def holders(action: str, resource: Any) -> set[str]:
    return {
        role
        for role in roles(PRIMARY)
        for statement in allowed_to(PRIMARY, role)
        if action in statement["Action"] and resource in statement["Resource"]
    }


@pytest.mark.parametrize("name", BOTH)
def test_every_function_has_a_role_of_its_own(name: str) -> None:
    functions = of_type(name, "AWS::Lambda::Function")
    used = Counter(role_of(function) for function in functions.values())
    assert len(used) == len(functions)
    assert set(used) <= set(roles(name))


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("stage", STAGES)
def test_only_tracing_log_delivery_and_reading_metrics_are_allowed_on_everything(
    name: str, stage: str
) -> None:
    assert on_everything(name, stage) <= TRACING | LOG_DELIVERY | READING_METRICS


def test_the_watch_alone_reads_metrics_and_changes_nothing_but_duties_and_numbers() -> None:
    assert holders("cloudwatch:GetMetricData", "*") == {"KeepWatchRole"}
    mine = allowed_to(PRIMARY, "KeepWatchRole")
    writing = [s for s in mine if {"dynamodb:PutItem", "s3:PutObject"} & set(s["Action"])]
    duties, numbers = writing
    assert duties["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["DUTY"]}}
    assert numbers["Resource"] == [{"Fn::Sub": "${PublicationBucket.Arn}/numbers*"}]
    actions = {a for s in mine for a in s["Action"]}
    assert not actions & {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "sqs:ReceiveMessage"}


def test_the_local_stage_adds_nothing_but_mail_to_that() -> None:
    assert on_everything(PRIMARY, "local") - on_everything(PRIMARY, "production") == {
        "ses:SendEmail"
    }


@pytest.mark.parametrize("name", BOTH)
def test_no_role_is_allowed_a_pattern_of_actions(name: str) -> None:
    for role in roles(name):
        for statement in allowed_to(name, role):
            assert not [action for action in statement["Action"] if "*" in action], role


@pytest.mark.parametrize("name", BOTH)
def test_no_role_takes_a_policy_that_aws_writes_except_the_gateways_log_role(name: str) -> None:
    foreign = {
        role
        for role, properties in of_type(name, "AWS::IAM::Role").items()
        for arn in properties.get("ManagedPolicyArns", [])
        if not (isinstance(arn, dict) and arn.get("Ref") in resources(name))
    }
    assert foreign <= {"ApiAccountRole"}


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("stage", ("local", *STAGES))
def test_nobody_may_read_a_whole_table(name: str, stage: str) -> None:
    for role in roles(name):
        for statement in allowed_to(name, role, stage):
            reading = {
                "dynamodb:Scan",
                "dynamodb:PartiQLSelect",
                "dynamodb:ExportTableToPointInTime",
            }
            assert not reading & set(statement["Action"]), role


@pytest.mark.parametrize("key", [ROOT_KEY, FURTHER_ROOT])
def test_only_the_ceremony_may_sign_with_a_root_key(key: Any) -> None:
    assert holders("kms:Sign", key) == {"CeremonyRole"}


@pytest.mark.parametrize("key", [ISSUING_KEY, FURTHER_ISSUING])
def test_only_issuing_crls_and_the_ceremonys_requests_are_signed_with_an_issuing_key(
    key: Any,
) -> None:
    assert holders("kms:Sign", key) == {"CeremonyRole", "IssueCertificateRole", "PublishCrlRole"}


def test_every_key_that_may_be_signed_with_is_named_by_its_arn() -> None:
    signed_with = [
        resource
        for role in roles(PRIMARY)
        for statement in allowed_to(PRIMARY, role)
        if "kms:Sign" in statement["Action"]
        for resource in statement["Resource"]
    ]
    assert "*" not in str(signed_with)


def test_no_role_may_sign_with_anything_else() -> None:
    keys = [
        resource
        for role in roles(PRIMARY)
        for statement in allowed_to(PRIMARY, role)
        if "kms:Sign" in statement["Action"]
        for resource in statement["Resource"]
    ]
    ours = (ROOT_KEY, ISSUING_KEY, EVIDENCE_KEY, FURTHER_ROOT, FURTHER_ISSUING)
    assert all(key in ours for key in keys)


def test_who_signs_evidence_signs_nothing_else_and_nobody_else_signs_it() -> None:
    assert holders("kms:Sign", EVIDENCE_KEY) == {"PackEvidenceRole"}
    signed_with = [
        statement["Resource"]
        for statement in allowed_to(PRIMARY, "PackEvidenceRole")
        if "kms:Sign" in statement["Action"]
    ]
    assert signed_with == [[EVIDENCE_KEY]]


@pytest.mark.parametrize("stage", ("local", *STAGES))
def test_who_measures_may_read_the_table_and_nothing_else(stage: str) -> None:
    actions = {a for s in allowed_to(PRIMARY, "WatchRole", stage) for a in s["Action"]}
    logs = {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert actions - logs - TRACING == {"dynamodb:GetItem", "dynamodb:Query"}


@pytest.mark.parametrize("role", ("TellAgesRole", "TellExpiryRole"))
def test_who_tells_of_time_starts_signs_and_sends_nothing(role: str) -> None:
    actions = {a for s in allowed_to(PRIMARY, role) for a in s["Action"]}
    services = {action.partition(":")[0] for action in actions}
    assert services <= {"dynamodb", "logs", "xray"}
    assert "dynamodb:DeleteItem" not in actions


def test_who_revokes_in_bulk_starts_only_revocations() -> None:
    started = [
        statement["Resource"]
        for statement in allowed_to(PRIMARY, "RevokeBlockedRole")
        if "states:StartExecution" in statement["Action"]
    ]
    assert started == [[{"Ref": "RevocationMachine"}]]


def test_the_re_audit_signs_nothing_and_writes_no_object() -> None:
    actions = {a for s in allowed_to(PRIMARY, "AuditIssuedRole") for a in s["Action"]}
    assert not actions & {"kms:Sign", "s3:PutObject", "sqs:SendMessage", "dynamodb:DeleteItem"}


def test_the_evidence_key_is_one_that_no_certificate_is_signed_with() -> None:
    key = of_type(PRIMARY, "AWS::KMS::Key")["EvidenceKey"]
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    for name, function in of_type(PRIMARY, "AWS::Lambda::Function").items():
        told = str(function.get("Environment", {}))
        assert ("EvidenceKey" in told) == (name == "PackEvidenceFunction")


def test_the_packer_writes_packets_and_its_public_key_and_changes_no_record() -> None:
    statements = allowed_to(PRIMARY, "PackEvidenceRole")
    putting = [s["Resource"] for s in statements if "s3:PutObject" in s["Action"]]
    assert putting == [
        [{"Fn::Sub": "${StoreBucket.Arn}/evidence/certificates/*"}],
        [{"Fn::Sub": "${PublicationBucket.Arn}/ca/evidence.pem"}],
    ]
    book = {"Fn::GetAtt": ["Table", "Arn"]}
    on_book = {a for s in statements if book in s["Resource"] for a in s["Action"]}
    assert on_book - READS == {"dynamodb:UpdateItem"}


@pytest.mark.parametrize(
    ("key", "signers"),
    [
        ("RootKey", {"CeremonyRole"}),
        ("IssuingKey", {"CeremonyRole", "IssueCertificateRole", "PublishCrlRole"}),
        ("EvidenceKey", {"PackEvidenceRole"}),
    ],
)
def test_a_keys_own_policy_lets_the_same_roles_sign_and_not_even_the_account(
    key: str, signers: set[str]
) -> None:
    policy = of_type(PRIMARY, "AWS::KMS::Key")[key]["KeyPolicy"]
    may_sign = [s["Principal"]["AWS"] for s in statements(policy) if "kms:Sign" in s["Action"]]
    assert may_sign == [[{"Fn::GetAtt": [role, "Arn"]} for role in sorted(signers)]]
    assert not [a for s in statements(policy) for a in s["Action"] if "*" in a]


def test_who_handles_subscribers_keys_has_no_right_on_any_key_that_signs() -> None:
    for role in ("MakeKeyRole", "ManagedKeysApiRole"):
        for statement in allowed_to(PRIMARY, role):
            on_keys = {action for action in statement["Action"] if action.startswith("kms:")}
            assert not on_keys or statement["Resource"] == [MANAGED_KEYS_KEY], role


def test_one_function_makes_subscribers_keys_and_another_opens_them() -> None:
    handling = {
        (role, action)
        for role in roles(PRIMARY)
        for statement in allowed_to(PRIMARY, role)
        if MANAGED_KEYS_KEY in statement["Resource"]
        for action in statement["Action"]
    }
    assert handling == {
        ("MakeKeyRole", "kms:GenerateDataKeyPair"),
        ("ManagedKeysApiRole", "kms:Decrypt"),
    }


@pytest.mark.parametrize("stage", STAGES)
def test_subscribers_keys_are_bound_to_an_order_by_every_policy(stage: str) -> None:
    policy = of_type(PRIMARY, "AWS::KMS::Key", stage)["ManagedKeysKey"]["KeyPolicy"]
    of_roles = [s for s in statements(policy) if "GetAtt" in str(s["Principal"])]
    for role in ("MakeKeyRole", "ManagedKeysApiRole"):
        of_roles += [
            statement
            for statement in allowed_to(PRIMARY, role, stage)
            if MANAGED_KEYS_KEY in statement["Resource"]
        ]
    assert len(of_roles) == 4
    assert all(statement["Condition"] == BOUND for statement in of_roles)


def test_not_even_the_account_opens_subscribers_keys() -> None:
    key = of_type(PRIMARY, "AWS::KMS::Key")["ManagedKeysKey"]
    assert (key["KeySpec"], key["KeyUsage"]) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    allowed = {
        action: statement["Principal"]["AWS"]
        for statement in statements(key["KeyPolicy"])
        for action in statement["Action"]
    }
    assert allowed["kms:Decrypt"] == [{"Fn::GetAtt": ["ManagedKeysApiRole", "Arn"]}]
    assert allowed["kms:GenerateDataKeyPair"] == [{"Fn::GetAtt": ["MakeKeyRole", "Arn"]}]
    assert not {"kms:Encrypt", "kms:ReEncryptFrom", "kms:CreateGrant"} & set(allowed)
    assert not [action for action in allowed if "*" in action]


def test_the_key_of_subscribers_keys_outlives_the_stack() -> None:
    made = resources(PRIMARY)["ManagedKeysKey"]
    assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_handing_keys_out_writes_nothing_but_that_it_was_done() -> None:
    book = {"Fn::GetAtt": ["Table", "Arn"]}
    on_book = [s for s in allowed_to(PRIMARY, "ManagedKeysApiRole") if book in s["Resource"]]
    writing = [s for s in on_book if not set(s["Action"]) <= READS]
    assert [statement["Action"] for statement in writing] == [["dynamodb:PutItem"]]
    keys = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "CHANGE#*"}}
    assert writing[0]["Condition"] == keys


def test_a_signing_function_waits_for_its_right_to_sign() -> None:
    for name in ("IssueCertificate", "PublishCrl", "Ceremony", "PackEvidence"):
        function = resources(PRIMARY)[f"{name}Function"]
        assert f"{name}Signing" in function["DependsOn"]
    for name, right in (("MakeKey", "Wrapping"), ("ManagedKeysApi", "Opening")):
        assert f"{name}{right}" in resources(PRIMARY)[f"{name}Function"]["DependsOn"]


def test_the_perspective_may_do_nothing_but_log_and_trace() -> None:
    actions = {
        action
        for statement in allowed_to(PERSPECTIVE, "PerspectiveRole")
        for action in statement["Action"]
    }
    assert actions == {"logs:CreateLogStream", "logs:PutLogEvents"} | TRACING


def test_who_posts_reports_claims_them_and_reads_nothing_else() -> None:
    """It goes where outsiders say: whoever took it over would find no order and no account."""
    book = {"Fn::GetAtt": ["Table", "Arn"]}
    mine = allowed_to(PRIMARY, "SendReportsRole")
    (on_book,) = [s for s in mine if book in s["Resource"]]
    leading = {"dynamodb:LeadingKeys": ["CLAIM#caa-post-*"]}
    assert on_book["Condition"] == {"ForAllValues:StringLike": leading}
    actions = {action for statement in mine for action in statement["Action"]}
    assert not actions & {"sqs:SendMessage", "lambda:InvokeFunction", "dynamodb:Query"}
    assert not [action for action in actions if action.startswith(("s3:", "kms:", "ses:"))]


def test_who_posts_to_webhooks_writes_how_they_fare_and_nothing_else() -> None:
    """It goes where customers say: whoever took it over could order, approve and sign nothing."""
    book = {"Fn::GetAtt": ["Table", "Arn"]}
    mine = allowed_to(PRIMARY, "SendWebhooksRole")
    on_book = [s for s in mine if book in s["Resource"]]
    leading = [s["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] for s in on_book]
    written = [
        names
        for names, statement in zip(leading, on_book, strict=True)
        if not set(statement["Action"]) <= {"dynamodb:GetItem", "dynamodb:BatchGetItem", QUERY}
    ]
    assert written == [["WEBHOOKS#*", "WEBHOOKLOG#*", "CHANGE#*", "DUTY"]]
    actions = {action for statement in mine for action in statement["Action"]}
    assert not [action for action in actions if action.startswith(("kms:", "ses:"))]
    assert {a for a in actions if a.startswith("s3:")} == {"s3:GetObject"}
    (called,) = [s["Resource"] for s in mine if "lambda:InvokeFunction" in s["Action"]]
    (itself,) = called
    assert itself["Fn::Sub"].endswith(":function:${AWS::StackName}-send-webhooks")


READERS = {
    "NoticeQueue": "SendMail",
    "EvidenceQueue": "PackEvidence",
    "ReportQueue": "SendReports",
    "WebhookQueue": "SendWebhooks",
}


@pytest.mark.parametrize("role", ["NumberChangesRole", "ReconcileRole"])
def test_who_sends_messages_may_call_their_readers_and_nobody_else(role: str) -> None:
    mine = allowed_to(PRIMARY, role)
    (called,) = [s["Resource"] for s in mine if "lambda:InvokeFunction" in s["Action"]]
    assert called == [{"Fn::GetAtt": [f"{name}Function", "Arn"]} for name in READERS.values()]
    (sent,) = [s["Resource"] for s in mine if "sqs:SendMessage" in s["Action"]]
    parked = {"Fn::GetAtt": ["PoisonedChanges", "Arn"]}  # by the stream, in the pump's name
    assert [each for each in sent if each != parked] == [
        {"Fn::GetAtt": [queue, "Arn"]} for queue in READERS
    ]


@pytest.mark.parametrize(("queue", "reader"), sorted(READERS.items()))
def test_each_line_is_read_by_one_function_that_reads_no_other(queue: str, reader: str) -> None:
    resource = {"Fn::GetAtt": [queue, "Arn"]}
    assert holders("sqs:ReceiveMessage", resource) == {f"{reader}Role"}
    read = [
        s["Resource"]
        for s in allowed_to(PRIMARY, f"{reader}Role")
        if "sqs:ReceiveMessage" in s["Action"]
    ]
    assert read == [[resource]]


def test_who_takes_the_secrets_of_webhooks_cannot_read_them_again() -> None:
    documents = resources(PRIMARY)["AccountsApiRole"]["Properties"]["Policies"]
    (denied,) = [
        statement
        for policy in documents
        for statement in statements(policy["PolicyDocument"])
        if statement["Effect"] == "Deny"
    ]
    assert set(denied["Action"]) == {"dynamodb:GetItem", "dynamodb:BatchGetItem", QUERY}
    leading = {"dynamodb:LeadingKeys": ["WEBHOOKSECRET#*"]}
    assert denied["Condition"] == {"ForAnyValue:StringLike": leading}


@pytest.mark.parametrize("role", ["LintDraftRole", "UnknownRouteRole"])
def test_who_needs_nothing_of_ours_may_do_nothing_but_log_and_trace(role: str) -> None:
    actions = {action for statement in allowed_to(PRIMARY, role) for action in statement["Action"]}
    assert actions == {"logs:CreateLogStream", "logs:PutLogEvents"} | TRACING


def test_only_the_checks_ask_perspectives_and_only_those_they_were_given() -> None:
    asking = [
        (role, statement["Resource"])
        for role in roles(PRIMARY)
        for statement in allowed_to(PRIMARY, role)
        if "lambda:InvokeFunction" in statement["Action"] and role.startswith("Check")
    ]
    given = ["arn:aws:lambda:eu-central-1:123456789012:function:look"]
    assert asking == [("CheckOrderRole", given), ("CheckDomainRole", given)]


def test_of_the_api_only_orders_and_accounts_may_have_something_looked_up() -> None:
    function = {"Fn::GetAtt": ["CheckDomainFunction", "Arn"]}
    assert holders("lambda:InvokeFunction", function) == {
        "AccountsApiRole",
        "OrdersApiRole",
        "ClockworkRole",
    }


def test_orders_may_invoke_exactly_what_dry_runs_ask() -> None:
    invoked = [
        statement["Resource"]
        for statement in allowed_to(PRIMARY, "OrdersApiRole")
        if "lambda:InvokeFunction" in statement["Action"]
    ]
    names = ("CheckDomainFunction", "LintDraftFunction")
    assert invoked == [[{"Fn::GetAtt": [name, "Arn"]} for name in names]]
    assert holders("lambda:InvokeFunction", invoked[0][1]) == {"OrdersApiRole"}


def test_the_store_is_written_by_issuing_alone() -> None:
    store = {"Fn::Sub": "${StoreBucket.Arn}/*"}
    assert holders("s3:PutObject", store) == {"IssueCertificateRole"}


def test_functions_of_the_api_never_write_to_a_bucket_nor_send_mail() -> None:
    for role in API_ROLES:
        actions = {a for s in allowed_to(PRIMARY, role) for a in s["Action"]}
        writing = {"s3:PutObject", "s3:DeleteObject", "ses:SendEmail", "kms:Sign"}
        if role == "OperatorsApiRole":
            writing -= {"s3:PutObject"}  # evidence: see below
        assert not actions & writing


def test_operators_write_evidence_and_nothing_else_into_the_store() -> None:
    evidence = [{"Fn::Sub": "${StoreBucket.Arn}/evidence/*"}]
    putting = [
        (role, statement["Resource"])
        for role in API_ROLES
        for statement in allowed_to(PRIMARY, role)
        if "s3:PutObject" in statement["Action"]
    ]
    assert putting == [("OperatorsApiRole", evidence)]


def test_downloads_cannot_change_the_order_book() -> None:
    book = {"Fn::GetAtt": ["Table", "Arn"]}
    on_book = [s for s in allowed_to(PRIMARY, "CertificatesApiRole") if book in s["Resource"]]
    assert on_book
    assert {action for statement in on_book for action in statement["Action"]} <= READS


def test_functions_of_the_api_may_only_move_limits_on_and_nobody_else_may() -> None:
    table = {"Fn::GetAtt": ["LimitsTable", "Arn"]}
    counting = {
        role: sorted(
            action
            for s in allowed_to(PRIMARY, role)
            if table in s["Resource"]
            for action in s["Action"]
        )
        for role in roles(PRIMARY)
    }
    assert {role: actions for role, actions in counting.items() if actions} == {
        f"{name}ApiRole": ["dynamodb:UpdateItem"]
        for name in (
            "Orders",
            "Certificates",
            "ManagedKeys",
            "Requests",
            "Accounts",
            "Operators",
        )
    } | dict.fromkeys(("ApprovalPageRole", "PublicIntakeRole"), ["dynamodb:UpdateItem"])


API_ROLES = (
    "OrdersApiRole",
    "CertificatesApiRole",
    "ManagedKeysApiRole",
    "RequestsApiRole",
    "AccountsApiRole",
    "OperatorsApiRole",
    "ApprovalPageRole",
    "PublicIntakeRole",
    "UnknownRouteRole",
)
READS = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
