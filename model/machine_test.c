/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "model/random_machine_testing.h"

#define L1 "[tlb.l1.a]\nentries=4\nways=4\n"
#define L2 "[tlb.l2.a]\nentries=4\nways=4\n"
#define CACHES                                                                                                         \
    "[cache.l1d]\nsize=256\nways=4\nhit_cycles=4\n[cache.l2]\nsize=1K\nways=4\nhit_cycles=14\n[cache.l3]\nsize="       \
    "4K\nways=4\nhit_"                                                                                                 \
    "cycles=40\n"

/* Resolves `text` with `key` set to `value`, unless NULL; returns the message, "" where all is well. */
static const char *resolve(const char *text, const char *key, const char *value, struct machine *machine)
{
    static struct err err;
    struct machine discarded;
    err.text[0] = '\0';
    struct machine_text *settings = machine_text_parse("m.ini", text, &err);
    if (settings == NULL)
        return err.text;
    if (key == NULL || machine_text_set(settings, key, value, "--set", &err))
        machine_resolve(settings, machine != NULL ? machine : &discarded, &err);
    machine_text_free(settings);
    return err.text;
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message; /* all of it */
    } cases[] = {
        {"", "m.ini: an empty machine file: `pagewalk machines show generic` prints one to start from"},
        {"# only a comment\n",
         "m.ini: an empty machine file: `pagewalk machines show generic` prints one to start from"},
        {"name = x\n", "m.ini: a key stands before the first [section]: put it under the one it belongs to"},
        {"[machine\n", "m.ini:1: the section has no closing bracket ]"},
        {"[machine]\nname\n", "m.ini:2: neither [section] nor key = value nor # comment"},
        {"[machine]\nname = a\nname = b\n", "m.ini:3: name of [machine] stands already at m.ini:2: leave one"},
        {"[machine]\nname = a\n[os]\npage_size = 4K\n[machine]\nname = b\n",
         "m.ini:6: name of [machine] stands already at m.ini:2: leave one"},
        {"[machine]\n= 5\n", "m.ini:2: there is no key before the ="},
        {"[machine]\nname =\n", "m.ini:2: name has no value"},
        {"[walker]\n" L1, "m.ini:1: [walker] says nothing: give its keys or leave it out"},
        {"[macine]\nname = a\n", "m.ini:1: [macine] is not a section; did you mean [machine]?"},
        {"[nonsense]\nname = a\n",
         "m.ini:1: [nonsense] is not a section; there are [machine] [tlb.LEVEL.LABEL] [page_table] [prefetch] [walker] "
         "[walk_cache.ENTRY] [nested_tlb] [host_walk_cache.ENTRY] [memory] [cache.LEVEL] [core] [asid] [os]"},
        {"[tlb.l4.a]\nentries = 4\n",
         "m.ini:1: [tlb.l4.a] is not a TLB array: write [tlb.LEVEL.LABEL] with LEVEL one of l1 l1i l1d l1l l1s l2 l2i "
         "l2d l3 and a LABEL of letters, digits, - and _"},
        {"[tlb.l1d]\nentries = 4\n",
         "m.ini:1: [tlb.l1d] is not a TLB array: write [tlb.LEVEL.LABEL] with LEVEL one of l1 l1i l1d l1l l1s l2 l2i "
         "l2d l3 and a LABEL of letters, digits, - and _"},
        {"[walk_cache.pte]\nentries = 4\n",
         "m.ini:1: [walk_cache.pte] is not a walk cache: it is named after the entry it holds, pml5e pml4e "
         "pdpte pde on x86-64, l0e l1e l2e l3e from the root on other formats"},
        {"[cache.l4]\nsize = 4K\n",
         "m.ini:1: [cache.l4] is not a cache: there are [cache.l1d], [cache.l2] and [cache.l3]"},
        {L1 "[tlb.l1.A]\npolicy = fifo\n",
         "m.ini:4: [tlb.l1.A] differs from [tlb.l1.a] of line 1 in capitals only: give it another label"},
        {"[MACHINE]\nname = x\n",
         "m.ini:1: [MACHINE] is not a section; there are [machine] [tlb.LEVEL.LABEL] [page_table] "
         "[prefetch] [walker] [walk_cache.ENTRY] [nested_tlb] [host_walk_cache.ENTRY] [memory] [cache.LEVEL] [core] "
         "[asid] [os]"},
        {"[tlb.l1.a]\nentires = 4\n", "m.ini:2: entires is not a key of [tlb.l1.a]; did you mean entries?"},
        {"[walker]\nlatency = 4\n",
         "m.ini:2: latency is not a key of [walker]; its keys are kind count setup_cycles trap_cycles "
         "handler_cycles"},
        {"[os]\npage_size = 4K\n",
         "m.ini: no first-level array is left, and so nothing to translate: give [tlb.l1d.LABEL], [tlb.l1i.LABEL] or "
         "[tlb.l1.LABEL] entries"},
        {"[tlb.l1.a]\nentries = 4\nways = 4 # all\n",
         "m.ini:3: ways = 4 # all does not fit: expected a whole number from 1 to 16777216, or full"},
        {"[tlb.l1.a]\nentries = -4\nways = 4\n",
         "m.ini:2: entries = -4 does not fit: expected a whole number from 0 to 16777216"},
        {"[tlb.l1.a]\nentries = 4K\nways = 4\n",
         "m.ini:2: entries = 4K does not fit: expected a whole number from 0 to 16777216"},
        {"[tlb.l1.a]\nentries = 99999999999999999999\nways = 4\n",
         "m.ini:2: entries = 99999999999999999999 does not fit: expected a whole number from 0 to 16777216"},
        {"[tlb.l1.a]\nentries = 4\nways = 0\n",
         "m.ini:3: ways = 0 does not fit: expected a whole number from 1 to 16777216, or full"},
        {"[tlb.l1.a]\nentries = 66\nways = 4\n", "m.ini:2: entries = 66 does not give whole sets: entries = 66 with "
                                                 "ways = 4; the nearest entries are 64 or 68"},
        {"[tlb.l1.a]\nentries = 2\nways = 4\n",
         "m.ini:2: entries = 2 does not give whole sets: entries = 2 with ways = 4; the nearest entries are 4"},
        {"[tlb.l1.a]\nentries = 66\nsets = 4\n", "m.ini:2: entries = 66 does not give whole ways: entries = 66 with "
                                                 "sets = 4; the nearest entries are 64 or 68"},
        {"[tlb.l1.a]\nsets = 16777216\nways = 2\n",
         "m.ini:2: sets = 16777216 does not fit: sets = 16777216 of ways = 2 are 33554432 entries, above 16777216"},
        {"[tlb.l1.a]\nentries = 4\n",
         "m.ini:2: entries = 4 does not say the geometry alone: give [tlb.l1.a] two of entries, sets and ways"},
        {"[tlb.l1.a]\npolicy = lru\n", "m.ini:1: [tlb.l1.a] lacks two of entries, sets and ways"},
        {"[tlb.l1.a]\nentries = 4\nways = 2\nsets = 2\n",
         "m.ini:4: sets = 2 is one too many: [tlb.l1.a] gives entries, sets and ways; two of them say it"},
        {"[tlb.l1.a]\nsets = 2\nways = full\n",
         "m.ini:3: ways = full means one set of all entries: give [tlb.l1.a] entries beside it, not sets; "
         "for more sets give a number of ways"},
        {"[tlb.l1.a]\nentries = 6\nways = 6\npolicy = plru\n",
         "m.ini:3: ways = 6 does not suit policy = plru, whose tree needs a power of two of ways, not 6; the nearest "
         "are 4 and 8"},
        {"[tlb.l1.a]\nentries = 6\nways = 1\nindex = xor\n",
         "m.ini:2: entries = 6 does not suit index = xor, which needs a power of two of sets, not 6; the nearest are 4 "
         "and 8"},
        {L1 "policy = lruu\n",
         "m.ini:4: policy = lruu does not fit: did you mean lru? There are: lru fifo lfu plru nru srrip random"},
        {L1 "index = hash\n", "m.ini:4: index = hash does not fit: there are: modulo xor"},
        {L1 "hit_cycles = 1\n",
         "m.ini:4: hit_cycles = 1 does not belong to a first level: its hits are what every cost is counted on top of; "
         "leave it out"},
        {L1 "fill = victim\n",
         "m.ini:4: fill = victim does not belong to a first level: there is no level above to evict into it"},
        {L1 "[prefetch]\nkind = previous\n",
         "m.ini:5: kind = previous does not fit: there are: none next stride distance"},
        {L1 "[prefetch]\nkind = next\ndegree = 9\nentries = 0\nrows = 0\nhit_cycles = x\n",
         "m.ini:6: degree = 9 does not fit: expected a whole number from 1 to 8\n"
         "m.ini:7: entries = 0 does not fit: expected a whole number from 1 to 1024\n"
         "m.ini:8: rows = 0 does not fit: expected a whole number from 1 to 65536\n"
         "m.ini:9: hit_cycles = x does not fit: expected a whole number from 0 to 1000000"},
        {L1 "pdes = 1\n", "m.ini:4: pdes = 1 does not fit: there are: no yes"},
        {L1 "pdes = yes\n[tlb.l2.b]\nentries=4\nways=4\n", "m.ini:4: pdes = yes does not suit level 1: walks come "
                                                           "behind [tlb.l2.b], of the last level, which alone can hold "
                                                           "their PDEs"},
        {L1 "[tlb.l2.b]\nentries=4\nways=4\nfill=victim\npdes=yes\n",
         "m.ini:8: pdes = yes does not go with fill = victim of [tlb.l2.b]: leave out one of them"},
        {L1 "coalesce=4\npdes=yes\n[prefetch]\nkind=next\n[walk_cache.pde]\nentries=4\nways=4\n",
         "m.ini:5: pdes = yes does not go with coalesce of [tlb.l1.a]: leave out one of them\n"
         "m.ini:5: pdes = yes does not go with prefetch.kind = next, whose buffer stands between the array and the "
         "walks: "
         "leave out one of them\n"
         "m.ini:5: pdes = yes does not go with [walk_cache.pde], which holds the same entries: leave out one of them"},
        {L1 "sector = 3\n", "m.ini:4: sector = 3 does not fit: there are 1 2 4 8 16"},
        {L1 "sector = 0\n", "m.ini:4: sector = 0 does not fit: there are 1 2 4 8 16"},
        {L1 "coalesce = 32\n", "m.ini:4: coalesce = 32 does not fit: there are 1 2 4 8 16"},
        {L1 "sector_fill = whole\n", "m.ini:4: sector_fill = whole does not fit: there are: page all"},
        {L1 "coalesce_rule = all\n", "m.ini:4: coalesce_rule = all does not fit: there are: run whole"},
        {L1 "sector = 2\ncoalesce = 4\n",
         "m.ini:5: coalesce = 4 does not go with sector = 2: an entry has a valid bit a page, or covers pages whose "
         "frames are contiguous; leave one out"},
        {L1 "coalesce = 4\n[tlb.l2.b]\nentries = 4\nways = 4\nfill = victim\n",
         "m.ini:8: fill = victim takes in evicted pages one at a time, and an entry of [tlb.l1.a] covers up to 4: fill "
         "[tlb.l2.b] with all, or leave out coalesce"},
        {L1 "[tlb.l2.b]\nentries = 4\nways = 4\nfill = victim\nsector = 2\n",
         "m.ini:7: fill = victim takes in evicted pages one at a time, and an entry of [tlb.l2.b] covers up to 2: fill "
         "[tlb.l2.b] with all, or leave out sector"},
        {"[tlb.l1l.a]\nentries=4\nways=4\n[tlb.l1d.b]\nentries=4\nways=4\n",
         "m.ini:4: [tlb.l1l.a] stands beside [tlb.l1d.b]: a first level's data are either l1d, or l1l and l1s"},
        {L1 "[tlb.l1s.b]\nentries=4\nways=4\n",
         "m.ini:4: [tlb.l1.a] stands beside [tlb.l1s.b]: a first level is either l1, or l1i and l1d"},
        {"[tlb.l1s.a]\nentries=4\nways=4\n[tlb.l1s.b]\nentries=4\nways=4\n",
         "m.ini:4: [tlb.l1s.a] and [tlb.l1s.b] both serve all pages: divide the sizes between them with pages ="},
        {"[tlb.l1l.a]\nentries=4\nways=4\npages=2M\n[tlb.l1s.b]\nentries=4\nways=4\n"
         "[tlb.l2.c]\nentries=4\nways=4\nfill=victim\n",
         "m.ini:11: fill = victim takes in what a first level evicts, which 4K pages have for stores alone: give l1l "
         "an "
         "array for them, or fill [tlb.l2.c] with all"},
        {L1 "pages = 3K\n", "m.ini:4: pages = 3K does not fit: expected any, or page sizes such as 4K 2M 1G, powers of "
                            "two separated by blanks"},
        {L1 "pages = 4K 2M 4K\n", "m.ini:4: pages = 4K 2M 4K names 4K twice"},
        {"[tlb.l1.a]\nentries=4\nways=4\npages = 1G 2M 64K\n[tlb.l1.b]\nentries = 4\nways = 4\npages = 2M 1G\n",
         "m.ini:5: [tlb.l1.a] and [tlb.l1.b] both serve 2M pages: divide the sizes between them with pages ="},
        {L1 "[tlb.l1d.b]\nentries = 4\nways = 4\n",
         "m.ini:4: [tlb.l1.a] stands beside [tlb.l1d.b]: a first level is either l1, or l1i and l1d"},
        {L1 "[tlb.l2.b]\nentries = 4\nways = 4\npages = 4K 2M\n[tlb.l2d.c]\nentries = 4\nways = 4\npages = 2M\n",
         "m.ini:8: [tlb.l2.b] and [tlb.l2d.c] both serve 2M pages: divide the sizes between them with pages ="},
        {L1 "[tlb.l1.b]\nentries = 4\nways = 4\n",
         "m.ini:4: [tlb.l1.a] and [tlb.l1.b] both serve all pages: divide the sizes between them with pages ="},
        {L1 "[page_table]\nformat = nonsense\n",
         "m.ini:5: format = nonsense is not a format; `pagewalk list formats` lists them"},
        {L1 "[page_table]\nformat = sv4\n", "m.ini:5: format = sv4 is not a format; did you mean sv48?"},
        {L1 "[os]\npage_size = 3K\n", "m.ini:5: page_size = 3K is below 4K, the smallest page of x86-64"},
        {L1 "[os]\npage_size = 5K\n", "m.ini:5: page_size = 5K is not a power of two; the nearest are 4K and 8K"},
        {L1 "[os]\npage_size = 2G\n", "m.ini:5: page_size = 2G is above 1G, the largest page of x86-64"},
        {L1 "[os]\npolicy = huge\n",
         "m.ini:5: policy = huge does not fit: there are: uniform thp khugepaged reserve ranges"},
        {L1 "[os]\npolicy = thp\npage_size = 1G\n",
         "m.ini:5: policy = thp needs a larger page than os.page_size = 1G, the largest of x86-64; take a smaller one"},
        {L1 "[os]\npolicy = thp\nhuge_size = 3M\n",
         "m.ini:6: huge_size = 3M is not a power of two; the nearest are 2M and 4M"},
        {L1 "[os]\npolicy = thp\nhuge_size = 2M\npage_size = 2M\n",
         "m.ini:6: huge_size = 2M is not above os.page_size = 2M: a huge page takes the place of several"},
        {L1 "[os]\npolicy = khugepaged\npromote_pages = 513\n",
         "m.ini:6: promote_pages = 513 is more than the 512 pages of os.page_size = 4K in a huge one"},
        {L1 "[os]\nreserve_threshold = 0\n",
         "m.ini:5: reserve_threshold = 0 does not fit: expected a whole number from 1 to 100"},
        {L1 "[os]\nhuge_kinds = code\n", "m.ini:5: huge_kinds = code does not fit: there are: all data"},
        {L1 "[os]\npolicy = ranges\nranges = 0x400000:2M\n",
         "m.ini:6: ranges = 0x400000:2M does not fit: expected START-END:SIZE such as 0x400000-0x800000:2M, END above "
         "START "
         "and the first address behind, not 0x400000:2M"},
        {L1 "[os]\npolicy = ranges\nranges = 0x800000-0x400000:2M\n",
         "m.ini:6: ranges = 0x800000-0x400000:2M does not fit: expected START-END:SIZE such as 0x400000-0x800000:2M, "
         "END "
         "above START and the first address behind, not 0x800000-0x400000:2M"},
        {L1 "[os]\npolicy = ranges\nranges = 0x400000-0x500000:2M\n",
         "m.ini:6: ranges = 0x400000-0x500000:2M does not fit: 0x400000-0x500000:2M does not begin and end at "
         "multiples of "
         "2M, its page size"},
        {L1 "[os]\npolicy = ranges\npage_size = 2M\nranges = 0x400000-0x500000:4K\n",
         "m.ini:7: ranges = 0x400000-0x500000:4K does not fit: 0x400000-0x500000:4K does not begin and end at "
         "multiples of "
         "2M, os.page_size, which maps what is beside it"},
        {L1 "[os]\npolicy = ranges\nranges = 0x0-0x1000:1K\n",
         "m.ini:6: ranges = 0x0-0x1000:1K does not fit: the page size of 0x0-0x1000:1K is below 4K, the smallest page "
         "of "
         "x86-64"},
        {L1 "[os]\npolicy = ranges\nranges = 0x0-0x4000:8K 0x2000-0x4000:4K\n",
         "m.ini:6: ranges = 0x0-0x4000:8K 0x2000-0x4000:4K does not fit: two ranges hold 0x2000"},
        {L1 "[os]\npolicy = ranges\nranges = 0x7fffffffe000-0x800000000000:4K, 0x7ffffffff000-0x800000001000:4K\n",
         "m.ini:6: ranges = 0x7fffffffe000-0x800000000000:4K, 0x7ffffffff000-0x800000001000:4K does not fit: "
         "0x7ffffffff000-0x800000001000:4K is not in the addresses of x86-64, 0 to 0x7fffffffffff and "
         "0xffff800000000000 "
         "to 0xffffffffffffffff"},
        {L1 "[os]\npolicy = ranges\nranges = 0x0-0x2000:8K 0x4000-0x8000:16K 0x8000-0x10000:32K 0x10000-0x20000:64K "
            "0x20000-0x40000:128K 0x40000-0x80000:256K 0x80000-0x100000:512K\n",
         "m.ini:6: ranges = 0x0-0x2000:8K 0x4000-0x8000:16K 0x8000-0x10000:32K 0x10000-0x20000:64K "
         "0x20000-0x40000:128K "
         "0x40000-0x80000:256K 0x80000-0x100000:512K is too much: at most 7 page sizes, with os.page_size"},
        {L1 "[os]\npage_size = big\n", "m.ini:5: page_size = big does not fit: expected a size such as 4096, 4K or 2M"},
        {L1 "[walk_cache.pml5e]\nentries = 4\nways = 4\n",
         "m.ini:5: [walk_cache.pml5e] holds entries that page_table.format = x86-64 does not "
         "have; its non-leaf entries are pml4e pdpte pde"},
        {L1 "[page_table]\nformat = sv39\n[walk_cache.pde]\nentries = 4\nways = 4\n",
         "m.ini:7: [walk_cache.pde] holds entries that page_table.format = sv39 does not have; its non-leaf entries "
         "are l0e l1e"},
        {L1 "[walker]\ncount = 0\n", "m.ini:5: count = 0 does not fit: expected a whole number from 1 to 64"},
        {L1 "[walker]\nkind = softwear\n",
         "m.ini:5: kind = softwear does not fit: did you mean software? There are: hardware software"},
        {L1 "[walker]\nkind = software\ncount = 2\n",
         "m.ini:6: count = 2 does not suit walker.kind = software, which is one handler at a time: set it to 1"},
        {L1 "[walker]\ntrap_cycles = -1\n",
         "m.ini:5: trap_cycles = -1 does not fit: expected a whole number from 0 to 1000000"},
        {L1 "[page_table]\nentries = 64\n",
         "m.ini:5: entries = 64 does not belong to page_table.format = x86-64, which has no such size: leave it out"},
        {L1 "[page_table]\nformat = hashed-open\nways = 3\n",
         "m.ini:6: ways = 3 does not belong to page_table.format = hashed-open, which has no such size: leave it out"},
        {L1 "[page_table]\nformat = hashed-open\nentries = 3\n",
         "m.ini:6: entries = 3 does not fit: expected a power of two from 1 to 268435456"},
        {L1 "[page_table]\nformat = cuckoo\nways = 5\nload_percent = 91\ncluster = 32\nentry_bytes = 4\n",
         "m.ini:9: entry_bytes = 4 does not fit: expected a power of two from 8 to 4096\n"
         "m.ini:8: cluster = 32 does not fit: expected a power of two from 1 to 16\n"
         "m.ini:6: ways = 5 does not fit: expected a whole number from 2 to 4\n"
         "m.ini:7: load_percent = 91 does not fit: expected a whole number from 10 to 90"},
        {L1 "[page_table]\nformat = inverted\nmemory = 6G\nentries = 4\n",
         "m.ini:6: memory = 6G does not fit: expected a power of two of bytes, 1 to 268435456 pages of os.page_size"},
        {L1 "[page_table]\nformat = flat\n[walk_cache.pde]\nentries = 4\nways = 4\n",
         "m.ini:7: [walk_cache.pde] does not suit page_table.format = flat, whose walks ask no walk caches: leave it "
         "out, or set its entries to 0"},
        {L1 "[page_table]\nformat = cuckoo\n[os]\npage_size = 2G\n",
         "m.ini:7: page_size = 2G is above 1G, the largest page of cuckoo"},
        {L1 "[memory]\nfixed_cycles = 1.5\n",
         "m.ini:5: fixed_cycles = 1.5 does not fit: expected a whole number from 0 to 1000000"},
        {L1 "[cache.l1d]\nways = 4\n", "m.ini:4: [cache.l1d] lacks size"},
        {L1 "[cache.l1d]\nsize = 4K\nways = 4\n", "m.ini:4: [cache.l1d] lacks hit_cycles"},
        {L1 "[cache.l1d]\nsize = 4K\nways = 3\nhit_cycles = 4\n",
         "m.ini:5: size = 4K does not give whole sets of 3 ways x 64 bytes; the nearest sizes are 4032 and 4224"},
        {L1 "[cache.l1d]\nsize = 4K\nways = 4\nhit_cycles = 4\nline = 48\n",
         "m.ini:8: line = 48 does not fit: expected a power of two from 16 to 4096"},
        {L1 "[page_table]\nhost = sv4\n", "m.ini:5: host = sv4 is not a format; did you mean sv48?"},
        {L1 "[page_table]\nhost = flat\n",
         "m.ini:5: host = flat is no tree: nested page tables are, as x86-64 or sv48"},
        {L1 "[page_table]\nhost_page_size = 4K\n[nested_tlb]\nentries = 4\nways = 4\n[host_walk_cache.pde]\nentries = "
            "4\nways = 4\n",
         "m.ini:5: host_page_size = 4K does not suit page_table.host = none, which has no nested page table: leave it "
         "out\n"
         "m.ini:7: entries = 4 does not suit page_table.host = none, which has no nested page table: leave "
         "[nested_tlb] "
         "out, or set its entries to 0\n"
         "m.ini:10: [host_walk_cache.pde] does not suit page_table.host = none, which has no nested page table: leave "
         "it out, or set its entries to 0"},
        {L1 "[page_table]\nhost = x86-64\nhost_page_size = 4K\n[os]\npage_size = 2M\n",
         "m.ini:6: host_page_size = 4K is below os.page_size = 2M: a TLB entry would map a part of the guest's page, "
         "which is not modelled; raise it"},
        {L1 "[page_table]\nhost = armv8-64k\n",
         "m.ini:5: host = armv8-64k does not suit os.page_size = 4K, which is below 64K, the smallest page of "
         "armv8-64k: give page_table.host_page_size"},
        {L1 "[page_table]\nhost = sv39\n[host_walk_cache.pde]\nentries = 4\nways = 4\n",
         "m.ini:7: [host_walk_cache.pde] holds entries that page_table.host = sv39 does not have; its non-leaf entries "
         "are l0e l1e"},
        {L1 "[page_table]\nformat = flat\nhost = x86-64\n[prefetch]\nkind = next\n[walker]\nkind = software\n",
         "m.ini:8: kind = next does not suit a page_table.format that is no tree, or stands behind a TSB: only of a "
         "tree's pages is it known where they lie and what maps them\n"
         "m.ini:5: format = flat does not suit page_table.host: nested walks go down the guest's tree; take a format "
         "that is one\n"
         "m.ini:8: kind = next does not suit page_table.host: prefetches would be nested walks, too; leave one of them "
         "out\n"
         "m.ini:10: kind = software does not suit page_table.host: no handler walks two tables; set it to hardware\n"
         "m.ini:8: kind = next does not suit walker.kind = software: no handler runs for what nothing trapped for; "
         "leave one of them out"},
        {L1 "coalesce = 4\n[page_table]\nhost = x86-64\n[core]\nwidth = 4\nrob = 64\n[asid]\ncount = 4\n[os]\npolicy = "
            "thp\n",
         "m.ini:11: count = 4 does not suit arrays with sector, coalesce or pdes: that knows the pages of one process; "
         "leave one of them out\n"
         "m.ini:8: width = 4 does not suit an os.policy of pages of several sizes: the estimate knows pages of one "
         "size; "
         "leave [core] out\n"
         "m.ini:4: coalesce = 4 does not suit an os.policy of pages of several sizes: its entries are for pages of one "
         "size\n"
         "m.ini:13: policy = thp does not suit page_table.host: the guest's pages have one size there\n"
         "m.ini:8: width = 4 does not suit page_table.host: the estimate knows walks of one dimension; leave [core] "
         "out\n"
         "m.ini:4: coalesce = 4 does not suit page_table.host: contiguous are frames of the guest, and entries are of "
         "the host's; leave one out"},
        {L1 "[asid]\ncount = 4\n[page_table]\nhost = x86-64\n",
         "m.ini:5: count = 4 does not suit page_table.host: that knows the pages of one process; leave one of them "
         "out"},
        {L1 "[asid]\ncount = 8193\n", "m.ini:5: count = 8193 does not fit: expected any, 0, or a whole number up to "
                                      "8192, which is what there is room "
                                      "for beside addresses of x86-64"},
        {L1 "[asid]\ncount = 16\n[os]\nglobal = upper\n[page_table]\nformat = x86-64-la57\n",
         "m.ini:5: count = 16 does not fit: expected any, 0, or a whole number up to 15, which is what there is room "
         "for beside addresses of x86-64-la57"},
        {L1 "[asid]\nrecycle = sometimes\n", "m.ini:5: recycle = sometimes does not fit: there are: one all"},
        {L1 "[os]\nglobal = upper\n[page_table]\nformat = i386\n",
         "m.ini:5: global = upper does not fit: i386 has no upper half of addresses"},
        {L1 "[os]\nshootdowns = perhaps\n", "m.ini:5: shootdowns = perhaps does not fit: there are: no yes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(resolve(cases[i].text, NULL, NULL, NULL), cases[i].message);
}

/* One that follows from another is not said: of a cache whose size is wrong, that its sets are not whole. */
static void test_all_problems_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"[machine\nname\n= 5\n[os]\npage_size\n", "m.ini:1: the section has no closing bracket ]\n"
                                                   "m.ini:2: neither [section] nor key = value nor # comment\n"
                                                   "m.ini:3: there is no key before the =\n"
                                                   "m.ini:5: neither [section] nor key = value nor # comment"},
        {"[tlb.l1.a]\nentires = 4\nentires = 4\nway = 4\n[walkers]\ncount = 2\nkind = x\n[os]\npage_size =\n"
         "[walker]\ncount = 2\ncount = 3\n[memory]\n",
         "m.ini:2: entires is not a key of [tlb.l1.a]; did you mean entries?\n"
         "m.ini:4: way is not a key of [tlb.l1.a]; did you mean ways?\n"
         "m.ini:5: [walkers] is not a section; did you mean [walker]?\n"
         "m.ini:9: page_size has no value\n"
         "m.ini:12: count of [walker] stands already at m.ini:11: leave one\n"
         "m.ini:13: [memory] says nothing: give its keys or leave it out"},
        {"[tlb.l1.a]\nentries=4\n[tlb.l1.A]\nentries=4\n[OS]\nentries=4\n[os]\nfoo=4\n",
         "m.ini:3: [tlb.l1.A] differs from [tlb.l1.a] of line 1 in capitals only: give it another label\n"
         "m.ini:7: [os] differs from [OS] of line 5 in capitals only: give it another name"},
        {"[tlb.l1d.a]\nentries = x\nways = y\npolicy = z\nhit_cycles = 3\npages = 3K\n"
         "[tlb.l2.a]\nentries = 6\nways = 6\npolicy = plru\nhit_cycles = -1\n"
         "[page_table]\nformat = none\n[os]\npage_size = 3K\n[walk_cache.pde]\nentries = 7\nways = 2\n"
         "[walker]\ncount = 0\nsetup_cycles = no\n[memory]\nmodel = cache\n"
         "[cache.l1d]\nsize = 100\n[cache.l2]\nsize = 3K\nways = 5\nhit_cycles = x\nline = 64\n",
         "m.ini:13: format = none is not a format; `pagewalk list formats` lists them\n"
         "m.ini:2: entries = x does not fit: expected a whole number from 0 to 16777216\n"
         "m.ini:3: ways = y does not fit: expected a whole number from 1 to 16777216, or full\n"
         "m.ini:6: pages = 3K does not fit: expected any, or page sizes such as 4K 2M 1G, powers of two separated by "
         "blanks\n"
         "m.ini:4: policy = z does not fit: there are: lru fifo lfu plru nru srrip random\n"
         "m.ini:5: hit_cycles = 3 does not belong to a first level: its hits are what every cost is counted on top of; "
         "leave it out\n"
         "m.ini:11: hit_cycles = -1 does not fit: expected a whole number from 0 to 1000000\n"
         "m.ini:9: ways = 6 does not suit policy = plru, whose tree needs a power of two of ways, not 6; the nearest "
         "are 4 and 8\n"
         "m.ini:20: count = 0 does not fit: expected a whole number from 1 to 64\n"
         "m.ini:21: setup_cycles = no does not fit: expected a whole number from 0 to 1000000\n"
         "m.ini:23: model = cache does not fit: did you mean caches? There are: fixed caches\n"
         "m.ini:24: [cache.l1d] lacks ways\n"
         "m.ini:24: [cache.l1d] lacks hit_cycles\n"
         "m.ini:29: hit_cycles = x does not fit: expected a whole number from 0 to 1000000"},
        {L1
         "[tlb.l1.b]\nentries = 4\nways = 4\n[tlb.l1.c]\nentries = 4\nways = 4\n[tlb.l1d.d]\nentries = 4\nways = 4\n",
         "m.ini:4: [tlb.l1.a] and [tlb.l1.b] both serve all pages: divide the sizes between them with pages =\n"
         "m.ini:7: [tlb.l1.a] and [tlb.l1.c] both serve all pages: divide the sizes between them with pages =\n"
         "m.ini:10: [tlb.l1.a] stands beside [tlb.l1d.d]: a first level is either l1, or l1i and l1d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(resolve(cases[i].text, NULL, NULL, NULL), cases[i].message);
}

