"""A consultant at the keyboard; `proof/house` makes them."""

from proof.house.consultant import PATIENCE, UNSEEN, Consultant, values

__all__ = ["PATIENCE", "UNSEEN", "Consultant", "values"]
