"""Objectives and KPIs in Slack."""
