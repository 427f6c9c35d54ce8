// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// That the audio thread does nothing it may not. Allocations, locks and waits are trapped by standing
// in front of libc's functions; system calls of any origin by Syscall User Dispatch, where the kernel
// has it. The trap is shown to work by things planted on purpose.

#include "tests/fixtures.h"
#include "tests/host/lv2_host.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_OFF 0
#define PR_SYS_DISPATCH_ON 1
#endif

#define N 8192U

/// Armed only on the audio thread, only while the plugin runs
static _Thread_local bool is_armed = false;
static atomic_uint n_calls = 0; ///< Of functions that are trapped
static const char* volatile last_call = "";
static volatile sig_atomic_t n_system_calls = 0;
static volatile sig_atomic_t last_system_call = 0;

/// Read by the kernel at every system call: let through, or raise SIGSYS
static volatile char selector = 0;

static void
note(const char* const name)
{
  if (is_armed) {
    last_call = name;
    atomic_fetch_add(&n_calls, 1);
  }
}

// libc's own, under names that are not trapped
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t n, size_t size);
void* __libc_realloc(void* p, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* p);

// In front of libc for this program and every library it loads
#define TRAP __attribute__((visibility("default")))

TRAP void*
malloc(const size_t size)
{
  note("malloc");
  return __libc_malloc(size);
}

TRAP void*
calloc(const size_t n, const size_t size)
{
  note("calloc");
  return __libc_calloc(n, size);
}

TRAP void*
realloc(void* const p, const size_t size)
{
  note("realloc");
  return __libc_realloc(p, size);
}

TRAP void*
aligned_alloc(const size_t alignment, const size_t size)
{
  note("aligned_alloc");
  return __libc_memalign(alignment, size);
}

TRAP int
posix_memalign(void** const p, const size_t alignment, const size_t size)
{
  note("posix_memalign");
  *p = __libc_memalign(alignment, size);
  return *p ? 0 : ENOMEM;
}

TRAP void
free(void* const p)
{
  note("free");
  __libc_free(p);
}

/// libc's function of a name, for those that have no other
static void*
real(const char* const name)
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

/// dlsym() itself may allocate and lock: find everything before anything is armed
__attribute__((constructor)) static void
find_real_functions(void)
{
  void* const functions[] = {real("pthread_mutex_lock"),
                             real("pthread_mutex_trylock"),
                             real("pthread_mutex_unlock"),
                             real("pthread_cond_wait"),
                             real("sem_wait"),
                             real("sem_post")};
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
  note("pthread_mutex_lock");
  return real_lock ? real_lock(mutex) : 0;
}

TRAP int
pthread_mutex_trylock(pthread_mutex_t* const mutex)
{
  note("pthread_mutex_trylock");
  return real_trylock ? real_trylock(mutex) : 0;
}

TRAP int
pthread_mutex_unlock(pthread_mutex_t* const mutex)
{
  note("pthread_mutex_unlock");
  return real_unlock ? real_unlock(mutex) : 0;
}

TRAP int
pthread_cond_wait(pthread_cond_t* const condition, pthread_mutex_t* const mutex)
{
  note("pthread_cond_wait");
  return real_wait(condition, mutex);
}

TRAP int
sem_wait(sem_t* const semaphore)
{
  note("sem_wait");
  return real_sem_wait(semaphore);
}

TRAP int
sem_post(sem_t* const semaphore)
{
  note("sem_post");
  return real_sem_post(semaphore);
}

/// A system call from the audio thread: count it, let it be done as if it had failed
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

static bool traps_system_calls = false;

/// Ask the kernel; the selector decides from call to call
static void
set_up_system_call_trap(void)
{
#if defined(__x86_64__)
  traps_system_calls = !fixture_is_slow() &&
                       !prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &selector);
#endif
  if (!traps_system_calls) {
    (void)printf("# system calls are not trapped: not by this kernel, this machine, or Valgrind\n");
  }
}

static void
arm(void)
{
  struct sigaction action = {.sa_sigaction = on_system_call, .sa_flags = SA_SIGINFO};
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGSYS, &action, NULL); // Every time: cmocka has one of its own
  n_calls = 0;
  n_system_calls = 0;
  last_call = "";
  is_armed = true;
  selector = traps_system_calls ? 1 : 0;
}

static void
disarm(void)
{
  selector = 0;
  is_armed = false;
}

