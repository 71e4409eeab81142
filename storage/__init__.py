"""Keep: functions that take a `Session` and return `rituals` values."""
