"""Findings: what is wrong where, from published figures alone."""

from app.assessment.findings.finding import Finding
from app.assessment.findings.judge import checked, findings

__all__ = ["Finding", "checked", "findings"]
