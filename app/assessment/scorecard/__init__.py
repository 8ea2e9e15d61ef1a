"""Scorecard: one number per dimension, with its caps, confidence and range."""

from app.assessment.scorecard.scorecard import Scorecard, scorecard

__all__ = ["Scorecard", "scorecard"]
