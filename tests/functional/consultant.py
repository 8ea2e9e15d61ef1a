"""A consultant at the keyboard; `proof/house` makes them."""

from proof.house.consultant import PATIENCE, Consultant, values

__all__ = ["PATIENCE", "Consultant", "values"]
