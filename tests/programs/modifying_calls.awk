# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# From a trace of strace -f: the system calls of the main thread that change files or print, one a line: name, number
# among those of its name, and the error of a full or failing disk. Of many writes of one size in a row, the first, the
# second and the last.

NR == 1 {
  main = $1
}

$1 != main || !/\(/ {
  next
}

{
  name = $2
  sub(/\(.*/, "", name)
  number = ++count[name]
  fd = $2
  sub(/.*\(/, "", fd)
  sub(/[,)].*/, "", fd)
}

name == "openat" {
  opened = $NF
  if (/O_CREAT|O_TMPFILE/ && opened >= 0) {
    is_written[opened] = 1
    print_call("ENOSPC")
  }
  next
}

name == "close" {
  if (fd in is_written) {
    delete is_written[fd]
    print_call("EIO")
  }
  next
}

name == "fsync" || name == "fdatasync" {
  print_call("EIO")
  next
}

name == "write" || name == "pwrite64" {
  same = name " " fd " " $NF
  if (same == last_same) {
    if (++n_same > 2) {
      waiting = name " " number " ENOSPC"
      next
    }
  } else {
    print_waiting()
    n_same = 1
  }
  last_same = same
  print name, number, "ENOSPC"
  next
}

/ = -1 / {
  next
}

{
  print_call("ENOSPC")
}

function print_call(error) {
  print_waiting()
  last_same = ""
  print name, number, error
}

function print_waiting() {
  if (waiting) {
    print waiting
  }
  waiting = ""
}

END {
  print_waiting()
}
