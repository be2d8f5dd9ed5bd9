"""`python -m ai_pro_sports` is `aips`."""

from ai_pro_sports.surfaces.cli import main

if __name__ == "__main__":
    main()
