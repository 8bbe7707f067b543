"""House rules of the templates: logs, encryption, retention, the API, the lab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.contracts.aws import TABLE, make_table
from tests.infrastructure.templates import (
    PERSPECTIVE,
    PRIMARY,
    ROOT,
    expanded,
    of_type,
    resources,
    source,
    statements,
)
from vouchsafe.services.parked import MOST_BY_CHANGE

BOTH = (PRIMARY, PERSPECTIVE)
LAB = {
    "LabDnsRoots",
    "LabTrustAnchors",
    "LabDnsPort",
    "LabDnsDirect",
    "LabHttpPort",
    "LabHttpsPort",
    "LabTlsRoots",
    "LabLoopback",
    "LabLintWaiver",
}
NOT_FOR_PERSPECTIVES = {"LabHttpsPort", "LabTlsRoots", "LabLintWaiver"}
KEPT = {
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::KMS::Key",
    "AWS::CloudFront::Distribution",
}


def functions(name: str) -> dict[str, Any]:
    return of_type(name, "AWS::Lambda::Function")


def stored(properties: Any) -> dict[str, Any]:
    return dict(properties["Environment"]["Variables"])


def test_every_folder_under_functions_is_deployed_once() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    deployed = [
        Path(resource["Properties"]["CodeUri"]).name
        for name in BOTH
        for resource in source(name)["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    assert sorted(deployed) == sorted(folders)


@pytest.mark.parametrize("name", BOTH)
def test_every_function_logs_to_its_own_group_which_forgets(name: str) -> None:
    groups = of_type(name, "AWS::Logs::LogGroup")
    assert all(group["RetentionInDays"] == 30 for group in groups.values())
    for logical_id, function in functions(name).items():
        own = logical_id.replace("Function", "LogGroup")
        assert function["LoggingConfig"]["LogGroup"] == {"Ref": own}
        assert own in groups


@pytest.mark.parametrize("name", BOTH)
def test_every_function_is_traced_and_runs_on_the_chosen_architecture(name: str) -> None:
    for function in functions(name).values():
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.13"


def test_what_outlives_a_stack_leaves_its_name_to_the_next_stack_so_called() -> None:
    for logical_id, resource in resources(PRIMARY).items():
        if resource.get("DeletionPolicy") == "Retain":
            given = resource.get("Properties", {})
            assert not {"TableName", "BucketName", "RoleName"} & given.keys(), logical_id
    for control in of_type(PRIMARY, "AWS::CloudFront::OriginAccessControl").values():
        assert "AWS::StackId" in str(control["OriginAccessControlConfig"]["Name"])


def test_what_holds_data_or_keys_outlives_the_stack() -> None:
    for logical_id, resource in resources(PRIMARY).items():
        if resource["Type"] in KEPT:
            assert resource["DeletionPolicy"] == "Retain", logical_id
            assert resource["UpdateReplacePolicy"] == "Retain", logical_id


def test_everything_at_rest_is_encrypted() -> None:
    for table in of_type(PRIMARY, "AWS::DynamoDB::Table").values():
        assert table["SSESpecification"] == {"SSEEnabled": True}
    for bucket in of_type(PRIMARY, "AWS::S3::Bucket").values():
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    for queue in of_type(PRIMARY, "AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True


def test_the_order_book_can_be_restored_and_is_streamed() -> None:
    table = of_type(PRIMARY, "AWS::DynamoDB::Table")["Table"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert table["TimeToLiveSpecification"]["Enabled"] is True
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == [
        "gsi1",
        "gsi2",
        "gsi3",
    ]


def test_the_order_book_has_the_keys_that_the_storage_tests_use() -> None:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_table(client)
        tested = client.describe_table(TableName=TABLE)["Table"]
    table = of_type(PRIMARY, "AWS::DynamoDB::Table")["Table"]
    assert table["KeySchema"] == tested["KeySchema"]
    wanted = {
        index["IndexName"]: (index["KeySchema"], index["Projection"]["ProjectionType"])
        for index in tested["GlobalSecondaryIndexes"]
    }
    made = {
        index["IndexName"]: (index["KeySchema"], index["Projection"]["ProjectionType"])
        for index in table["GlobalSecondaryIndexes"]
    }
    assert made == wanted


def test_records_that_may_go_are_found_by_the_attribute_that_the_adapters_write() -> None:
    adapters = ROOT / "layers" / "vouchsafe" / "vouchsafe" / "adapters" / "dynamodb"
    for table, module, attribute in (
        ("Table", "claims.py", '"ttl":'),
        ("LimitsTable", "limits.py", "expires = "),
    ):
        specified = of_type(PRIMARY, "AWS::DynamoDB::Table")[table]["TimeToLiveSpecification"]
        assert specified["AttributeName"] in attribute
        assert attribute in (adapters / module).read_text()


def test_rate_limits_are_kept_apart_without_stream_or_backup() -> None:
    table = of_type(PRIMARY, "AWS::DynamoDB::Table")["LimitsTable"]
    assert "StreamSpecification" not in table
    assert "PointInTimeRecoverySpecification" not in table


def test_buckets_are_versioned_and_closed() -> None:
    for bucket in of_type(PRIMARY, "AWS::S3::Bucket").values():
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def denials(policy: str, stage: str) -> dict[str, Any]:
    found = of_type(PRIMARY, "AWS::S3::BucketPolicy", stage)[policy]["PolicyDocument"]
    return {s["Sid"]: s for s in statements(found) if s["Effect"] == "Deny"}


EVERY_CERTIFICATE = [{"Fn::Sub": "${StoreBucket.Arn}/*"}]


@pytest.mark.parametrize("stage", ["local", "staging", "production"])
def test_a_stored_certificate_cannot_be_deleted(stage: str) -> None:
    never = denials("StoreBucketPolicy", stage)["NothingIsDeleted"]
    assert never["Principal"] == "*" and never["Resource"] == EVERY_CERTIFICATE
    assert set(never["Action"]) == {"s3:DeleteObject", "s3:DeleteObjectVersion"}


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_a_stored_certificate_cannot_be_replaced(stage: str) -> None:
    once = denials("StoreBucketPolicy", stage)["NothingIsReplaced"]
    assert once["Principal"] == "*" and once["Resource"] == EVERY_CERTIFICATE
    assert once["Action"] == ["s3:PutObject"]
    assert once["Condition"] == {"Null": {"s3:if-none-match": "true"}}


def test_the_local_stage_leaves_out_only_what_the_emulator_cannot_do() -> None:
    missing = set(denials("StoreBucketPolicy", "production")) - set(
        denials("StoreBucketPolicy", "local")
    )
    assert missing == {"NothingIsReplaced", "OnlyOverTls"}


def test_what_is_stored_can_be_locked_against_everybody_by_parameter() -> None:
    plain = of_type(PRIMARY, "AWS::S3::Bucket")["StoreBucket"]
    assert not [name for name in plain if name.startswith("ObjectLock")]
    locked = of_type(PRIMARY, "AWS::S3::Bucket", ObjectLockDays="3650")["StoreBucket"]
    assert locked["ObjectLockEnabled"] is True
    retention = locked["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert (retention["Mode"], int(retention["Days"])) == ("COMPLIANCE", 3650)


@pytest.mark.parametrize("policy", ["StoreBucketPolicy", "PublicationBucketPolicy"])
@pytest.mark.parametrize("stage", ["staging", "production"])
def test_buckets_are_reached_over_tls_only(policy: str, stage: str) -> None:
    denied = denials(policy, stage)["OnlyOverTls"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied["Action"] == ["s3:*"]


def test_publications_are_served_over_plain_http_and_by_the_distribution_alone() -> None:
    (distribution,) = of_type(PRIMARY, "AWS::CloudFront::Distribution").values()
    behaviour = distribution["DistributionConfig"]["DefaultCacheBehavior"]
    assert behaviour["ViewerProtocolPolicy"] == "allow-all"
    policy = of_type(PRIMARY, "AWS::S3::BucketPolicy")["PublicationBucketPolicy"]["PolicyDocument"]
    allowed = [s for s in statements(policy) if s["Effect"] == "Allow"]
    assert [s["Principal"] for s in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    assert "AWS:SourceArn" in allowed[0]["Condition"]["StringEquals"]


def test_the_gateway_has_one_permission_per_function_of_the_api() -> None:
    found = of_type(PRIMARY, "AWS::Lambda::Permission").values()
    permissions = [each for each in found if each["Principal"] == "apigateway.amazonaws.com"]
    callees = [each["FunctionName"]["Ref"] for each in permissions]
    body = str(of_type(PRIMARY, "AWS::ApiGateway::RestApi")["Api"]["Body"])
    called = {name for name in functions(PRIMARY) if f"${{{name}.Arn}}" in body}
    assert sorted(callees) == sorted(called)
    assert len(called) == 9
    assert all("execute-api" in str(each["SourceArn"]) for each in permissions)


def test_what_the_mail_service_tells_reaches_its_function_by_one_rule_alone() -> None:
    (destination,) = of_type(PRIMARY, "AWS::SES::ConfigurationSetEventDestination").values()
    assert destination["ConfigurationSetName"] == {"Ref": "MailSettings"}
    assert set(destination["EventDestination"]["MatchingEventTypes"]) == {
        "BOUNCE",
        "COMPLAINT",
        "REJECT",
    }
    (rule,) = of_type(PRIMARY, "AWS::Events::Rule").values()
    pattern = rule["EventPattern"]
    assert pattern["source"] == ["aws.ses"]
    assert pattern["detail"]["mail"]["tags"] == {"ses:configuration-set": [{"Ref": "MailSettings"}]}
    (target,) = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["MailEventsFunction", "Arn"]}
    permissions = of_type(PRIMARY, "AWS::Lambda::Permission").values()
    (allowed,) = [each for each in permissions if each["Principal"] == "events.amazonaws.com"]
    assert allowed["SourceArn"] == {"Fn::GetAtt": ["MailEventsRule", "Arn"]}


def test_access_logs_hold_the_route_and_never_the_path() -> None:
    (stage,) = of_type(PRIMARY, "AWS::ApiGateway::Stage").values()
    record = stage["AccessLogSetting"]["Format"]
    assert "$context.resourcePath" in record
    assert "$context.path" not in record and "requestOverride" not in record
    assert stage["TracingEnabled"] is True


def test_machines_are_standard_logged_and_traced() -> None:
    machines = of_type(PRIMARY, "AWS::StepFunctions::StateMachine")
    assert set(machines) == {"OrderMachine", "RevocationMachine"}
    for machine in machines.values():
        assert machine["StateMachineType"] == "STANDARD"
        assert machine["LoggingConfiguration"]["Destinations"]
        assert machine["TracingConfiguration"] == {"Enabled": True}


def test_the_pump_gets_change_records_only_and_parks_what_it_cannot_number() -> None:
    mappings = of_type(PRIMARY, "AWS::Lambda::EventSourceMapping").values()
    (pump,) = [m for m in mappings if m["FunctionName"] == {"Ref": "NumberChangesFunction"}]
    (pattern,) = [f["Pattern"] for f in pump["FilterCriteria"]["Filters"]]
    assert '"entity":{"S":["change"]}' in pattern
    assert pump["BisectBatchOnFunctionError"] is True
    assert pump["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    parked = {"Fn::GetAtt": ["PoisonedChanges", "Arn"]}
    assert pump["DestinationConfig"]["OnFailure"]["Destination"] == parked


def test_the_pump_has_time_to_wake_all_that_one_decision_may_wake() -> None:
    """Cut off, it would begin anew each time, and hold up every change behind that one."""
    seconds_each = 0.1  # a run number and the start of an execution, each one call
    needed = MOST_BY_CHANGE * seconds_each
    assert functions(PRIMARY)["NumberChangesFunction"]["Timeout"] >= needed


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("EvidenceQueue", "PackEvidenceFunction"),
        ("NoticeQueue", "SendMailFunction"),
        ("ReportQueue", "SendReportsFunction"),
        ("WebhookQueue", "SendWebhooksFunction"),
    ],
)
def test_messages_wait_fourteen_days_in_order_and_longer_than_their_function_runs(
    name: str, function: str
) -> None:
    queue = of_type(PRIMARY, "AWS::SQS::Queue")[name]
    assert queue["FifoQueue"] is True
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["VisibilityTimeout"] >= 6 * functions(PRIMARY)[function]["Timeout"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"]


def test_nobody_polls_a_queue() -> None:
    """An idle queue that Lambda polls costs 0.32 US dollars a month: readers are called."""
    polled = [
        each["EventSourceArn"]["Fn::GetAtt"]
        for each in of_type(PRIMARY, "AWS::Lambda::EventSourceMapping").values()
    ]
    assert polled == [["Table", "StreamArn"]]


@pytest.mark.parametrize("sender", ["NumberChangesFunction", "ReconcileFunction"])
def test_who_sends_is_told_each_line_and_its_reader(sender: str) -> None:
    told = functions(PRIMARY)[sender]["Environment"]["Variables"]
    for name, reader in (
        ("EVIDENCE", "PackEvidence"),
        ("NOTICE", "SendMail"),
        ("REPORT", "SendReports"),
        ("WEBHOOK", "SendWebhooks"),
    ):
        queue = told[f"{name}_QUEUE_URL"]
        assert told[f"{name}_READER"] == {"Ref": f"{reader}Function"}
        own = functions(PRIMARY)[f"{reader}Function"]["Environment"]["Variables"]
        assert own[f"{name}_QUEUE_URL"] == queue


@pytest.mark.parametrize("name", BOTH)
def test_lab_parameters_are_refused_by_rule_outside_the_local_stage(name: str) -> None:
    template = expanded(name)
    declared = {key for key in template["Parameters"] if key.startswith("Lab")}
    assert declared == (LAB if name == PRIMARY else LAB - NOT_FOR_PERSPECTIVES)
    rule = template["Rules"]["OnlyTheLabHasLabParameters"]
    assert rule["RuleCondition"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "local"]}]}
    empty = [each["Assert"]["Fn::Equals"] for each in rule["Assertions"]]
    assert {left["Ref"] for left, right in empty if right == ""} == declared


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("stage", ["staging", "production"])
def test_no_function_is_even_told_of_the_lab_outside_the_local_stage(name: str, stage: str) -> None:
    for function in of_type(name, "AWS::Lambda::Function", stage).values():
        assert not [variable for variable in stored(function) if variable.startswith("LAB_")]


@pytest.mark.parametrize("name", BOTH)
def test_every_variable_in_the_template_is_one_that_settings_read(name: str) -> None:
    from dataclasses import fields

    from vouchsafe.settings import Settings

    known = {each.metadata["variable"] for each in fields(Settings)}
    for function in of_type(name, "AWS::Lambda::Function", "local").values():
        assert {v for v in stored(function) if v != "POWERTOOLS_SERVICE_NAME"} <= known


def test_a_public_issuer_gets_its_hierarchy_from_an_operator() -> None:
    condition = expanded(PRIMARY)["Resources"]["Hierarchy"]["Condition"]
    (either,) = [expanded(PRIMARY)["Conditions"][condition]]
    assert either == {
        "Fn::Or": [
            {"Condition": "IsLocal"},
            {"Fn::Equals": [{"Ref": "IssuerTrust"}, "private"]},
        ]
    }


def test_the_linter_goes_to_those_who_sign_look_again_or_try_and_to_nobody_else() -> None:
    linting = next(
        logical_id
        for logical_id in of_type(PRIMARY, "AWS::Lambda::LayerVersion")
        if logical_id.startswith("LintingLayer")
    )
    users = {
        name
        for name, function in functions(PRIMARY).items()
        if {"Ref": linting} in function["Layers"]
    }
    assert users == {
        "IssueCertificateFunction",
        "PublishCrlFunction",
        "CeremonyFunction",
        "AuditIssuedFunction",
        "LintDraftFunction",
    }
