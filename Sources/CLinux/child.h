#pragma once
/* What Swift may not call, or cannot: fork, variadic system calls, and what runs between fork and exec, where only
   async-signal-safe functions are allowed. All return a result, or -1 with errno. */
#include <errno.h>
#include <fcntl.h>
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

/* How a child begins; all of it is prepared before fork. */
struct child_plan {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    int input, output, errors;
};

/* The steps of a child before its program runs, for the message when one fails. */
enum child_step { child_step_fork = 0, child_step_directory = 1, child_step_program = 2 };

static inline void close_from(int first) {
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
    struct rlimit limit;
    int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur : 65536;
    for (int number = first; number < end; number++) close(number);
}

/* Only in the child: becomes the program, or reports the step that failed and errno. */
static inline void become_child(const struct child_plan *plan, pid_t parent, int report) {
    int failure[2] = {child_step_program, 0};
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, 0);
    /* A session of its own: no terminal's keys reach it, and nobody else is in its process group. */
    setsid();
    /* When the tool is killed, its child is too. It may be dead already. */
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
