"""Proof that nothing forbidden is kept: `make prove` runs it and prints what it found."""
