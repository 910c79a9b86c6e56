/* The filter is a program for the kernel's small machine (linux/filter.h), made from the table: it
 * loads the number of the call, compares it with each row's, and where a row says more, loads the
 * argument. */
#include "live/seccomp_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define PROGRAM_MAX 512 /* instructions; the kernel's limit is 4096 */

#if defined __x86_64__
#define MACHINE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined __riscv && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#else
#define MACHINE 0 /* not known here: no filter */
#endif

#define X32_CALLS 0x40000000U /* on x86-64: the same calls once more, under other numbers */

/* Which calls of a number fail. */
enum condition {
    ALWAYS,
    WITH_BITS,  /* `argument` has some of the bits of `value` */
    WITH_VALUE, /* `argument` is `value` */
    ABOVE,      /* `argument` is greater than `value` */
    WHERE_LANDLOCK_IS_NOT,
};

struct row {
    int call;
    enum condition condition;
    unsigned argument;
    uint32_t value;
};

static const struct row rows[] = {
    /* files: Landlock knows which */
    {SYS_openat, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_mknodat, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_mkdirat, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_linkat, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_symlinkat, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_truncate, WHERE_LANDLOCK_IS_NOT, 0, 0},
#ifdef SYS_open
    {SYS_open, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_creat, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_mknod, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_mkdir, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_link, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_symlink, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_rename, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_chmod, ALWAYS, 0, 0},
    {SYS_chown, ALWAYS, 0, 0},
    {SYS_lchown, ALWAYS, 0, 0},
#endif
#ifdef SYS_renameat
    {SYS_renameat, WHERE_LANDLOCK_IS_NOT, 0, 0},
#endif
    {SYS_renameat2, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_openat2, WHERE_LANDLOCK_IS_NOT, 0, 0},
    {SYS_open_by_handle_at, ALWAYS, 0, 0},
    {SYS_fchmodat, ALWAYS, 0, 0},
    {SYS_fchownat, ALWAYS, 0, 0},
    /* programs and processes */
    {SYS_execve, ALWAYS, 0, 0},
    {SYS_execveat, ALWAYS, 0, 0},
#ifdef SYS_fork
    {SYS_fork, ALWAYS, 0, 0},
    {SYS_vfork, ALWAYS, 0, 0},
#endif
    {SYS_clone, ALWAYS, 0, 0},
    {SYS_clone3, ALWAYS, 0, 0},
    {SYS_kill, ALWAYS, 0, 0},
    {SYS_pidfd_open, ALWAYS, 0, 0},
    {SYS_pidfd_getfd, ALWAYS, 0, 0},
    {SYS_pidfd_send_signal, ALWAYS, 0, 0},

    {SYS_ptrace, ALWAYS, 0, 0},
    {SYS_process_vm_readv, ALWAYS, 0, 0},
    {SYS_process_vm_writev, ALWAYS, 0, 0},
    {SYS_kcmp, ALWAYS, 0, 0},
    /* memory that is made into a program */
    {SYS_mmap, WITH_BITS, 2, PROT_EXEC},
    {SYS_mprotect, WITH_BITS, 2, PROT_EXEC},
    {SYS_pkey_mprotect, WITH_BITS, 2, PROT_EXEC},
    /* sockets of other families: 2 is IPv4, 10 is IPv6, and what lies between has no use here */
    {SYS_socket, WITH_VALUE, 0, AF_UNSPEC},
    {SYS_socket, WITH_VALUE, 0, AF_UNIX},
    {SYS_socket, ABOVE, 0, AF_INET6},
    {SYS_socketpair, ALWAYS, 0, 0},
    /* other people's terminals: characters put into their input */
    {SYS_ioctl, WITH_VALUE, 1, TIOCSTI},
    {SYS_ioctl, WITH_VALUE, 1, TIOCLINUX},
    /* other rights, other roots */
    {SYS_setns, ALWAYS, 0, 0},
    {SYS_unshare, ALWAYS, 0, 0},
    {SYS_chroot, ALWAYS, 0, 0},
    {SYS_pivot_root, ALWAYS, 0, 0},
    {SYS_mount, ALWAYS, 0, 0},
    {SYS_umount2, ALWAYS, 0, 0},
    {SYS_open_tree, ALWAYS, 0, 0},
    {SYS_move_mount, ALWAYS, 0, 0},
    {SYS_fsopen, ALWAYS, 0, 0},
    {SYS_personality, ALWAYS, 0, 0},
    /* large doors of the kernel, and those that go past this filter */
    {SYS_bpf, ALWAYS, 0, 0},
    {SYS_io_uring_setup, ALWAYS, 0, 0},
    {SYS_io_uring_enter, ALWAYS, 0, 0},
    {SYS_io_uring_register, ALWAYS, 0, 0},
    {SYS_perf_event_open, ALWAYS, 0, 0},
    {SYS_userfaultfd, ALWAYS, 0, 0},
    {SYS_add_key, ALWAYS, 0, 0},
    {SYS_request_key, ALWAYS, 0, 0},
    {SYS_keyctl, ALWAYS, 0, 0},
    {SYS_init_module, ALWAYS, 0, 0},
    {SYS_finit_module, ALWAYS, 0, 0},
    {SYS_delete_module, ALWAYS, 0, 0},
    {SYS_kexec_load, ALWAYS, 0, 0},
    {SYS_reboot, ALWAYS, 0, 0},
    {SYS_clock_settime, ALWAYS, 0, 0},
    {SYS_settimeofday, ALWAYS, 0, 0},
};
#define ROWS (sizeof rows / sizeof *rows)

