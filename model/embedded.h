/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The machine files and plot scripts that the command carries inside itself, so that no path has to be found at run
 * time. The Makefile makes the table from model/machines and analysis with cli/embed.sh.
 */
#ifndef MODEL_EMBEDDED_H
#define MODEL_EMBEDDED_H

struct embedded_file {
    const char *name; /* base name, such as "skylake.ini" */
    const char *text;
};

/* In the order of the names; the last has a NULL name. */
extern const struct embedded_file embedded_files[];

#endif
