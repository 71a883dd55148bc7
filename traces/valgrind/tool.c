/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pagewalk's Valgrind tool: the program's accesses and events as a stream (FORMAT-stream.md) to a descriptor.
 *
 * Not part of the command: a program of its own, linked with Valgrind's libraries, which have no libc. What it shares
 * with the command are the words.
 *
 * Always: the accesses are Lackey's, one for one: what is an access, the order, and which load and store are one modify.
 * The program cannot close the descriptor. Where nobody reads any more, the program runs on, and is not traced.
 *
 * How it is fast: translated code stores each word itself, at a cursor that a superblock loads once and that only a
 * check at its beginning moves back. A quicksort then takes a third longer than under a tool that does nothing, and the
 * copies through the pipe take more than that.
 */
#include <pub_tool_basics.h>

#include <pub_tool_aspacemgr.h>
#include <pub_tool_clientstate.h>
#include <pub_tool_libcassert.h>
#include <pub_tool_libcbase.h>
#include <pub_tool_libcfile.h>
#include <pub_tool_libcprint.h>
#include <pub_tool_libcproc.h>
#include <pub_tool_machine.h>
#include <pub_tool_mallocfree.h>
#include <pub_tool_options.h>
#include <pub_tool_threadstate.h>
#include <pub_tool_tooliface.h>
#include <pub_tool_vki.h>
#include <pub_tool_vkiscnums.h>
#include <pub_tool_xarray.h>

#include "model/access.h"
#include "traces/extras.h"
#include "traces/stream_words.h"

/* Of the core, in its libraries, and in no header that tools get. */
extern Int VG_(safe_fd)(Int old_fd);
extern Int VG_(fcntl)(Int fd, Int command, Addr argument);
extern Int VG_(sigtimedwait_zero)(const vki_sigset_t *set, vki_siginfo_t *info);
extern void VG_(discard_translations)(Addr start, ULong range, const HChar *who);
extern Bool VG_(clo_trace_children);
extern Addr VG_(clstk_end);
extern Addr VG_(brk_limit);

enum {
    FRAME_BYTES = 128 << 10, /* at most; 32K to 512K differ by less than the noise of 5 % */
    ATOMIC_BYTES = 4096,     /* Linux's PIPE_BUF: a frame of several processes' pipe is written at once or not at all */
    PIPE_BYTES = 1 << 20,    /* what any user may ask for */
    CHECKED_WORDS = 128,     /* stored between two checks of the room; most superblocks have fewer */
    PENDING = 4,             /* accesses; as many as Lackey's, so that a fault loses the same; more are not faster */
};

/* ---- The stream ---- */

static uint64_t buffer[FRAME_BYTES / 8 + CHECKED_WORDS] __attribute__((aligned(64)));
static uint64_t *cursor; /* translated code stores here */
static uint64_t *limit;  /* beyond it there may be less room than CHECKED_WORDS */
static Int stream_fd = -1;
static Int root = 0; /* the first process's id */
static Bool tracing;
static Bool quiet_code; /* translations with stores in them are gone */
static UInt flags;

static void rewind_cursor(void)
{
    cursor = buffer + 1; /* behind the frame's first word */
}

/* Nobody reads: the SIGPIPE is ours, pending as all signals while no system call of the program runs. */
static void drop_sigpipe(void)
{
    vki_sigset_t set = {{0}};
    vki_siginfo_t info;
    set.sig[0] = 1UL << (VKI_SIGPIPE - 1);
    VG_(sigtimedwait_zero)(&set, &info);
}

static void stop_tracing(void)
{
    tracing = False;
    VG_(close)(stream_fd);
    stream_fd = -1;
    VG_(clo_trace_children) = False; /* what is executed from here on runs by itself */
}

static void write_all(const void *bytes, Int size_bytes)
{
    const HChar *from = bytes;
    while (size_bytes > 0 && tracing) {
        const Int written = VG_(write)(stream_fd, from, size_bytes);
        if (written == -VKI_EINTR)
            continue;
        if (written == -VKI_EPIPE) {
            drop_sigpipe();
            stop_tracing();
        } else if (written <= 0) {
            VG_(umsg)("pagewalk: the stream cannot be written (error %d); the program runs on untraced\n", -written);
            stop_tracing();
        } else {
            from += written;
            size_bytes -= written;
        }
    }
}

