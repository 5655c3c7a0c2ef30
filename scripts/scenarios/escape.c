/* Tries to get out of a throw-away host, as root in it: escape MARKER PROCESS PORT SOCKET

   MARKER   a file of the machine that the host must not reach, as an absolute path
   PROCESS  a process of the machine
   PORT     where the machine listens, on 127.0.0.1
   SOCKET   an abstract socket of the machine

   One line per attempt: `held NAME` or `ESCAPED NAME`. Exits with 1 when one succeeded. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int escapes;

static void tell(const char *name, int escaped) {
    int code = errno;
    escapes += escaped;
    printf("%s %s%s%s\n", escaped ? "ESCAPED" : "held", name, escaped ? "" : ": ", escaped ? "" : strerror(code));
}

static int opens(const char *path, int flags) {
    int descriptor = open(path, flags | O_CLOEXEC);
    if (descriptor == -1) return 0;
    close(descriptor);
    return 1;
}

static void try_path(const char *path, int flags) {
    char name[300];
    snprintf(name, sizeof name, "open %s%s", path, flags == O_RDONLY ? "" : " to write");
    if (access(path, F_OK) != 0 && errno == ENOENT) return;
    tell(name, opens(path, flags));
}

/* Every process that can be seen, the first one above all. */
static void try_processes(const char *marker) {
    static const char *const parts[] = {"root", "cwd", "fd/0", "fd/3", "ns/mnt", "mem", "environ"};
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    int own = getpid(), reached = 0;
    while (folder && (entry = readdir(folder))) {
        char path[4500];
        int process = atoi(entry->d_name);
        if (process < 1) continue;
        snprintf(path, sizeof path, "/proc/%d/root%s", process, marker);
        reached |= access(path, F_OK) == 0;
        snprintf(path, sizeof path, "/proc/%d/cwd/..%s", process, marker);
        reached |= access(path, F_OK) == 0;
        if (process != 1 || own == 1) continue;
        for (size_t index = 0; index < sizeof parts / sizeof *parts; index++) {
            snprintf(path, sizeof path, "/proc/1/%s", parts[index]);
            tell(path, opens(path, O_RDONLY));
        }
    }
    if (folder) closedir(folder);
    errno = ENOENT;
    tell("the marker through /proc/PID/root and cwd", reached);
}

static void try_roots(const char *marker) {
    errno = ENOENT;
    tell("the marker by its path", access(marker, F_OK) == 0);
    pid_t child = fork();
    if (child == 0) {
        int root = open("/", O_RDONLY | O_DIRECTORY);
        char path[4500];
        mkdir("/tmp/cage", 0755);
        if (chroot("/tmp/cage") != 0 || fchdir(root) != 0) _exit(0);
        for (int step = 0; step < 100; step++)
            if (chdir("..") != 0) _exit(0);
        if (chroot(".") != 0) _exit(0);
        snprintf(path, sizeof path, "/%s", marker);
        _exit(access(path, F_OK) == 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    errno = ENOENT;
    tell("the marker by chroot and an open folder", status != 0);
}

static void try_descriptors(void) {
    struct stat status;
    int more = 0;
    for (int number = 3; number < 65536; number++) more += fcntl(number, F_GETFD) != -1;
    errno = EBADF;
    tell("a descriptor beyond the third", more);
    tell("the standard output as a file", fstat(1, &status) != 0 || !S_ISFIFO(status.st_mode));
    tell("the mode of the standard input", fchmod(0, 0600) == 0);
    tell("the mode of /dev/null", chmod("/dev/null", 0600) == 0);
    tell("the owner of /dev/zero", chown("/dev/zero", 1, 1) == 0);
    tell("another /dev/null", rename("/dev/null", "/dev/other") == 0);
}

static void try_mounts(void) {
    mkdir("/tmp/mnt", 0755);
    tell("mount tmpfs", mount("none", "/tmp/mnt", "tmpfs", 0, "") == 0);
    tell("mount proc", mount("none", "/tmp/mnt", "proc", 0, "") == 0);
    tell("mount by binding", mount("/", "/tmp/mnt", NULL, MS_BIND, NULL) == 0);
    tell("make /sys writable", mount(NULL, "/sys", NULL, MS_REMOUNT | MS_BIND, NULL) == 0);
    tell("make /proc/sys writable", mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL) == 0);
    tell("unmount /proc/sys", umount2("/proc/sys", MNT_DETACH) == 0);
    tell("fsopen", syscall(430, "tmpfs", 0) >= 0);
    tell("open_tree", syscall(428, AT_FDCWD, "/", 1) >= 0);
    tell("pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp/mnt") == 0);
    struct { struct file_handle head; unsigned char bytes[128]; } handle = {.head.handle_bytes = 128};
    int mount_id;
    tell("name_to_handle_at", name_to_handle_at(AT_FDCWD, "/", &handle.head, &mount_id, 0) == 0);
    handle.head.handle_bytes = 8;
    handle.head.handle_type = 1;
    tell("open_by_handle_at", open_by_handle_at(AT_FDCWD, &handle.head, O_RDONLY) >= 0);
}

