/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program to capture: one without libc, whose every access follows from its text, so that all that can differ between
 * two traces of it is how it was traced. Accesses of every kind, and loads that fault. amd64 only.
 */
#include <stdint.h>

enum { NUMBERS = 4096, ROUNDS = 200, FAULTS = 20 };

static uint64_t numbers[NUMBERS];
static uint64_t pair[2] __attribute__((aligned(16)));
static char from[300], to[300];
static char state[512] __attribute__((aligned(64)));

static long call(long number, long first, long second, long third, long fourth)
{
    register long r10 __asm__("r10") = fourth;
    __asm__ volatile("syscall" : "+a"(number) : "D"(first), "S"(second), "d"(third), "r"(r10) : "rcx", "r11", "memory");
    return number;
}

/* Steps over the load, which is three bytes. */
static volatile int faults;

static void step_over(int number, void *info, uint64_t *context)
{
    enum { REGISTERS = 5, RIP = 16 }; /* of the kernel's ucontext, in words */
    (void)number;
    (void)info;
    faults++;
    context[REGISTERS + RIP] += 3;
}

void restorer(void);
__asm__("restorer: mov $15, %eax\n\tsyscall"); /* rt_sigreturn */

/* The kernel's, with SA_SIGINFO and SA_RESTORER. */
static struct {
    void (*handler)(int, void *, uint64_t *);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
} action = {step_over, 0x04000004, restorer, 0};

__attribute__((noinline)) static void sort(uint64_t *a, long low, long high)
{
    while (low < high) {
        const uint64_t pivot = a[(low + high) / 2];
        long i = low;
        long j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                const uint64_t other = a[i];
                a[i++] = a[j];
                a[j--] = other;
            }
        }
        sort(a, low, j);
        low = i;
    }
}

static void special(long i)
{
    const void *source = from;
    void *target = to;
    long count = i + 1;
    __asm__ volatile("rep movsb" : "+S"(source), "+D"(target), "+c"(count) : : "memory");
    __asm__ volatile("lock incq %0\n\taddq $3, %0" : "+m"(numbers[i]));
    __asm__ volatile("fxsave %0\n\tfxrstor %0" : "+m"(state));
    __asm__ volatile("fldt %0\n\tfstpt %0" : "+m"(to));
    __asm__ volatile("lock cmpxchg16b %0" : "+m"(pair) : "a"(0L), "d"(0L), "b"(1L), "c"(i) : "cc");
    __asm__ volatile("bt %1, %0\n\tcmovcq %2, %%rcx" : : "m"(pair), "r"(i & 63), "m"(numbers[7]) : "rcx", "cc");
    __asm__ volatile("movups %0, %%xmm0\n\tmovntdq %%xmm0, %1\n\tprefetcht0 %0"
                     :
                     : "m"(from[i & 63]), "m"(state[16])
                     : "xmm0", "memory");
}

/* Lackey loses up to four accesses before each fault. */
static void fault(long i)
{
    numbers[i]++;
    pair[1] += numbers[i];
    to[i] = from[i];
    numbers[i + 1] += 5;
    pair[0] = numbers[2 * i];
    uint64_t loaded = 1; /* and used: Valgrind drops loads that are not */
    __asm__ volatile("mov (%1), %0" : "+c"(loaded) : "a"(8L) : "memory");
    numbers[i] += pair[1] + loaded;
}

__attribute__((force_align_arg_pointer, noreturn, used)) void _start(void)
{
    enum { RT_SIGACTION = 13, EXIT_GROUP = 231, SIGSEGV = 11 };
    uint64_t x = 1;
    for (int i = 0; i < NUMBERS; i++)
        numbers[i] = x = x * 6364136223846793005 + 1442695040888963407;
    sort(numbers, 0, NUMBERS - 1);
    for (long i = 0; i < ROUNDS; i++)
        special(i);
    call(RT_SIGACTION, SIGSEGV, (long)&action, 0, sizeof action.mask);
    for (long i = 0; i < FAULTS; i++)
        fault(i);
    for (;;)
        call(EXIT_GROUP, faults, 0, 0, 0);
}