static void test_files_that_are_none(void **state)
{
    (void)state;
    struct err err;
    assert_null(machine_text_read("/nonexistent/m.ini", &err));
    assert_string_equal(err.text, "/nonexistent/m.ini: No such file or directory");
    assert_null(machine_text_read("/", &err));
    assert_string_equal(err.text, "/: cannot be read: Is a directory");
    assert_null(machine_text_open("skylke", &err));
    assert_string_equal(err.text, "skylke: neither a machine nor a file; did you mean skylake?");
    assert_null(machine_text_open("no-such-thing", &err));
    assert_string_equal(err.text,
                        "no-such-thing: neither a machine nor a file; `pagewalk machines list` lists the machines");
    assert_null(machine_text_parse("m.ini", "[machine]\nname = \xff\n", &err));
    assert_string_equal(err.text, "m.ini: not a machine file: it is not UTF-8 text");
}

static void test_long_lines_and_comments(void **state)
{
    (void)state;
    char text[4096] = "# ";
    struct machine machine;
    memset(text + 2, 'x', 1000);
    strcpy(text + 1002, "\n; another\n\n[machine]\r\n  source = ");
    memset(text + strlen(text), 'y', 900);
    strcat(text, " # kept\n" L1);
    assert_string_equal(resolve(text, NULL, NULL, &machine), "");
    assert_string_equal(machine.name, "m");
}

