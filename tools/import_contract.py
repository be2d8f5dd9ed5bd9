"""Check the import contract of the design (pyproject.toml, [tool.importlinter]), in a path that may hold a space."""

from importlinter.cli import lint_imports

if __name__ == "__main__":
    raise SystemExit(lint_imports(config_filename="pyproject.toml", no_cache=True))
