"""``python -m deploygeo``."""

from deploygeo.cli import main

if __name__ == "__main__":
    main()
