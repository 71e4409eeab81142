"""What could not be delivered, told to whoever can mend it (F104)."""
