"""One profile of property tests for all: fixed, or longer by hand.

``DEPLOYGEO_PROFILE=long python -m pytest tests/io`` draws other cases in every run, and more.
"""

import os

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("long", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("DEPLOYGEO_PROFILE", "fixed"))
