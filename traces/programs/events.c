/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program to capture: one that does once whatever a trace has an event for.
 *
 * usage: events FILE [exec]     maps FILE; its child executes the program once more, where there is a second argument
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 5, PAGE = 4096, SHARED_BYTES = 10000, HEAP_BYTES = 0x5000 };

static pthread_barrier_t barrier;

static void *meet(void *unused)
{
    for (int i = 0; i < ROUNDS; i++)
        pthread_barrier_wait(&barrier);
    return unused;
}

static void map(const char *file)
{
    char *base = (char *)0x10000000;
    char *pages = base + 65536;
    mmap(base, 5000, PROT_READ, MAP_SHARED | MAP_FIXED, open(file, O_RDONLY), 0);
    mmap(pages, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    mprotect(pages, PAGE, PROT_READ);
    mremap(pages + PAGE, PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, base + 131072);
    munmap(base, 5000);
    munmap(base + 1, PAGE); /* is refused, and no event */
    const int id = shmget(IPC_PRIVATE, SHARED_BYTES, 0600);
    const void *shared = shmat(id, NULL, SHM_RDONLY);
    shmctl(id, IPC_RMID, NULL);
    shmdt(shared);
    sbrk(HEAP_BYTES);
}

int main(int argc, char **argv)
{
    if (argc > 3)
        _exit(0);
    map(argv[1]);
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, meet, NULL);
    meet(NULL);
    pthread_join(thread, NULL);
    if (fork() == 0) {
        if (argc > 2) {
            execl("/no/such/program", argv[0], NULL);
            execl(argv[0], argv[0], "now", "do", "nothing", NULL);
        }
        _exit(0);
    }
    wait(NULL);
    return 0;
}