/* entries / sets / ways that a file gives, what is set, and what must come out. */
static void test_overrides(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *key1, *value1, *key2, *value2;
        uint32_t entries, sets, ways;
    } cases[] = {
        {"entries=64\nways=4\n", "entries", "128", NULL, NULL, 128, 32, 4},
        {"entries=64\nways=4\n", "ways", "8", NULL, NULL, 64, 8, 8},
        {"entries=64\nways=4\n", "ways", "full", NULL, NULL, 64, 1, 64},
        {"entries=64\nways=4\n", "sets", "3", NULL, NULL, 12, 3, 4},
        {"entries=64\nways=full\n", "entries", "100", NULL, NULL, 100, 1, 100},
        {"entries=64\nsets=16\n", "entries", "128", NULL, NULL, 128, 32, 4},
        {"entries=64\nsets=16\n", "ways", "2", NULL, NULL, 64, 32, 2},
        {"entries=64\nsets=16\n", "sets", "8", NULL, NULL, 32, 8, 4},
        {"sets=16\nways=4\n", "ways", "2", NULL, NULL, 32, 16, 2},
        {"sets=16\nways=4\n", "entries", "128", NULL, NULL, 128, 32, 4},
        {"entries=64\nways=4\n", "sets", "3", "ways", "5", 15, 3, 5},
        {"entries=64\nways=4\n", "entries", "30", "sets", "3", 30, 3, 10},
        {"entries=64\nways=4\n", "entries", "30", "ways", "full", 30, 1, 30},
        {"entries=64\nways=4\n", "entries", "0", NULL, NULL, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        struct err err;
        struct machine machine;
        snprintf(text, sizeof text, L1 "[tlb.l2.x]\n%s", cases[i].text);
        struct machine_text *settings = machine_text_parse("m.ini", text, &err);
        char key[64];
        snprintf(key, sizeof key, "tlb.l2.x.%s", cases[i].key1);
        assert_true(machine_text_set(settings, key, cases[i].value1, "--set", &err));
        if (cases[i].key2 != NULL) {
            snprintf(key, sizeof key, "tlb.l2.x.%s", cases[i].key2);
            assert_true(machine_text_set(settings, key, cases[i].value2, "--set", &err));
        }
        if (!machine_resolve(settings, &machine, &err))
            fail_msg("case %zu: %s", i, err.text);
        machine_text_free(settings);
        if (cases[i].entries == 0) {
            assert_int_equal(machine.array_count, 1);
            continue;
        }
        assert_int_equal(machine.array[1].geometry.entries, cases[i].entries);
        assert_int_equal(machine.array[1].geometry.sets, cases[i].sets);
        assert_int_equal(machine.array[1].geometry.ways, cases[i].ways);
    }
}

