"""Where definitions are made: drafts, checks, versions, simulation, packs, and the web builder."""
