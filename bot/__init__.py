"""Do and show: Slack, the scheduler, delivery and the clock live only here."""