static void test_settings(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *message;
    } cases[] = {
        {"entries", "4",
         "--set: entries does not name a key: write SECTION.KEY, such as tlb.l2.any.entries or os.page_size"},
        {"os.", "4", "--set: os. does not name a key: write SECTION.KEY, such as tlb.l2.any.entries or os.page_size"},
        {"os.pagesize", "4K", "--set: pagesize is not a key of [os]; did you mean page_size?"},
        {"oss.page_size", "4K", "--set: [oss] is not a section; did you mean [os]?"},
        {"os.page_size", "", "--set: os.page_size has no value: write os.page_size=VALUE"},
        {"core.width", "4", "--set: width = 4 asks for an estimate alone: give [core] rob, too, or leave both out"},
        {"core.rob", "224", "--set: rob = 224 asks for an estimate alone: give [core] width, too, or leave both out"},
        {"core.robs", "224", "--set: robs is not a key of [core]; did you mean rob?"},
        {"os.page_size", "3G", "--set: page_size = 3G is above 1G, the largest page of x86-64"},
        {"tlb.l1.a.ways", "3",
         "--set: ways = 3 does not give whole sets: entries = 4 with ways = 3; the nearest ways are 2 or 4"},
        {"tlb.l1.a.ways", "9",
         "--set: ways = 9 does not give whole sets: entries = 4 with ways = 9; the nearest ways are 4"},
        {"tlb.l1.b.entries", "4",
         "--set: entries = 4 does not say the geometry alone: give [tlb.l1.b] two of entries, sets and ways"},
        {"tlb.l1.a.entries", "0",
         "m.ini: no first-level array is left, and so nothing to translate: give [tlb.l1d.LABEL], [tlb.l1i.LABEL] or "
         "[tlb.l1.LABEL] entries"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(resolve(L1, cases[i].key, cases[i].value, NULL), cases[i].message);
}

static void test_defaults(void **state)
{
    (void)state;
    struct machine machine;
    assert_string_equal(resolve(L1 "[tlb.l2.b]\nentries=8\nways=2\n", NULL, NULL, &machine), "");
    assert_string_equal(machine.name, "m");
    assert_string_equal(machine.format->name, "x86-64");
    assert_int_equal(machine.page_size_bytes, 4096);
    assert_int_equal(machine.page_policy, PAGES_UNIFORM);
    assert_int_equal(machine.huge_size_bytes, 0);
    assert_int_equal(machine.leaf_level, 3);
    assert_int_equal(machine.array[1].hit_cycles, 7);
    assert_int_equal(machine.array[1].sector, 1);
    assert_int_equal(machine.array[1].sector_fill, SECTOR_FILL_PAGE);
    assert_int_equal(machine.array[1].coalesce, 1);
    assert_false(machine.array[1].pdes);
    assert_int_equal(machine.array[1].coalesce_rule, COALESCE_RUN);
    assert_int_equal(machine.prefetch.kind, PREFETCH_NONE);
    assert_int_equal(machine.prefetch.degree, 2);
    assert_int_equal(machine.prefetch.entries, 16);
    assert_int_equal(machine.prefetch.rows, 256);
    assert_int_equal(machine.prefetch.hit_cycles, 7);
    assert_null(machine.host);
    assert_int_equal(machine.walker_count, 1);
    assert_int_equal(machine.memory_model, MEMORY_FIXED);
    assert_int_equal(machine.fixed_cycles, 10);
    assert_int_equal(machine.dram_cycles, 200);
    assert_int_equal(machine.process.asids, MACHINE_ASIDS_ANY);
    assert_false(machine.process.shootdowns);
    assert_int_equal(machine.core_width, 0);
    assert_int_equal(machine.core_rob, 0);
    assert_string_equal(resolve(L1 "[page_table]\nformat=armv8-64k\n", NULL, NULL, &machine), "");
    assert_int_equal(machine.page_size_bytes, 65536);
    assert_int_equal(machine.walker_kind, WALKER_HARDWARE);
}

static void test_table_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct page_table_sizes sizes;
    } cases[] = {
        {"format = x86-64\n", {.entries = 0}},
        {"format = flat\n", {.entry_bytes = 8}},
        {"format = hashed-chained\n", {.entries = 1 << 20, .entry_bytes = 32, .cluster = 1}},
        {"format = hashed-open\n", {.entries = 1 << 20, .entry_bytes = 16, .cluster = 1}},
        {"format = inverted\n", {.memory_bytes = UINT64_C(1) << 34, .entries = 1 << 22, .entry_bytes = 16}},
        {"format = inverted\nmemory = 64M\n", {.memory_bytes = 64 << 20, .entries = 1 << 14, .entry_bytes = 16}},
        {"format = inverted\nmemory = 64M\nentries = 8\n", {.memory_bytes = 64 << 20, .entries = 8, .entry_bytes = 16}},
        {"format = cuckoo\n", {.entries = 1 << 14, .entry_bytes = 64, .cluster = 8, .ways = 3, .load_percent = 60}},
        {"format = cuckoo\nentries = 1\nentry_bytes = 16\ncluster = 1\nways = 4\nload_percent = 90\n",
         {.entries = 1, .entry_bytes = 16, .cluster = 1, .ways = 4, .load_percent = 90}},
        {"format = sparc-tsb\nentries = 1024\n", {.entries = 1024, .entry_bytes = 16}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        struct machine machine;
        snprintf(text, sizeof text, L1 "[page_table]\n%s", cases[i].text);
        assert_string_equal(resolve(text, NULL, NULL, &machine), "");
        assert_memory_equal(&machine.table, &cases[i].sizes, sizeof machine.table);
    }
    struct machine machine;
    assert_string_equal(resolve(L1 "[walker]\nkind=software\nhandler_cycles=30\n", NULL, NULL, &machine), "");
    assert_int_equal(machine.walker_kind, WALKER_SOFTWARE);
    assert_int_equal(machine.trap_cycles, 10);
    assert_int_equal(machine.handler_cycles, 30);
}

