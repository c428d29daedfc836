"""The host's operations of the API: tickets, tasks, files, records, settlement. The verbs are those that the pages call."""
