"""Vouchsafe: a certificate authority service on AWS Lambda and Step Functions."""
