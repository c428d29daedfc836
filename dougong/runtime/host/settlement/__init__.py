"""Settlements on the rows of a company: lines come in, are drawn up into statements, told on paper, held against files."""
