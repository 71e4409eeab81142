"""Decide: the rules of the method as plain functions on values and `now`."""
