// A file on the simulated disk. Not thread-safe by itself; the disk's lock guards it.
#ifndef TRACKEDFILE_H
#define TRACKEDFILE_H

#include <stdint.h>
#include <stdio.h>

typedef struct {
    unsigned char *bytes;
    int64_t size;
} content;

/// One file by its name, shared by all connections that have it open.
typedef struct tracked_file {
    struct tracked_file *next;
    char *name;
    int exists;
    /// What a read answers. The real file holds the same bytes.
    content current;
    /// What is certain to survive a power cut.
    content platter;
    /// Where each sector stands between the two.
    unsigned char *sectors;
    int64_t sector_count;
    int64_t capacity;
} tracked_file;

/// The functions that may need memory return a SQLite result code.
int tracked_file_write(tracked_file *file, const void *bytes, int64_t amount, int64_t offset);
int tracked_file_truncate(tracked_file *file, int64_t size);
void tracked_file_sync(tracked_file *file);
/// The sync failed and the operating system forgot what it should have written.
void tracked_file_drop(tracked_file *file);
void tracked_file_delete(tracked_file *file);
void tracked_file_free(tracked_file *file);

/// Writes what could be found after a power cut; `random` is the generator's state.
int tracked_file_image(const tracked_file *file, uint64_t *random, FILE *out);

#endif