/* Writes what is there as a frame. Translated code calls it, too. */
static void flush(void)
{
    const uint32_t words = (uint32_t)(cursor - buffer) - 1;
    if (words > 0) {
        buffer[0] = stream_frame((uint32_t)(VG_(getpid)() - root + 1), words);
        write_all(buffer, (Int)((words + 1) * sizeof *buffer));
    }
    rewind_cursor();
}

static uint64_t *reserve(uint32_t words)
{
    if (cursor + words > limit + CHECKED_WORDS)
        flush();
    uint64_t *at = cursor;
    cursor += words;
    return at;
}

static void put_mark(UInt kind, UInt id)
{
    *reserve(1) = stream_event(kind, 0, id);
}

static void put_event(const struct event *event)
{
    const SizeT length = event->name == NULL ? 0 : VG_(strlen)(event->name);
    const uint32_t name_bytes = length < STREAM_NAME_BYTES ? (uint32_t)length : STREAM_NAME_BYTES;
    const uint32_t words = STREAM_EVENT_WORDS + (name_bytes + 7) / 8;
    uint64_t *at = reserve(words + 1);
    at[0] = stream_event(event->kind, words, event->id);
    at[1] = event->address;
    at[2] = event->size_bytes;
    at[3] = event->old_address;
    at[4] = event->old_size_bytes;
    at[5] = (uint64_t)event->flags << 32 | event->protection;
    if (name_bytes > 0) {
        at[words] = 0; /* what pads the name */
        VG_(memcpy)(at + 1 + STREAM_EVENT_WORDS, event->name, name_bytes);
    }
}

/* ---- Accesses: what translated code does ---- */

struct pending {
    enum access_kind kind;
    IRExpr *address;
    IRExpr *guard; /* NULL: it happens always */
    uint32_t size_bytes;
    Addr pc;
};

/* A superblock that is being instrumented. */
static struct {
    IRSB *out;
    IRTemp cursor;  /* as of the last check or guarded access; Lackey's order needs no more */
    uint32_t words; /* stored behind it */
    uint32_t unchecked_words;
    uint32_t pending_count;
    struct pending pending[PENDING];
} block;

static void emit(IRStmt *statement)
{
    addStmtToIRSB(block.out, statement);
}

static IRExpr *emit_tmp(IRType type, IRExpr *expression)
{
    const IRTemp tmp = newIRTemp(block.out->tyenv, type);
    emit(IRStmt_WrTmp(tmp, expression));
    return IRExpr_RdTmp(tmp);
}

static IRExpr *constant(uint64_t value)
{
    return IRExpr_Const(IRConst_U64(value));
}

static IRExpr *emit_load(const void *address)
{
    return emit_tmp(Ity_I64, IRExpr_Load(Iend_LE, Ity_I64, constant((uint64_t)address)));
}

static IRExpr *place(uint32_t words)
{
    IRExpr *at = IRExpr_RdTmp(block.cursor);
    return words == 0 ? at : emit_tmp(Ity_I64, IRExpr_Binop(Iop_Add64, at, constant(8 * words)));
}

static void load_cursor(void)
{
    block.cursor = emit_load(&cursor)->Iex.RdTmp.tmp;
    block.words = 0;
}

static void check_room(void)
{
    IRExpr *full = emit_tmp(Ity_I1, IRExpr_Binop(Iop_CmpLT64U, emit_load(&limit), emit_load(&cursor)));
    IRDirty *call = unsafeIRDirty_0_N(0, "flush", VG_(fnptr_to_fnentry)(flush), mkIRExprVec_0());
    call->guard = full;
    emit(IRStmt_Dirty(call));
    load_cursor();
    block.unchecked_words = 0;
}

static void store_cursor(void)
{
    emit(IRStmt_Store(Iend_LE, constant((uint64_t)&cursor), place(block.words)));
}

static IRExpr *word_of(const struct pending *access, uint16_t low)
{
    if (access->address->tag == Iex_Const)
        return constant(access->address->Iex.Const.con->Ico.U64 << STREAM_VA_SHIFT | low);
    IRExpr *high =
        emit_tmp(Ity_I64, IRExpr_Binop(Iop_Shl64, access->address, IRExpr_Const(IRConst_U8(STREAM_VA_SHIFT))));
    return emit_tmp(Ity_I64, IRExpr_Binop(Iop_Or64, high, constant(low)));
}

