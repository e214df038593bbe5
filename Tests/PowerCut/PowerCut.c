#include "PowerCut.h"
#include "Disk.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRACKED = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL
};

/// An open tracked file. The system VFS keeps its own handle right behind.
typedef struct {
    sqlite3_file base;
    powercut_disk *disk;
    tracked_file *file;
} handle;

static sqlite3_vfs *system_vfs;
static sqlite3_vfs vfs;
static pthread_mutex_t registration = PTHREAD_MUTEX_INITIALIZER;

static sqlite3_file *real(sqlite3_file *file) {
    return (sqlite3_file *)((handle *)file + 1);
}

// MARK: Files

static int file_close(sqlite3_file *file) {
    int code = real(file)->pMethods->xClose(real(file));
    disk_release(((handle *)file)->disk);
    return code;
}

static int file_read(sqlite3_file *file, void *bytes, int amount, sqlite3_int64 offset) {
    powercut_disk *disk = ((handle *)file)->disk;
    pthread_mutex_lock(&disk->lock);
    int code = disk_step(disk, POWERCUT_READ);
    pthread_mutex_unlock(&disk->lock);
    return code ? code : real(file)->pMethods->xRead(real(file), bytes, amount, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset) {
    handle *open = (handle *)file;
    pthread_mutex_lock(&open->disk->lock);
    int too_late = open->disk->is_cut;
    int code = disk_step(open->disk, POWERCUT_WRITE);
    if (!too_late) {
        // The write during which the power goes is in flight: all of it may arrive, or none.
        int arriving = !code || open->disk->is_cut ? amount : amount / 2;
        int written = real(file)->pMethods->xWrite(real(file), bytes, arriving, offset);
        if (!written) written = tracked_file_write(open->file, bytes, arriving, offset);
        if (!code) code = written;
    }
    pthread_mutex_unlock(&open->disk->lock);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    handle *open = (handle *)file;
    pthread_mutex_lock(&open->disk->lock);
    int too_late = open->disk->is_cut;
    int code = disk_step(open->disk, POWERCUT_TRUNCATE);
    if (!too_late && (!code || open->disk->is_cut)) {
        int truncated = real(file)->pMethods->xTruncate(real(file), size);
        if (!truncated) truncated = tracked_file_truncate(open->file, size);
        if (!code) code = truncated;
    }
    pthread_mutex_unlock(&open->disk->lock);
    return code;
}

static int file_sync(sqlite3_file *file, int flags) {
    handle *open = (handle *)file;
    (void)flags;
    pthread_mutex_lock(&open->disk->lock);
    int code = disk_step(open->disk, POWERCUT_SYNC);
    if (!code) tracked_file_sync(open->file);
    else if (!open->disk->is_cut) tracked_file_drop(open->file);
    pthread_mutex_unlock(&open->disk->lock);
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_is_reserved(sqlite3_file *file, int *reserved) {
    return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}

static int file_control(sqlite3_file *file, int request, void *argument) {
    // Growing a file ahead of its writes would go around the disk, and it is only a hint.
    if (request == SQLITE_FCNTL_SIZE_HINT || request == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_NOTFOUND;
    return real(file)->pMethods->xFileControl(real(file), request, argument);
}

static int file_sector_size(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

static int file_characteristics(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file)) & SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file) {
    real(file)->pMethods->xShmBarrier(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int delete) {
    return real(file)->pMethods->xShmUnmap(real(file), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

// MARK: VFS

/// Takes over what the real file held before the disk knew it.
static int load(tracked_file *file, sqlite3_file *from) {
    sqlite3_int64 size = 0;
    int code = from->pMethods->xFileSize(from, &size);
    unsigned char *bytes = !code && size ? malloc((size_t)size) : NULL;
    if (!code && size && !bytes) code = SQLITE_NOMEM;
    if (bytes) code = from->pMethods->xRead(from, bytes, (int)size, 0);
    if (bytes && !code) code = tracked_file_write(file, bytes, size, 0);
    free(bytes);
    if (code) return code;
    tracked_file_sync(file);
    file->exists = 1;
    return SQLITE_OK;
}

/// Call with the disk's lock.
static int open_tracked(powercut_disk *disk, const char *name, const char *path, handle *open, int flags, int *actual) {
    int code = disk_step(disk, POWERCUT_OPEN);
    if (code) return code;
    open->disk = disk;
    open->file = disk_file(disk, name);
    if (!open->file) return SQLITE_NOMEM;
    sqlite3_file *file = real(&open->base);
    code = system_vfs->xOpen(system_vfs, path, file, flags, actual);
    if (code) return code;
    if (!open->file->exists) code = load(open->file, file);
    if (code) file->pMethods->xClose(file);
    else open->base.pMethods = &methods;
    return code;
}

static int vfs_open(sqlite3_vfs *self, const char *path, sqlite3_file *file, int flags, int *actual) {
    (void)self;
    const char *name;
    powercut_disk *disk = flags & TRACKED ? disk_retain(path, &name) : NULL;
    if (!disk) return system_vfs->xOpen(system_vfs, path, file, flags, actual);
    file->pMethods = NULL;
    pthread_mutex_lock(&disk->lock);
    int code = open_tracked(disk, name, path, (handle *)file, flags, actual);
    pthread_mutex_unlock(&disk->lock);
    if (code) disk_release(disk);
    return code;
}

static int vfs_delete(sqlite3_vfs *self, const char *path, int sync_directory) {
    (void)self;
    const char *name;
    powercut_disk *disk = disk_retain(path, &name);
    if (!disk) return system_vfs->xDelete(system_vfs, path, sync_directory);
    pthread_mutex_lock(&disk->lock);
    int code = disk_step(disk, POWERCUT_DELETE);
    tracked_file *file = code ? NULL : disk_file(disk, name);
    if (!code) code = system_vfs->xDelete(system_vfs, path, 0);
    if (!code && file) tracked_file_delete(file);
    pthread_mutex_unlock(&disk->lock);
    disk_release(disk);
    return code;
}

int powercut_register(const char *name, int make_default) {
    pthread_mutex_lock(&registration);
    int code = SQLITE_OK;
    if (!system_vfs) {
        sqlite3_vfs *found = sqlite3_vfs_find(NULL);
        char *copy = strdup(name);
        if (found && copy) {
            vfs = *found;
            vfs.zName = copy;
            vfs.pNext = NULL;
            vfs.szOsFile = found->szOsFile + (int)sizeof(handle);
            vfs.xOpen = vfs_open;
            vfs.xDelete = vfs_delete;
            system_vfs = found;
            code = sqlite3_vfs_register(&vfs, make_default);
        } else {
            code = copy ? SQLITE_ERROR : SQLITE_NOMEM;
            free(copy);
        }
    }
    pthread_mutex_unlock(&registration);
    return code;
}