static void test_host(void **unused)
{
    (void)unused;
    struct machine machine;
    assert_string_equal(resolve(L1 "[page_table]\nhost=sv48\n[nested_tlb]\nentries=16\nways=4\n"
                                   "[host_walk_cache.l2e]\nentries=8\nways=full\n[os]\npage_size=2M\n",
                                NULL, NULL, &machine),
                        "");
    assert_ptr_equal(machine.host, page_table_named("sv48"));
    assert_int_equal(machine.host_page_size_bytes, 2 << 20); /* os.page_size */
    assert_int_equal(machine.host_leaf_level, 2);
    assert_int_equal(machine.nested_tlb.sets, 4);
    assert_int_equal(machine.host_walk_cache[2].ways, 8);
    assert_int_equal(machine.walk_cache[2].entries, 0);
    assert_string_equal(resolve(L1 "[page_table]\nhost=sv48\n", "page_table.host_page_size", "1G", &machine), "");
    assert_int_equal(machine.host_page_size_bytes, 1 << 30);
    assert_int_equal(machine.host_leaf_level, 1);
    assert_string_equal(resolve(L1 "[page_table]\nhost=sv48\n", "page_table.host", "none", &machine), "");
    assert_null(machine.host);
}

static void test_core(void **unused)
{
    (void)unused;
    struct machine machine;
    assert_string_equal(resolve(L1 "[core]\nwidth=4\nrob=224\n", NULL, NULL, &machine), "");
    assert_int_equal(machine.core_width, 4);
    assert_int_equal(machine.core_rob, 224);
    assert_string_equal(resolve(L1 "[core]\nwidth=64\nrob=1\n", "core.rob", "65536", &machine), "");
    assert_int_equal(machine.core_rob, 65536);
    assert_string_equal(resolve(L1 "[core]\nwidth=0\nrob=65537\n", NULL, NULL, NULL),
                        "m.ini:5: width = 0 does not fit: expected a whole number from 1 to 64\n"
                        "m.ini:6: rob = 65537 does not fit: expected a whole number from 1 to 65536");
    assert_string_equal(resolve(L1 "[core]\nrob=0\n", NULL, NULL, NULL),
                        "m.ini:5: rob = 0 does not fit: expected a whole number from 1 to 65536");
    assert_string_equal(resolve(L1 "[core]\nrob=8\n", NULL, NULL, NULL),
                        "m.ini:5: rob = 8 asks for an estimate alone: give [core] width, too, or leave both out");
}

