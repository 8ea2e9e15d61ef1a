"""A consultant at the keyboard; `proof/installation` makes them."""

from proof.installation.consultant import TIME_OUT, UNSEEN, Consultant, text_of, values

__all__ = ["TIME_OUT", "UNSEEN", "Consultant", "text_of", "values"]
