"""PagerDuty as a library: what may be requested, what of a response is kept, and nothing else."""
