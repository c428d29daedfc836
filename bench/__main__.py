"""Prints one JSON line a figure; exit 1 where a bar does not hold."""

import sys

from . import bulk, editor, engine, http, inbox, ledger, load, search, settlement, soundness, step, walls

ROOMS = {
    "engine": engine, "soundness": soundness, "step": step, "http": http, "inbox": inbox, "search": search, "load": load,
    "bulk": bulk, "walls": walls, "editor": editor, "settlement": settlement, "ledger": ledger,
}  # fmt: skip


def main() -> None:
    wanted = sys.argv[1:] or list(ROOMS)
    found = []
    for name in wanted:
        for figure in ROOMS[name].figures():
            print(figure.line(), flush=True)
            found.append(figure)
    sys.exit(0 if all(figure.ratio <= figure.bar for figure in found) else 1)


if __name__ == "__main__":
    main()