static void
check_nothing_was_trapped(void)
{
  if (n_calls || n_system_calls) {
    fail_msg("%u forbidden calls, the last %s; %d system calls, the last number %d",
             (unsigned)n_calls, last_call, (int)n_system_calls, (int)last_system_call);
  }
}

static float in[N];
static float out[N];
static char models[2][PATH_MAX];

static int
set_up(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < 2; ++i) {
    ModelFile file = fixture_model_file((CellType)i, i ? 16 : 11, i);
    fixture_path(i ? "one.json" : "zero.json", models[i]);
    assert_int_equal(model_file_write(&file, models[i], NULL), STATUS_OK);
    model_file_clear(&file);
  }
  fixture_guitar(in, N, 3);
  set_up_system_call_trap();
  return 0;
}

/// One block under the trap
static void
run_armed(Host* const host, const uint32_t n_frames)
{
  arm();
  host_run(host, in, out, n_frames);
  disarm();
  check_nothing_was_trapped();
}

static void
a_planted_allocation_is_trapped(void** const state)
{
  (void)state;
  arm();
  void* volatile p = malloc(100);
  disarm();
  assert_int_equal(n_calls, 1);
  arm();
  free(p);
  disarm();
  assert_int_equal(n_calls, 1);
  assert_string_equal(last_call, "free");
}

static void
a_planted_lock_is_trapped(void** const state)
{
  (void)state;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  arm();
  (void)pthread_mutex_lock(&mutex);
  (void)pthread_mutex_unlock(&mutex);
  disarm();
  assert_int_equal(n_calls, 2);
}

static void
a_planted_system_call_is_trapped(void** const state)
{
  (void)state;
  if (!traps_system_calls) {
    return; // set_up() has said why
  }
  arm();
  const long result = syscall(SYS_getppid);
  disarm();
  assert_int_equal(n_system_calls, 1);
  assert_int_equal(last_system_call, SYS_getppid);
  assert_int_equal(result, -1);
}

static void
run_does_nothing_forbidden_at_any_block_size(void** const state)
{
  (void)state;
  static const uint32_t sizes[] = {0, 1, 2, 16, 63, 64, 65, 256, 1024, 4096, 8192};
  Host* const host = host_new((HostOptions){.sample_rate = 48000.0});
  assert_non_null(host);
  host_run(host, in, out, 64); // Not the first block: the linker may bind symbols in it
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    run_armed(host, sizes[i]);
  }
  host_free(host);
}

static void
run_does_nothing_forbidden_when_controls_move_or_input_is_bad(void** const state)
{
  (void)state;
  Host* const host = host_new((HostOptions){.sample_rate = 48000.0});
  assert_non_null(host);
  host_run(host, in, out, 64);
  for (uint32_t i = 0; i < 50; ++i) {
    host_set(host, "input_level", (float)(i % 20) - 10.0F);
    host_set(host, "enabled", (float)(i % 3 == 0));
    in[10] = i % 7 ? 0.1F : NAN;
    run_armed(host, 64);
  }
  in[10] = 0.1F;
  host_free(host);
}

static void
a_model_change_does_nothing_forbidden_on_the_audio_thread(void** const state)
{
  (void)state;
  Host* const host = host_new((HostOptions){.sample_rate = 48000.0});
  assert_non_null(host);
  host_send_set(host, models[0]); // Once unarmed, for the same reason
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_run(host, in, out, 4096);
  for (uint32_t change = 0; change < 6; ++change) {
    host_send_set(host, change == 3 ? "/nowhere" : models[change % 2]);
    for (uint32_t i = 0; i < 60; ++i) { // Request, answer, fade, trash: 3840 frames
      run_armed(host, 64);
      (void)host_work(host);
    }
    assert_true(host_get(host, "model_status") == (change == 3 ? 2.0F : 1.0F));
  }
  host_send_get(host);
  run_armed(host, 64);
  assert_string_equal(host_take_announced(host), models[1]);
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_planted_allocation_is_trapped),
      cmocka_unit_test(a_planted_lock_is_trapped),
      cmocka_unit_test(a_planted_system_call_is_trapped),
      cmocka_unit_test(run_does_nothing_forbidden_at_any_block_size),
      cmocka_unit_test(run_does_nothing_forbidden_when_controls_move_or_input_is_bad),
      cmocka_unit_test(a_model_change_does_nothing_forbidden_on_the_audio_thread),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}
