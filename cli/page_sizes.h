/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page sizes of --page-size where it takes several, "4K,64K,2M": powers of two from 4K up to the largest leaf that any
 * page-table format has, none twice, in the order given.
 */
#ifndef CLI_PAGE_SIZES_H
#define CLI_PAGE_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/err.h"

enum { PAGE_SIZES_MAX = 64 };

bool page_sizes_read(const char *text, uint64_t size_bytes[PAGE_SIZES_MAX], size_t *count, struct err *err);

#endif
