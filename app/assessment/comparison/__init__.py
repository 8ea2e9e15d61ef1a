"""Two assessments of one engagement: a baseline and a follow-up."""

from app.assessment.comparison.compare import Comparison, compare, why_not

__all__ = ["Comparison", "compare", "why_not"]