static void store_access(const struct pending *access)
{
    const Bool with_pc = (flags & STREAM_HAS_PC) != 0 && access->kind != ACCESS_FETCH;
    const uint32_t words = with_pc ? 2 : 1;
    const uint16_t tag = with_pc ? STREAM_ACCESS_PC : STREAM_ACCESS;
    const uint16_t low = (uint16_t)(access_meta(access->kind, access->size_bytes) | tag);
    emit(IRStmt_Store(Iend_LE, place(block.words), word_of(access, low)));
    if (with_pc)
        emit(IRStmt_Store(Iend_LE, place(block.words + 1), constant(access->pc)));
    if (access->guard == NULL) {
        block.words += words;
    } else {
        /* Stored in any case, and overwritten by the next where it did not happen. */
        IRExpr *happens = emit_tmp(Ity_I64, IRExpr_Unop(Iop_1Uto64, access->guard));
        IRExpr *step = emit_tmp(Ity_I64, IRExpr_Binop(Iop_Shl64, happens, IRExpr_Const(IRConst_U8(with_pc ? 4 : 3))));
        block.cursor = emit_tmp(Ity_I64, IRExpr_Binop(Iop_Add64, place(block.words), step))->Iex.RdTmp.tmp;
        block.words = 0;
    }
    block.unchecked_words += words;
}

static Bool is_wanted(enum access_kind kind)
{
    return (flags & (kind == ACCESS_FETCH ? STREAM_NO_INSTRUCTIONS : STREAM_NO_DATA)) == 0;
}

static void put_pending(void)
{
    Bool stored = False;
    if (block.unchecked_words + 2 * PENDING > CHECKED_WORDS)
        check_room(); /* what was stored has moved the cursor in memory, too */
    for (uint32_t i = 0; i < block.pending_count; i++) {
        if (!is_wanted(block.pending[i].kind))
            continue;
        store_access(&block.pending[i]);
        stored = True;
    }
    if (stored)
        store_cursor();
    block.pending_count = 0;
}

static void add_access(enum access_kind kind, IRExpr *address, Int size_bytes, IRExpr *guard, Addr pc)
{
    tl_assert(size_bytes >= 1 && size_bytes <= ACCESS_SIZE_MAX);
    if (block.pending_count == PENDING)
        put_pending();
    block.pending[block.pending_count++] = (struct pending){kind, address, guard, (uint32_t)size_bytes, pc};
}

static void add_store(IRExpr *address, Int size_bytes, Addr pc)
{
    struct pending *last = block.pending_count == 0 ? NULL : &block.pending[block.pending_count - 1];
    if (last != NULL && last->kind == ACCESS_LOAD && last->guard == NULL && last->size_bytes == (uint32_t)size_bytes &&
        eqIRAtom(last->address, address))
        last->kind = ACCESS_MODIFY;
    else
        add_access(ACCESS_STORE, address, size_bytes, NULL, pc);
}

/* Adds the accesses of a statement that belongs to the instruction at `pc`. */
static void add_statement(const IRStmt *statement, const IRTypeEnv *types, Addr pc)
{
    switch (statement->tag) {
    case Ist_IMark:
        add_access(ACCESS_FETCH, constant(statement->Ist.IMark.addr), (Int)statement->Ist.IMark.len, NULL, pc);
        break;
    case Ist_WrTmp: {
        const IRExpr *data = statement->Ist.WrTmp.data;
        if (data->tag == Iex_Load)
            add_access(ACCESS_LOAD, data->Iex.Load.addr, sizeofIRType(data->Iex.Load.ty), NULL, pc);
        break;
    }
    case Ist_Store:
        add_store(statement->Ist.Store.addr, sizeofIRType(typeOfIRExpr(types, statement->Ist.Store.data)), pc);
        break;
    case Ist_StoreG: {
        const IRStoreG *store = statement->Ist.StoreG.details;
        add_access(ACCESS_STORE, store->addr, sizeofIRType(typeOfIRExpr(types, store->data)), store->guard, pc);
        break;
    }
    case Ist_LoadG: {
        const IRLoadG *load = statement->Ist.LoadG.details;
        IRType widened, loaded;
        typeOfIRLoadGOp(load->cvt, &widened, &loaded);
        add_access(ACCESS_LOAD, load->addr, sizeofIRType(loaded), load->guard, pc);
        break;
    }
    case Ist_Dirty: {
        const IRDirty *call = statement->Ist.Dirty.details;
        if (call->mFx == Ifx_Read || call->mFx == Ifx_Modify)
            add_access(ACCESS_LOAD, call->mAddr, call->mSize, NULL, pc);
        if (call->mFx == Ifx_Write || call->mFx == Ifx_Modify)
            add_store(call->mAddr, call->mSize, pc);
        break;
    }
    case Ist_CAS: {
        const IRCAS *cas = statement->Ist.CAS.details;
        const Int size_bytes = sizeofIRType(typeOfIRExpr(types, cas->dataLo)) * (cas->dataHi == NULL ? 1 : 2);
        add_access(ACCESS_LOAD, cas->addr, size_bytes, NULL, pc);
        add_store(cas->addr, size_bytes, pc);
        break;
    }
    case Ist_Exit:
        put_pending();
        break;
    case Ist_LLSC: /* not in translations of amd64 */
    default:
        break;
    }
}

