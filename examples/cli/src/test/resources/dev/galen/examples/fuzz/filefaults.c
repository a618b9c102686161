/*
 * A library to preload into a JVM (LD_PRELOAD) that counts its file operations under one folder and,
 * at the one whose number is given, either ends the process as kill -9 does, in the middle of the
 * operation where that has a middle, or lets the disk be full from there on.
 *
 * By environment: FAULT_FOLDER, FAULT_AT (from 1), FAULT_MODE (kill or full), FAULT_COUNT (a file
 * that is to hold how many operations there were when the process ends by itself).
 * By call: fault_arm, fault_disarm.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { COUNT, KILL, FULL };
enum verdict { GO_ON, DIE, FAIL };

static atomic_long operations, failures;
static char folder[4096];
static long fault_at;
static enum mode fault_mode = COUNT;

/* The function that this library stands in front of. */
#define REAL(name)                                                                                 \
  static __typeof__(name) *real;                                                                   \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

void fault_arm(const char *under, long at, int mode) {
  fault_mode = COUNT;
  strncpy(folder, under, sizeof folder - 1);
  operations = failures = 0;
  fault_at = at;
  fault_mode = mode;
}

/* Stops; returns how many operations failed. */
long fault_disarm(void) {
  folder[0] = 0;
  fault_mode = COUNT;
  return failures;
}

__attribute__((constructor)) static void from_environment(void) {
  const char *under = getenv("FAULT_FOLDER"), *at = getenv("FAULT_AT"), *mode = getenv("FAULT_MODE");
  if (under) {
    fault_arm(under, at ? atol(at) : 0,
              !mode ? COUNT : !strcmp(mode, "kill") ? KILL : !strcmp(mode, "full") ? FULL : COUNT);
  }
}

__attribute__((destructor)) static void write_count(void) {
  const char *path = getenv("FAULT_COUNT");
  folder[0] = 0;
  if (path) {
    FILE *file = fopen(path, "w");
    if (file) {
      fprintf(file, "%ld\n", (long)operations);
      fclose(file);
    }
  }
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Counts an operation on path; needs_space is whether a full disk refuses it. */
static enum verdict next(const char *path, int needs_space) {
  if (!folder[0] || !path || !strstr(path, folder)) return GO_ON;
  long number = ++operations;
  if (fault_mode == KILL && number == fault_at) return DIE;
  if (fault_mode == FULL && number >= fault_at && needs_space) {
    failures++;
    return FAIL;
  }
  return GO_ON;
}

static const char *path_of(int fd, char *buffer, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, buffer, size - 1);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

#define FAULT(path, needs_space)                                                                   \
  switch (next(path, needs_space)) {                                                               \
    case DIE: die(); break;                                                                        \
    case FAIL: errno = ENOSPC; return -1;                                                          \
    case GO_ON: break;                                                                             \
  }

int rename(const char *from, const char *to) {
  REAL(rename);
  FAULT(to, 0)
  return real(from, to);
}

int renameat(int a, const char *from, int b, const char *to) {
  REAL(renameat);
  FAULT(to, 0)
  return real(a, from, b, to);
}

int unlink(const char *path) {
  REAL(unlink);
  FAULT(path, 0)
  return real(path);
}

int unlinkat(int directory, const char *path, int flags) {
  REAL(unlinkat);
  FAULT(path, 0)
  return real(directory, path, flags);
}

int rmdir(const char *path) {
  REAL(rmdir);
  FAULT(path, 0)
  return real(path);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  FAULT(path, 1)
  return real(path, mode);
}

int link(const char *from, const char *to) {
  REAL(link);
  FAULT(to, 1)
  return real(from, to);
}

int symlink(const char *target, const char *path) {
  REAL(symlink);
  FAULT(path, 1)
  return real(target, path);
}

int fsync(int fd) {
  REAL(fsync);
  char path[4096];
  FAULT(path_of(fd, path, sizeof path), 0)
  return real(fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  char path[4096];
  FAULT(path_of(fd, path, sizeof path), 0)
  return real(fd);
}

/* A killed write has written half. */
#define WRITE(fd, whole, half)                                                                     \
  char path[4096];                                                                                 \
  switch (fd > 2 ? next(path_of(fd, path, sizeof path), 1) : GO_ON) {                              \
    case DIE: half; die(); break;                                                                  \
    case FAIL: errno = ENOSPC; return -1;                                                          \
    case GO_ON: break;                                                                             \
  }                                                                                                \
  return whole

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write);
  WRITE(fd, real(fd, bytes, count), if (real(fd, bytes, count / 2)) {});
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  WRITE(fd, real(fd, bytes, count, offset), if (real(fd, bytes, count / 2, offset)) {});
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  REAL(writev);
  WRITE(fd, real(fd, pieces, count), );
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
  REAL(sendfile64);
  WRITE(to, real(to, from, offset, count), if (real(to, from, offset, count / 2)) {});
}

ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t count, unsigned flags) {
  REAL(copy_file_range);
  WRITE(to, real(from, a, to, b, count, flags), if (real(from, a, to, b, count / 2, flags)) {});
}

#define WRITING (O_CREAT | O_WRONLY | O_RDWR | O_TRUNC)

int open(const char *path, int flags, ...) {
  static int (*real)(const char *, int, ...);
  if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  if (flags & WRITING) {
    FAULT(path, !!(flags & O_CREAT))
  }
  return real(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  static int (*real)(const char *, int, ...);
  if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  if (flags & WRITING) {
    FAULT(path, !!(flags & O_CREAT))
  }
  return real(path, flags, mode);
}
