"""Objectives and KPIs in Slack."""

from bot.kpis import commands, handlers
from bot.ritual import Part

PART = Part(name="kpis", register=handlers.register, commands=[commands.KPI])