static IRSB *instrument(VgCallbackClosure *closure, IRSB *in, const VexGuestLayout *layout,
                        const VexGuestExtents *extents, const VexArchInfo *host, IRType guest_word, IRType host_word)
{
    (void)closure, (void)layout, (void)extents, (void)host, (void)guest_word, (void)host_word;
    if (!tracing)
        return in;
    block.out = deepCopyIRSBExceptStmts(in);
    block.pending_count = 0;
    Addr pc = 0;
    Bool begun = False; /* what stands before the first instruction is Valgrind's */
    for (Int i = 0; i < in->stmts_used; i++) {
        IRStmt *statement = in->stmts[i];
        if (statement->tag == Ist_IMark) {
            if (!begun)
                check_room(); /* here no register is in use, and a call that is not made is nearly free */
            begun = True;
            pc = statement->Ist.IMark.addr;
        }
        if (begun)
            add_statement(statement, in->tyenv, pc);
        emit(statement);
    }
    if (begun)
        put_pending();
    return block.out;
}

/* ---- Events ---- */

static ThreadId thread = VG_INVALID_THREADID;

/* Before the program's code runs, again and again. */
static void client_code_starts(ThreadId tid, ULong blocks_dispatched)
{
    (void)blocks_dispatched;
    if (tid != thread)
        put_mark(EVENT_THREAD, tid);
    thread = tid;
}

static void thread_ends(ThreadId tid)
{
    put_mark(EVENT_EXIT, tid);
}

static void put_mapping(Addr address, SizeT size_bytes, UInt protection, UInt mmap_flags)
{
    const NSegment *segment = VG_(am_find_nsegment)(address);
    const HChar *name = NULL;
    if (segment != NULL)
        name = segment->isCH ? "[heap]" : VG_(am_get_filename)(segment);
    if (address <= VG_(clstk_end) && VG_(clstk_end) - address < size_bytes)
        name = "[stack]";
    put_event(&(struct event){.kind = EVENT_MMAP,
                              .address = address,
                              .size_bytes = size_bytes,
                              .protection = (uint16_t)protection,
                              .flags = mmap_flags,
                              .name = name});
}

static void startup_mapping(Addr address, SizeT size_bytes, Bool readable, Bool writable, Bool executable,
                            ULong debug_info)
{
    (void)debug_info;
    const UInt protection =
        (readable ? VKI_PROT_READ : 0U) | (writable ? VKI_PROT_WRITE : 0U) | (executable ? VKI_PROT_EXEC : 0U);
    const NSegment *segment = VG_(am_find_nsegment)(address);
    const Bool anonymous = segment == NULL || segment->kind == SkAnonC;
    put_mapping(address, size_bytes, protection, VKI_MAP_PRIVATE | (anonymous ? VKI_MAP_ANONYMOUS : 0U));
}

static SizeT whole_pages(SizeT size_bytes)
{
    return (size_bytes + VKI_PAGE_SIZE - 1) & ~(SizeT)(VKI_PAGE_SIZE - 1);
}

/* System calls, where the core's own callbacks say less: no flags, and nothing of what moved. */
static void system_call_begins(ThreadId tid, UInt number, UWord *arguments, UInt argument_count)
{
    (void)tid, (void)argument_count;
    if (!tracing && !quiet_code) {
        /* Where mappings go, translations may, too; elsewhere somebody may still hold one. */
        quiet_code = True;
        VG_(discard_translations)(0, ~(SizeT)0 >> 1, "pagewalk: untraced");
    }
    switch (number) {
    case __NR_execve:
    case __NR_execveat:
        put_mark(STREAM_END, 0);
        flush();
        break;
    case __NR_shmdt: {
        const NSegment *segment = VG_(am_find_nsegment)(arguments[0]);
        if (segment != NULL && segment->kind == SkShmC && segment->start == arguments[0])
            put_event(&(struct event){
                .kind = EVENT_MUNMAP, .address = segment->start, .size_bytes = segment->end + 1 - segment->start});
        break;
    }
    default:
        break;
    }
}

