"""How Sphinx builds the documentation: no page loads anything from outside."""

import sys
from pathlib import Path

from deploygeo import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "deploygeo"
author = "The deploygeo authors"
copyright = "the deploygeo authors, MIT licence"  # noqa: A001 - the word of Sphinx
version = release = __version__
language = "en"
# "--reading" is an option, and no dash
smartquotes = False

extensions = [
    "generated",
    "side_bar",
    "terminal",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_ext", "_static"]
default_role = "py:obj"
nitpicky = True
# Types of Python, NumPy, Shapely and Hypothesis have no page here; and a docstring puts into
# single backticks what is a name of a parameter as often as that of a page.
nitpick_ignore_regex = [(r"py:(class|obj|exc|data)", r".*")]
# An annotation names a class without its package: of two of that name the first is taken.
suppress_warnings = ["ref.python"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_type_aliases = {"ArrayLike": "ArrayLike"}
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
add_module_names = False

html_theme = "furo"
html_title = f"deploygeo {release}"
html_static_path = ["_static"]
html_css_files = ["deploygeo.css"]
html_copy_source = False
html_show_sourcelink = False
# it fetches each page that was found, which a browser refuses to do from disk
html_show_search_summary = False
html_show_sphinx = False
html_domain_indices = False  # the packages have a page that lists them
html_last_updated_fmt = None
html_theme_options = {"top_of_page_buttons": []}
