"""Tacit, its database and its sandbox as real processes: for the proof, tests and benchmarks."""
