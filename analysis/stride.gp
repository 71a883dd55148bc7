# SPDX-License-Identifier: GPL-3.0-or-later

headline = "Strides: from each data access to the next one"
load "strides.gp"
