"""A consultant at the keyboard; `proof/installation` makes them."""

from proof.installation.consultant import PATIENCE, UNSEEN, Consultant, values

__all__ = ["PATIENCE", "UNSEEN", "Consultant", "values"]
