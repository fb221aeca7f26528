"""Measures the budgets of the program; `make bench` runs it. Speed is never asserted in tests, only measured here."""
