// The thread sanitizer knows what happened before what from the locks it sees. It sees the quick way into a Swift Mutex,
// which is compiled into whoever uses it, but not the slow one of a thread that had to wait, or that others wait for: that
// is in a library built without it. So this tells it, or each such wait would be reported as a race. Loaded before the
// others (LD_PRELOAD).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

typedef SWIFT void (*Lock)(uint32_t, SELF);
typedef SWIFT bool (*TryLock)(SELF);
typedef SWIFT void (*Unlock)(SELF);

static void *library(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) abort();
    return found;
}

SWIFT void lockSlow(uint32_t thread, SELF handle) __asm__(LOCK);
SWIFT bool tryLockSlow(SELF handle) __asm__(TRY_LOCK);
SWIFT void unlockSlow(SELF handle) __asm__(UNLOCK);

SWIFT void lockSlow(uint32_t thread, SELF handle) {
    ((Lock)library(LOCK))(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT bool tryLockSlow(SELF handle) {
    bool isMine = ((TryLock)library(TRY_LOCK))(handle);
    if (isMine && __tsan_acquire) __tsan_acquire(handle);
    return isMine;
}

SWIFT void unlockSlow(SELF handle) {
    if (__tsan_release) __tsan_release(handle);
    ((Unlock)library(UNLOCK))(handle);
}
