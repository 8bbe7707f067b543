"""Lints a draft that nobody will sign. Has no right to anything in AWS."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

from vouchsafe import parts
from vouchsafe.domain.lint_wire import finding_to_json
from vouchsafe.observability import logger

if TYPE_CHECKING:
    from vouchsafe.ports import Linter


@cache
def _linter() -> Linter:
    return parts.linter()


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take certificate, base64 of DER under whatever signature; give {"findings": [...]}.

    Raises ValueError for what is no base64.
    """
    der = base64.b64decode(event["certificate"], validate=True)
    findings = [finding_to_json(each) for each in _linter().certificate(der)]
    logger().info("draft.linted", extra={"findings": len(findings)})
    return {"findings": findings}