/* One sentence each, and no more. */
static void test_together(void **unused)
{
    (void)unused;
    assert_string_equal(
        resolve(L1 "[tlb.l2.a]\nentries=4\nways=4\npdes=yes\n"
                   "[page_table]\nformat=flat\n",
                NULL, NULL, NULL),
        "m.ini:7: pdes = yes does not suit a page_table.format that is no tree, or stands behind a TSB: "
        "only of a tree's pages is it known where they lie and what maps them");
    assert_string_equal(resolve(L1 "[page_table]\nformat=flat\n[os]\npolicy=thp\n", NULL, NULL, NULL),
                        "m.ini:5: format = flat does not suit an os.policy of pages of several sizes: only trees map "
                        "them side by side");
    assert_string_equal(
        resolve(L1 "[page_table]\nformat=inverted\nentry_bytes=4096\n", NULL, NULL, NULL),
        "m.ini:6: entry_bytes = 4096 is no less than os.page_size, of which an inverted table has an entry for each in "
        "memory: the table alone would fill it; give a smaller one");
    assert_string_equal(resolve(L1 "[page_table]\nformat=inverted\nentry_bytes=2048\n", NULL, NULL, NULL), "");
    assert_string_equal(resolve(L1 "[page_table]\nformat=flat\n[asid]\ncount=8\n", NULL, NULL, NULL),
                        "m.ini:7: count = 8 does not suit a page_table.format that is no tree, or stands behind a TSB: "
                        "that knows the pages of one process; leave one of them out");
}

