"""The command line: `python -m dougong --help`."""

import click

from dougong import VERSION
from dougong.commands import companies, on_files, serving, upkeep


@click.group(help="Dougong: a multi-tenant low-code platform with a visual workflow builder.")
@click.version_option(VERSION)
def main() -> None:
    pass


for command in (*serving.COMMANDS, *on_files.COMMANDS, *companies.COMMANDS, *upkeep.COMMANDS):
    main.add_command(command)


if __name__ == "__main__":
    main()
