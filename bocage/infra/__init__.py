"""The ground all apps stand on: outbox, locks, clock, flags, sequences, files."""
