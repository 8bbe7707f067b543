"""Deployment to AWS: `python -m deploy STAGE` (see docs/deploy.md)."""
