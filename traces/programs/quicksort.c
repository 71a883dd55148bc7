/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program to capture, for measuring what a capture takes: sorts numbers; a million are 300 million accesses.
 *
 * usage: quicksort COUNT
 */
#include <stdint.h>
#include <stdlib.h>

static void sort(uint32_t *a, long low, long high)
{
    while (low < high) {
        const uint32_t pivot = a[(low + high) / 2];
        long i = low;
        long j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                const uint32_t other = a[i];
                a[i++] = a[j];
                a[j--] = other;
            }
        }
        if (j - low < high - i) {
            sort(a, low, j);
            low = i;
        } else {
            sort(a, i, high);
            high = j;
        }
    }
}

int main(int argc, char **argv)
{
    const long count = argc > 1 ? atol(argv[1]) : 1000000;
    uint32_t *a = malloc((size_t)count * sizeof *a);
    uint32_t x = 1;
    if (a == NULL)
        return 1;
    for (long i = 0; i < count; i++)
        a[i] = x = x * 1664525u + 1013904223u;
    sort(a, 0, count - 1);
    for (long i = 1; i < count; i++)
        if (a[i - 1] > a[i])
            return 1;
    free(a);
    return 0;
}
