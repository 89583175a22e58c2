"""Why the operating system refused something, in words that a person can act on."""

from __future__ import annotations

import errno

_WORDS = {
    errno.EACCES: "you have no permission there",
    errno.EBUSY: "another program is using it",
    errno.EDQUOT: "your quota there is used up",
    errno.EEXIST: "a file of that name stands there",
    errno.EFBIG: "the file would be too large there",
    errno.EINVAL: "the name is not allowed there",
    errno.EIO: "the medium reports an error",
    errno.EISDIR: "a folder of that name stands there",
    errno.ELOOP: "its symbolic links go round in a circle",
    errno.EMFILE: "too many files are open",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENODEV: "the medium is gone",
    errno.ENOENT: "it is not there",
    errno.ENOSPC: "no space is left there",
    errno.ENOTDIR: "a part of the path is a file and no folder",
    errno.ENXIO: "the medium is gone",
    errno.EPERM: "that is not permitted there",
    errno.EROFS: "the place is read-only",
    errno.ESTALE: "the network share is gone",
}


def reason(error: OSError | ValueError) -> str:
    """Return in words why `error` came about; a ValueError is what Python says of a name with a NUL in it."""
    if isinstance(error, OSError):
        if error.errno in _WORDS:
            return _WORDS[error.errno]
        return (error.strerror or type(error).__name__).lower()
    return "the name holds characters that no file name can hold"
