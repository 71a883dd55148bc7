/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place of the version: in results, --version and, through the Makefile, the manual.
 */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

#define PAGEWALK_VERSION "0.1.0"

#endif
