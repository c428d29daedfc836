"""What can be said of a drawing before anything runs: its structure and soundness, its conditions and deadlines, what its rules
cover, what must hold to reach a step. Nothing that runs a ticket imports this."""
