"""The product and what it leans on as real processes: for the proof, tests and benchmarks."""
