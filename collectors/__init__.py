"""PagerDuty as a library: what may be asked, what is kept of the answer, and nothing else."""
