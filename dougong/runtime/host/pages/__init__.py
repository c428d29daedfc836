"""The pages of the running platform. A view parses and answers; the verbs stand one folder up."""
