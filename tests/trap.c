// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Replaces libc's functions that may wait, and has the kernel report all system calls where it can
// (Syscall User Dispatch).

#include "tests/trap.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_OFF 0
#define PR_SYS_DISPATCH_ON 1
#endif

/// Set in the audio thread while it must not wait
static _Thread_local bool is_armed = false;
static atomic_uint n_calls = 0; ///< Of functions that are trapped
static const char* volatile last_call = "";
static volatile sig_atomic_t n_system_calls = 0;
static volatile sig_atomic_t last_system_call = 0;

/// Read by the kernel at every system call: let through, or raise SIGSYS
static _Thread_local volatile char selector = 0;

static void
count_call(const char* const name)
{
  if (is_armed) {
    last_call = name;
    atomic_fetch_add(&n_calls, 1);
  }
}

// libc's own functions, under names that this file doesn't replace
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t n, size_t size);
void* __libc_realloc(void* p, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* p);

// Found before libc by this program and every library it loads
#define TRAP __attribute__((visibility("default")))

TRAP void*
malloc(const size_t size)
{
  count_call("malloc");
  return __libc_malloc(size);
}

TRAP void*
calloc(const size_t n, const size_t size)
{
  count_call("calloc");
  return __libc_calloc(n, size);
}

TRAP void*
realloc(void* const p, const size_t size)
{
  count_call("realloc");
  return __libc_realloc(p, size);
}

TRAP void*
aligned_alloc(const size_t alignment, const size_t size)
{
  count_call("aligned_alloc");
  return __libc_memalign(alignment, size);
}

TRAP int
posix_memalign(void** const p, const size_t alignment, const size_t size)
{
  count_call("posix_memalign");
  *p = __libc_memalign(alignment, size);
  return *p ? 0 : ENOMEM;
}

TRAP void
free(void* const p)
{
  count_call("free");
  __libc_free(p);
}

/// Return libc's function of a name, where it has no other name
static void*
find_function(const char* const name)
{
  return dlsym(RTLD_NEXT, name);
}

typedef int (*MutexFunction)(pthread_mutex_t* mutex);
typedef int (*WaitFunction)(pthread_cond_t* condition, pthread_mutex_t* mutex);
typedef int (*SemaphoreFunction)(sem_t* semaphore);

static MutexFunction real_lock;
static MutexFunction real_trylock;
static MutexFunction real_unlock;
static WaitFunction real_wait;
static SemaphoreFunction real_sem_wait;
static SemaphoreFunction real_sem_post;

/// dlsym() may allocate and lock, so look everything up before the trap is armed
__attribute__((constructor)) static void
find_real_functions(void)
{
  void* const functions[] = {find_function("pthread_mutex_lock"),
                             find_function("pthread_mutex_trylock"),
                             find_function("pthread_mutex_unlock"),
                             find_function("pthread_cond_wait"),
                             find_function("sem_wait"),
                             find_function("sem_post")};
  memcpy(&real_lock, &functions[0], sizeof(void*));
  memcpy(&real_trylock, &functions[1], sizeof(void*));
  memcpy(&real_unlock, &functions[2], sizeof(void*));
  memcpy(&real_wait, &functions[3], sizeof(void*));
  memcpy(&real_sem_wait, &functions[4], sizeof(void*));
  memcpy(&real_sem_post, &functions[5], sizeof(void*));
}

TRAP int
pthread_mutex_lock(pthread_mutex_t* const mutex)
{
  count_call("pthread_mutex_lock");
  return real_lock ? real_lock(mutex) : 0;
}

TRAP int
pthread_mutex_trylock(pthread_mutex_t* const mutex)
{
  count_call("pthread_mutex_trylock");
  return real_trylock ? real_trylock(mutex) : 0;
}

TRAP int
pthread_mutex_unlock(pthread_mutex_t* const mutex)
{
  count_call("pthread_mutex_unlock");
  return real_unlock ? real_unlock(mutex) : 0;
}

TRAP int
pthread_cond_wait(pthread_cond_t* const condition, pthread_mutex_t* const mutex)
{
  count_call("pthread_cond_wait");
  return real_wait(condition, mutex);
}

TRAP int
sem_wait(sem_t* const semaphore)
{
  count_call("sem_wait");
  return real_sem_wait(semaphore);
}

TRAP int
sem_post(sem_t* const semaphore)
{
  count_call("sem_post");
  return real_sem_post(semaphore);
}

/// Count a system call of the audio thread, and let it fail
static void
on_system_call(const int number, siginfo_t* const info, void* const context)
{
  (void)number;
  selector = 0;
  last_system_call = info->si_syscall;
  n_system_calls = n_system_calls + 1;
#if defined(__x86_64__)
  ((ucontext_t*)context)->uc_mcontext.gregs[REG_RAX] = -ENOSYS;
#else
  (void)context;
#endif
}

static _Thread_local bool traps_system_calls = false;

bool
trap_system_calls(void)
{
#if defined(__x86_64__)
  traps_system_calls = !prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &selector);
#endif
  return traps_system_calls;
}

void
trap_arm(void)
{
  struct sigaction action = {.sa_sigaction = on_system_call, .sa_flags = SA_SIGINFO};
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGSYS, &action, NULL); // Every time, because cmocka sets its own
  is_armed = true;
  selector = traps_system_calls ? 1 : 0;
}

void
trap_disarm(void)
{
  selector = 0;
  is_armed = false;
}

TrapCounts
trap_counts(void)
{
  return (TrapCounts){n_calls, last_call, n_system_calls, last_system_call};
}

void
trap_forget(void)
{
  n_calls = 0;
  n_system_calls = 0;
  last_call = "";
}

void
trap_plant(const char* const what)
{
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  if (what && !strcmp(what, "allocation")) {
    void* volatile p = malloc(64);
    free(p);
  }
  if (what && !strcmp(what, "lock")) {
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
  }
  if (what && !strcmp(what, "call")) {
    (void)!write(STDERR_FILENO, "", 0);
  }
}
