"""Rows that tests begin with."""