static void system_call_ends(ThreadId tid, UInt number, UWord *arguments, UInt argument_count, SysRes result)
{
    (void)tid, (void)argument_count;
    if (sr_isError(result))
        return;
    const Addr returned = sr_Res(result);
    switch (number) {
    case __NR_mmap:
        put_mapping(returned, whole_pages(arguments[1]), (UInt)arguments[2], (UInt)arguments[3]);
        break;
    case __NR_munmap:
        put_event(
            &(struct event){.kind = EVENT_MUNMAP, .address = arguments[0], .size_bytes = whole_pages(arguments[1])});
        break;
    case __NR_mremap:
        put_event(&(struct event){.kind = EVENT_MREMAP,
                                  .address = returned,
                                  .size_bytes = whole_pages(arguments[2]),
                                  .old_address = arguments[0],
                                  .old_size_bytes = whole_pages(arguments[1])});
        break;
    case __NR_mprotect:
    case __NR_pkey_mprotect:
        put_event(&(struct event){.kind = EVENT_MPROTECT,
                                  .address = arguments[0],
                                  .size_bytes = whole_pages(arguments[1]),
                                  .protection = (uint16_t)arguments[2]});
        break;
    case __NR_brk:
        if (returned == arguments[0]) /* else it was a question, or refused */
            put_event(&(struct event){.kind = EVENT_BRK, .address = returned});
        break;
    case __NR_shmat: {
        const NSegment *segment = VG_(am_find_nsegment)(returned);
        if (segment != NULL)
            put_mapping(returned, segment->end + 1 - returned,
                        VKI_PROT_READ | ((arguments[2] & VKI_SHM_RDONLY) != 0 ? 0U : VKI_PROT_WRITE), VKI_MAP_SHARED);
        break;
    }
    case __NR_fork:
    case __NR_vfork:
    case __NR_clone:
        if (returned != 0 && (number != __NR_clone || (arguments[0] & VKI_CLONE_THREAD) == 0))
            put_mark(EVENT_FORK, (UInt)((Int)returned - root + 1));
        break;
    default:
        break;
    }
}

static void before_fork(ThreadId tid)
{
    (void)tid;
    flush(); /* or both would write it */
}

static void in_child(ThreadId tid)
{
    (void)tid;
    if (tracing && (flags & STREAM_CHILDREN) == 0)
        stop_tracing();
    thread = VG_INVALID_THREADID;
}

/* ---- Beginning and end ---- */

static const HChar *asked_fd;
static const HChar *asked_root;
static const HChar *asked_only;
static Bool asked_pc = False;

static Bool process_option(const HChar *argument)
{
    if (VG_STR_CLO(argument, "--stream-fd", asked_fd) || VG_STR_CLO(argument, "--stream-root", asked_root) ||
        VG_STR_CLO(argument, "--only", asked_only) || VG_BOOL_CLO(argument, "--pc", asked_pc))
        return True;
    return False;
}

static void print_usage(void)
{
    VG_(printf)
    ("    --stream-fd=<number>         the descriptor to write the stream to; needed\n"
     "    --only=data|instructions     leave out the other accesses [all]\n"
     "    --pc=no|yes                  the instruction of each load and store? [no]\n");
}

static void print_debug_usage(void)
{
    VG_(printf)("    --stream-root=<pid>          as passed on to programs that the program executes\n");
}

static Int number_of(const HChar *option, const HChar *value)
{
    HChar *end;
    const Long number = VG_(strtoll10)(value, &end);
    if (*value == '\0' || *end != '\0' || number < 0 || number > 0x7fffffff)
        VG_(fmsg_bad_option)(option, "'%s' is no number.\n", value);
    return (Int)number;
}

/* What is executed is to go on in the stream, whose descriptor has moved. */
static void pass_on(void)
{
    static HChar fd_option[32];
    static HChar root_option[32];
    VG_(fcntl)(stream_fd, VKI_F_SETFD, 0);
    VG_(snprintf)(fd_option, sizeof fd_option, "--stream-fd=%d", stream_fd);
    VG_(snprintf)(root_option, sizeof root_option, "--stream-root=%d", root);
    /* Later options win. */
    const HChar *options[] = {fd_option, root_option};
    for (UInt i = 0; i < 2; i++)
        VG_(addToXA)(VG_(args_for_valgrind), &options[i]);
}

