"""The command line: one file per group of commands, all calling the same use cases as every other surface."""

__all__ = ["main"]


def main() -> None:
    """Run `aips`."""
    try:
        from ai_pro_sports.surfaces.cli.entry import run
    except KeyboardInterrupt:  # pressed while the commands were still loading: nothing was begun
        raise SystemExit(1) from None
    run()
