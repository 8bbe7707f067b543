"""Publishes CRLs: the shards a revocation names, or by schedule those that are due.

The stack, too, asks for every shard once its issuer is there: a certificate never points to a CRL
that does not exist (BR 4.9.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vouchsafe import bootstrap, bootstrap_watch
from vouchsafe.adapters.cloudformation import as_custom_resource
from vouchsafe.domain.duties import Duty
from vouchsafe.observability import incident, logger
from vouchsafe.services.publishing import Published, publish_crl, publish_due


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take {"shards": [{"issuer_id", "shard"}, …]}, a stack event, or nothing for what is due."""
    if "ResponseURL" in event:
        return as_custom_resource(event, "vouchsafe-first-crls", _all_for_stack)
    ports = bootstrap.publish_crl()
    if "shards" in event:
        named = [(str(each["issuer_id"]), int(each["shard"])) for each in event["shards"]]
        return _told([publish_crl(issuer, shard, ports=ports) for issuer, shard in named])
    told = _told(publish_due(ports=ports))
    bootstrap_watch.duty_done(Duty.PUBLISH_CRL)
    return told


def _all_for_stack() -> dict[str, str]:
    return {"Published": str(len(_told(publish_due(ports=bootstrap.publish_crl()))["published"]))}


def _told(done: Sequence[Published]) -> dict[str, Any]:
    """The numbers published, in the log and as the answer; rows set aside raise an alarm."""
    for each in done:
        for serial in each.set_aside:
            where = {"issuer_id": each.issuer_id, "shard": each.shard, "serial": serial}
            logger().error("crl.record_set_aside", extra=where)
    aside = sum(len(each.set_aside) for each in done)
    incident("crl_record_set_aside", aside)
    published = [
        {"issuer_id": each.issuer_id, "shard": each.shard, "number": each.number} for each in done
    ]
    logger().info("crl.published", extra={"published": published})
    return {"published": published}