static void write_header(void)
{
    static union {
        HChar bytes[STREAM_HEADER_BYTES];
        uint32_t fields[STREAM_FIXED_BYTES / 4];
    } header;
    static const HChar producer[] = "pagewalk " PAGEWALK_VERSION ", Valgrind " VALGRIND_VERSION;
    enum {
        PRODUCER_BYTES = sizeof producer - 1,
        COMMAND_ROOM = STREAM_HEADER_BYTES - STREAM_FIXED_BYTES - PRODUCER_BYTES
    };
    HChar *command = header.bytes + STREAM_FIXED_BYTES + PRODUCER_BYTES;
    VG_(client_cmd_and_args)(command, COMMAND_ROOM);
    const uint32_t command_bytes = (uint32_t)VG_(strlen)(command);
    VG_(memcpy)(header.bytes, STREAM_MAGIC, STREAM_MAGIC_BYTES);
    header.fields[2] = STREAM_VERSION;
    header.fields[3] = flags;
    header.fields[4] = PRODUCER_BYTES;
    header.fields[5] = command_bytes;
    VG_(memcpy)(header.bytes + STREAM_FIXED_BYTES, producer, PRODUCER_BYTES);
    write_all(header.bytes, (Int)((STREAM_FIXED_BYTES + PRODUCER_BYTES + command_bytes + 7) / 8 * 8));
}

static void begin(void)
{
    const HChar *no_option = "--stream-fd";
    if (asked_fd == NULL)
        VG_(fmsg_bad_option)(no_option, "The tool needs a descriptor to write to: --stream-fd=9, and 9>FILE.\n");
    if (asked_only != NULL && VG_(strcmp)(asked_only, "data") == 0)
        flags |= STREAM_NO_INSTRUCTIONS;
    else if (asked_only != NULL && VG_(strcmp)(asked_only, "instructions") == 0)
        flags |= STREAM_NO_DATA;
    else if (asked_only != NULL)
        VG_(fmsg_bad_option)("--only", "'%s' is neither data nor instructions.\n", asked_only);
    if (asked_pc)
        flags |= STREAM_HAS_PC;
    if (VG_(clo_trace_children))
        flags |= STREAM_CHILDREN;

    const Int given_fd = number_of("--stream-fd", asked_fd);
    if (VG_(fcntl)(given_fd, VKI_F_GETFD, 0) < 0)
        VG_(fmsg_bad_option)("--stream-fd", "Descriptor %d is not open.\n", given_fd);
    stream_fd = VG_(safe_fd)(given_fd);
    if (stream_fd < 0)
        VG_(fmsg_bad_option)("--stream-fd", "There is no room for descriptor %d above the program's.\n", given_fd);
    VG_(fcntl)(stream_fd, VKI_F_SETPIPE_SZ, PIPE_BYTES); /* for speed alone, and of pipes alone */
    tracing = True;
    limit = buffer + ((flags & STREAM_CHILDREN) != 0 ? ATOMIC_BYTES : FRAME_BYTES) / sizeof *buffer - CHECKED_WORDS;
    rewind_cursor();
    root = asked_root == NULL ? VG_(getpid)() : number_of("--stream-root", asked_root);
    if (asked_root == NULL)
        write_header();
    if ((flags & STREAM_CHILDREN) != 0)
        pass_on();
    if (asked_root != NULL)
        put_event(&(struct event){.kind = EVENT_EXEC, .name = VG_(args_the_exename)});
}

static void end(Int exit_code)
{
    (void)exit_code;
    put_mark(STREAM_END, 0);
    flush();
}

static void register_tool(void)
{
    VG_(details_name)("pagewalk");
    VG_(details_version)(PAGEWALK_VERSION);
    VG_(details_description)("memory accesses as a stream");
    VG_(details_copyright_author)("GNU GPL'd, by the authors of pagewalk.");
    VG_(details_bug_reports_to)("the authors of pagewalk");
    VG_(details_avg_translation_sizeB)(600);

    VG_(basic_tool_funcs)(begin, instrument, end);
    VG_(needs_command_line_options)(process_option, print_usage, print_debug_usage);
    VG_(needs_syscall_wrapper)(system_call_begins, system_call_ends);
    VG_(track_new_mem_startup)(startup_mapping);
    VG_(track_start_client_code)(client_code_starts);
    VG_(track_pre_thread_ll_exit)(thread_ends);
    VG_(atfork)(before_fork, NULL, in_child);
}

VG_DETERMINE_INTERFACE_VERSION(register_tool)
