"""The impure part of the runtime: tickets, tasks, records, settlements and their pages. It never imports the builder."""
