#define _GNU_SOURCE
#include "calls.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN_ARCHITECTURE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define OWN_ARCHITECTURE AUDIT_ARCH_S390X
#else
#error "give this machine its AUDIT_ARCH"
#endif

/* s390 has the flags of clone second. */
#ifdef __s390x__
enum { clone_flags = 1 };
#else
enum { clone_flags = 0 };
#endif

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#define NEW_NAMESPACES \
    (CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP)

/* Numbers that all machines share, which older headers do not have; the first number after those we have judged (mseal, of
   Linux 6.10): what comes later does not exist here. */
enum {
    call_pidfd_getfd = 438,
    call_clone3 = 435,
    call_mount_setattr = 442,
    call_quotactl_fd = 443,
    call_first_mount = 428, /* open_tree, move_mount, fsopen, fsconfig, fsmount, fspick */
    call_last_mount = 433,
    call_first_ring = 425, /* io_uring_setup, io_uring_enter, io_uring_register */
    call_last_ring = 427,
    call_statmount = 457,
    call_listmount = 458,
    call_unjudged = 463,
};

/* Refused with EPERM, as for want of a capability. */
static const unsigned refused[] = {
    /* Other file systems, and files past their paths. */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_open_by_handle_at, SYS_name_to_handle_at, call_mount_setattr,
    SYS_swapon, SYS_swapoff, SYS_quotactl, call_quotactl_fd, SYS_acct, SYS_fanotify_init,
    /* Other namespaces. */
    SYS_unshare, SYS_setns,
    /* The kernel itself, and its clock. */
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
    SYS_reboot, SYS_syslog, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_settimeofday, SYS_clock_settime,
    SYS_clock_adjtime, SYS_adjtimex, SYS_vhangup,
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
#ifdef SYS_lookup_dcookie
    SYS_lookup_dcookie,
#endif
#ifdef SYS_nfsservctl
    SYS_nfsservctl,
#endif
#if defined(SYS_socketcall) && !defined(__s390x__)
    SYS_socketcall, /* its families cannot be looked at; glibc has not used it here for ten years */
#endif
    /* Keys: they belong to users, not to namespaces. */
    SYS_keyctl, SYS_add_key, SYS_request_key,
    /* Other processes; there are none but the program's own. */
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, call_pidfd_getfd,
};

static const unsigned ioctls[] = {TIOCSTI, 0x541C /* TIOCLINUX */};
static const unsigned families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

enum { capacity = 256 };

struct program {
    struct sock_filter code[capacity];
    unsigned short length;
};

static void add(struct program *program, unsigned short code, unsigned value, unsigned char yes, unsigned char no) {
    if (program->length < capacity)
        program->code[program->length] = (struct sock_filter){code, yes, no, value};
    program->length++;
}

static void load(struct program *program, size_t offset) { add(program, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0); }
static void answer(struct program *program, unsigned code) { add(program, BPF_RET | BPF_K, code, 0, 0); }
static void load_call(struct program *program) { load(program, offsetof(struct seccomp_data, nr)); }

/* The lower half of an argument. */
static void load_argument(struct program *program, int index) {
    size_t offset = offsetof(struct seccomp_data, args) + 8 * (size_t)index;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    offset += 4;
#endif
    load(program, offset);
}

static unsigned refusal(int code) { return SECCOMP_RET_ERRNO | (unsigned)code; }

/* Between `from` and `to`: answered with an error. */
static void refuse_range(struct program *program, unsigned from, unsigned to, int code) {
    add(program, BPF_JMP | BPF_JGE | BPF_K, from, 0, 2);
    add(program, BPF_JMP | BPF_JGT | BPF_K, to, 1, 0);
    answer(program, refusal(code));
}

static void refuse(struct program *program, unsigned call, int code) { refuse_range(program, call, call, code); }

/* Refuses a call whose argument has one of these values. */
static void refuse_values(struct program *program, unsigned call, int argument, const unsigned *values, unsigned char count) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, (unsigned char)(2 * count + 2));
    load_argument(program, argument);
    for (unsigned char index = 0; index < count; index++) {
        add(program, BPF_JMP | BPF_JEQ | BPF_K, values[index], 0, 1);
        answer(program, refusal(EPERM));
    }
    load_call(program);
}

/* Refuses a call whose argument has none of these values. */
static void require_values(struct program *program, unsigned call, int argument, const unsigned *values, unsigned char count) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, (unsigned char)(count + 3));
    load_argument(program, argument);
    for (unsigned char index = 0; index < count; index++)
        add(program, BPF_JMP | BPF_JEQ | BPF_K, values[index], (unsigned char)(count - index), 0);
    answer(program, refusal(EAFNOSUPPORT));
    load_call(program);
}

static void refuse_new_namespaces(struct program *program) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    load_argument(program, clone_flags);
    add(program, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
    answer(program, refusal(EPERM));
    load_call(program);
    /* Its flags are in memory, where a filter cannot look; the C library falls back to clone. */
    refuse(program, call_clone3, ENOSYS);
}

/* The limit of core dumps: see confinement.c. */
static void keep_core_limit(struct program *program) {
    static const unsigned core[] = {RLIMIT_CORE};
#ifdef SYS_setrlimit
    refuse_values(program, SYS_setrlimit, 0, core, 1);
#endif
    /* Asking for it comes by the same call, so that answer is missing too. */
    refuse_values(program, SYS_prlimit64, 1, core, 1);
}

int filter_calls(void) {
    static struct program program;
    program.length = 0;
    load(&program, offsetof(struct seccomp_data, arch));
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
    answer(&program, refusal(ENOSYS));
    load_call(&program);
    /* x32 has its numbers there as well. */
    add(&program, BPF_JMP | BPF_JGE | BPF_K, call_unjudged, 0, 1);
    answer(&program, refusal(ENOSYS));
    for (size_t index = 0; index < sizeof refused / sizeof *refused; index++) refuse(&program, refused[index], EPERM);
    refuse_range(&program, call_first_mount, call_last_mount, EPERM);
    refuse_range(&program, call_first_ring, call_last_ring, ENOSYS);
    refuse_range(&program, call_statmount, call_listmount, ENOSYS);
    refuse_new_namespaces(&program);
    keep_core_limit(&program);
    refuse_values(&program, SYS_ioctl, 1, ioctls, 2);
    require_values(&program, SYS_socket, 0, families, 4);
    answer(&program, SECCOMP_RET_ALLOW);
    if (program.length > capacity) {
        errno = E2BIG;
        return -1;
    }
    struct sock_fprog filter = {program.length, program.code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}