static void try_devices(void) {
    static const struct { const char *name; int major, minor; mode_t kind; } devices[] = {
        {"a disk", 8, 0, S_IFBLK}, {"a virtual disk", 253, 0, S_IFBLK}, {"/dev/mem", 1, 1, S_IFCHR},
        {"/dev/kmsg", 1, 11, S_IFCHR}, {"/dev/fuse", 10, 229, S_IFCHR}, {"/dev/loop-control", 10, 237, S_IFCHR}};
    for (size_t index = 0; index < sizeof devices / sizeof *devices; index++) {
        char path[64];
        snprintf(path, sizeof path, "/dev/made-%zu", index);
        int made = mknod(path, devices[index].kind | 0600, makedev(devices[index].major, devices[index].minor));
        tell(devices[index].name, made == 0 && (opens(path, O_RDONLY) || (errno != EACCES && errno != EPERM)));
    }
    DIR *folder = opendir("/dev");
    struct dirent *entry;
    int blocks = 0;
    while (folder && (entry = readdir(folder))) blocks += entry->d_type == DT_BLK;
    if (folder) closedir(folder);
    errno = ENOENT;
    tell("a block device in /dev", blocks);
}

static int child_of_namespace(void *ignored) { (void)ignored; return 0; }

static void try_namespaces(void) {
    static char stack[65536];
    tell("unshare users", unshare(CLONE_NEWUSER) == 0);
    tell("unshare mounts", unshare(CLONE_NEWNS) == 0);
    tell("clone users", clone(child_of_namespace, stack + sizeof stack, CLONE_NEWUSER | SIGCHLD, NULL) != -1);
    unsigned long long arguments[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
    long child = syscall(435, arguments, sizeof arguments);
    if (child == 0) _exit(0);
    tell("clone3 users", child > 0);
    int space = open("/proc/self/ns/net", O_RDONLY);
    tell("setns", setns(space, 0) == 0);
    close(space);
}

static void try_kernel(void) {
    static const char *const written[] = {
        "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/vm/drop_caches",
        "/proc/sys/kernel/hostname", "/proc/irq/default_smp_affinity", "/sys/power/state", "/sys/kernel/uevent_helper",
        "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/release_agent",
        "/sys/block/vda/queue/scheduler", "/sys/bus/pci/rescan", "/sys/module/kernel/parameters/panic", "/sys/firmware/efi"};
    for (size_t index = 0; index < sizeof written / sizeof *written; index++) try_path(written[index], O_WRONLY);
    char bytes[64];
    int core = open("/proc/kcore", O_RDONLY);
    tell("read /proc/kcore", core != -1 && read(core, bytes, sizeof bytes) > 0);
    close(core);
    tell("a module", syscall(SYS_init_module, bytes, 0UL, "") == 0 || errno == ENOEXEC);
    tell("another kernel", syscall(SYS_kexec_load, 0, 0, NULL, 0) == 0);
    tell("swapon", swapon("/tmp/none", 0) == 0 || errno == ENOENT);
    struct timeval now = {1, 0};
    tell("the clock", settimeofday(&now, NULL) == 0);
    tell("bpf", syscall(SYS_bpf, 0, bytes, sizeof bytes) >= 0);
    tell("perf_event_open", syscall(SYS_perf_event_open, bytes, 0, -1, -1, 0) >= 0);
    tell("syslog", syscall(SYS_syslog, 2, bytes, sizeof bytes) >= 0);
    tell("the host's name", sethostname("escaped", 7) == 0);
    tell("the handler of crashes", setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0);
    tell("a key", syscall(SYS_add_key, "user", "escaped", "x", 1, -3) >= 0);
    tell("the caller's keys", syscall(SYS_keyctl, 0, -3, 0) >= 0);
    tell("io_uring", syscall(425, 8, bytes) >= 0);
}

static void try_outside(int process, int port, const char *name) {
    tell("ptrace of the first process", ptrace(PTRACE_SEIZE, 1, NULL, NULL) == 0);
    tell("a signal to a process of the machine", process > 1 && kill(process, 0) == 0 && process != getpid());
    tell("the end of the first process", kill(1, SIGKILL) != 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int internet = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    tell("a port of the machine", connect(internet, (struct sockaddr *)&address, sizeof address) == 0);
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    memcpy(local.sun_path + 1, name, length);
    int abstract = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    tell("an abstract socket of the machine",
         connect(abstract, (struct sockaddr *)&local, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) == 0);
    tell("vsock", socket(40, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0);
    tell("raw packets", socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) >= 0);
    tell("raw internet", socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1) >= 0);
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    tell("the caller's terminal", terminal != -1);
    tell("typing for the caller", ioctl(terminal == -1 ? 0 : terminal, TIOCSTI, "x") == 0);
}

int main(int count, char **arguments) {
    if (count != 5) return 64;
    setvbuf(stdout, NULL, _IOLBF, 0);
    try_processes(arguments[1]);
    try_roots(arguments[1]);
    try_descriptors();
    try_mounts();
    try_devices();
    try_namespaces();
    try_kernel();
    try_outside(atoi(arguments[2]), atoi(arguments[3]), arguments[4]);
    printf("%d escapes\n", escapes);
    return escapes != 0;
}
