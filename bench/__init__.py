"""What the platform costs, each figure against a peer or a limit measured in the same run. `make bench`."""
