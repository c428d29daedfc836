"""BPMN 2.0: a workflow written as a file that other tools open, and a file drawn elsewhere read as a workflow. Pure."""
