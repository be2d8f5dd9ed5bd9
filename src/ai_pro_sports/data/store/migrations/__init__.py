"""The Alembic environment, inside the package so that an installed wheel can migrate."""
