#pragma once
/* The C library declares these only under _GNU_SOURCE, which Swift's import of it does not set. */
int syncfs(int descriptor);
int fallocate(int descriptor, int mode, long offset, long length);
int renameat2(int from_descriptor, const char *from, int to_descriptor, const char *to, unsigned int flags);
int sync_file_range(int descriptor, long offset, long length, unsigned int flags);
