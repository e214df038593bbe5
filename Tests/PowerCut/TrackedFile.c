#include "TrackedFile.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512 };
enum { CERTAIN = 0, UNSYNCED, DROPPED };

static int64_t sectors_in(int64_t size) {
    return (size + SECTOR - 1) / SECTOR;
}

static int grow(unsigned char **bytes, int64_t from, int64_t to) {
    unsigned char *grown = realloc(*bytes, (size_t)to);
    if (!grown) return SQLITE_NOMEM;
    memset(grown + from, 0, (size_t)(to - from));
    *bytes = grown;
    return SQLITE_OK;
}

/// Makes room in both contents. Bytes beyond a content's size are always zero.
static int reserve(tracked_file *file, int64_t size) {
    if (size <= file->capacity) return SQLITE_OK;
    int64_t old = file->capacity, new = old ? old : 64 * SECTOR;
    while (new < size) new *= 2;
    if (grow(&file->current.bytes, old, new) || grow(&file->platter.bytes, old, new)
        || grow(&file->sectors, old / SECTOR, new / SECTOR)) {
        return SQLITE_NOMEM;
    }
    file->capacity = new;
    return SQLITE_OK;
}

static void mark(tracked_file *file, int64_t from, int64_t to) {
    int64_t end = sectors_in(to);
    for (int64_t i = from / SECTOR; i < end; i++) file->sectors[i] = UNSYNCED;
    if (end > file->sector_count) file->sector_count = end;
}

int tracked_file_write(tracked_file *file, const void *bytes, int64_t amount, int64_t offset) {
    int64_t end = offset + amount, size = file->current.size;
    if (reserve(file, end)) return SQLITE_NOMEM;
    memcpy(file->current.bytes + offset, bytes, (size_t)amount);
    mark(file, offset < size ? offset : size, end);
    if (end > size) file->current.size = end;
    return SQLITE_OK;
}

int tracked_file_truncate(tracked_file *file, int64_t size) {
    if (reserve(file, size)) return SQLITE_NOMEM;
    int64_t old = file->current.size;
    if (size < old) memset(file->current.bytes + size, 0, (size_t)(old - size));
    mark(file, size < old ? size : old, size < old ? old : size);
    file->current.size = size;
    return SQLITE_OK;
}

void tracked_file_sync(tracked_file *file) {
    for (int64_t i = 0; i < file->sector_count; i++) {
        if (file->sectors[i] != UNSYNCED) continue;
        memcpy(file->platter.bytes + i * SECTOR, file->current.bytes + i * SECTOR, SECTOR);
        file->sectors[i] = CERTAIN;
    }
    file->platter.size = file->current.size;
}

void tracked_file_drop(tracked_file *file) {
    for (int64_t i = 0; i < file->sector_count; i++) {
        if (file->sectors[i] == UNSYNCED) file->sectors[i] = DROPPED;
    }
}

void tracked_file_delete(tracked_file *file) {
    free(file->current.bytes);
    free(file->platter.bytes);
    free(file->sectors);
    *file = (tracked_file){.next = file->next, .name = file->name};
}

void tracked_file_free(tracked_file *file) {
    tracked_file_delete(file);
    free(file->name);
    free(file);
}

/// SplitMix64: small, seedable and good enough to shuffle sectors.
static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static int64_t between(uint64_t *random, int64_t low, int64_t high) {
    return low + (int64_t)(next_random(random) % (uint64_t)(high - low + 1));
}

/// Growing arrives piece by piece. Shrinking is one entry in a file system's journal: it happened or it did not.
static int64_t image_size(const tracked_file *file, uint64_t *random) {
    int64_t old = file->platter.size, new = file->current.size;
    switch (between(random, 0, old < new ? 2 : 1)) {
        case 0: return old;
        case 1: return new;
        default: return between(random, old, new);
    }
}

int tracked_file_image(const tracked_file *file, uint64_t *random, FILE *out) {
    int64_t size = image_size(file, random);
    // Odds for the whole file, so that images range from all lost to nothing lost, and so that a database may be
    // written through while its WAL is lost.
    int64_t kept = between(random, 0, 100), torn = between(random, 0, 1) * 10;
    for (int64_t at = 0; at < size; at += SECTOR) {
        unsigned char sector[SECTOR];
        memcpy(sector, file->platter.bytes + at, SECTOR);
        // Beyond the current size the file was truncated; as this image is longer, the truncation was lost.
        if (file->sectors[at / SECTOR] != CERTAIN && at < file->current.size) {
            const unsigned char *new = file->current.bytes + at;
            int64_t from = 0, to = SECTOR;
            if (between(random, 1, 100) <= torn) {
                int64_t tear = between(random, 1, SECTOR - 1);
                if (between(random, 0, 1)) from = tear; else to = tear;
            } else if (between(random, 1, 100) > kept) {
                to = 0;
            }
            memcpy(sector + from, new + from, (size_t)(to - from));
        }
        size_t length = size - at < SECTOR ? (size_t)(size - at) : SECTOR;
        if (fwrite(sector, 1, length, out) != length) return SQLITE_IOERR;
    }
    return SQLITE_OK;
}
