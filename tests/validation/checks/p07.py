# SPDX-License-Identifier: GPL-3.0-or-later
"""P07: nested logit demand for the cereals, two nests with one rho."""
from .p05 import INPUTS, NOT_COVERED, check

__all__ = ["INPUTS", "NOT_COVERED", "check"]
