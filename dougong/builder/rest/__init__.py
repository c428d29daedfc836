"""The builder's operations of the API: definitions and template packs. The verbs are those that the editors call."""
