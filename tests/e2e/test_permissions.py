"""Every function has the rights of its own role and no others: the emulator enforces IAM."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.e2e.service import Service
from tests.e2e.workers import workers, workers_can_be_found

pytestmark = pytest.mark.skipif(
    not workers_can_be_found(), reason="needs /proc to find a worker's credentials"
)


def refused(error: pytest.ExceptionInfo[ClientError]) -> bool:
    return error.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


def test_the_functions_behind_the_api_cannot_sign(service: Service) -> None:
    worker = workers(service.stack, "orders-api")[0]
    with pytest.raises(ClientError) as error:
        worker.client("kms", service.stack).sign(
            KeyId=service.stack.outputs["IssuingKeyArn"],
            Message=b"anything",
            SigningAlgorithm="ECDSA_SHA_256",
        )
    assert refused(error)


def test_the_issuing_function_cannot_use_the_root_key_nor_delete_a_certificate(
    service: Service,
) -> None:
    issued = service.issue("permissions.lab.example.com")
    worker = workers(service.stack, "issue-certificate")[0]
    with pytest.raises(ClientError) as error:
        worker.client("kms", service.stack).sign(
            KeyId=service.stack.outputs["RootKeyArn"],
            Message=b"anything",
            SigningAlgorithm="ECDSA_SHA_384",
        )
    assert refused(error)
    (key,) = service.objects(issued["certificate"]["id"])
    bucket = service.stack.outputs["StoreBucket"]
    with pytest.raises(ClientError) as error:
        worker.client("s3", service.stack).delete_object(Bucket=bucket, Key=key)
    assert refused(error)