static void test_cpus(void **unused)
{
    (void)unused;
    struct machine machine;
    assert_string_equal(resolve(L1 L2 CACHES, NULL, NULL, &machine), "");
    assert_int_equal(machine.process.cpus, 1);
    assert_int_equal(machine_shared_level(&machine), MACHINE_LEVELS + 1);
    assert_false(machine.cache[0].shared);
    assert_false(machine.cache[1].shared);
    assert_true(machine.cache[2].shared);
    assert_string_equal(resolve(L1 "[os]\ncpus=16\n" L2 "shared=yes\n" CACHES "shared=no\n", NULL, NULL, &machine), "");
    assert_int_equal(machine.process.cpus, 16);
    assert_int_equal(machine_shared_level(&machine), 2);
    assert_false(machine.cache[2].shared);
    assert_string_equal(resolve(L1 "shared=yes\n[os]\ncpus=17\n", NULL, NULL, NULL),
                        "m.ini:6: cpus = 17 does not fit: expected a whole number from 1 to 16\n"
                        "m.ini:4: shared = yes does not belong to a first level: each CPU has its own");
    assert_string_equal(resolve(L1 L2 "shared=yes\n[tlb.l3.a]\nentries=4\nways=4\n", NULL, NULL, NULL),
                        "m.ini:8: [tlb.l3.a] is each CPU's own, and stands below an array of level 2 that all CPUs "
                        "share: give [tlb.l3.a] shared = yes, too");
    assert_string_equal(
        resolve(L1 "[tlb.l2d.a]\nentries=4\nways=4\n[tlb.l2i.a]\nentries=4\nways=4\nshared=yes\n", NULL, NULL, NULL),
        "m.ini:4: [tlb.l2d.a] is each CPU's own, and stands beside an array of level 2 that all CPUs "
        "share: give [tlb.l2d.a] shared = yes, too");
    assert_string_equal(
        resolve(L1 CACHES, "cache.l1d.shared", "yes", NULL),
        "m.ini:8: [cache.l2] is each CPU's own, and stands below [cache.l1d], which all CPUs share: give "
        "[cache.l2] shared = yes, too");
    /* What does not go together. */
    assert_string_equal(resolve(L1 "[os]\ncpus=4\n[asid]\ncount=3\n", NULL, NULL, NULL),
                        "m.ini:7: count = 3 does not suit os.cpus = 4: a process that runs keeps its id, and so there "
                        "must be one for each CPU");
    assert_string_equal(resolve(L1 L2 "shared=yes\n[os]\ncpus=4\n[asid]\ncount=0\n", NULL, NULL, NULL),
                        "m.ini:11: count = 0 does not suit arrays with shared = yes: without ids nothing tells whose "
                        "entries they hold; give every array shared = no, or asid.count = any or a number");
    assert_string_equal(
        resolve(L1 "[os]\ncpus=2\n[prefetch]\nkind=next\n", NULL, NULL, NULL),
        "m.ini:5: cpus = 2 does not suit [prefetch]: it knows the lookups of one CPU; set os.cpus to 1, "
        "or leave it out");
    assert_string_equal(resolve(L1 "[os]\ncpus=2\n[core]\nwidth=4\nrob=64\n", NULL, NULL, NULL),
                        "m.ini:7: width = 4 does not suit os.cpus = 2: the estimate knows the time of one CPU; leave "
                        "[core] out, or set os.cpus to 1");
    static const char la57[] = L1 "[page_table]\nformat=x86-64-la57\n[os]\ncpus=16\nglobal=upper\n[asid]\ncount=0\n";
    assert_string_equal(resolve(la57, NULL, NULL, NULL),
                        "m.ini:7: cpus = 16 does not suit x86-64-la57: beside its addresses and global pages there is "
                        "room to tell 15 processes apart; take fewer CPUs");
    assert_string_equal(resolve(la57, "os.cpus", "15", &machine), "");
}

