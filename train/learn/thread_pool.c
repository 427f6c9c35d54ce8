// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Threads that wait for work by spinning for some microseconds, because the next piece usually
// comes at once, and then sleep.

#include "train/learn/thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#define SPINS 4000U

/// One call of pool_run()
typedef struct {
  PoolWork work;
  void* context;
  uint32_t n_items;
} PoolJob;

struct PoolImpl {
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  pthread_t* threads;
  uint32_t n_started; ///< Threads besides the caller
  PoolJob job;
  atomic_uint generation; ///< Grows with every job
  atomic_uint next_item;
  atomic_uint n_busy; ///< Threads that have not finished the job
  atomic_bool is_ending;
};

/// What a thread receives when it starts
typedef struct {
  Pool* pool;
  uint32_t index;
} ThreadStart;

static void
do_items(Pool* const pool, const uint32_t thread)
{
  for (uint32_t item = atomic_fetch_add(&pool->next_item, 1); item < pool->job.n_items;
       item = atomic_fetch_add(&pool->next_item, 1)) {
    pool->job.work(pool->job.context, item, thread);
  }
}

static void
wait_for_job(Pool* const pool, const unsigned seen)
{
  for (unsigned i = 0; i < SPINS; ++i) {
    if (atomic_load(&pool->generation) != seen) {
      return;
    }
  }
  pthread_mutex_lock(&pool->mutex);
  while (atomic_load(&pool->generation) == seen) {
    pthread_cond_wait(&pool->wake, &pool->mutex);
  }
  pthread_mutex_unlock(&pool->mutex);
}

static void*
thread_main(void* const argument)
{
  const ThreadStart start = *(const ThreadStart*)argument;
  Pool* const pool = start.pool;
  free(argument);
  for (unsigned seen = 0;; ++seen) {
    wait_for_job(pool, seen);
    if (atomic_load(&pool->is_ending)) {
      return NULL;
    }
    do_items(pool, start.index);
    atomic_fetch_sub(&pool->n_busy, 1);
  }
}

static bool
start_thread(Pool* const pool)
{
  ThreadStart* const start = (ThreadStart*)malloc(sizeof(ThreadStart));
  if (!start) {
    return false;
  }
  *start = (ThreadStart){pool, pool->n_started + 1};
  if (pthread_create(&pool->threads[pool->n_started], NULL, thread_main, start)) {
    free(start);
    return false;
  }
  ++pool->n_started;
  return true;
}

Status
pool_new(const uint32_t n_threads, Pool** const pool)
{
  Pool* const p = (Pool*)calloc(1, sizeof(Pool));
  if (!p || !(p->threads = (pthread_t*)calloc(n_threads, sizeof(pthread_t)))) {
    free(p);
    return STATUS_NO_MEMORY;
  }
  pthread_mutex_init(&p->mutex, NULL);
  pthread_cond_init(&p->wake, NULL);
  while (p->n_started + 1 < n_threads) {
    if (!start_thread(p)) {
      pool_free(p);
      return STATUS_NO_MEMORY;
    }
  }
  *pool = p;
  return STATUS_OK;
}

/// Publish what is in the pool to its threads
static void
wake_threads(Pool* const pool)
{
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->generation, 1);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

void
pool_free(Pool* const pool)
{
  if (!pool) {
    return;
  }
  atomic_store(&pool->is_ending, true);
  wake_threads(pool);
  for (uint32_t i = 0; i < pool->n_started; ++i) {
    pthread_join(pool->threads[i], NULL);
  }
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->threads);
  free(pool);
}

void
pool_run(Pool* const pool, const PoolWork work, void* const context, const uint32_t n_items)
{
  pool->job = (PoolJob){work, context, n_items};
  atomic_store(&pool->next_item, 0);
  atomic_store(&pool->n_busy, pool->n_started);
  if (pool->n_started) {
    wake_threads(pool);
  }
  do_items(pool, 0);
  for (unsigned i = 0; atomic_load(&pool->n_busy); ++i) {
    if (i > SPINS) {
      (void)sched_yield();
    }
  }
}
