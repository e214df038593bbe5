// A SQLite VFS that simulates a power cut, for tests.
//
// A shim over the operating system's VFS. A test mounts a simulated disk on a directory; every database, journal and
// WAL that SQLite then opens directly in that directory is tracked, and all other files pass through untouched, so the
// shim may be the default VFS of a process that runs other tests at the same time. For each tracked file the disk
// knows two contents: what the operating system answers to a read, and what is certain to be on the platter, which is
// what had been written when the file was last synced. `powercut_image` writes what could be found after the power
// went: for each 512-byte sector that was not synced the old content, the new content, or a torn mixture.
//
// What is modeled, and what is not:
// - Sectors survive independently and in any order, across files. A torn sector is cut at any byte, which agrees with
//   the "powersafe overwrite" property that SQLite assumes: bytes outside the written range keep their value.
// - A file whose size was not synced has its old or its new size or, where it grew, one in between.
// - After a sync that was made to fail, its sectors stay uncertain until they are written again: Linux drops dirty
//   pages that it failed to write, and a later fsync succeeds without them.
// - A write that was made to fail has written its first half.
// - Creation and deletion of files are durable at once, so that only the loss of sectors is measured.
// - Shared memory passes through; it does not outlive a process. Memory-mapped I/O and atomic batches are off.
// - A sync does not reach the real disk: it only moves the line between certain and uncertain.
//
// All functions may be called from any thread. One disk is independent of another.
#ifndef POWERCUT_H
#define POWERCUT_H

#include <stdint.h>

/// A simulated disk, mounted on one directory.
typedef struct powercut_disk powercut_disk;

/// The calls that are counted and can be made to fail; combine them with `|`.
enum {
    POWERCUT_OPEN = 1,
    POWERCUT_READ = 2,
    POWERCUT_WRITE = 4,
    POWERCUT_TRUNCATE = 8,
    POWERCUT_SYNC = 16,
    POWERCUT_DELETE = 32,
    /// The calls that change what is on the disk, which are the moments worth cutting the power at.
    POWERCUT_CHANGES = POWERCUT_WRITE | POWERCUT_TRUNCATE | POWERCUT_SYNC | POWERCUT_DELETE
};

/// Registers the VFS under `name`; calls after the first do nothing.
/// With `make_default`, databases opened without naming a VFS go through it from now on.
/// Returns a SQLite result code.
int powercut_register(const char *name, int make_default);

/// Mounts a disk on an existing directory, whose files are on the platter as they are when first opened. From then on
/// only SQLite may change them.
/// Returns NULL if the directory does not exist or has a disk already, or if memory is short.
powercut_disk *powercut_mount(const char *directory);

/// Unmounts the disk, which is invalid afterwards. Its memory goes when SQLite has closed its last file.
void powercut_unmount(powercut_disk *disk);

/// The power goes: from now on all calls but reads fail with SQLITE_IOERR and change nothing.
void powercut_cut(powercut_disk *disk);

/// The power goes during the `nth` changing call from now, counted from 1. Replaces an earlier appointment; 0 cancels.
void powercut_cut_at(powercut_disk *disk, uint64_t nth);

/// 1 after the power went.
int powercut_is_cut(powercut_disk *disk);

/// Beginning with the `nth` call of these kinds from now, counted from 1, `times` calls (all, if negative) fail with
/// `code`, such as SQLITE_IOERR or SQLITE_FULL. Replaces an earlier fault; with `times` 0 nothing fails anymore.
void powercut_fail(powercut_disk *disk, int kinds, uint64_t nth, int64_t times, int code);

/// How many calls failed on purpose since the last `powercut_fail`.
uint64_t powercut_failures(powercut_disk *disk);

/// How many calls of these kinds there were since mounting.
uint64_t powercut_count(powercut_disk *disk, int kinds);

/// Writes into an existing directory one of the contents that the disk could have if the power went now, or when it
/// did go. Equal seeds give equal images of equal disks. The store may go on meanwhile, so that one run can give many
/// images. Returns a SQLite result code.
int powercut_image(powercut_disk *disk, uint64_t seed, const char *directory);

#endif
