#pragma once
/* What Swift may not call, or cannot: fork, variadic system calls, and what runs between fork and exec, where only
   async-signal-safe functions are allowed. All return a result, or -1 with errno. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* A descriptor of a process, which never means another one; Linux 5.3. */
static inline int open_process(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

/* A signal to the process of a descriptor; Linux 5.1. */
static inline int signal_process(int descriptor, int number) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, 0, 0);
}

/* Orphans below this process become its children, so that they are found. */
static inline int adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

/* Another user for a child, with all groups that it shall have. */
struct child_identity {
    uid_t user;
    gid_t group;
    const gid_t *groups;
    size_t group_count;
};

/* How a child begins; all of it is prepared before fork. */
struct child_plan {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    int input, output, errors;
    /* None: it stays who the parent is. */
    const struct child_identity *identity;
};

/* The steps of a child before its program runs, for the message when one fails. */
enum child_step { child_step_fork = 0, child_step_directory = 1, child_step_program = 2, child_step_identity = 3 };

static inline void close_from(int first) {
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
    struct rlimit limit;
    int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur : 65536;
    for (int number = first; number < end; number++) close(number);
}

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#endif

/* Only in the child: becomes another user for good, with no capability, and no program that could give one back (set-user-ID,
   file capabilities). System calls, as the C library's functions tell other threads, of which a child has none.
   Fails with EINVAL where the user namespace has no such user or group. */
static inline int become_user(const struct child_identity *identity) {
    if (syscall(SYS_setgroups, identity->group_count, identity->groups) != 0) {
        /* A namespace of one user allows no groups, whoever is meant; the group itself tells whether it has it. */
        int code = errno;
        gid_t group = identity->group;
        if (code == EPERM && syscall(SYS_setresgid, group, group, group) != 0 && errno == EINVAL) code = EINVAL;
        errno = code;
        return -1;
    }
    if (syscall(SYS_setresgid, identity->group, identity->group, identity->group) != 0) return -1;
    if (syscall(SYS_setresuid, identity->user, identity->user, identity->user) != 0) return -1;
    /* Linux before 4.3 has no such capabilities. */
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) return -1;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(SYS_capset, &header, none) != 0) return -1;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    if (syscall(SYS_setresuid, -1, 0, -1) == 0) {
        errno = EPERM;
        return -1;
    }
    return 0;
}

/* Only in the child: becomes the program, or reports the step that failed and errno. */
static inline void become_child(const struct child_plan *plan, pid_t parent, int report) {
    int failure[2] = {child_step_program, 0};
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    if (sigprocmask(SIG_SETMASK, &none, 0) != 0) _exit(126);
    /* A session of its own: no terminal's keys reach it, and nobody else is in its process group. */
    if (setsid() == -1) _exit(126);
    if (plan->identity && become_user(plan->identity) != 0) {
        failure[0] = child_step_identity;
        failure[1] = errno;
        if (write(report, failure, sizeof failure) != sizeof failure) _exit(126);
        _exit(127);
    }
    /* When the tool is killed, its child is too; the kernel forgets it of a process that becomes another user. The tool may be
       dead already. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() != parent) _exit(127);
    if (dup2(plan->input, 0) != -1 && dup2(plan->output, 1) != -1 && dup2(plan->errors, 2) != -1 &&
        dup2(report, 3) != -1 && fcntl(3, F_SETFD, FD_CLOEXEC) != -1) {
        report = 3;
        close_from(4);
        failure[0] = child_step_directory;
        if (chdir(plan->directory) == 0) {
            failure[0] = child_step_program;
            execve(plan->path, plan->arguments, plan->environment);
        }
    }
    failure[1] = errno;
    if (write(report, failure, sizeof failure) != sizeof failure) _exit(126);
    _exit(127);
}

/* Starts a child in a session of its own. The descriptors of the plan must be 4 or more.
   On failure `step` tells which. */
static inline pid_t start_child(const struct child_plan *plan, int *step) {
    int ends[2], failure[2];
    sigset_t all, before;
    *step = child_step_fork;
    if (syscall(SYS_pipe2, ends, O_CLOEXEC) != 0) return -1;
    int report = fcntl(ends[1], F_DUPFD_CLOEXEC, 4), code = errno;
    close(ends[1]);
    pid_t parent = getpid(), child = -1;
    if (report != -1) {
        /* A signal that came between would be noted in both processes. */
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        child = fork();
        code = errno;
        if (child == 0) become_child(plan, parent, report);
        pthread_sigmask(SIG_SETMASK, &before, 0);
        close(report);
    }
    ssize_t count = 0;
    if (child != -1)
        do count = read(ends[0], failure, sizeof failure);
        while (count == -1 && errno == EINTR);
    close(ends[0]);
    if (child != -1 && count != sizeof failure) return child;
    if (child != -1) {
        *step = failure[0];
        code = failure[1];
        while (waitpid(child, 0, 0) == -1 && errno == EINTR) {}
    }
    errno = code;
    return -1;
}