/* The next leaf, the ranges by address, and the keys as given. */
static void test_pages_of_several_sizes(void **unused)
{
    (void)unused;
    struct machine machine;
    assert_string_equal(resolve(L1 "[os]\npolicy = thp\n", NULL, NULL, &machine), "");
    assert_int_equal(machine.huge_size_bytes, 2 << 20);
    assert_int_equal(machine.huge_kinds, KINDS_ALL);
    assert_string_equal(resolve(L1 "[os]\npolicy = reserve\nhuge_kinds = data\n", "os.page_size", "2M", &machine), "");
    assert_int_equal(machine.huge_size_bytes, 1 << 30);
    assert_int_equal(machine.huge_kinds, KINDS_DATA);
    assert_int_equal(machine.reserve_percent, 100);
    assert_string_equal(resolve(L1 "[os]\npolicy = khugepaged\npromote_cycles = 70\n", "os.huge_size", "64K", &machine),
                        "");
    assert_int_equal(machine.huge_size_bytes, 64 << 10);
    assert_int_equal(machine.promote_pages, 1);
    assert_int_equal(machine.promote_cycles, 70);
    assert_int_equal(machine_page_sizes(&machine), (64 << 10) + (4 << 10));
    assert_string_equal(
        resolve(L1 "[os]\npolicy = ranges\nranges = 0x400000-0x800000:2M,0x0-0x8000:16K\n", NULL, NULL, &machine), "");
    assert_int_equal(machine.range_count, 2);
    assert_int_equal(machine.range[0].last, 0x7fff);
    assert_int_equal(machine.range[0].page_size_bytes, 16 << 10);
    assert_int_equal(machine.range[1].first, 0x400000);
}

/* What machine_write prints reads back as the same machine, and every preset resolves. */
static void test_round_trip(void **unused)
{
    (void)unused;
    for (uint64_t i = 0; i < 300; i++) {
        uint64_t state = i;
        char text[RANDOM_MACHINE_TEXT_BYTES];
        struct machine machine;
        struct machine again;
        random_machine_text(&state, text, sizeof text);
        assert_string_equal(resolve(text, NULL, NULL, &machine), "");
        random_process_text(&state, &machine, text + strlen(text), sizeof text - strlen(text));
        assert_string_equal(resolve(text, NULL, NULL, &machine), "");
        machine.source = "";
        char *written = NULL;
        char *rewritten = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&written, &size);
        machine_write(&machine, out);
        fclose(out);
        assert_string_equal(resolve(written, NULL, NULL, &again), "");
        again.source = "";
        out = open_memstream(&rewritten, &size);
        machine_write(&again, out);
        fclose(out);
        assert_string_equal(written, rewritten);
        assert_int_equal(machine.array_count, again.array_count);
        assert_memory_equal(machine.array, again.array, machine.array_count * sizeof machine.array[0]);
        assert_memory_equal(machine.cache, again.cache, sizeof machine.cache);
        assert_memory_equal(machine.walk_cache, again.walk_cache, sizeof machine.walk_cache);
        assert_ptr_equal(machine.host, again.host);
        assert_int_equal(machine.host_page_size_bytes, again.host_page_size_bytes);
        assert_memory_equal(&machine.nested_tlb, &again.nested_tlb, sizeof machine.nested_tlb);
        assert_memory_equal(machine.host_walk_cache, again.host_walk_cache, sizeof machine.host_walk_cache);
        assert_memory_equal(&machine.prefetch, &again.prefetch, sizeof machine.prefetch);
        assert_ptr_equal(machine.format, again.format);
        assert_memory_equal(&machine.process, &again.process, sizeof machine.process);
        assert_int_equal(machine.switch_cycles, again.switch_cycles);
        assert_int_equal(machine.shootdown_cycles, again.shootdown_cycles);
        assert_int_equal(machine.core_width, again.core_width);
        assert_int_equal(machine.core_rob, again.core_rob);
        assert_memory_equal(&machine.table, &again.table, sizeof machine.table);
        assert_int_equal(machine.walker_kind, again.walker_kind);
        if (machine.walker_kind == WALKER_SOFTWARE) {
            assert_int_equal(machine.trap_cycles, again.trap_cycles);
            assert_int_equal(machine.handler_cycles, again.handler_cycles);
        }
        free(written);
        free(rewritten);
    }
    for (const char *const *name = machine_preset_names(); *name != NULL; name++) {
        struct machine machine;
        assert_string_equal(resolve(machine_preset_text(*name), NULL, NULL, &machine), "");
        assert_string_equal(machine.name, *name);
    }
}

static void test_formats(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        uint64_t page_size_bytes;
        unsigned leaf_level;
        unsigned leaf_shift;
    } cases[] = {
        {"x86-64", 4096, 3, 12},
        {"x86-64", 65536, 3, 12},
        {"x86-64", 1 << 20, 3, 12},
        {"x86-64", 2 << 20, 2, 21},
        {"x86-64", 512 << 20, 2, 21},
        {"x86-64", 1 << 30, 1, 30},
        {"x86-64-la57", 4096, 4, 12},
        {"i386", 4096, 1, 12},
        {"i386", 4 << 20, 0, 22},
        {"i386-pae", 2 << 20, 1, 21},
        {"sv39", 1 << 30, 0, 30},
        {"sv48", UINT64_C(1) << 39, 0, 39},
        {"sv57", UINT64_C(1) << 48, 0, 48},
        {"armv8-4k", 65536, 3, 12},
        {"armv8-16k", 16384, 3, 14},
        {"armv8-16k", 32 << 20, 2, 25},
        {"armv8-64k", 65536, 2, 16},
        {"armv8-64k", 512 << 20, 1, 29},
        {"sparc-tsb", 8192, 3, 13},
        {"sparc-tsb", 4 << 20, 3, 13},
        {"sparc-tsb", 8 << 20, 2, 23},
        {"flat", 4096, 0, 12},
        {"cuckoo", 1 << 30, 0, 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err;
        unsigned level;
        const struct page_table_format *format = page_table_named(cases[i].format);
        assert_true(page_table_leaf_level(format, cases[i].page_size_bytes, &level, &err));
        assert_int_equal(level, cases[i].leaf_level);
        assert_int_equal(page_table_shift(format, level), cases[i].leaf_shift);
    }
    static const struct {
        const char *format;
        uint64_t va;
        bool legal;
    } addresses[] = {
        {"x86-64", UINT64_C(0x7fffffffffff), true},
        {"x86-64", UINT64_C(0x800000000000), false},
        {"x86-64", UINT64_C(0xffff7fffffffffff), false},
        {"x86-64", UINT64_C(0xffff800000000000), true},
        {"x86-64", UINT64_MAX, true},
        {"x86-64-la57", UINT64_C(0x800000000000), true},
        {"armv8-4k", UINT64_C(0xffffffffffff), true},
        {"armv8-4k", UINT64_C(0xffff800000000000), false},
        {"i386", UINT64_C(0xffffffff), true},
        {"i386", UINT64_C(0x100000000), false},
        {"hashed-open", UINT64_C(0xffff800000000000), true},
        {"hashed-open", UINT64_C(0x800000000000), false},
        {"sparc-tsb", UINT64_C(0x000fffffffffffff), true},
        {"sparc-tsb", UINT64_C(0x0010000000000000), false},
        {"sv39", UINT64_C(0x4000000000), false},
        {"sv39", UINT64_C(0xffffffc000000000), true},
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_int_equal(page_table_expresses(page_table_named(addresses[i].format), addresses[i].va),
                         addresses[i].legal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_all_problems_at_once),
        cmocka_unit_test(test_files_that_are_none),
        cmocka_unit_test(test_long_lines_and_comments),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_core),
        cmocka_unit_test(test_together),
        cmocka_unit_test(test_cpus),
        cmocka_unit_test(test_table_sizes),
        cmocka_unit_test(test_pages_of_several_sizes),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
