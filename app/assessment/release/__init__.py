"""Which value of a figure over people is published, and when it may change (PRIV-4)."""

from app.assessment.release.other_options import Other
from app.assessment.release.release import Release
from app.assessment.release.roll import roll
from app.assessment.release.shown import shown, shown_series
from app.assessment.release.windows import BLOCK_WEEKS, Window, first_window, window_at

__all__ = [
    "BLOCK_WEEKS",
    "Other",
    "Release",
    "Window",
    "first_window",
    "roll",
    "shown",
    "shown_series",
    "window_at",
]
