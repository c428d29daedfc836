"""The graph of a workflow, on networkx: what finds the route, draws the picture and checks the structure walks it."""

from typing import Any

import networkx as nx

from .definition import Definition

Graph = Any  # nx.MultiDiGraph; networkx ships no types


def graph_of(definition: Definition) -> Graph:
    """Nodes by uid with their `type`, edges keyed by uid; edges that lead nowhere are left out (a problem of their own)."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((node.uid, {"type": node.type}) for node in definition.nodes)
    known = definition.node
    graph.add_edges_from((e.source, e.target, e.uid) for e in definition.edges if e.source in known and e.target in known)
    return graph
