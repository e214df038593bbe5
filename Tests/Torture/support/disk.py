"""Small disks that are filled up, or that turn read-only as a failing one does. Only root may mount them."""

import os
import subprocess
import time
from pathlib import Path


class SmallDisk:
    """A disk in memory, mounted on a folder that is there. Leaving the block takes it away."""

    def __init__(self, folder: Path, megabytes: int):
        self.folder = folder
        self._filler = folder / "filler"
        run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder))

    def __enter__(self) -> "SmallDisk":
        return self

    def __exit__(self, *_) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
        self.folder.rmdir()

    def fill(self) -> None:
        """Takes all the room there is."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (1 << 20, 4_096, 1):
                block = b"\1" * size
                try:
                    while filler.write(block) == size:
                        pass
                except OSError:
                    pass

    def free(self) -> None:
        self._filler.unlink()


class FailingDisk:
    """A disk that the kernel makes read-only when it meets an error on it, under whatever is open. Leaving the block
    takes it away."""

    def __init__(self, folder: Path, megabytes: int):
        self.folder = folder
        self._image = Path(f"{folder}.disk")
        with self._image.open("wb") as image:
            image.truncate(megabytes << 20)
        run("mkfs.ext4", "-q", "-F", str(self._image))
        self._mount()

    def _mount(self) -> None:
        run("mount", "-o", "loop,errors=remount-ro", str(self._image), str(self.folder))

    def __enter__(self) -> "FailingDisk":
        return self

    def __exit__(self, *_) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
        self._image.unlink()
        self.folder.rmdir()

    def fail(self) -> None:
        """Has the kernel meet an error."""
        device = run("findmnt", "-n", "-o", "SOURCE", str(self.folder)).strip()
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("torture")
        try:
            (self.folder / "probe").touch()
        except OSError:
            return
        raise AssertionError("the disk stays writable")

    def repair(self) -> None:
        """Checks the disk and mounts it again. Nothing on it may be open."""
        for _ in range(50):
            if subprocess.run(["umount", str(self.folder)], capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        assert not os.path.ismount(self.folder), "something on the disk is still open"
        subprocess.run(["fsck.ext4", "-f", "-y", str(self._image)], capture_output=True)
        self._mount()


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout
