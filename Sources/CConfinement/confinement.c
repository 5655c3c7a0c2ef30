#define _GNU_SOURCE
#include "CConfinement.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "calls.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* The exit status of a process that could not be confined, as of env and timeout. */
enum { not_confined = 125 };

/* No exit status: what run_program says where there is no user namespace, and nothing has run. */
enum { no_user_namespace = -1 };

struct confinement {
    const char *root;
    char *const *arguments;
    char *const *environment;
    int output;
};

/* Tells why, on the stream that the caller reads, and ends. */
static _Noreturn void fail(const char *what, const char *path) {
    dprintf(2, "the host cannot be confined: %s %s: %s\n", what, path, strerror(errno));
    _exit(not_confined);
}

static void close_from(unsigned first) {
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
    struct rlimit limit;
    unsigned end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1 << 20 ? limit.rlim_cur : 1 << 20;
    for (unsigned number = first; number < end; number++) close(number);
}

static int status_of(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

static int wait_for(pid_t process) {
    int status;
    while (waitpid(process, &status, 0) == -1)
        if (errno != EINTR) return not_confined;
    return status_of(status);
}

/* MOUNTS: relative to the root, which is the working directory. */

static int exists(const char *path) { return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0; }

/* Makes a mount read-only, or a folder or file that is none. */
static void forbid_writing(const char *path, int is_mount) {
    const unsigned long flags = MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC;
    if (!exists(path)) return;
    if (!is_mount && mount(path, path, NULL, MS_BIND, NULL) != 0) fail("mount", path);
    if (mount(NULL, path, NULL, MS_REMOUNT | flags, NULL) != 0) fail("make read-only", path);
}

static void hide(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0) return;
    if (!S_ISDIR(status.st_mode)) {
        if (mount("dev/null", path, NULL, MS_BIND, NULL) != 0) fail("hide", path);
        forbid_writing(path, 1);
    } else if (mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=0555") != 0) {
        fail("hide", path);
    }
}

/* A /proc of this process namespace. Being the machine's root, even without capabilities, is enough to write to most of
   /proc/sys and to sysrq-trigger, so that those may not be written to at all. */
static void mount_proc(void) {
    static const char *const fixed[] = {"proc/sys", "proc/sysrq-trigger", "proc/irq", "proc/bus", "proc/fs",
                                        "proc/mtrr", "proc/pressure", NULL};
    static const char *const hidden[] = {
        "proc/acpi",       "proc/asound",       "proc/scsi",       "proc/driver",    "proc/kcore",
        "proc/keys",       "proc/key-users",    "proc/kmsg",       "proc/kallsyms",  "proc/kpagecgroup",
        "proc/kpagecount", "proc/kpageflags",   "proc/timer_list", "proc/iomem",     "proc/ioports",
        "proc/sched_debug", "proc/vmallocinfo", "proc/slabinfo",   "proc/vmcore",    "proc/config.gz",
        "sys/firmware",    "sys/kernel/debug",  "sys/kernel/tracing", "sys/kernel/security", "sys/fs/pstore", NULL};
    if (umount2("proc", MNT_DETACH) != 0 && errno != EINVAL) fail("unmount", "proc");
    if (mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) fail("mount", "proc");
    for (const char *const *path = fixed; *path; path++) forbid_writing(*path, 0);
    for (const char *const *path = hidden; *path; path++) hide(*path);
}

/* The machine's own device nodes: written to, but never given another owner or mode. */
static void protect_devices(void) {
    static const char *const devices[] = {"dev/null", "dev/zero", "dev/full", "dev/random", "dev/urandom", "dev/tty", NULL};
    for (const char *const *path = devices; *path; path++) forbid_writing(*path, 1);
}

/* Makes `root` the root of everything, and lets go of all that is not below it. */
static void enter(const char *root) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("make private", "/");
    if (chdir(root) != 0) fail("enter", root);
    mount_proc();
    protect_devices();
    forbid_writing("sys", 1);
    if (syscall(SYS_pivot_root, ".", ".") != 0) fail("change the root to", root);
    if (umount2(".", MNT_DETACH) != 0) fail("unmount", "the former root");
    if (chdir("/") != 0) fail("enter", "/");
}

/* PRIVILEGES */

/* What installing, erasing and starting services take. */
static const int kept[] = {CAP_CHOWN,  CAP_DAC_OVERRIDE, CAP_FOWNER,     CAP_FSETID,  CAP_KILL, CAP_SETGID,
                           CAP_SETUID, CAP_SETPCAP,      CAP_SYS_CHROOT, CAP_SETFCAP, CAP_NET_BIND_SERVICE};

static void drop_capabilities(void) {
    unsigned long long mask = 0;
    for (size_t index = 0; index < sizeof kept / sizeof *kept; index++) mask |= 1ULL << kept[index];
    for (int number = 0; number < 64; number++) {
        if (mask >> number & 1) continue;
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0 && errno != EINVAL) fail("drop", "a capability");
    }
    /* Linux before 4.3 has no such capabilities. */
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) fail("drop", "ambient capabilities");
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{(__u32)mask, (__u32)mask, 0}, {(__u32)(mask >> 32), (__u32)(mask >> 32), 0}};
    if (syscall(SYS_capset, &header, data) != 0) fail("drop", "capabilities");
}

/* Gives the namespace of `process` the users, or groups, of this one under their own numbers. */
static int copy_map(pid_t process, const char *name) {
    char own[64], path[64], map[4096];
    snprintf(own, sizeof own, "/proc/self/%s", name);
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    FILE *source = fopen(own, "re");
    if (!source) return -1;
    unsigned long inside, outside, count;
    size_t length = 0;
    while (fscanf(source, "%lu %lu %lu", &inside, &outside, &count) == 3 && length < sizeof map - 64)
        length += (size_t)snprintf(map + length, sizeof map - length, "%lu %lu %lu\n", inside, inside, count);
    fclose(source);
    int target = open(path, O_WRONLY | O_CLOEXEC);
    if (target == -1) return -1;
    ssize_t written = write(target, map, length);
    close(target);
    return written == (ssize_t)length ? 0 : -1;
}

/* THE PROGRAM */

/* Whether a crash starts a program of the machine; so it may where nobody can say. */
static int has_core_handler(void) {
    char first = '|';
    int file = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);
    if (file == -1) return 1;
    if (read(file, &first, 1) != 1) first = '|';
    if (close(file) != 0) fail("close", "/proc/sys/kernel/core_pattern");
    return first == '|' || first == '@';
}

/* A crash would start the machine's own handler of core dumps: a limit of 1 keeps it from that, 0 would not. Who has come here by
   way of sudo in a container has a limit of 0 and may not raise it: that is enough where there is no handler. */
static void limit_core_dumps(void) {
    struct rlimit core = {1, 1};
    if (setrlimit(RLIMIT_CORE, &core) == 0) return;
    const int code = errno;
    if (code == EPERM && getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 && !has_core_handler()) return;
    errno = code;
    fail("limit", "core dumps");
}

static _Noreturn void become_program(const struct confinement *plan) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) fail("unblock", "signals");
    /* No terminal, so that nothing can be typed for the caller's shell. */
    if (setsid() == -1) fail("begin", "a session");
    /* Where the kernel or a filter around us has no keyrings, the program has none either. */
    if (syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL) == -1 && errno != ENOSYS && errno != EPERM)
        fail("take", "a keyring");
    limit_core_dumps();
    umask(022);
    if (setgroups(0, NULL) != 0 || setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0) fail("become", "root");
    drop_capabilities();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("forbid", "new privileges");
    if (filter_calls() != 0) fail("filter", "the calls of the kernel");
    execve(plan->arguments[0], plan->arguments, plan->environment);
    fail("run", plan->arguments[0]);
}

