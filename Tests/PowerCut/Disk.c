#include "Disk.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t disks_lock = PTHREAD_MUTEX_INITIALIZER;
static powercut_disk *disks;

/// The disk mounted on the directory named by the first `length` bytes of `path`. Call with `disks_lock`.
static powercut_disk *find_disk(const char *path, size_t length) {
    for (powercut_disk *disk = disks; disk; disk = disk->next) {
        if (strlen(disk->directory) == length && !memcmp(disk->directory, path, length)) return disk;
    }
    return NULL;
}

static void free_disk(powercut_disk *disk) {
    while (disk->files) {
        tracked_file *file = disk->files;
        disk->files = file->next;
        tracked_file_free(file);
    }
    pthread_mutex_destroy(&disk->lock);
    free(disk->directory);
    free(disk);
}

powercut_disk *disk_retain(const char *path, const char **name) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (!slash) return NULL;
    *name = slash + 1;
    pthread_mutex_lock(&disks_lock);
    powercut_disk *disk = find_disk(path, (size_t)(slash - path));
    if (disk) disk->references++;
    pthread_mutex_unlock(&disks_lock);
    return disk;
}

void disk_release(powercut_disk *disk) {
    pthread_mutex_lock(&disks_lock);
    int last = --disk->references == 0;
    pthread_mutex_unlock(&disks_lock);
    if (last) free_disk(disk);
}

powercut_disk *powercut_mount(const char *directory) {
    // SQLite asks for files by their path without symbolic links.
    char *path = realpath(directory, NULL);
    powercut_disk *disk = path ? calloc(1, sizeof(powercut_disk)) : NULL;
    if (!disk) {
        free(path);
        return NULL;
    }
    pthread_mutex_init(&disk->lock, NULL);
    disk->directory = path;
    disk->references = 1;
    pthread_mutex_lock(&disks_lock);
    int taken = find_disk(path, strlen(path)) != NULL;
    if (!taken) {
        disk->next = disks;
        disks = disk;
    }
    pthread_mutex_unlock(&disks_lock);
    if (!taken) return disk;
    free_disk(disk);
    return NULL;
}

void powercut_unmount(powercut_disk *disk) {
    pthread_mutex_lock(&disks_lock);
    powercut_disk **link = &disks;
    while (*link != disk) link = &(*link)->next;
    *link = disk->next;
    pthread_mutex_unlock(&disks_lock);
    disk_release(disk);
}

int disk_step(powercut_disk *disk, int kind) {
    disk->counts[__builtin_ctz((unsigned)kind)]++;
    if (disk->is_cut) return kind == POWERCUT_READ ? SQLITE_OK : SQLITE_IOERR;
    if ((kind & POWERCUT_CHANGES) && disk->cut_in && --disk->cut_in == 0) {
        disk->is_cut = 1;
        return SQLITE_IOERR;
    }
    if (!(disk->fault.kinds & kind) || !disk->fault.times) return SQLITE_OK;
    if (disk->fault.in > 1) {
        disk->fault.in--;
        return SQLITE_OK;
    }
    if (disk->fault.times > 0) disk->fault.times--;
    disk->fault.failures++;
    return disk->fault.code;
}

tracked_file *disk_file(powercut_disk *disk, const char *name) {
    tracked_file *file = disk->files;
    while (file && strcmp(file->name, name)) file = file->next;
    if (file) return file;
    file = calloc(1, sizeof(tracked_file));
    if (!file) return NULL;
    file->name = strdup(name);
    if (!file->name) {
        free(file);
        return NULL;
    }
    file->next = disk->files;
    disk->files = file;
    return file;
}

void powercut_cut(powercut_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    disk->is_cut = 1;
    pthread_mutex_unlock(&disk->lock);
}

void powercut_cut_at(powercut_disk *disk, uint64_t nth) {
    pthread_mutex_lock(&disk->lock);
    disk->cut_in = nth;
    pthread_mutex_unlock(&disk->lock);
}

int powercut_is_cut(powercut_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    int is_cut = disk->is_cut;
    pthread_mutex_unlock(&disk->lock);
    return is_cut;
}

void powercut_fail(powercut_disk *disk, int kinds, uint64_t nth, int64_t times, int code) {
    pthread_mutex_lock(&disk->lock);
    disk->fault.kinds = kinds;
    disk->fault.in = nth;
    disk->fault.times = times;
    disk->fault.code = code;
    disk->fault.failures = 0;
    pthread_mutex_unlock(&disk->lock);
}

uint64_t powercut_failures(powercut_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    uint64_t failures = disk->fault.failures;
    pthread_mutex_unlock(&disk->lock);
    return failures;
}

uint64_t powercut_count(powercut_disk *disk, int kinds) {
    uint64_t count = 0;
    pthread_mutex_lock(&disk->lock);
    for (int i = 0; i < POWERCUT_KINDS; i++) {
        if (kinds & (1 << i)) count += disk->counts[i];
    }
    pthread_mutex_unlock(&disk->lock);
    return count;
}

int powercut_image(powercut_disk *disk, uint64_t seed, const char *directory) {
    int code = SQLITE_OK;
    pthread_mutex_lock(&disk->lock);
    for (tracked_file *file = disk->files; file && !code; file = file->next) {
        if (!file->exists) continue;
        char *path = sqlite3_mprintf("%s/%s", directory, file->name);
        FILE *out = path ? fopen(path, "wb") : NULL;
        code = out ? tracked_file_image(file, &seed, out) : SQLITE_CANTOPEN;
        if (out && fclose(out) && !code) code = SQLITE_IOERR;
        sqlite3_free(path);
    }
    pthread_mutex_unlock(&disk->lock);
    return code;
}
