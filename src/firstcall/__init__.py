"""What is your API program worth, to those who call it and to those who pay for it?"""

from __future__ import annotations

__version__ = "0.1.0"
