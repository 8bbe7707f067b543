"""Logs and metrics of every function: structured, by event name, never a secret."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools import Logger, Metrics


@cache
def logger() -> Logger:
    """The function's logger; service name and level come from Powertools' environment variables."""
    return Logger(utc=True, log_uncaught_exceptions=False)


@cache
def metrics() -> Metrics:
    """The function's metrics in CloudWatch's embedded format, namespace Vouchsafe."""
    return Metrics(namespace="Vouchsafe")
