// The simulated disk as the VFS sees it; the public part is in PowerCut.h.
#ifndef DISK_H
#define DISK_H

#include "PowerCut.h"
#include "TrackedFile.h"

#include <pthread.h>

enum { POWERCUT_KINDS = 6 };

struct powercut_disk {
    // Guarded by the lock of the list of disks.
    struct powercut_disk *next;
    char *directory;
    int references;

    // Guards everything below.
    pthread_mutex_t lock;
    tracked_file *files;
    int is_cut;
    uint64_t cut_in;
    uint64_t counts[POWERCUT_KINDS];
    struct {
        int kinds;
        uint64_t in;
        int64_t times;
        int code;
        uint64_t failures;
    } fault;
};

/// The disk that holds the file at this full path, with the file's name on it, or NULL. It stays until released.
powercut_disk *disk_retain(const char *path, const char **name);
void disk_release(powercut_disk *disk);

/// Call these with the disk's lock.
/// Counts a call and decides whether it fails: returns the SQLite result code to fail with, or SQLITE_OK.
int disk_step(powercut_disk *disk, int kind);
/// The file of this name, created empty if there was none; NULL if memory is short.
tracked_file *disk_file(powercut_disk *disk, const char *name);

#endif
