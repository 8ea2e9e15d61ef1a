"""The search for planted strings in bytes of any kind: it knows the marks of a run, no more."""
