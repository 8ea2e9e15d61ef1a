"""The search for planted strings in bytes of any kind: it knows the markers of a run, no more."""
