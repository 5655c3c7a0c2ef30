/*
 * The first steps of the host tool are in C, because Swift's need /proc, and the roots that image builders install into
 * (dnf --installroot) have none. There CommandLine.arguments, read from /proc/self/cmdline, is empty: so the arguments
 * are handed over, and with them the path of this program, which the kernel leaves in the auxiliary vector
 * (getauxval(3)).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

/* HostCommands, EntryPoint.swift */
int conda_rpm_host(int argc, char **argv, const char *path);

/*
 * Swift's runtime looks for its own path, in /proc/self/exe, to find a program that prints backtraces; it aborts where it
 * finds none, unless SWIFT_ROOT says one. It does so in a constructor, hence in one that comes before.
 */
__attribute__((constructor(101))) static void do_without_proc(void) {
    if (access("/proc/self/exe", F_OK) != 0 && setenv("SWIFT_ROOT", "/", 0) != 0) {
        perror("conda-rpm-host");
        exit(1);
    }
}

int main(int argc, char **argv) {
    umask(022);
    return conda_rpm_host(argc, argv, (const char *)getauxval(AT_EXECFN));
}
