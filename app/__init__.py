"""Tacit: how a company answers its incidents, without reading a single one."""
