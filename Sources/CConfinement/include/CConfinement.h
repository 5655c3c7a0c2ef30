#pragma once
/* Runs a program that nobody trusts as root of a file system from which nothing leads back; Linux only, and only as root.

   What the program gets: the file system below `root`, no other mount and no way to make one; a process namespace with a
   /proc of its own, of which the parts that speak to the kernel are read-only or empty; where the kernel lets it, a user
   namespace, in which being root means nothing outside; the few capabilities that a package manager needs; no new
   privileges; a session without a terminal and without the caller's keys; no descriptor of the caller's; and of the
   kernel's calls none that an installation has no use for. The network, IPC and host name are the caller's: it has put
   itself into namespaces for them. */

/* `arguments` ends with a null pointer and begins with the absolute path of the program, below `root`; `environment` ends with
   a null pointer and is all that the program sees. What it prints, to either stream, is written to `output`, at most `limit`
   bytes; of more nothing is kept.

   Returns the program's exit status, 128 and its signal, or 125 after a line in the output where it could not be confined;
   -1 with errno where nothing was started. */
int confine(const char *root, char *const arguments[], char *const environment[], int output, long limit);