/* In the child: takes a user namespace if one is to be had, and waits until its users are there. */
static void take_user_namespace(int ready, int answer) {
    char reply = 0;
    if (unshare(CLONE_NEWUSER) != 0) _exit(not_confined);
    if (write(ready, "", 1) != 1 || read(answer, &reply, 1) != 1 || reply != 'y') _exit(not_confined);
}

/* Runs the program as a child, and returns its status; no_user_namespace where that is what was missing. */
static int run_program(const struct confinement *plan, int with_namespace) {
    int ready[2], answer[2];
    if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0) fail("make", "a pipe");
    pid_t child = fork();
    if (child == -1) fail("start", plan->arguments[0]);
    if (child == 0) {
        close(ready[0]);
        close(answer[1]);
        if (with_namespace) take_user_namespace(ready[1], answer[0]);
        close_from(3);
        become_program(plan);
    }
    close(ready[1]);
    close(answer[0]);
    char signal;
    int is_started = !with_namespace;
    if (with_namespace && read(ready[0], &signal, 1) == 1) {
        int is_mapped = copy_map(child, "uid_map") == 0 && copy_map(child, "gid_map") == 0;
        is_started = write(answer[1], is_mapped ? "y" : "n", 1) == 1 && is_mapped;
    }
    close(ready[0]);
    close(answer[1]);
    /* Where there is no user namespace the program has this process's user. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) fail("close", "this process to the program");
    int status;
    for (;;) {
        pid_t ended = wait(&status);
        if (ended == child) return is_started ? status_of(status) : no_user_namespace;
        if (ended == -1 && errno != EINTR) return not_confined;
    }
}

/* The first process of the process namespace: everything else in it ends with this one. */
static _Noreturn void be_first(const struct confinement *plan) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) _exit(not_confined);
    if (dup2(plan->output, 1) == -1 || dup2(plan->output, 2) == -1) _exit(not_confined);
    close_from(3);
    if (unshare(CLONE_NEWNS) != 0) fail("make a namespace for", "mounts");
    enter(plan->root);
    close(0);
    if (open("/dev/null", O_RDWR) != 0) fail("open", "/dev/null");
    int status = run_program(plan, 1);
    if (status == no_user_namespace) status = run_program(plan, 0);
    _exit(status);
}

static _Noreturn void start_first(const struct confinement *plan) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) _exit(not_confined);
    /* Not known before Linux 4.6. */
    if (unshare(CLONE_NEWCGROUP) != 0 && errno != EINVAL) dprintf(plan->output, "cgroup: %s\n", strerror(errno));
    pid_t first = unshare(CLONE_NEWPID) == 0 ? fork() : -1;
    if (first == 0) be_first(plan);
    if (first == -1) {
        dprintf(plan->output, "the host cannot be confined: no process namespace: %s\n", strerror(errno));
        _exit(not_confined);
    }
    close(plan->output);
    _exit(wait_for(first));
}

static int write_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written == -1 && errno == EINTR) continue;
        if (written <= 0) return -1;
        bytes += written;
        count -= (size_t)written;
    }
    return 0;
}

/* Passes on what the program prints; it never holds the caller's own files. */
static void pass_on(int from, int to, long limit) {
    char bytes[1 << 16];
    for (;;) {
        ssize_t count = read(from, bytes, sizeof bytes);
        if (count == -1 && errno == EINTR) continue;
        if (count <= 0) return;
        if (limit <= 0) continue;
        if (write_all(to, bytes, (size_t)(count < limit ? count : limit)) != 0) limit = 0;
        limit -= count;
    }
}

int confine(const char *root, char *const arguments[], char *const environment[], int output, long limit) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    struct confinement plan = {root, arguments, environment, ends[1]};
    pid_t child = fork();
    if (child == 0) start_first(&plan);
    int code = errno;
    close(ends[1]);
    if (child != -1) pass_on(ends[0], output, limit);
    close(ends[0]);
    errno = code;
    return child == -1 ? -1 : wait_for(child);
}
