#pragma once
#include <spawn.h>
#include <stddef.h>
#include <sys/ioctl.h>
/* The C library declares these only under _GNU_SOURCE, which Swift's import of it does not set. */
int syncfs(int descriptor);
int fallocate(int descriptor, int mode, long offset, long length);
int renameat2(int from_descriptor, const char *from, int to_descriptor, const char *to, unsigned int flags);
int pipe2(int ends[2], int flags);
void *memmem(const void *text, size_t size, const void *needle, size_t count);
int memfd_create(const char *name, unsigned int flags);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int sync_file_range(int descriptor, long offset, long length, unsigned int flags);

/* FICLONE of <linux/fs.h>: the ioctl takes a variable argument, which Swift cannot pass. Returns 0, or -1 with errno. */
static inline int clone_file(int to_descriptor, int from_descriptor) {
    return ioctl(to_descriptor, _IOW(0x94, 9, int), from_descriptor);
}
