"""Alembic migrations; they import no application code."""
