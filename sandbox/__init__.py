"""A strict local Slack workspace that the real SDK and Bolt talk to."""