struct program {
    struct sock_filter code[PROGRAM_MAX];
    unsigned short size;
};

static void put(struct program *program, uint16_t code, uint32_t value, uint8_t if_true,
                uint8_t if_false)
{
    program->code[program->size++] = (struct sock_filter){code, if_true, if_false, value};
}

static void put_load(struct program *program, size_t offset)
{
    put(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void put_return(struct program *program, uint32_t what)
{
    put(program, BPF_RET | BPF_K, what, 0, 0);
}

/* The low half of an argument: what is compared here is an int or smaller to the kernel too. */
static size_t argument_offset(unsigned number)
{
    const size_t offset = offsetof(struct seccomp_data, args) + number * sizeof(uint64_t);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? offset + sizeof(uint32_t) : offset;
}

/* The number is loaded before and after. */
static void put_row(struct program *program, const struct row *row)
{
    static const uint16_t jumps[] = {
        [WITH_BITS] = BPF_JSET, [WITH_VALUE] = BPF_JEQ, [ABOVE] = BPF_JGT};
    const uint32_t refusal = SECCOMP_RET_ERRNO | EPERM;
    const bool is_plain = row->condition == ALWAYS || row->condition == WHERE_LANDLOCK_IS_NOT;
    put(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)row->call, 0, is_plain ? 1 : 4);
    if (!is_plain) {
        put_load(program, argument_offset(row->argument));
        put(program, BPF_JMP | BPF_K | jumps[row->condition], row->value, 0, 1);
    }
    put_return(program, refusal);
    if (!is_plain) {
        put_load(program, offsetof(struct seccomp_data, nr));
    }
}

static void write_program(struct program *program, bool opens_files)
{
    put_load(program, offsetof(struct seccomp_data, arch));
    put(program, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    put_return(program, SECCOMP_RET_ERRNO | EPERM); /* calls of another machine */
    put_load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    put(program, BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1);
    put_return(program, SECCOMP_RET_ERRNO | EPERM);
#endif
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].condition != WHERE_LANDLOCK_IS_NOT || !opens_files) {
            put_row(program, &rows[i]);
        }
    }
    put_return(program, SECCOMP_RET_ALLOW);
}

bool seccomp_filter_is_there(void)
{
    if (MACHINE == 0) {
        errno = ENOSYS;
        return false;
    }
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) != 0 && errno == EFAULT;
}

bool seccomp_filter_install(bool opens_files)
{
    static struct program program; /* large */
    _Static_assert(ROWS * 5 + 7 <= PROGRAM_MAX, "a row takes five instructions at most");
    program.size = 0;
    write_program(&program, opens_files);
    const struct sock_fprog filter = {.len = program.size, .filter = program.code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}
